"""The page as a person starts it, and a Chromium that looks at it and finds no other machine even if it looks for one."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE 127.0.0.2",
)  # fmt: skip
BEGINS = 90_000
"""Milliseconds in which a page opens on a busy machine."""
QUICKLY = """
from functools import partialmethod

from policysim.cli.door import main
from policysim.viz.app.choices import DETAILS, Choices, Detail

DETAILS["fastest"] = Detail("Fastest", 1500, 2, "too few for answers")
tiny = {"place": "dorset", "regimes": ("harm-reduction",), "years": 5, "detail": "fastest", "unknowns": False}
Choices.__init__ = partialmethod(Choices.__init__, **tiny)
main()
"""
"""The command, which begins with a comparison that is there within seconds: the usual one would keep both processors busy for as
long as somebody looks."""


def begin(*options: str, usual: bool = False) -> subprocess.Popen:
    """The page's own process, on a free port unless the options name one; with the usual first comparison only if asked for."""
    command = ["-m", "policysim"] if usual else ["-c", QUICKLY]
    return subprocess.Popen(
        [sys.executable, *command, "app", "--port", "0", *options], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True,
        # The page turns telemetry off whatever the user has, and keeps out of an environment that a shell has active.
        env={**os.environ, "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "true", "VIRTUAL_ENV": "/an/environment/of/others"},
    )  # fmt: skip


def end(server: subprocess.Popen) -> tuple[str, str]:
    """As Ctrl-C ends it; returns what it said and what it complained of."""
    server.send_signal(signal.SIGINT)
    try:
        return server.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        raise


@contextmanager
def opened(server: subprocess.Popen) -> Iterator[str]:
    """The address that a server says, which is ended after the block unless that was done in it."""
    try:
        said = re.search(r"http://\S+", server.stdout.readline())
        assert said, f"the page did not open: {server.communicate(timeout=20)[1]}"
        yield said[0]
    finally:
        if server.poll() is None:
            end(server)


@contextmanager
def served(*options: str, usual: bool = False) -> Iterator[str]:
    """The address of a page that is being served."""
    with opened(begin(*options, usual=usual)) as address:
        yield address


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield running
        running.close()


def screen(browser: Any, width: int = 1280, height: int = 720) -> Any:
    """A page of its own, as in a new window; by default on a laptop that is projected."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    context.set_default_timeout(BEGINS)
    return context.new_page()
