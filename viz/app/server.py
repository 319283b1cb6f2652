"""Serving the page, on this machine alone unless others are let in: no telemetry, no assets from the internet, one process."""

import errno
import logging
import os
import secrets
import signal
import socket
import sys
import threading
import time
import warnings
import webbrowser
from collections.abc import Sequence
from typing import Any

from policysim.errors import UserError
from policysim.interrupts import STOPPING
from policysim.viz.app.started import start_with

HOST = "127.0.0.1"
EVERY_ADDRESS = "0.0.0.0"
TOKEN_BYTES = 12
OPEN_TO_OTHERS = (
    "warning: others on the network of {host} can open the page with the address below, and use this computer's processors; "
    "nothing is encrypted on the way"
)
SETTINGS = {
    "SOLARA_APP": "policysim.viz.app.page",
    "SOLARA_MODE": "production",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:1",  # an asset that is not installed is missing; it is not fetched
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_VARIANT": "light",
    "SOLARA_THEME_TITLE": "policysim",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_KERNEL_CULL_TIMEOUT": "30m",
}
"""Read by Solara when it is imported; an abandoned session is dropped after half an hour."""


def serve(
    port: int = 8765, open_browser: bool = False, host: str = HOST, token: str = "", sweeps: Sequence[str] = (), rules: str = ""
) -> None:  # fmt: skip
    """Serve the page until Ctrl-C, TERM or HUP, which end it and its workers quietly (status 130, 143, 129).

    Port 0: any that is free. host: an address of this machine, where others are to be let in; they need the token, which is made
    up if none is given. sweeps, rules: folders and a file that its rooms show.

    Raises UserError when the port or the host cannot be had.
    """
    listening = _listen(port, host)
    if host != HOST:
        token = token or secrets.token_urlsafe(TOKEN_BYTES)
        print(OPEN_TO_OTHERS.format(host=host), file=sys.stderr, flush=True)
    os.environ.update(SETTINGS)
    start_with(sweeps, rules)
    # IPython, which Solara needs, would take in the libraries of whatever other environment a shell has active, and warn.
    os.environ.pop("VIRTUAL_ENV", None)
    # Imported only now: Solara reads its settings on import.
    import uvicorn
    from solara.server.starlette import app

    from policysim.viz.app.guard import MOST_BYTES, Guard
    from policysim.viz.app.running.workers import end_workers
    from policysim.viz.app.session import comparisons, first_look

    warnings.filterwarnings("ignore", "Cookies with samesite=none")  # matters to pages shown inside other sites
    first_look(comparisons())  # the workers get ready, and at something that every visitor sees, while the page opens
    url = f"http://{_reached_by(host)}:{listening.getsockname()[1]}" + (f"/?token={token}" if token else "")
    server = uvicorn.Server(
        uvicorn.Config(
            Guard(app, token),
            log_level="error",
            timeout_graceful_shutdown=1,
            ws_max_size=MOST_BYTES,
            server_header=False,
        )
    )
    _end_quietly(server)
    threading.Thread(target=_announce, args=(server, url, open_browser), daemon=True).start()
    asked: list[int] = []

    def finish(number: int, _frame: Any) -> None:
        asked.append(number)
        server.should_exit = True

    signal.signal(signal.SIGTERM, _leave)  # uvicorn answers it, and raises it again once it has finished
    for number in set(STOPPING) - {signal.SIGINT, signal.SIGTERM}:  # HUP, of which it knows nothing
        if signal.getsignal(number) is not signal.SIG_IGN:  # which is what `nohup` chose
            signal.signal(number, finish)
    try:
        server.run(sockets=[listening])
        if asked:
            raise SystemExit(128 + asked[0])
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    finally:
        end_workers()
        listening.close()


def _end_quietly(server: Any) -> None:
    """Whoever is still connected when the server ends is cut off, which uvicorn and asyncio would report as errors."""
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addFilter(lambda _record: not server.should_exit)


def _reached_by(host: str) -> str:
    """The address that others type: of this machine in its network, where it listens on all that it has."""
    return socket.gethostbyname(socket.gethostname()) if host == EVERY_ADDRESS else host


def _leave(number: int, _frame: Any) -> None:
    raise SystemExit(128 + number)


def _listen(port: int, host: str = HOST) -> socket.socket:
    """A socket on the port, or one sentence about why not."""
    if not 0 <= port <= 65535:
        raise UserError(
            f"a port is a number from 0 (any that is free) to 65535, not {port}: choose another with --port"
        )
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":  # on Windows this would let two pages share the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise UserError(f"--host must be an IPv4 address of this machine, such as {HOST}, not {host!r}") from None
        if error.errno == errno.EADDRINUSE:
            why = "is in use, perhaps by a page that is open already"
        else:
            why = f"cannot be used ({error.strerror})"
        raise UserError(
            f"port {port} {why}: choose another with --port, for instance --port {port % 65535 + 1}"
        ) from None
    return listening


def _announce(server: Any, url: str, open_browser: bool) -> None:
    """Say where the page is once it answers."""
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.05)
    print(f"policysim is open at {url} (Ctrl-C ends it)", flush=True)
    if open_browser:
        webbrowser.open(url)
