"""The command that opens the page."""

from collections.abc import Callable
from typing import Annotated

from typer import Option

from policysim.errors import UserError

LAST_PORT = 65535


def app(
    port: Annotated[int, Option(metavar="PORT", help="Port on this machine; 0 for any that is free.")] = 8765,
    browser: Annotated[bool, Option("--open", help="Open the browser as well.")] = False,
) -> None:
    """Open the page on this machine: choose a place and regimes, press Run, see outcomes and a sampled network.

    It listens on this machine only and needs no internet. Stop it with Ctrl-C; TERM and HUP end it too.

    \b
    Example:
      policysim app --port 8800
    """
    if not 0 <= port <= LAST_PORT:
        raise UserError(f"--port must be 0 to {LAST_PORT}, not {port}")
    from policysim.viz.app import serve

    serve(port, open_browser=browser)


COMMANDS: dict[Callable[..., None], str] = {app: "Open the page on this machine."}
"""Every command here with the line that the list of commands has for it."""
