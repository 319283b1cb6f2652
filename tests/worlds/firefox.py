"""Firefox without a window, spoken to in the protocol that it has itself (WebDriver BiDi): no driver is needed between."""

import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlparse

from websockets.sync.client import ClientConnection, connect

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox") or ""
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
BEGINS = 90.0
"""Seconds in which a page opens on a busy machine."""
QUIET = {
    "app.normandy.enabled": False, "app.update.enabled": False, "browser.newtabpage.enabled": False,
    "browser.safebrowsing.malware.enabled": False, "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.update.enabled": False, "browser.search.update": False, "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False, "dom.push.connection.enabled": False, "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "services.settings.server": "http://127.0.0.1:1", "toolkit.telemetry.enabled": False,
}  # fmt: skip
"""What Firefox would otherwise ask of other machines by itself."""


class Firefox:
    """One tab: what is done in it, what it asked for, and what it complained of."""

    def __init__(self, socket: ClientConnection):
        self.socket, self.sent = socket, 0
        self.complaints: list[str] = []
        self.hosts: set[str | None] = set()
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params: Any) -> Any:
        """Send a command and wait for its answer; what else comes in meanwhile is kept."""
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while True:
            told = json.loads(self.socket.recv(timeout=BEGINS))
            if told.get("id") == self.sent:
                assert told["type"] == "success", told
                return told["result"]
            self._note(told)

    def _note(self, told: dict) -> None:
        params = told.get("params", {})
        if told.get("method") == "log.entryAdded" and params["level"] == "error":
            self.complaints.append(params["text"])
        elif told.get("method") == "network.beforeRequestSent":
            url = urlparse(params["request"]["url"])
            self.hosts |= {url.hostname} if url.scheme.startswith(("http", "ws")) else set()

    def open(self, address: str) -> None:
        """Go to an address."""
        self.ask("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def size(self, width: int, height: int) -> None:
        """Of the window, in pixels."""
        self.ask("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height})

    def value(self, expression: str) -> Any:
        """What a piece of JavaScript gives."""
        found = self.ask("script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=True)
        assert found["type"] == "success", found
        return found["result"].get("sharedId", found["result"].get("value"))  # of an element what it is known by

    def until(self, expression: str) -> Any:
        """What it gives as soon as that is something."""
        end = time.monotonic() + BEGINS
        while not (found := self.value(expression)):
            assert time.monotonic() < end, f"not in {BEGINS:g} s: {expression}"
            time.sleep(0.1)
        return found

    def click(self, expression: str) -> None:
        """Click with the mouse on the element that it gives, as soon as it is there."""
        self.until(f"!!({expression})")
        self.value(f"({expression}).scrollIntoView({{block: 'center', behavior: 'instant'}})")
        element = {"type": "element", "element": {"sharedId": self.value(expression)}}
        mouse = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": element},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.ask(
            "input.performActions", context=self.tab, actions=[{"type": "pointer", "id": "mouse", "actions": mouse}]
        )


@contextmanager
def firefox() -> Iterator[Firefox]:
    """A new one with a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as profile:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in QUIET.items()]
        with open(f"{profile}/user.js", "w", encoding="utf-8") as preferences:
            preferences.write("\n".join(lines))
        command = [FIREFOX, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        try:
            assert process.stderr is not None
            listening = next(found for line in process.stderr if (found := LISTENING.search(line)))
            with connect(f"{listening[1]}/session", max_size=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            process.wait(timeout=30)
