"""A round in a real browser: begun, guessed from a device and by the facilitator, seen on a second screen, run and discussed.

Nobody is kept out of any state of it.
"""

import pytest
from served_page import BEGINS, chromium
from visits import barriers

from policysim.viz.app.dark import DARK


@pytest.mark.browser
def test_a_round_is_shared_by_the_room_a_guest_and_a_second_screen(address):
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-GB", reduced_motion="reduce")
        context.set_default_timeout(BEGINS)
        room = context.new_page()
        room.goto(address)
        code = begin(room)
        predict(room)
        phone = guess(browser, address, code)
        room.get_by_text("In so far: Misuse deaths, expected 3").wait_for()
        second = beside(context, room)
        choose_and_run(room, second)
        discuss(room)
        phone.get_by_text("The guesses are open").wait_for()
        end(room, second)
        phone.get_by_text("its guesses are forgotten").wait_for()
        assert barriers(phone) == []


def begin(room) -> str:
    """A code that is none is told; the code of the round that is begun."""
    room.get_by_role("tab", name="Workshop").click()
    room.get_by_role("button", name="Projector: off").click()
    room.locator(".ps-projector").wait_for()
    room.get_by_role("button", name="Dark: off").click()
    room.locator("#app.theme--dark").wait_for()
    room.get_by_label("Or join a round or quiz").fill("abc")
    room.get_by_role("button", name="Join").click()
    room.get_by_text("No round has this code").wait_for()
    assert barriers(room) == []
    room.get_by_role("button", name="Begin a round").click()
    return room.locator(".ps-shop-code strong").inner_text().replace(" ", "")


def predict(room) -> None:
    """Words for numbers are told beside the lines that hold them; numbers are taken in."""
    line = room.get_by_label("Misuse deaths, expected: guesses in percent")
    line.fill("-20 lots")
    room.get_by_role("button", name="Take these in").press("Enter")
    told = room.get_by_role("alert").get_by_text("lots")
    told.wait_for()
    assert told.evaluate("one => one.getBoundingClientRect().top") > line.evaluate(
        "one => one.getBoundingClientRect().bottom"
    )
    assert barriers(room) == []
    line.fill("-20 -10")
    room.get_by_role("button", name="Take these in").press("Enter")
    room.get_by_text("Taken in: 2 guesses so far").wait_for()


def guess(browser, address: str, code: str):
    """A guest on a telephone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    context.set_default_timeout(BEGINS)
    phone = context.new_page()
    phone.goto(f"{address}#workshop={code}")
    phone.get_by_label("Compared with the status quo").first.select_option("fewer")
    for typed, told in (("lots", "Misuse deaths, expected: “lots” is no number"), ("15", "Your guess is in")):
        phone.get_by_label("by how many percent").fill(typed)
        phone.get_by_role("button", name="my guess").click()
        phone.locator(".ps-shop-message").get_by_text(told).wait_for()
        assert barriers(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return phone


def beside(context, room):
    """The facilitator's second screen, by the link that stands among the notes."""
    room.get_by_role("button", name="Show the facilitator's notes here").click()
    link = room.get_by_role("link", name="Open the facilitator’s second screen").get_attribute("href")
    assert barriers(room) == []
    room.get_by_role("button", name="Show the room's view here").click()
    second = context.new_page()
    second.goto(link)
    second.get_by_role("heading", name="Notes for the facilitator").wait_for()
    second.locator("#app.theme--dark").wait_for()  # in the same browser
    ground = "getComputedStyle(document.querySelector('.ps-page .v-btn--outlined')).backgroundColor"
    assert second.evaluate(ground) == "rgb({}, {}, {})".format(*bytes.fromhex(DARK["#FFFFFF"][1:]))
    assert barriers(second) == []
    second.get_by_role("button", name="Dark: on").click()
    second.locator("#app.theme--light").wait_for()
    return second


def choose_and_run(room, second) -> None:
    """From the second screen and the room's own, whichever is nearer."""
    from playwright.sync_api import expect

    second.get_by_role("button", name="Next: Choose").click()
    room.get_by_role("heading", name="Which regimes shall be run?").wait_for()
    room.get_by_label("Budget of the room").fill("lots")
    room.get_by_role("button", name="Set", exact=True).click()
    room.get_by_role("alert").get_by_text("Give the budget as a number").wait_for()
    assert barriers(room) == []
    second.get_by_role("button", name="Next: Run").click()
    room.get_by_role("heading", name="Run what was chosen").wait_for()
    expect(room.locator(".ps-shop-message")).to_have_text("")  # what was said belongs to the step before
    second.get_by_role("button", name="Next: Discuss").click()
    room.get_by_text("There are no results yet").wait_for()
    assert barriers(room) == []
    room.get_by_role("tab", name="3. Run").click()
    room.get_by_role("button", name="Run", exact=True).click()
    room.get_by_text("All results are in").wait_for()
    assert barriers(room) == []
    room.get_by_role("button", name="Next: Discuss").click()


def discuss(room) -> None:
    """The results, then the guesses beside them."""
    room.get_by_role("button", name="Open the guesses (3 guesses)").click()
    room.get_by_text("The room’s middle guess was −15%").wait_for()
    assert barriers(room) == []


def end(room, second) -> None:
    """Asked for once, and done when that is meant."""
    second.get_by_role("button", name="End the round").click()
    second.get_by_role("button", name="Yes, end it").wait_for()
    assert barriers(second) == []
    second.get_by_role("button", name="Yes, end it").click()
    room.get_by_text("its guesses are forgotten").wait_for()
    room.get_by_role("tab", name="Rules", exact=True).click()
    room.locator(".ps-empty").wait_for()  # there are none of one's own
    assert barriers(room) == []
