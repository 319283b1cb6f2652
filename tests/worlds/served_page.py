"""The page as it is served, quick at its first look; a browser that finds no other machine; and what keeps people out."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlparse

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE 127.0.0.2",
)  # fmt: skip
BEGINS = 90_000
"""Milliseconds in which a page opens, or a tiny run ends, on a busy machine."""
QUICK = """
import sys
from functools import partial

from policysim.viz.app import session
from policysim.viz.app.choices import DETAILS, Detail
from policysim.viz.app.server import serve

DETAILS["fastest"] = Detail("Fastest", 1500, 2, "too few for answers")
tiny = {"place": "dorset", "regimes": ("harm-reduction",), "years": 5, "detail": "fastest", "unknowns": False}
session.Choices = partial(session.Choices, **tiny)
serve(0, sweeps=sys.argv[1:2], rules=sys.argv[2])
"""
"""What every visit shows first is there within seconds."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@contextmanager
def served(*command: str) -> Iterator[str]:
    """The address of a page, until the test is done with it."""
    server = subprocess.Popen(
        [sys.executable, *command], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        # The page turns telemetry off whatever the user has, and keeps out of an environment that a shell has active.
        env={**os.environ, "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "true", "VIRTUAL_ENV": "/an/environment/of/others"},
    )  # fmt: skip
    try:
        said = re.search(r"http://\S+", server.stdout.readline())
        assert said, f"the page did not open: {server.communicate(timeout=20)[1]}"
        yield said[0]
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield running
        running.close()


class Visit:
    """One browser session, and everything it asked for or complained about."""

    def __init__(self, browser: Any, address: str, **context: Any):
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, "locale": "en-GB"} | context)
        self.context.set_default_timeout(BEGINS)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        self.page.on("response", lambda answer: answer.ok or self.complaints.append(f"{answer.status}: {answer.url}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.goto(address)
        self.page.get_by_role("button", name=re.compile("^(Run|Stop)$", re.IGNORECASE)).wait_for()

    @property
    def outside(self) -> set[str | None]:
        """Whatever was asked of another machine than this one."""
        hosts = {urlparse(url).hostname for url in self.asked if urlparse(url).scheme not in ("data", "blob")}
        return hosts - {"127.0.0.1"}

    def enter(self, room: str) -> None:
        """Open a room."""
        self.page.get_by_role("tab", name=room, exact=True).click()
        self.page.get_by_role("tabpanel", name=room, exact=True).wait_for()

    def end(self) -> None:
        """Nothing was asked of others, and nothing failed."""
        assert self.outside == set() and self.complaints == []
        self.context.close()


def barriers(shown: Any) -> list[str]:
    """What axe finds against the rules of WCAG 2.2, levels A and AA."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(shown, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    return [f"{one['id']}: {node['html'][:300]}" for one in found for node in one["nodes"]]
