"""The page as it is served; and, in a real browser, who shares what with whom."""

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
from types import SimpleNamespace
from urllib.parse import urlparse

import pytest
from served_page import begin, chromium, end, opened
from visits import Visit, barriers

from policysim.errors import UserError
from policysim.viz.app import page
from policysim.viz.app.server import _end_quietly, _listen


# --- the server -------------------------------------------------------------------------------------------------------
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def fetch(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.slow
def test_the_server_says_where_it_is_and_ends_quietly_on_ctrl_c():
    port = free_port()
    server = begin("--port", str(port), usual=True)
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
@pytest.fixture(scope="module")
def browser():
    """One for all of these tests."""
    with chromium() as running:
        yield running


def choose_diversion(shown) -> None:
    """Open the questions, and ask for Diversion alone beside the status quo, so closely that it takes a while."""
    from playwright.sync_api import expect

    shown.get_by_role("button", name="Change").click()
    shown.get_by_label("Diversion", exact=True).check(force=True)
    expect(shown.locator(".ps-chosen")).to_contain_text("Diversion", timeout=20_000)
    shown.get_by_label("Harm reduction", exact=True).uncheck(force=True)
    expect(shown.locator(".ps-chosen")).not_to_contain_text("Harm reduction", timeout=20_000)
    shown.get_by_label("Closer look").check(force=True)
    shown.get_by_text("for smaller differences").wait_for()
    shown.get_by_label("10 years").check(force=True)
    expect(shown.locator(".ps-chosen")).to_contain_text("10 years", timeout=20_000)


@pytest.mark.browser
def test_two_sessions_share_nothing_and_a_run_can_be_stopped(browser, address):
    from playwright.sync_api import expect

    one, other = (Visit(browser, address, viewport={"width": 1600, "height": 1000}) for _ in range(2))
    choose_diversion(one.page)
    chosen = other.page.locator(".ps-chosen").inner_text()
    assert "5 years" in chosen and "Harm reduction" in chosen and "Diversion" not in chosen
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
        visit.end()


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
        visit.end("127.0.0.2")
        said = end(server)[1]
        assert (
            said.startswith("warning: others on the network of 127.0.0.2 can open the page")
            and len(said.splitlines()) == 1
        )
    finally:
        if server.poll() is None:
            end(server)


@pytest.mark.browser
def test_a_page_whose_server_is_gone_says_so_and_finds_the_next(browser):
    """Also where a page is being served again, which knows nothing of this visit."""
    port = str(free_port())
    first = begin("--port", port)
    with opened(first) as url:
        visit = Visit(browser, url)
        end(first)
        shown = visit.page
        again = shown.get_by_role("button", name="Load this page again")
        again.wait_for()
        assert shown.get_by_role("alert").get_by_role("heading", name="Connection lost").is_visible()
        assert not shown.get_by_text("Server disconnected").is_visible()
        assert again.evaluate("one => one === document.activeElement") and barriers(shown) == []
        again.press("Enter")
        shown.get_by_text("Nothing answers yet.").wait_for()
    with opened(begin("--port", port)):
        shown.get_by_text("Could not restore session").wait_for(state="attached")
        assert not shown.get_by_text("Could not restore session").is_visible() and barriers(shown) == []
        again.press("Enter")
        again.wait_for(state="detached")
        shown.get_by_role("button", name=re.compile("^(Run|Stop)$")).wait_for()
        visit.context.close()
