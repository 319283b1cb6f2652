"""The page in Firefox: every room opens, a comparison comes in, and nothing is asked of another machine."""

import pytest
from firefox import FIREFOX, firefox

from policysim.viz.app.page import ROOMS

SHOWN = "[...document.querySelectorAll({!r})].find(one => {} && one.checkVisibility())"


def tab(name: str) -> str:
    """The tab of a room."""
    return SHOWN.format("[role=tab]", f"one.textContent.trim() === {name!r}")


def button(pattern: str) -> str:
    """A button by what is written on it."""
    return SHOWN.format("button", f"/^{pattern}$/i.test(one.textContent.trim())")


PANEL = """[...document.querySelectorAll('[role=tabpanel]')]
    .some(one => one.checkVisibility() && one.textContent.trim().length > 80)"""


@pytest.mark.browser
@pytest.mark.skipif(
    not FIREFOX, reason="no Firefox: the page was not opened in it (on Debian: apt install firefox-esr)"
)
def test_every_room_opens_in_firefox_and_a_comparison_comes_in(address):
    with firefox() as browser:
        browser.size(1280, 720)
        browser.open(address)
        browser.until(button("(Run|Stop)") + " !== undefined")
        browser.until("/All .* of each regime are in/.test(document.body.innerText)")
        browser.until("!!document.querySelector('.ps-chart canvas')")
        for room in ROOMS.values():
            browser.click(tab(room.name))
            browser.until(tab(room.name) + ".ariaSelected === 'true'")
            browser.until(PANEL)
            assert browser.value("document.documentElement.scrollWidth - window.innerWidth") <= 0, room.name
        browser.click(tab(next(iter(ROOMS.values())).name))
        browser.click(button("Run"))
        browser.until("/All .* of each regime are in/.test(document.body.innerText)")
        assert browser.hosts == {"127.0.0.1"}
        assert browser.complaints == []
