"""Many sessions of the page at once: `python -m policysim.benchmarks.sessions`, by default thirty, each with other choices.

Each speaks to the server as a browser does, over a socket of its own, and keeps what the page would show: it chooses, presses
Run, turns from theme to theme while the years come in, and leaves. Printed are faults, how long an action takes until the page
shows it, how long the first year takes, who was served when, and the server's memory before, with all, and after they have left.
"""

import argparse
import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from statistics import median
from typing import Any
from uuid import uuid4

PLACES = (
    "avon-and-somerset", "bedfordshire", "cambridgeshire", "cheshire", "cleveland", "cumbria", "derbyshire", "devon-and-cornwall",
    "dorset", "durham", "essex", "gloucestershire", "greater-manchester", "gwent", "hampshire", "hertfordshire", "humberside",
    "kent", "lancashire", "leicestershire", "lincolnshire", "merseyside", "norfolk", "north-wales", "north-yorkshire",
    "northamptonshire", "northumbria", "nottinghamshire", "south-wales", "south-yorkshire", "staffordshire", "suffolk",
    "surrey", "sussex", "thames-valley", "warwickshire", "west-mercia", "west-yorkshire", "wiltshire",
)  # fmt: skip
REGIMES = ("Enforcement only", "Diversion", "Harm reduction", "Multi-component")
THEMES = "What to look at"
PATIENCE = 60.0


@dataclass
class Seen:
    """What became of one session."""

    place: str
    actions: list[float] = field(default_factory=list)
    under_load: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    opened: float = 0.0
    asked: float = 0.0
    first_year: float = 0.0
    ended: float = 0.0
    ahead: int = 0
    bytes: int = 0
    messages: int = 0


class Client:
    """A browser session without a browser: the page's widgets by id, as the server tells of them."""

    def __init__(self, address: str, place: str, regimes: tuple[str, ...]):
        self.address, self.regimes = address, regimes
        self.kernel, self.page = uuid4().hex, uuid4().hex
        self.widgets: dict[str, dict[str, Any]] = {}
        self.idle: dict[str, asyncio.Event] = {}
        self.seen = Seen(place)
        self.socket: Any = None

    # --- the protocol
    async def open(self) -> None:
        """Connect, and wait until the page is there."""
        from websockets.asyncio.client import connect
        from websockets.typing import Origin

        begun = time.monotonic()
        host = self.address.removeprefix("http://")
        url = f"ws://{host}/jupyter/api/kernels/{self.kernel}/channels?session_id={self.page}"
        self.socket = await connect(
            url, origin=Origin(self.address), max_size=None, compression=None, ping_interval=None,
            additional_headers={"Cookie": f"solara-session-id={uuid4()}"},
        )  # fmt: skip
        self.reading = asyncio.create_task(self._read())
        self.control = uuid4().hex
        await self._send("comm_open", {"comm_id": self.control, "target_name": "solara.control", "data": {}})
        run = {"method": "run", "args": {"path": "/", "appName": None, "themes": None, "dark": False}}
        await self._send("comm_msg", {"comm_id": self.control, "data": run})
        await self.until(lambda: self.tabs() is not None)
        self.seen.opened = time.monotonic() - begun

    async def _send(self, kind: str, content: dict[str, Any]) -> float:
        """Send a message; seconds until the server has answered all of it."""
        id, begun = uuid4().hex, time.monotonic()
        header = {
            "msg_id": id,
            "msg_type": kind,
            "session": self.page,
            "username": "",
            "version": "5.2",
            "date": "2026-01-01T00:00:00Z",
        }
        done = self.idle[id] = asyncio.Event()
        message = {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": "shell",
            "buffers": [],
        }
        await self.socket.send(json.dumps(message))
        await asyncio.wait_for(done.wait(), PATIENCE)
        return time.monotonic() - begun

    async def _read(self) -> None:
        with suppress(Exception):
            async for text in self.socket:
                self.seen.bytes += len(text)
                self.seen.messages += 1
                if isinstance(text, str):
                    self._take(json.loads(text))

    def _take(self, message: dict[str, Any]) -> None:
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "comm_open":
            self.widgets[content["comm_id"]] = content["data"].get("state", {})
        elif kind == "comm_msg" and content["data"].get("method") == "update":
            self.widgets.setdefault(content["comm_id"], {}).update(content["data"]["state"])
        elif kind == "comm_close":
            self.widgets.pop(content["comm_id"], None)
        elif kind == "status" and content["execution_state"] == "idle":
            waiting = self.idle.pop(message["parent_header"].get("msg_id", ""), None)
            if waiting:
                waiting.set()
        elif kind == "error":
            self.seen.faults.append(str(content)[:200])

    async def until(self, holds: Callable[[], Any], seconds: float = PATIENCE, every: float = 0.02) -> bool:
        """Wait until something is so on the page."""
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() >= deadline:
                return False
            await asyncio.sleep(every)
        return True

    # --- the page
    def find(self, **told: Any) -> str | None:
        """The newest widget of which this is so."""
        found = [
            id for id, state in self.widgets.items() if all(state.get(name) == value for name, value in told.items())
        ]
        return found[-1] if found else None

    def tabs(self) -> str | None:
        """The tabs of the themes."""
        return self.find(label=THEMES)

    def words(self, kind: str) -> list[str]:
        """What stands in paragraphs of a class."""
        return [
            state.get("unsafe_innerHTML") or state.get("innerHTML") or str(state.get("children", ""))
            for state in self.widgets.values() if kind in str(state.get("class_", ""))
        ]  # fmt: skip

    def texts(self) -> list[str]:
        """All that is shown as text."""
        return [text for state in self.widgets.values() for text in _strings(state)]

    def says(self, pattern: str) -> re.Match[str] | None:
        """Where a text of the page has it."""
        return next((found for text in self.texts() if (found := re.search(pattern, text))), None)

    async def event(self, id: str | None, name: str, data: Any = None) -> float:
        """A press or a choice that a widget of ours tells of."""
        return await self._send(
            "comm_msg", {"comm_id": id, "data": {"method": "custom", "content": {"event": name, "data": data}}}
        )

    async def press(self, words: str) -> float:
        """Press a button."""
        return await self.event(self.find(children=[words]) or self.find(children=[words, ""]), "click", {})

    async def pick(self, value: Any, **told: Any) -> float:
        """Choose something in a field."""
        state = {"method": "update", "state": {"v_model": value}, "buffer_paths": []}
        return await self._send("comm_msg", {"comm_id": self.find(**told), "data": state})

    async def turn(self, theme: int) -> float:
        """Open a theme; seconds until all of it has come."""
        tabs = self.tabs()
        took = await self.event(tabs, "choose", theme)
        begun = time.monotonic()
        if not await self.until(lambda: self.widgets.get(tabs or "", {}).get("chosen") == theme, 20):
            self.seen.faults.append(f"theme {theme} did not open")
        return took + time.monotonic() - begun

    def leave(self) -> None:
        """What a browser sends when its page is closed."""
        url = f"{self.address}/_solara/api/close/{self.kernel}?session_id={self.page}"
        with urllib.request.urlopen(urllib.request.Request(url, data=b"", method="POST"), timeout=20):
            pass


def _strings(state: dict[str, Any]) -> list[str]:
    children = state.get("children") or []
    inner = [child for child in children if isinstance(child, str)] if isinstance(children, list) else []
    return [
        text for name in ("unsafe_innerHTML", "innerHTML", "label") if isinstance(text := state.get(name), str)
    ] + inner


async def choose(client: Client, years: int) -> None:
    """Open the questions and answer them otherwise than any other session."""
    await client.press("Change")
    await client.until(lambda: client.find(label="Fastest") is not None)
    await client.pick(client.seen.place, label="Police force area, authority, county, region or nation")
    await client.pick("fastest", attributes={"aria-label": "How closely?"})
    await client.pick(str(years), attributes={"aria-label": "For how long?"})
    await client.pick(False, label="Also over what nobody knows: draw the uncertain numbers from their ranges")
    for name in REGIMES:
        if name not in client.regimes:
            await client.pick(False, label=name)
    await client.press("Done")


async def visit(client: Client, years: int, seconds: float, ready: asyncio.Barrier) -> None:
    """One session: choose, wait for the others, run, look around until it is done."""
    chance = random.Random(client.seen.place)
    seen = client.seen
    try:
        await client.open()
        await choose(client, years)
        if client.find(children=["Stop"]):
            await client.press("Stop")
        await asyncio.wait_for(ready.wait(), PATIENCE)
        seen.asked = time.monotonic()
        seen.under_load.append(await client.press("Run"))
        begun, theme = time.monotonic(), 0
        while time.monotonic() - begun < seconds:
            await asyncio.sleep(chance.uniform(1.0, 4.0))
            theme = (theme + 1) % 7
            took = await client.turn(theme)
            (seen.actions if seen.ended else seen.under_load).append(took)
            waiting = client.says(r"(\d+) (?:other|others) before you")
            seen.ahead = max(seen.ahead, int(waiting[1]) if waiting else 0)
            if seen.ended and time.monotonic() - seen.ended > 5:
                break
        told = client.says(r"(?:a year|at a time|million a year), .*")
        if told is not None and not _is_of(told[0], seen.place):
            seen.faults.append(f"shows another place: {told[0]}")
    except Exception as error:  # noqa: BLE001 - every fault is counted
        seen.faults.append(f"{type(error).__name__}: {error}")


async def watch(client: Client) -> None:
    """Note when the first year, and when all of it, is shown."""
    seen = client.seen
    while not seen.asked:
        await asyncio.sleep(0.05)
    await client.until(lambda: client.says(r"Shown: [1-9]\d* years? of"), 600, 0.25)
    seen.first_year = time.monotonic() - seen.asked
    await client.until(lambda: client.says(r"runs of each regime are in"), 600, 0.25)
    seen.ended = time.monotonic()


def _is_of(text: str, place: str) -> bool:
    return place.replace("-", " ") in unescape(text).lower().replace("&", "and").replace("-", " ")


# --- the server -------------------------------------------------------------------------------------------------------
def begin() -> tuple[subprocess.Popen[str], str]:
    """A server on two processors, and its address."""

    def two() -> None:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])

    server = subprocess.Popen(
        [sys.executable, "-m", "policysim", "app", "--port", "0"], text=True, stdout=subprocess.PIPE, stderr=sys.stderr,
        preexec_fn=two, start_new_session=True,
    )  # fmt: skip
    said = re.search(r"http://\S+:\d+", server.stdout.readline() if server.stdout else "")
    if said is None:
        raise SystemExit("the page did not open")
    return server, said[0]


def memory(pid: int) -> float:
    """Megabytes that the server itself, without its workers, has to itself."""
    import psutil

    return float(psutil.Process(pid).memory_info().rss) / 1e6


def processor(pid: int) -> tuple[float, float]:
    """Seconds of processors that the server has used, and its workers."""
    import psutil

    one = psutil.Process(pid)
    times = [each.cpu_times() for each in one.children(recursive=True)]
    own = one.cpu_times()
    return own.user + own.system, sum(time.user + time.system for time in times)


async def measured(address: str, pid: int, number: int, years: int, seconds: float) -> dict[str, Any]:
    """All of them at once."""
    warm = Client(address, PLACES[-1], REGIMES)
    await warm.open()  # the first visit loads what every visit shares
    await warm.until(lambda: warm.says(r"Shown: [1-9]\d* years? of"), 120, 0.25)
    warm.leave()
    await asyncio.sleep(3)
    before, cpu = memory(pid), processor(pid)
    clients = [Client(address, PLACES[k], tuple(REGIMES[(k + j) % 4] for j in range(1 + k % 2))) for k in range(number)]
    ready, begun = asyncio.Barrier(number), time.monotonic()
    watching = [asyncio.create_task(watch(client)) for client in clients]
    await asyncio.gather(*(visit(client, years, seconds, ready) for client in clients))
    for one in watching:
        one.cancel()
    took, used, all_there = time.monotonic() - begun, processor(pid), memory(pid)
    for client in clients:
        await asyncio.to_thread(client.leave)
        await client.socket.close()
    await asyncio.sleep(8)
    return told(clients, [used[0] - cpu[0], used[1] - cpu[1]], took, [before, all_there, memory(pid)])


def told(clients: list[Client], cpu: list[float], took: float, held: list[float]) -> dict[str, Any]:
    """The figures."""
    each = [client.seen for client in clients]
    loaded, after = [t for one in each for t in one.under_load], [t for one in each for t in one.actions]
    order = sorted((one for one in each if one.first_year), key=lambda one: one.asked + one.first_year)
    firsts = [one.first_year for one in order]
    ends = [one.ended - one.asked for one in each if one.ended]
    return {
        "sessions": len(each),
        "faults": sum(len(one.faults) for one in each),
        "what went wrong": sorted({fault for one in each for fault in one.faults})[:5],
        "finished": len(ends),
        "seconds to open, p50 and p95": _quantiles([one.opened for one in each]),
        "actions while runs go on": len(loaded),
        "seconds of an action while runs go on, p50 and p95": _quantiles(loaded),
        "seconds of an action afterwards, p50 and p95": _quantiles(after),
        "seconds to the first year, least, median, most": _spread(firsts),
        "seconds to the end, least, median, most": _spread(ends),
        "most that waited ahead, as told": max(one.ahead for one in each),
        "order of service": [one.place for one in order][:5],
        "kilobytes a session": round(median(one.bytes for one in each) / 1000),
        "messages a session": round(median(one.messages for one in each)),
        "server megabytes before, with all, after": [round(one) for one in held],
        "seconds of processors: page, workers": [round(one, 1) for one in cpu],
        "seconds in all": round(took, 1),
    }


def _quantiles(values: list[float]) -> list[float]:
    found = sorted(values)
    return [round(found[int(share * (len(found) - 1))], 2) for share in (0.5, 0.95)] if found else []


def _spread(values: list[float]) -> list[float]:
    return [round(one, 1) for one in (min(values), median(values), max(values))] if values else []


def main() -> None:
    """Serve, let them in, print what they saw."""
    parser = argparse.ArgumentParser(prog="python -m policysim.benchmarks.sessions", description=__doc__)
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--years", type=int, default=5, choices=(5, 10))
    parser.add_argument("--seconds", type=float, default=120, help="the longest that a session looks around")
    chosen = parser.parse_args()
    server, address = begin()
    try:
        found = asyncio.run(measured(address, server.pid, chosen.sessions, chosen.years, chosen.seconds))
    finally:
        server.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            server.wait(20)
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
    for name, value in found.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
