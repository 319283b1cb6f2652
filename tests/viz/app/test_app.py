"""The page as it is served; and, in a real browser, the whole of it without internet."""

import logging
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
from types import SimpleNamespace
from urllib.parse import urlparse

import pytest
from served_page import begin, chromium, end, served

from policysim.errors import UserError
from policysim.viz.app import page
from policysim.viz.app.compare.shown import MAIN
from policysim.viz.app.server import _end_quietly, _listen

CHART = ".ps-chart"


# --- the server -------------------------------------------------------------------------------------------------------
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page that is being served."""
    with served() as there:
        yield there


def fetch(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.slow
def test_the_server_says_where_it_is_and_ends_quietly_on_ctrl_c():
    port = free_port()
    server = begin("--port", str(port))
    assert server.stdout.readline() == f"policysim is open at http://127.0.0.1:{port} (Ctrl-C ends it)\n"
    assert fetch(f"http://127.0.0.1:{port}/readyz")[0] == 200
    os.killpg(server.pid, signal.SIGINT)  # as a terminal does: to the page and its workers
    said, complained = server.communicate(timeout=20)
    assert (server.returncode, said, complained) == (130, "", "")


def test_whoever_is_cut_off_at_the_end_is_no_error_to_report(caplog):
    server = SimpleNamespace(should_exit=False)
    log = logging.getLogger("uvicorn.error")
    _end_quietly(server)
    try:
        log.error("while it serves")
        server.should_exit = True
        log.error("timeout graceful shutdown exceeded")
    finally:
        for name in ("uvicorn.error", "asyncio"):
            found = logging.getLogger(name)
            found.removeFilter(found.filters[-1])
    assert [record.message for record in caplog.records] == ["while it serves"]


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_workers_end_with_a_page_that_is_asked_to_end(how: signal.Signals):
    server = begin()
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
        self.page.get_by_role("button", name=re.compile("^(Run|Stop)$", re.IGNORECASE)).wait_for(timeout=60_000)

    @property
    def outside(self) -> set[str]:
        """Whatever was asked of another machine than this one."""
        hosts = {urlparse(url).hostname for url in self.asked if urlparse(url).scheme not in ("data", "blob")}
        return hosts - {"127.0.0.1"}


@pytest.fixture(scope="module")
def browser():
    """One for all of these tests."""
    with chromium() as running:
        yield running


def choose(shown, *regimes: str) -> None:
    """Open the questions, and leave only these regimes beside the status quo, in the fastest detail."""
    from playwright.sync_api import expect

    shown.get_by_role("button", name="Change").click()
    for name in ("Enforcement only", "Diversion", "Harm reduction", "Multi-component"):
        if name not in regimes:
            shown.get_by_label(name, exact=True).uncheck(force=True)
            expect(shown.locator(".ps-chosen")).not_to_contain_text(name, timeout=20_000)
    shown.get_by_label("Fastest").check(force=True)
    shown.get_by_text("too few for answers").wait_for()
    shown.get_by_label("Also over what nobody knows").uncheck(force=True)
    shown.get_by_label("5 years").check(force=True)
    expect(shown.locator(".ps-chosen")).to_contain_text("5 years", timeout=20_000)


@pytest.mark.browser
def test_choose_run_and_read_without_internet(browser, address):
    from playwright.sync_api import expect

    visit = Visit(browser, address)
    shown = visit.page
    assert shown.title() == "policysim"
    assert shown.get_by_role("heading", level=1).inner_text() == page.TITLE
    assert shown.evaluate("document.documentElement.lang") == "en-GB"
    assert "user-scalable=no" not in shown.evaluate("document.querySelector('meta[name=viewport]').content")
    shown.get_by_role(
        "heading", name=MAIN[0].label
    ).first.wait_for()  # a comparison is under way before anything is pressed

    choose(shown, "Multi-component")
    place = shown.get_by_label("Police force area, authority, county, region or nation")
    place.fill("dors")
    shown.get_by_role("option", name="Dorset, police force area").click()
    shown.get_by_text("The choices have changed since this run").wait_for()
    if shown.get_by_role("button", name="Stop").count():
        shown.get_by_role("button", name="Stop").click()
    shown.get_by_role("button", name="Run").click()
    shown.get_by_role("button", name="Done").click()
    shown.get_by_text("All 3 runs of each regime are in").wait_for(timeout=240_000)
    assert shown.locator(".ps-fault").all_inner_texts() == []

    cards = shown.locator(".ps-card")
    assert cards.count() == len(MAIN)
    for card, outcome in zip(cards.all(), MAIN, strict=True):
        assert card.get_by_role("heading").inner_text() == f"{outcome.label} in five years"
        assert card.get_by_role("listitem").count() == 1
    expect(shown.locator(CHART)).to_have_count(1)
    shown.locator(CHART).locator("canvas").first.wait_for(timeout=20_000)
    read_the_themes(shown)
    move_time(shown)
    assert barriers(shown) == []
    assert visit.outside == set()
    assert visit.complaints == []
    visit.context.close()


def drawn(shown) -> str:
    """What the chart looks like now, all its layers together."""
    layers = "chart => [...chart.querySelectorAll('canvas')].map(layer => layer.toDataURL()).join()"
    return shown.locator(CHART).evaluate(layers)


def until_redrawn(shown, before: str) -> None:
    deadline = time.monotonic() + 20
    while drawn(shown) == before:
        assert time.monotonic() < deadline, "the drawing did not change"
        shown.wait_for_timeout(100)


def read_the_themes(shown) -> None:
    """The outcome and the kind of curve can be chosen; words and numbers stand beside the chart; tabs by keyboard."""
    from playwright.sync_api import expect

    before = drawn(shown)
    shown.get_by_label("Under each regime").check(force=True)
    until_redrawn(shown, before)
    shown.get_by_role("tab", name="Deaths").press("ArrowRight")
    expect(shown.get_by_role("tab", name="Policing")).to_have_attribute("aria-selected", "true")
    shown.get_by_role("heading", name=re.compile("Arrests for drug offences.*: arrests a year, Dorset")).wait_for()
    shown.get_by_text("The numbers in this chart").click()
    numbers = shown.get_by_role("table", name=re.compile("Arrests for drug offences"))
    expect(numbers.get_by_role("row")).to_have_count(6)
    assert shown.locator(".ps-words").inner_text().startswith("Multi-component. ")
    shown.get_by_role("tab", name="Who is affected").click()
    groups = shown.get_by_role("table", name=re.compile("how many times as often"))
    groups.wait_for()
    assert groups.get_by_role("row").count() > 3
    shown.get_by_role("tab", name="Deaths").click()


def move_time(shown) -> None:
    """Back to the start, a year more, and on to the end, each said in words."""
    shown.get_by_role("button", name="Back to the start").click()
    shown.get_by_text("Shown: 0 years of 5").wait_for()
    shown.get_by_role("button", name="One year more").click()
    shown.get_by_text("Shown: 1 year of 5").wait_for()
    shown.get_by_role("heading", name=f"{MAIN[0].label} in one year").wait_for()
    shown.get_by_role("button", name="Play").click()
    shown.get_by_text("Shown: 5 years of 5").wait_for()


@pytest.mark.browser
def test_two_sessions_share_nothing_and_a_run_can_be_stopped(browser, address):
    from playwright.sync_api import expect

    one, other = Visit(browser, address), Visit(browser, address)
    choose(one.page, "Diversion")
    assert (
        "Diversion" in one.page.locator(".ps-chosen").inner_text()
        and "5 years" in one.page.locator(".ps-chosen").inner_text()
    )
    chosen = other.page.locator(".ps-chosen").inner_text()
    assert "10 years" in chosen and "Harm reduction" in chosen
    if one.page.get_by_role("button", name="Stop").count():
        one.page.get_by_role("button", name="Stop").click()
    one.page.get_by_role("button", name="Run").click()
    one.page.get_by_role("button", name="Stop").wait_for()
    other.page.get_by_role("tab", name="Money").click()  # answers while another simulates
    expect(other.page.get_by_role("tab", name="Money")).to_have_attribute("aria-selected", "true", timeout=10_000)
    one.page.get_by_role("button", name="Stop").click()
    one.page.get_by_role("button", name="Run").wait_for()
    one.page.get_by_text("Press Run to simulate what is chosen").wait_for()
    one.page.get_by_label("Diversion", exact=True).uncheck(force=True)
    one.page.get_by_text("Choose a place and at least one regime").wait_for()
    assert one.page.get_by_role("button", name="Run").is_disabled()
    for visit in (one, other):
        assert visit.outside == set()
        assert visit.complaints == []
        visit.context.close()


def barriers(shown) -> list[str]:
    """What axe finds against the rules of WCAG 2.2, levels A and AA."""
    from axe_playwright_python.sync_playwright import Axe

    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    found = Axe().run(shown, options=rules).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.mark.browser
def test_nobody_is_kept_out_and_rooms_may_be_left_at_once(browser, address):
    visit = Visit(browser, address)
    shown = visit.page
    assert barriers(shown) == []
    for name in ("Who is affected", "Money", "Build a regime", "Compare", "Build a regime"):
        shown.get_by_role("tab", name=name).click()  # a chart is left before it is drawn
    shown.get_by_role("heading", name="Your regime").wait_for()
    assert barriers(shown) == []
    shown.get_by_role("tab", name="Compare").click()
    shown.get_by_role("button", name="Change").click()
    shown.get_by_label("Fastest").wait_for()
    assert barriers(shown) == []
    shown.wait_for_timeout(1000)
    assert visit.complaints == []
    visit.context.close()


@pytest.mark.browser
def test_others_are_let_in_by_the_whole_address_alone(browser):
    server = begin("--host", "127.0.0.2")
    try:
        url = re.search(r"http://127\.0\.0\.2:\d+/\?token=\S+", server.stdout.readline())[0]
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch(url.partition("?")[0])
        assert refused.value.code == 401 and "whole address" in refused.value.read().decode()
        visit = Visit(browser, url)
        assert visit.page.get_by_role("heading", level=1).inner_text() == page.TITLE
        assert visit.outside == {"127.0.0.2"} and visit.complaints == []
        visit.context.close()
        said = end(server)[1]
        assert (
            said.startswith("warning: others on the network of 127.0.0.2 can open the page")
            and len(said.splitlines()) == 1
        )
    finally:
        if server.poll() is None:
            end(server)
