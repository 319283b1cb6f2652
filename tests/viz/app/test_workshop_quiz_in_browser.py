"""A quiz in a real browser: a host and two guests who came by the machine's own address, from the first pick to the score."""

import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from served_page import BEGINS, CHROMIUM, opened
from visits import barriers

from policysim.viz.app.workshop.joining import picture

RUNS = 280_000
"""Milliseconds in which a tiny comparison has run on a busy machine."""
TOKEN = "for-this-test-alone"
REGIMES = ("diversion", "harm-reduction", "multi-component")
BOXES = """() => {
  const chart = document.querySelector('.ps-chart'), all = chart.getBoundingClientRect();
  const names = [...chart.querySelectorAll('.ps-chart-name')].filter(one => getComputedStyle(one).visibility === 'visible');
  const boxes = names.map(one => one.getBoundingClientRect());
  return names.map((one, k) => ({
    name: one.textContent, size: parseFloat(getComputedStyle(one).fontSize),
    out: boxes[k].left < all.left || boxes[k].top < all.top || boxes[k].right > all.right || boxes[k].bottom > all.bottom,
    under: boxes.some((other, n) => n !== k && other.top < boxes[k].bottom - 0.5 && other.bottom > boxes[k].top + 0.5),
  }));
}"""
"""The names at the ends of lines: how large each is, and whether it leaves the picture or lies on another."""
SERVED = Path(__file__).parents[2] / "worlds" / "tiny_served.py"


def own_address() -> str:
    """An IPv4 address of this machine in a network; nothing where it has none."""
    try:
        said = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError):
        said = []
    for one in said:
        try:
            with socket.socket() as tried:
                tried.bind((one, 0))
        except OSError:
            continue
        return one
    return ""


NETWORK = own_address()
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--no-proxy-server",
    "--disable-component-update", "--disable-sync",
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE {NETWORK or 'localhost'}",
)  # fmt: skip


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page that is open to others, with its token."""
    server = subprocess.Popen(
        [sys.executable, str(SERVED), NETWORK or "127.0.0.1", TOKEN], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    with opened(server) as there:
        yield there


class Window:
    """A visitor with a browser of their own, and what was sent to it."""

    def __init__(self, browser, width: int):
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-GB", reduced_motion="reduce")
        context.set_default_timeout(BEGINS)
        self.page, self.sent = context.new_page(), []
        self.page.on("websocket", lambda one: one.on("framereceived", self.hear))

    def hear(self, frame: str | bytes) -> None:
        self.sent.append(frame.decode("latin-1") if isinstance(frame, bytes) else frame)


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.slow
def test_a_quiz_goes_from_the_first_pick_to_the_score_and_names_nothing_before_the_reveal(address):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        room = Window(browser, 1280).page
        room.goto(address)
        room.get_by_text("All 3 runs of each regime are in").wait_for(timeout=RUNS)
        names(room)
        room.get_by_role("tab", name="Workshop").click()
        room.get_by_role("button", name="Begin a round").click()
        code = room.locator(".ps-shop-code strong").inner_text().replace(" ", "")
        guests = [Window(browser, 390) for _ in range(2)]
        for guest in guests:
            guest.page.goto(f"{address}#workshop={code}")
            guest.page.get_by_role("button", name="Send my guess").wait_for()
            guest.sent.clear()
        room.get_by_role("button", name="Begin a quiz").press("Enter")
        room.locator(".ps-quiz canvas").nth(2).wait_for()
        for guest, key in zip(guests, ("A", "C"), strict=True):
            pick(guest.page, key)
        room.get_by_text("2 picks are in.").wait_for()
        hands(room)
        room.get_by_role("button", name="A hint: overdoses reversed").press("Enter")
        room.locator(".ps-quiz canvas").nth(3).wait_for()
        assert barriers(room) == []
        for guest in guests:
            guest.page.get_by_text("with 1 of 3 hints").wait_for()
            everything = " ".join(guest.sent)
            told = [everything.count(f'"{id}"') for id in REGIMES]
            assert told[0] > 0 and len(set(told)) == 1, f"a guest's browser was told of regimes unevenly: {told}"
        room.get_by_role("button", name="Reveal").press("Enter")
        head = room.locator(".ps-quiz-standing h2")
        room.get_by_text("it was this one").wait_for()
        truth = head.inner_text()
        assert re.fullmatch(r"It was “.+”\.", truth) and room.get_by_text("of 2 picks were right").is_visible()
        assert barriers(room) == []
        for guest in guests:
            guest.page.get_by_role("heading", name=truth).wait_for()
        assert barriers(guests[0].page) == []
        room.get_by_role("button", name="Next question").press("Enter")
        guests[0].page.get_by_text("Question 2 of 2").wait_for()
        room.get_by_role("button", name="Reveal").press("Enter")
        guests[1].page.get_by_text("How the room picked is on its screen").wait_for()
        room.get_by_role("button", name="End the quiz").press("Enter")
        guests[1].page.get_by_role("button", name="Send my guess").wait_for()
        browser.close()


def names(room) -> None:
    """At the ends of lines that end close together: none covers another or leaves the picture, whatever the screen."""
    room.get_by_label("Under each regime").check(force=True)
    room.get_by_role("heading", name=re.compile("^Misuse deaths, expected: deaths a year")).wait_for()
    for projector in (False, True):
        for width, height in ((1920, 1080), (820, 1180), (390, 844), (1280, 800)):
            room.set_viewport_size({"width": width, "height": height})
            room.wait_for_timeout(300)
            found = room.evaluate(BOXES)
            assert len(found) == 1 + len(REGIMES)
            assert (width, [one for one in found if one["out"] or one["under"]]) == (width, [])
            assert (width, [one for one in found if one["size"] < (22 if projector and width > 1000 else 13)]) == (
                width,
                [],
            )
        room.get_by_role("button", name=re.compile("Projector: ")).click()
        room.locator(".ps-projector").wait_for(state="detached" if projector else "attached")


def hands(room) -> None:
    """Words for a count are told."""
    room.get_by_text("Count raised hands instead").click()
    room.get_by_label(re.compile("Hands for A")).fill("x")
    room.get_by_role("button", name="Count these in").press("Enter")
    room.get_by_text("Type how many hands were raised").wait_for()
    assert barriers(room) == []


def pick(phone, letter: str) -> None:
    """With the keyboard alone."""
    radio = phone.get_by_role("radio", name=f"{letter}. ")
    radio.focus()
    radio.press("Space")
    phone.get_by_role("button", name="Send my pick").press("Enter")
    phone.get_by_text("Your pick is in").wait_for()
    assert barriers(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def as_picture(room, way: str) -> None:
    """The QR code is that of the address which stands beside it, large where it is pressed."""
    code = room.get_by_role("button", name="The same address as a QR code")
    code.wait_for()
    assert code.locator("path").last.get_attribute("d") == re.findall(r' d="([^"]+)"', picture(way))[-1]
    small = code.bounding_box()["width"]
    code.press("Enter")
    assert code.bounding_box()["width"] > 3 * small
    assert (
        code.evaluate("one => getComputedStyle(one).colorScheme") == "light"
    )  # few devices read one that is white on black
    assert barriers(room) == []


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(not NETWORK, reason="this machine has no address but its own loop")
def test_guests_on_the_network_need_the_token(address):
    from playwright.sync_api import sync_playwright

    bare = address.partition("?")[0]
    assert NETWORK in bare and TOKEN in address
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(bare, timeout=20)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        room = Window(browser, 1280).page
        room.goto(address)
        room.get_by_role("tab", name="Workshop").click()
        room.get_by_role("button", name="Begin a round").click()
        way = room.locator(".ps-shop-address strong").inner_text()
        assert way.startswith(address)
        as_picture(room, way)
        guest = Window(browser, 390).page
        guest.goto(way)
        guest.get_by_role("button", name="Send my guess").wait_for()
        browser.close()
