"""The command that opens the page."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from typer import Option

from policysim.errors import UserError
from policysim.reading import check_is_file

LAST_PORT = 65535
TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")


def app(
    port: Annotated[int, Option(metavar="PORT", help="Port on this machine; 0 for any that is free.")] = 8765,
    host: Annotated[
        str,
        Option(metavar="ADDRESS", help="Address of this machine under which others may open it; they need the token."),
    ] = "127.0.0.1",
    token: Annotated[
        str,
        Option(metavar="WORD", help="What others must bring, 8 letters or more; made up if --host is given without."),
    ] = "",
    browser: Annotated[bool, Option("--open", help="Open the browser as well.")] = False,
    sweep: Annotated[
        list[str] | None, Option(metavar="DIR", help="Folder of a sweep to explore in the page; may be given again.")
    ] = None,
    rules: Annotated[
        Path | None, Option(metavar="FILE.py", help="Rules of your own, shown beside the stock ones whenever saved.")
    ] = None,
) -> None:
    """Open the page on this machine: choose a place and regimes, press Run, see the years pass.

    It listens on this machine only, unless --host says otherwise, and needs no internet. Stop it with Ctrl-C; TERM and HUP end it
    too.

    \b
    Example:
      policysim app --port 8800
      policysim app --sweep results/naloxone-and-rooms
      policysim app --rules my_rules.py
    """
    if not 0 <= port <= LAST_PORT:
        raise UserError(f"--port must be 0 to {LAST_PORT}, not {port}")
    if token and not TOKEN.fullmatch(token):
        raise UserError(f"--token must be 8 to 64 letters, digits, - or _, not {token!r}")
    _check_sweeps(sweep or [])
    if rules is not None:
        check_is_file(rules)
        if rules.suffix != ".py":
            raise UserError(f"--rules takes a file of Python, such as my_rules.py, not {rules}")
    from policysim.viz.app import serve

    serve(port, open_browser=browser, host=host, token=token, sweeps=sweep or [], rules=str(rules or ""))


def _check_sweeps(folders: list[str]) -> None:
    """Raises UserError where one is no sweep's."""
    if folders:
        from policysim.experiments.running.sweep_store import SweepStore

        for folder in folders:
            SweepStore.found(folder)


COMMANDS: dict[Callable[..., None], str] = {app: "Open the page on this machine."}
"""Every command here with the line that the list of commands has for it."""
