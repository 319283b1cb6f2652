"""Two lives: what a worker finds, how it is told and drawn, and the room as rendered; once in a browser."""

import pickle
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import solara
from served_page import chromium, screen

from policysim.errors import UserError
from policysim.experiments.lives.several import Wanted
from policysim.experiments.running.plan import plan
from policysim.scenarios.regime import STATUS_QUO, regimes
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.lives import drawing, telling
from policysim.viz.app.lives import room as room_module
from policysim.viz.app.lives.life import Event, Lane, Life, Lives, Parting, Telling, find_lives, why
from policysim.viz.app.lives.pool import AT_FIRST, MORE_AT_RANDOM, Pools
from policysim.viz.app.lives.room import Lives as Room
from policysim.viz.app.lives.room import Look
from policysim.viz.app.running.found import Found
from policysim.viz.app.session import Session
from policysim.viz.style import regime_styles

TINY = Scenario.model_validate(
    {"place": "dorset", "regimes": [STATUS_QUO, "harm-reduction"], "years": 2, "people": 3000, "replicates": 1,
     "burn_in_years": 0}
)  # fmt: skip
NAMES = {name: regimes()[name].name for name in (STATUS_QUO, "harm-reduction")}


def at_once(work, *arguments) -> Future:
    future: Future = Future()
    try:
        future.set_result(work(*arguments))
    except Exception as error:  # noqa: BLE001  (a future keeps whatever was raised)
        future.set_exception(error)
    return future


def lane(regime: str, *events: Event, parts: int | None = None, last: int = 103) -> Lane:
    return Lane((regime,), parts, events, last, "alive at 32, working", last < 103)


PARTING = Parting(60, (STATUS_QUO, "harm-reduction"), "Under both: asked for treatment.", "Luck.", ("places: 1, 2",))
TOLD = Telling(
    who="a man of 30, working", start="Use of drugs: none; not in treatment",
    lanes=(
        lane(STATUS_QUO, Event(5, "found work", "other"), Event(70, "arrested for theft; charged", "police")),
        lane("harm-reduction", Event(5, "found work", "other"), Event(61, "began <b>treatment</b>", "care"), parts=60),
    ),
    parting=PARTING, turning=None,
)  # fmt: skip
LIFE = Life(12, "Dorset", TOLD, replace(TOLD, who="a man of 30, working, white"), "arrests")
ALIKE = replace(LIFE, person=13, plain=replace(TOLD, who="a girl of 12, at school", lanes=TOLD.lanes[:1], parting=None))


def drawn(told: Telling = TOLD) -> str:
    return drawing.life_drawn(told, 104, 2026, NAMES, regime_styles(NAMES))


# --- what a worker finds ----------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_lives_that_part_and_lives_at_random_are_found_together():
    found = find_lives(plan(TINY).tasks[0], Wanted(parting=3, at_random=2, people=(7,)))
    assert (len(found.parting), len(found.at_random), [life.person for life in found.people]) == (3, 2, [7])
    assert len(pickle.dumps(found)) < 60_000
    for life in found.parting:
        assert life.plain.parting is not None
        assert life.plain.parting.what.endswith(".")
        parts = life.plain.parting.week
        shared = [[event for event in one.events if event.week < parts] for one in life.plain.lanes]
        assert all(events == shared[0] for events in shared)
    groups = ("white", "Asian", "Black", "mixed")
    assert not any(group in life.plain.who for life in found.parting for group in groups)
    assert all(
        "ethnicity" in life.sensitive.who or any(g in life.sensitive.who for g in groups) for life in found.parting
    )


@pytest.mark.slow
def test_somebody_who_is_not_there_is_told_in_a_sentence():
    with pytest.raises(UserError, match="numbered from 0 to"):
        find_lives(plan(TINY).tasks[0], Wanted(people=(10**6,)))


def test_chances_are_told_as_people_say_them():
    called = {STATUS_QUO: "the status quo", "own": "“Homes and a Room”"}
    both = {"regimes": list(called), "called": called, "edited": None, "draw": None}
    said = why({**both, "by": "rule", "draw": {"thresholds": {STATUS_QUO: None, "own": 0.63}, "at_most": []}})
    assert said.endswith("Under the status quo it was none, under “Homes and a Room” 63 in 100.")
    said = why({**both, "by": "rule", "draw": {"thresholds": {STATUS_QUO: 0.12, "own": 0.63}, "at_most": [STATUS_QUO]}})
    assert said.endswith("Under the status quo it was at most 12 in 100, under “Homes and a Room” 63 in 100.")
    decided = {"by": "institution", "rule": "take_up", "only": None, "met": {}, "levers": []}
    assert "institution" in why(both | decided)
    assert "people they know" in why({**both, "by": "others"})


def test_another_one_comes_from_those_found_and_strangers_from_new_batches():
    look = Look()
    assert look.wanted == look.another("parting").wanted == look.another("random").wanted == AT_FIRST
    at = Look("random")
    seen = []
    for _ in range(AT_FIRST.at_random + MORE_AT_RANDOM + 1):
        seen.append((at.wanted.draw, at._place[1]))
        at = at.another("random")
    assert len(set(seen)) == len(seen)
    assert Look("chosen", person=4).wanted == Wanted(people=(4,))


def test_what_is_asked_for_twice_is_found_once_and_a_failure_is_tried_again():
    given: list[Future] = []

    def give(*_: object) -> Future:
        given.append(Future())
        return given[-1]

    class Stub(SimpleNamespace):
        __hash__ = object.__hash__
        __eq__ = object.__eq__

    workers = SimpleNamespace(turns=SimpleNamespace(of=lambda whom: give), starts=None)
    comparison, pools = Stub(scenario=TINY, workers=workers), Pools()
    assert pools.ask(comparison, AT_FIRST) is pools.ask(comparison, AT_FIRST)
    given[0].set_exception(UserError("no room"))
    assert pools.ask(comparison, AT_FIRST) is not given[0]
    assert len(given) == 2


# --- how it is drawn and told -----------------------------------------------------------------------------------------
def test_the_shared_past_is_one_line_and_each_lane_begins_where_it_parts():
    html = drawn()
    assert html.count('<ol class="ps-life-events"') == 3
    assert (
        html.count("found work") == html.count("Feb 2026: found work") + 1
    )  # its words, besides title and screen reader
    assert "<b>treatment" not in html
    assert "2026</span>" in html and "2027</span>" in html


def test_words_cover_no_other_words():
    many = tuple(Event(week, "arrested for drugs; charged", "police") for week in range(1, 100, 2))
    canvas = drawing.Canvas(drawing.WIDE, 280)
    plan_ = drawing.layout(replace(TOLD, lanes=(lane(STATUS_QUO, *many),), parting=None), 104, 2026)
    drawing._list("all", list(many), plan_, plan_.shared, canvas)
    boxes = canvas.boxes
    assert len(boxes) > 5
    assert not any(
        a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for k, a in enumerate(boxes) for b in boxes[k + 1 :]
    )


def test_a_parting_is_told_with_what_it_illustrates():
    said = telling.partings(TOLD, NAMES, 2026)
    assert "Where they part: Feb 2027" in said
    assert "never part" in telling.partings(ALIKE.plain, NAMES, 2026)
    waiting = telling.average(LIFE, Found(TINY), 0)
    assert "only many of them together" in waiting and "being simulated" in waiting
    assert telling.label(LIFE, 2026) == "A man of 30, working; parts in Feb 2027"


def test_the_table_has_a_row_for_each_week_in_which_something_happened():
    assert [row[0] for row in drawing.rows(TOLD, 2026)] == ["Feb 2026", "Mar 2027", "May 2027"]


# --- the room ---------------------------------------------------------------------------------------------------------
class Looked:
    """The room as rendered for a session that looks at a comparison."""

    def __init__(self, ask, comparison=SimpleNamespace(scenario=TINY, found=Found(TINY))):  # noqa: B008
        session = Session(known=lambda: None)
        session.comparison.value = comparison
        self.box, self.rendered = solara.render(Room(session, ask), handle_error=False)

    def widgets(self, inside=None) -> Iterator[Any]:
        for one in getattr(inside or self.box, "children", None) or []:
            if not isinstance(one, str):
                yield one
                yield from self.widgets(one)

    @property
    def text(self) -> str:
        parts = [getattr(one, "unsafe_innerHTML", "") or "" for one in self.widgets()]
        labels = [
            child for one in self.widgets() for child in getattr(one, "children", None) or [] if isinstance(child, str)
        ]
        return "\n".join([*parts, *labels])

    def until(self, words: str) -> str:
        deadline = time.monotonic() + 20
        while words not in self.text:
            assert time.monotonic() < deadline, f"the room never said {words!r}: {self.text}"
            time.sleep(0.02)
        return self.text

    def until_listed(self, person: int) -> None:
        """Wait until this one is chosen in the list of those found, which another task makes."""
        deadline = time.monotonic() + 20
        while str(person) not in [
            one.chosen for one in self.widgets() if getattr(one, "label", "") == "One of those found"
        ]:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def press(self, label: str) -> None:
        next(one for one in self.widgets() if label in (getattr(one, "children", None) or [])).click()


@pytest.fixture
def room() -> Iterator[Callable[..., Looked]]:
    opened: list[Looked] = []

    def look(ask) -> Looked:
        opened.append(Looked(ask))
        return opened[-1]

    yield look
    for one in opened:
        one.rendered.close()


def test_the_room_shows_a_life_and_another_one_and_says_the_average(room):
    other = replace(LIFE, person=20, plain=replace(TOLD, who="a woman of 51, without work"))
    looked = room(lambda comparison, wanted: at_once(lambda: Lives((LIFE, other), (ALIKE,), ())))
    said = looked.until("A man of 30")
    assert "116 123" in said
    assert "What the average is" in said
    assert "white" not in said
    looked.until_listed(LIFE.person)
    looked.press("Another one whose path parts")
    looked.until("A woman of 51")
    looked.until_listed(20)
    looked.press("Anyone at random")
    looked.until("The paths never part")


def test_what_is_sensitive_is_said_only_when_asked_for(room):
    looked = room(lambda comparison, wanted: at_once(lambda: Lives((LIFE,), (), ())))
    looked.until("A man of 30")
    box = next(one for one in looked.widgets() if getattr(one, "label", "") == telling.SENSITIVE)
    assert box.v_model is False
    box.v_model = True
    looked.until("white")


def test_the_room_waits_and_says_what_failed(room):
    answer: Future = Future()
    looked = room(lambda comparison, wanted: answer)
    looked.until("Lives are being lived")
    answer.set_exception(UserError("person 9 is not there"))
    assert "Try again" in looked.until("Person 9 is not there")


def test_without_a_comparison_the_room_says_what_to_do():
    looked = Looked(None, comparison=None)
    looked.until("Press Run under Compare first")
    looked.rendered.close()


@pytest.mark.browser
def test_a_life_in_a_browser(tmp_path):
    """Drawn by the page's own style: lines, marks and words stand where they should, on a laptop and on a telephone."""
    css = (Path(room_module.__file__).parents[1] / "page.css").read_text()
    file = tmp_path / "life.html"
    style = "* { box-sizing: border-box } body { margin: 0 } " + css
    file.write_text(f'<style>{style}</style><div class="ps-page"><div class="ps-life">{drawn()}</div></div>')
    with chromium() as browser:
        shown = screen(browser)
        shown.goto(file.as_uri())
        assert shown.get_by_role("list", name="The shared past").get_by_role("listitem").count() == 1
        line = shown.locator(".ps-life-lines").bounding_box()
        mark = shown.get_by_role("list", name="Harm reduction").locator(".ps-life-mark").bounding_box()
        assert abs((mark["x"] + 10 - line["x"]) / line["width"] - 61 / 104) < 0.01
        shown.set_viewport_size({"width": 390, "height": 844})
        assert shown.evaluate("document.documentElement.scrollWidth") <= 390
