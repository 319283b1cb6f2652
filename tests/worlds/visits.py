"""A visit to the page; and what keeps people out."""

import re
from typing import Any
from urllib.parse import urlparse

from served_page import BEGINS

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


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

    def enter(self, room: str) -> None:
        """Open a room."""
        self.page.get_by_role("tab", name=room, exact=True).click()
        self.page.get_by_role("tabpanel", name=room, exact=True).wait_for()

    def end(self, host: str = "127.0.0.1") -> None:
        """Nothing was asked of another machine, and nothing failed."""
        hosts = {urlparse(url).hostname for url in self.asked if urlparse(url).scheme not in ("data", "blob")}
        assert hosts == {host} and self.complaints == []
        self.context.close()


def barriers(shown: Any, *rules: str) -> list[str]:
    """What axe finds against the rules of WCAG 2.2, levels A and AA, or against these alone."""
    from axe_playwright_python.sync_playwright import Axe

    asked = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": WCAG}
    found = Axe().run(shown, options={"runOnly": asked}).response["violations"]
    return [f"{one['id']}: {node['html'][:300]}" for one in found for node in one["nodes"]]
