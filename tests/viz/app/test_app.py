"""The page as it is served; and, in a real browser, the whole of it without internet."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlparse

import pytest

from policysim.errors import UserError
from policysim.viz.app import network, page, results
from policysim.viz.app.server import _listen

CHART = ".solara-echarts"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


# --- the server -------------------------------------------------------------------------------------------------------
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def begin(port: int) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "policysim", "app", "--port", str(port)], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True,
        # The page turns telemetry off whatever the user has, and keeps out of an environment that a shell has active.
        env={**os.environ, "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "true", "VIRTUAL_ENV": "/an/environment/of/others"},
    )  # fmt: skip


def end(server: subprocess.Popen, with_signal: int = signal.SIGINT) -> tuple[str, str]:
    server.send_signal(with_signal)
    try:
        return server.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        raise


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page that is being served."""
    server = begin(free_port())
    try:
        said = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
        assert said, f"the page did not open: {server.communicate(timeout=20)[1]}"
        yield said[0]
    finally:
        if server.poll() is None:
            end(server)


def fetch(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.slow
def test_the_server_says_where_it_is_and_ends_quietly_on_ctrl_c():
    port = free_port()
    server = begin(port)
    assert server.stdout.readline() == f"policysim is open at http://127.0.0.1:{port} (Ctrl-C ends it)\n"
    assert fetch(f"http://127.0.0.1:{port}/readyz")[0] == 200
    os.killpg(server.pid, signal.SIGINT)  # as a terminal does: to the page and its workers
    said, complained = server.communicate(timeout=20)
    assert (server.returncode, said, complained) == (130, "", "")


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_workers_end_with_a_page_that_is_asked_to_end(how: signal.Signals):
    server = begin(free_port())
    assert server.stdout.readline()
    server.send_signal(how)  # to the page alone: its workers are left to it
    said, complained = server.communicate(timeout=30)
    assert (server.returncode, said, complained) == (128 + how, "", "")
    for _ in range(200):
        try:
            os.killpg(server.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(server.pid, signal.SIGKILL)
    raise AssertionError("workers are left")


def test_a_port_in_use_is_told_in_one_sentence(address):
    port = urlparse(address).port
    second = subprocess.run(
        [sys.executable, "-m", "policysim", "app", "--port", str(port)], text=True, capture_output=True, timeout=60
    )
    assert second.returncode == 2
    assert second.stdout == ""
    assert len(second.stderr.splitlines()) == 1
    assert f"port {port} is in use" in second.stderr
    assert f"--port {port + 1}" in second.stderr


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_cannot_be(port):
    with pytest.raises(UserError, match="--port"):
        _listen(port)


def test_the_server_answers_this_machine_only(address):
    port = urlparse(address).port
    own = [info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    for host in {host for host in own if not host.startswith("127.")}:
        with socket.socket() as one:
            one.settimeout(2)
            assert one.connect_ex((host, port)) != 0


def test_the_first_page_asks_for_nothing_elsewhere(address):
    _, text = fetch(address)
    hosts = {urlparse(url).hostname for url in re.findall(r"""(?:src|href)=["'](http[^"']+)""", text)}
    assert hosts <= {None, "127.0.0.1"}
    assert "mixpanel" not in text.lower()


@pytest.mark.slow
def test_an_asset_that_is_not_installed_is_not_fetched(address):
    begun = time.monotonic()
    with pytest.raises(urllib.error.HTTPError) as answer:
        fetch(f"{address}/_solara/cdn/vue@0.0.1/nothing.js")
    assert answer.value.code >= 400
    assert time.monotonic() - begun < 10


# --- in a browser -----------------------------------------------------------------------------------------------------
class Visit:
    """One browser session, and everything it asked for or complained about."""

    def __init__(self, browser, address: str):
        self.context = browser.new_context(viewport={"width": 1600, "height": 1000}, locale="en-GB")
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
        self.page.get_by_role("button", name="Run").wait_for(timeout=60_000)

    @property
    def outside(self) -> set[str]:
        """Whatever was asked of another machine than this one."""
        hosts = {urlparse(url).hostname for url in self.asked if urlparse(url).scheme not in ("data", "blob")}
        return hosts - {"127.0.0.1"}


@pytest.fixture(scope="module")
def browser():
    """A Chromium that finds no other machine even if it looks for one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        )
        yield running
        running.close()


@pytest.mark.browser
def test_choose_run_and_read_without_internet(browser, address):
    from playwright.sync_api import expect

    visit = Visit(browser, address)
    shown = visit.page
    assert shown.title() == "policysim"
    assert shown.get_by_role("heading", level=1).inner_text() == page.TITLE
    assert shown.evaluate("document.documentElement.lang") == "en-GB"
    assert "user-scalable=no" not in shown.evaluate("document.querySelector('meta[name=viewport]').content")

    place = shown.get_by_label("Police force area, authority, county, region or nation")
    place.fill("dors")
    shown.get_by_role("option", name="Dorset, police force area").click()
    for name in ("Enforcement only", "Diversion", "Harm reduction"):
        shown.get_by_label(name).uncheck(force=True)
    shown.get_by_label("Fastest").check(force=True)
    shown.get_by_text("too few for answers").wait_for()
    shown.get_by_role("button", name="Run").click()
    shown.get_by_role("progressbar", name="Progress of the run").wait_for()
    shown.locator(".ps-findings, .ps-fault").first.wait_for(timeout=180_000)
    assert shown.locator(".ps-fault").all_inner_texts() == []
    shown.get_by_role("heading", name="What changes").wait_for()

    table = shown.get_by_role("table").first
    heads = [head.inner_text() for head in table.get_by_role("columnheader").all()]
    assert heads[1:] == ["Status quo", "Multi-component"]
    assert "Dorset" in table.locator("caption").inner_text()
    assert table.get_by_role("rowheader").count() == len(results.IN_THE_TABLE)
    expect(shown.locator(CHART)).to_have_count(3, timeout=20_000)
    for place in range(3):
        shown.locator(CHART).nth(place).locator("canvas").first.wait_for(timeout=20_000)
    read_the_curves(shown)
    read_the_network(shown)
    assert visit.outside == set()
    assert visit.complaints == []
    visit.context.close()


def drawn(shown, place: int) -> str:
    """What a chart looks like now, all its layers together."""
    layers = "chart => [...chart.querySelectorAll('canvas')].map(layer => layer.toDataURL()).join()"
    return shown.locator(CHART).nth(place).evaluate(layers)


def until_redrawn(shown, place: int, before: str) -> None:
    deadline = time.monotonic() + 20
    while drawn(shown, place) == before:
        assert time.monotonic() < deadline, "the drawing did not change"
        shown.wait_for_timeout(100)


def read_the_curves(shown) -> None:
    """The outcome and the kind of curve can be chosen; the numbers stand beside the chart."""
    before = drawn(shown, 0)
    shown.get_by_label("Under each regime").check(force=True)
    until_redrawn(shown, 0, before)
    before = drawn(shown, 0)
    shown.get_by_role("button", name="Outcome").click()
    shown.get_by_role("option", name="Arrests for drug offences").click()
    shown.get_by_role("heading", name=re.compile("Arrests for drug offences: arrests a year, Dorset")).wait_for()
    until_redrawn(shown, 0, before)
    shown.get_by_text("The numbers in this chart").click()
    numbers = shown.get_by_role("table", name=re.compile("Arrests for drug offences"))
    assert numbers.get_by_role("row").count() == 6


def read_the_network(shown) -> None:
    """Both sides start alike; the slider moves time; the legend counts people."""
    assert shown.get_by_text("fictional people of one run, simulated").count() == 1
    slider = shown.get_by_role("slider", name="Time since the regimes parted")
    before = drawn(shown, 2)
    slider.focus()
    slider.press("Home")
    shown.get_by_role("heading", name="Multi-component, at the start").wait_for()
    until_redrawn(shown, 2, before)
    legend = shown.get_by_role("table", name="People of the drawing, at the start")
    cells = [cell.inner_text() for cell in legend.get_by_role("cell").all()]
    assert cells[0::2] == cells[1::2]
    assert sum(map(int, cells[0::2])) == network.PEOPLE


@pytest.mark.browser
def test_two_sessions_share_nothing_and_a_run_can_be_stopped(browser, address):
    one, other = Visit(browser, address), Visit(browser, address)
    one.page.get_by_label("10 years").check(force=True)
    one.page.get_by_label("Diversion").uncheck(force=True)
    one.page.get_by_role("button", name="Run").click()
    one.page.get_by_role("button", name="Stop").wait_for()
    assert other.page.get_by_label("5 years").is_checked()
    assert other.page.get_by_label("Diversion").is_checked()
    assert other.page.get_by_role("button", name="Run").is_enabled()  # answers while the other simulates
    other.page.get_by_label("Diversion").uncheck(force=True)
    one.page.get_by_role("button", name="Stop").click()
    one.page.get_by_role("button", name="Run").wait_for()
    assert one.page.get_by_label("10 years").is_checked()
    for name in ("Enforcement only", "Harm reduction", "Multi-component"):
        other.page.get_by_label(name).uncheck(force=True)
    other.page.get_by_text("Choose at least one regime").wait_for()
    assert other.page.get_by_role("button", name="Run").is_disabled()
    for visit in (one, other):
        assert visit.outside == set()
        assert visit.complaints == []
        visit.context.close()
