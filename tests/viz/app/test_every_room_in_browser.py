"""Every room of the page, as people with and without a mouse, with good and poor sight, find it: empty, running and done."""

import re
from collections.abc import Iterator

import pytest
from served_page import chromium
from visits import Visit, barriers

from policysim.viz.app.compare.room import NOTHING
from policysim.viz.app.compare.shown import MAIN
from policysim.viz.app.page import ROOMS

NAMES = [room.name for room in ROOMS.values()]
SCREENS = ((820, 1180), (390, 844))
"""Of a tablet and a telephone; all else is seen on a laptop that is projected."""


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with chromium() as running:
        yield running


def is_done(shown) -> None:
    shown.get_by_text(re.compile("All .* of each regime are in")).wait_for()


UNTIL = {
    "Compare": ".ps-chart canvas",
    "Build a regime": "text=No lever yet",
    "The street": "role=cell >> nth=0",
    "Two lives": ".ps-life-lines",
    "Workshop": "role=button[name='Begin a round']",
    "Explore a sweep": ".ps-sweeps-picture",
    "Rules": "text=in the order of a person",
}
"""What stands in a room once there is something in it."""

UNTOLD = """() => [...document.querySelectorAll('[role=img], main img, canvas')].filter(one => {
  if (!one.checkVisibility()) return false;
  const named = one.closest('[role=img]') || one;
  const silent = named.tagName === 'CANVAS' ? !named.closest('[role=application]') : !(named.ariaLabel || named.alt);
  return silent || !one.closest('[role=tabpanel]').querySelector('table, .ps-details');
}).map(one => one.outerHTML.slice(0, 200))"""
"""Charts without words, or without a table or what opens one in their room."""
MOVING = "() => document.getAnimations().map(one => one.effect.target.outerHTML.slice(0, 200))"
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("projector", [False, True])
def test_nobody_is_kept_out_of_any_room_and_nothing_moves_by_itself(browser, address, projector):
    """In the usual theme and in the projector's, in light and, once the device is dark, in the dark."""
    visit = Visit(browser, address, reduced_motion="reduce", color_scheme="light")
    shown = visit.page
    if projector:
        shown.get_by_role("button", name="Projector: off").click()
        shown.locator(".ps-projector").wait_for()
    is_done(shown)
    for name in NAMES:
        visit.enter(name)
        if name == "Explore a sweep":
            shown.get_by_role("tab", name="Ranking of regimes").click()
        shown.locator(UNTIL[name]).first.wait_for(timeout=40_000)
        assert (name, barriers(shown)) == (name, [])
        shown.emulate_media(color_scheme="dark")
        shown.locator("#app.theme--dark").wait_for()
        assert (name, barriers(shown, "color-contrast")) == (name, [])
        shown.emulate_media(color_scheme="light")
        assert (name, shown.evaluate(UNTOLD)) == (name, [])
        assert (name, shown.evaluate(MOVING)) == (name, [])
    nobody(shown)
    for width, height in SCREENS:
        shown.set_viewport_size({"width": width, "height": height})
        for name in NAMES:
            visit.enter(name)
            assert (name, width, shown.evaluate(TOO_WIDE)) == (name, width, 0)
    visit.end()


def nobody(shown) -> None:
    """A number that nobody has, in the room of two lives."""
    shown.get_by_role("tab", name="Two lives").click()
    shown.get_by_label("Or a person’s number").fill("99999999")
    shown.get_by_role("button", name="Show", exact=True).click()
    shown.get_by_role("alert").filter(has_text="99999999").wait_for()
    assert barriers(shown) == []


@pytest.mark.browser
@pytest.mark.slow
def test_nobody_is_kept_out_while_a_room_waits_and_while_it_is_empty(browser, address):
    visit = Visit(browser, address, reduced_motion="reduce")
    shown = visit.page
    shown.get_by_role("button", name="Change").click()
    shown.get_by_label("Closer look").check(force=True)
    shown.get_by_text("40,000 simulated people").first.wait_for()
    assert barriers(shown) == []
    shown.get_by_role("button", name="Run").click()
    shown.get_by_role("button", name="Stop").wait_for()
    visit.enter("Workshop")
    shown.get_by_role("button", name="Begin a round").click()
    shown.get_by_role("tab", name="3. Run").click()
    shown.get_by_role("button", name="Run", exact=True).click()
    shown.get_by_role("button", name="Running").wait_for()
    assert (barriers(shown), shown.evaluate(MOVING)) == ([], [])
    for stopped in (False, True):
        if stopped:
            visit.enter("Compare")
            shown.get_by_role("button", name="Stop").click()
        for name, words in (("Compare", NOTHING), ("The street", "Press Run"), ("Two lives", "Press Run")):
            visit.enter(name)
            if stopped:
                shown.get_by_text(words).first.wait_for()
            assert (name, barriers(shown), shown.evaluate(MOVING)) == (name, [], [])
    visit.end()


# --- with a keyboard and nothing else ---------------------------------------------------------------------------------
LOST = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), named = one.outerHTML.slice(0, 200);
  if (one === document.body) return 'nothing has the keyboard';
  if (box.bottom < 0 || box.right < 0 || box.top > innerHeight || box.left > innerWidth) return 'out of sight: ' + named;
  for (let at = one; at !== document.body; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none' && style.opacity === '1') return '';
  }
  return 'no frame: ' + named;
}"""
"""Why nobody could see where the keyboard is; nothing where one can."""
MOST_STEPS = 60


class Keys:
    """What a visitor presses."""

    def __init__(self, shown):
        self.shown = shown

    def press(self, *keys: str) -> None:
        for key in keys:
            self.shown.keyboard.press(key)

    def at(self, place) -> bool:
        return place.evaluate("one => one === document.activeElement")

    def can_be_seen(self) -> None:
        if self.shown.evaluate(LOST):
            self.shown.wait_for_timeout(500)  # it may be on its way into sight
        assert self.shown.evaluate(LOST) == ""

    def to(self, place, by: str = "Tab") -> None:
        """Step by step until a place has the keyboard, which can be seen all the way there."""
        for step in range(MOST_STEPS):
            there, lost = place.evaluate(f"one => [one === document.activeElement, ({LOST})()]")
            if there:
                return
            if lost and step:  # before the first it may be past the end of the page
                self.can_be_seen()
            self.press(by)
        raise AssertionError(f"the keyboard never came to {place}")


@pytest.mark.browser
@pytest.mark.slow
def test_the_whole_task_with_a_keyboard_alone_and_without_internet(browser, address):
    visit = Visit(browser, address)
    shown, keys = visit.page, Keys(visit.page)
    assert shown.title() == "policysim" and shown.evaluate("document.documentElement.lang") == "en-GB"
    assert "user-scalable=no" not in shown.evaluate("document.querySelector('meta[name=viewport]').content")
    keys.press("Tab")
    keys.can_be_seen()
    assert keys.at(shown.get_by_role("link", name="Skip to the room that is open"))
    keys.press("Enter")
    assert keys.at(shown.locator("#room"))
    choose_and_run(shown, keys)
    move_time(shown, keys)
    read(shown, keys)
    meet(shown, keys)
    visit.end()


def choose_and_run(shown, keys: Keys) -> None:
    """A place and a regime more; Escape closes the questions."""
    from playwright.sync_api import expect

    change = shown.get_by_role("button", name=re.compile("Change|Done"))
    keys.to(change)
    keys.press("Enter")
    place = shown.get_by_label("Police force area, authority, county, region or nation")
    place.wait_for()
    keys.to(place)
    shown.keyboard.type("rutl")
    shown.get_by_role("option", name="Rutland, local authority").wait_for()
    keys.press("ArrowDown", "Enter")
    keys.to(shown.get_by_label("Diversion", exact=True))
    keys.press("Space")
    expect(shown.locator(".ps-chosen")).to_contain_text("Rutland, 5 years")
    expect(shown.locator(".ps-chosen")).to_contain_text("diversion", ignore_case=True)
    keys.press("Escape")
    place.wait_for(state="detached")
    assert keys.at(change)
    keys.to(shown.get_by_role("button", name="Run"))
    keys.press("Enter")
    shown.get_by_role("heading", name=re.compile(", Rutland$")).wait_for()
    is_done(shown)


def move_time(shown, keys: Keys) -> None:
    """Back to the start, a year more, and on to the end, each said in words."""
    for name, years in (("Back to the start", "0 years"), ("One year more", "1 year"), ("Play", "5 years")):
        keys.to(shown.get_by_role("button", name=name), "Tab" if years == "0 years" else "Shift+Tab")
        keys.press("Enter")
        shown.get_by_text(f"Shown: {years} of 5").wait_for()
        keys.can_be_seen()


def read(shown, keys: Keys) -> None:
    """Who is affected, another theme and another outcome, as a curve and as a table, which Escape closes."""
    from playwright.sync_api import expect

    assert shown.locator(".ps-card").count() == len(MAIN)
    keys.to(shown.get_by_role("tab", name="Deaths"))
    keys.press("End")
    shown.get_by_role("table", name=re.compile("how many times as often")).wait_for()
    keys.press("Home", "ArrowRight")
    assert keys.at(shown.get_by_role("tab", name="Policing"))
    shown.get_by_role("heading", name=re.compile("Arrests.*, Rutland$")).wait_for()
    keys.to(shown.get_by_label("Outcome"))
    keys.press("ArrowDown")
    shown.get_by_role("heading", name=re.compile(r"Stop.*, difference .*Rutland$")).wait_for()
    keys.to(shown.get_by_role("radio", name="Difference from the status quo"))
    keys.press("ArrowDown")
    shown.get_by_role("heading", name=re.compile(r"Stop.*, difference .*Rutland$")).wait_for(state="detached")
    summary = shown.get_by_text("The numbers in this chart")
    keys.to(summary)
    keys.press("Enter")
    expect(shown.get_by_role("table", name=re.compile("Stop.*Rutland")).get_by_role("row")).to_have_count(6)
    keys.press("Tab", "Escape")
    expect(shown.get_by_role("table", name=re.compile("Stop.*Rutland"))).to_be_hidden()
    assert keys.at(summary)


def meet(shown, keys: Keys) -> None:
    """Somebody on the street, and another life."""
    from playwright.sync_api import expect

    keys.to(shown.get_by_role("tab", name="Compare", exact=True), "Shift+Tab")
    keys.press("ArrowRight", "ArrowRight")
    drawing = shown.get_by_role("application")
    drawing.wait_for()
    expect(shown.get_by_role("cell").first).not_to_be_empty(timeout=40_000)  # nobody stands there before the film does
    keys.to(drawing)
    keys.press("Home")
    person = shown.get_by_role("region", name="The person pointed at")
    expect(person).to_contain_text(re.compile(r"A (woman|man|girl|boy) of \d+"))
    first = person.inner_text()
    keys.press("ArrowRight")
    expect(person).not_to_have_text(first)
    keys.press("Escape")
    expect(person).to_contain_text("Point at someone")
    keys.press("Tab")
    assert not keys.at(drawing)
    keys.to(shown.get_by_role("tab", name="The street"), "Shift+Tab")
    keys.press("ArrowRight")
    who = shown.locator(".ps-life-who")
    who.wait_for()
    first = who.inner_text()
    keys.to(shown.get_by_role("button", name="Another one whose path parts"))
    keys.press("Enter")
    expect(who).not_to_have_text(first)
