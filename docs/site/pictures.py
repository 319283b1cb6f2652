"""The pictures of the page in docs/pictures, all of them taken anew by `make pictures`, as a visitor on a laptop sees each room.

It needs Chromium (on Debian: apt install chromium) and some minutes: the page is the real one, with its usual first comparison.
"""

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parents[1] / "pictures"
CHROMIUM = "/usr/bin/chromium"
SIZE = {"width": 1280, "height": 800}
LONG = 600_000
"""Milliseconds that the first comparison may take, and the lives after it."""
COLOURS = 256
"""Of a picture as it is kept: what is drawn has few, and the file has a third of the bytes."""


@contextmanager
def served(*options: str) -> Iterator[str]:
    """The address of the page, which ends with the block."""
    command = [sys.executable, "-m", "policysim", "app", "--port", "0", *options]
    page = subprocess.Popen(command, text=True, stdout=subprocess.PIPE)
    try:
        assert page.stdout is not None
        said = re.search(r"http://\S+", page.stdout.readline())
        if said is None:
            raise SystemExit("the page did not open")
        yield said[0]
    finally:
        page.terminate()
        page.wait()


def enter(page: Page, room: str) -> None:
    """Open a room, and look at it from its top."""
    page.get_by_role("tab", name=room, exact=True).click()
    page.get_by_role("tabpanel", name=room, exact=True).wait_for()
    page.evaluate("window.scrollTo(0, 0)")


def compare(page: Page) -> None:
    """The usual first comparison, all of it."""
    page.get_by_text(re.compile("All .* runs of each regime are in")).wait_for()
    page.locator(".ps-chart canvas").first.wait_for()


def regime(page: Page) -> None:
    """One begun from a shipped regime, with the levers of a group."""
    enter(page, "Build a regime")
    page.get_by_label("Start from").select_option("harm-reduction")
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_text("which stays as it is").wait_for()
    page.locator(".ps-build-library h3 button").filter(has_text="Harm reduction").click()


def street(page: Page) -> None:
    """The last week under two regimes, and one person."""
    enter(page, "The street")
    page.get_by_role("cell").first.wait_for()
    page.wait_for_timeout(2000)  # until it is drawn: nobody can be chosen before
    page.get_by_role("application").press("PageDown")
    page.locator(".ps-street-person").get_by_text("Multi-component:").wait_for()
    page.evaluate("window.scrollTo(0, 0)")


def life(page: Page) -> None:
    """The first whose path parts."""
    enter(page, "Two lives")
    page.locator(".ps-life-lines").first.wait_for()


def workshop(page: Page) -> None:
    """A round that waits for guesses, on a projector."""
    enter(page, "Workshop")
    page.get_by_role("button", name="Projector: off").click()
    page.get_by_role("button", name="Begin a round").click()
    page.get_by_role("tab", name="1. Predict").wait_for()
    page.evaluate("window.scrollTo(0, 0)")


PICTURES: tuple[Callable[[Page], None], ...] = (compare, regime, street, life, workshop)
"""Each is named after what it is of; a later one finds the page as those before it left it."""


def keep(name: str, picture: bytes) -> None:
    """Write a picture in few colours."""
    found: Any = Image.open(io.BytesIO(picture)).convert("RGB")
    found.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    """Take them all."""
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport=SIZE, locale="en-GB", reduced_motion="reduce", color_scheme="light")
        context.set_default_timeout(LONG)
        page = context.new_page()
        page.goto(address)
        for take in PICTURES:
            take(page)
            page.mouse.move(0, 0)  # nothing is shown as pointed at
            page.wait_for_timeout(1000)
            keep(take.__name__, page.screenshot())
            print(f"docs/pictures/{take.__name__}.png", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
