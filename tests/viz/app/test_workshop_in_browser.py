"""A round in a real browser: begun, guessed from a device and by the facilitator, and seen on a second screen."""

import pytest
from served_page import BEGINS, chromium

from policysim.viz.app.dark import DARK


@pytest.mark.browser
def test_a_round_is_shared_by_the_room_a_guest_and_a_second_screen(address):
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-GB")
        context.set_default_timeout(BEGINS)
        room = context.new_page()
        room.goto(address)
        room.get_by_role("tab", name="Workshop").click()
        room.get_by_role("button", name="Projector: off").click()
        room.locator(".ps-projector").wait_for()
        room.get_by_role("button", name="Dark: off").click()
        room.locator("#app.theme--dark").wait_for()
        room.get_by_role("button", name="Begin a round").click()
        code = room.locator(".ps-shop-code strong").inner_text()
        room.get_by_label("Misuse deaths, expected: guesses in percent").fill("-20 -10")
        room.get_by_role("button", name="Take these in").press("Enter")
        room.get_by_text("Taken in: 2 guesses so far").wait_for()
        guess(browser, address, code)
        room.get_by_text("In so far: Misuse deaths, expected 3").wait_for()
        room.get_by_role("button", name="Show the facilitator's notes here").click()
        link = room.get_by_role("link", name="Open the facilitator’s second screen").get_attribute("href")
        second = context.new_page()
        second.goto(link)
        second.get_by_role("heading", name="Notes for the facilitator").wait_for()
        second.locator("#app.theme--dark").wait_for()  # the same browser
        ground = "getComputedStyle(document.querySelector('.ps-page .v-btn--outlined')).backgroundColor"
        assert second.evaluate(ground) == "rgb({}, {}, {})".format(*bytes.fromhex(DARK["#FFFFFF"][1:]))
        second.get_by_role("button", name="Dark: on").click()
        second.locator("#app.theme--light").wait_for()
        second.get_by_role("button", name="Next: Choose").click()
        room.get_by_role("heading", name="Which regimes shall be run?").wait_for()
        second.get_by_role("button", name="End the round").click()
        second.get_by_role("button", name="Yes, end it").click()
        room.get_by_text("its guesses are forgotten").wait_for()


def guess(browser, address: str, code: str) -> None:
    """A guest on a telephone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    context.set_default_timeout(BEGINS)
    phone = context.new_page()
    phone.goto(f"{address}#workshop={code.replace(' ', '')}")
    phone.get_by_label("Compared with the status quo").first.select_option("fewer")
    phone.get_by_label("by how many percent").fill("15")
    phone.get_by_role("button", name="Send my guess").click()
    phone.get_by_text("Your guess is in").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
