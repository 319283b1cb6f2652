"""The street: what is filmed of a person, what the browser is handed, and the room as rendered; once in a browser."""

import pickle
import re
import socket
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
import solara
from served_page import chromium, screen

from policysim.experiments.running.plan import plan
from policysim.experiments.running.seed import model_of
from policysim.reference.causes import graph_of
from policysim.scenarios.regime import STATUS_QUO, regimes
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.filming.circumstances import CIRCUMSTANCES, UNTOLD, circumstances_of
from policysim.viz.app.filming.film import Film
from policysim.viz.app.filming.reels import Reels
from policysim.viz.app.filming.sampled import STATE_WORDS, State
from policysim.viz.app.filming.whereabouts import PLACE_WORDS, Place, whereabouts
from policysim.viz.app.session import SPEEDS, Clock, Session
from policysim.viz.app.street import telling
from policysim.viz.app.street.marks import MARKS, drawn
from policysim.viz.app.street.room import SLOWEST, Street, play, seek
from policysim.vocabulary.marks import HarmReductionMark, PoliceMark
from policysim.vocabulary.states import Care, Housing, Justice, Life, Occupation

TINY = Scenario.model_validate(
    {"place": "dorset", "regimes": [STATUS_QUO, "harm-reduction"], "years": 1, "people": 3000, "replicates": 1,
     "burn_in_years": 0}
)  # fmt: skip
SIDES = [regimes()[STATUS_QUO], regimes()["harm-reduction"]]


@pytest.fixture(scope="module")
def reels() -> Iterator[Reels]:
    """A film of a few weeks, of the same weeks under both names."""
    task = plan(TINY).tasks[0]
    found = Reels()
    model = model_of(task)
    film = Film(model)
    found.cast = film.cast
    for weeks in (3, 4):
        for _ in range(weeks):
            film.take(model)
            model.step()
        reel = film.reel(model.regime.id)
        found.take(reel)
        found.take(type(reel)("harm-reduction", reel.first, reel.frames, reel.places, reel.changes))
    model.close()
    yield found


@pytest.fixture
def somebody() -> np.ndarray:
    """A grown-up to whom nothing happens, as often as there are places."""
    model = model_of(plan(TINY).tasks[0])
    people = model.look()[:8].copy()
    model.close()
    for name in ("care", "justice", "police_marks", "harm_reduction_marks", "exploitation_marks"):
        people[name] = 0
    people["life"], people["occupation"], people["housing"] = Life.PRESENT, Occupation.WORKING, Housing.STABLE
    return people


# --- what is filmed ---------------------------------------------------------------------------------------------------
def test_where_somebody_is_met(somebody):
    somebody["occupation"][0] = Occupation.SCHOOL
    somebody["care"][1], somebody["care"][2] = Care.WAITING, Care.AGONIST
    somebody["harm_reduction_marks"][3] = HarmReductionMark.VISITED_ROOM
    somebody["police_marks"][4] = PoliceMark.SEARCHED
    somebody["justice"][5] = Justice.CUSTODY
    somebody["justice"][6], somebody["life"][6] = Justice.CUSTODY, Life.DEAD
    order = [Place.SCHOOL, Place.WAITING, Place.SERVICE, Place.ROOM, Place.POLICE, Place.CUSTODY]
    assert whereabouts(somebody).tolist() == [*order, Place.ELSEWHERE, Place.ELSEWHERE]


def test_why_somebody_is_at_risk_or_protected(somebody):
    somebody["housing"][0] = Housing.HOMELESS
    somebody["naloxone"][0] = True
    bits = int(circumstances_of(somebody)[0])
    said = {one.words: one.protects for k, one in enumerate(CIRCUMSTANCES) if bits >> k & 1}
    assert said["no home"] is False
    assert said["carrying naloxone"] is True
    assert said["work or study"] is True
    somebody["life"][0] = Life.DEAD
    assert circumstances_of(somebody)[0] == 0


def test_every_cause_in_the_rules_is_told_or_named_as_untold():
    told = {name for one in CIRCUMSTANCES for name in one.fields} | UNTOLD
    weekly = {
        field for cause in graph_of().causes for field in cause.fields
        if not cause.when.startswith("when ")  # of one week alone: what a lesson or a board adds when it happens
    }  # fmt: skip
    assert weekly <= told


def test_nothing_sensitive_is_said_on_the_street():
    said = " ".join(
        [*(one.words for one in CIRCUMSTANCES), *STATE_WORDS.values(), *(b for _, b in PLACE_WORDS.values())]
    )
    assert not any(word in said.lower() for word in ("suicide", "abuse", "ethnic", "white", "black", "asian", "addict"))


def test_a_film_is_handed_on_in_reels_that_fit_together(reels):
    assert reels.weeks(STATUS_QUO) == 7
    people = len(reels.cast.rows)
    assert reels.frames(STATUS_QUO).shape == (7, people)
    later = reels.since(STATUS_QUO, 5)
    assert (later.first, later.frames.shape, later.places.shape) == (5, (2, people), (2, people))
    assert np.array_equal(later.frames, reels.frames(STATUS_QUO)[5:])
    assert (later.changes[:, 0] >= 5).all()
    assert len(reels.since(STATUS_QUO, 7).frames) == 0
    assert len(reels.since("diversion", 0).frames) == 0


def test_a_year_of_film_is_small(reels):
    whole = reels.since(STATUS_QUO, 0)
    per_week = (whole.frames.nbytes + whole.places.nbytes) / 7
    assert per_week == 2 * len(reels.cast.rows)
    later = whole.changes[whole.changes[:, 0] > 0]
    assert len(later) < len(reels.cast.rows)  # most circumstances last


# --- what the browser is handed ---------------------------------------------------------------------------------------
def test_a_parcel_holds_what_is_lacked_and_no_more(reels):
    people = len(reels.cast.rows)
    both = telling.parcel(reels, SIDES, [0, 4])["sides"]
    assert [(one["first"], one["weeks"]) for one in both] == [(0, 7), (4, 3)]
    states = np.frombuffer(b64decode(both[1]["states"]), np.int8).reshape(3, people)
    assert np.array_equal(states, reels.frames(STATUS_QUO)[4:])
    changes = np.frombuffer(b64decode(both[0]["changes"]), "<i4").reshape(-1, 3)
    assert set(changes[changes[:, 0] == 0][:, 1]) <= set(range(people))


def test_the_cast_fits_the_film(reels):
    cast = telling.cast_for_browser(reels.cast)
    people = len(reels.cast.rows)
    assert len(cast["x"]) == len(cast["age"]) == len(cast["sex"]) == people
    assert all(one < people and other < people for one, other, _ in cast["ties"])
    assert "cross-section" in telling.caption(people)


def test_every_state_has_a_shape_of_its_own():
    assert set(MARKS) == set(State)
    assert len({(mark.path, mark.line) for mark in MARKS.values()}) == len(State)
    assert [one["words"] for one in drawn()] == [STATE_WORDS[state] for state in State]


# --- the room ---------------------------------------------------------------------------------------------------------
def looking(reels: Reels, years: int = 1) -> Session:
    session = Session(known=lambda: None)
    found = SimpleNamespace(years=years)
    session.comparison.value = SimpleNamespace(scenario=TINY, reels=reels, found=found, fault="", done=True)
    return session


def widgets(inside) -> Iterator:
    for one in getattr(inside, "children", None) or []:
        if not isinstance(one, str):
            yield one
            yield from widgets(one)


def test_time_is_the_sessions(reels):
    session = looking(reels)
    seek(session, 26)
    assert session.clock.value == Clock(years=0.5, playing=False)
    play(session)
    assert session.clock.value == Clock(years=0.5, playing=True, speed=SLOWEST)
    assert SLOWEST in SPEEDS.values()
    session.clock.value = Clock(years=1.0, playing=False, speed=1.0)
    play(session)
    assert session.clock.value == Clock(years=0.0, playing=True, speed=1.0)


def test_the_room_hands_over_what_the_drawing_asks_for(reels):
    box, rendered = solara.render(Street(looking(reels)), handle_error=False)
    stage = next(one for one in widgets(box) if hasattr(one, "parcel"))
    assert stage.there == [7, 7]
    assert stage.parcel == {}
    stage.event_lack([2, 0]) if callable(getattr(stage, "event_lack", None)) else stage.vue_lack([2, 0])
    stage = next(one for one in widgets(box) if hasattr(one, "parcel"))
    assert [one["first"] for one in stage.parcel["sides"]] == [2, 0]
    rendered.close()


@pytest.mark.parametrize("there", [False, True])
def test_the_room_says_what_it_waits_for(there):
    session = looking(Reels()) if there else Session(known=lambda: None)
    box, rendered = solara.render(Street(session), handle_error=False)
    said = " ".join(getattr(one, "unsafe_innerHTML", "") or "" for one in widgets(box))
    assert ("opens once they have lived the first year" if there else "Press Run under Compare") in said
    rendered.close()


APP = """
import pickle
from pathlib import Path
from types import SimpleNamespace

import solara

from policysim.viz.app import dark
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.session import Clock, Session
from policysim.viz.app.street.room import Street

KEPT = pickle.loads(Path(__file__).with_name("kept.pickle").read_bytes())


@solara.component
def Page():
    def begin():
        session = Session(known=lambda: None)
        found = SimpleNamespace(years=1)
        session.comparison.value = SimpleNamespace(
            scenario=Scenario.model_validate(KEPT[0]), reels=KEPT[1], found=found, fault="", done=True
        )
        session.clock.value = Clock(playing=False)
        return session

    session = solara.use_memo(begin, [])
    solara.Style(dark.sheet())
    with solara.v.Html(tag="main", class_="ps-page"):
        Street(session)
"""
SERVE = """
import os, sys
from policysim.viz.app.server import SETTINGS
os.environ.update(SETTINGS | {"SOLARA_APP": sys.argv[1]})
os.environ.pop("VIRTUAL_ENV", None)
import uvicorn
from solara.server.starlette import app
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""


@pytest.fixture
def address(reels, tmp_path) -> Iterator[str]:
    """The street by itself, served with a film that is there already."""
    asked = TINY.model_dump(mode="json") | {"regimes": [STATUS_QUO, "harm-reduction"]}
    (tmp_path / "kept.pickle").write_bytes(pickle.dumps((asked, reels)))
    (tmp_path / "street_app.py").write_text(APP)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(tmp_path / "street_app.py"), str(port)])
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.mark.browser
@pytest.mark.slow
def test_the_street_in_a_browser(address, reels):
    """It counts by state, moves by week, and says by keyboard who somebody is."""
    from playwright.sync_api import expect

    with chromium() as browser:
        shown = screen(browser)
        wrong: list[str] = []
        shown.on("pageerror", lambda error: wrong.append(str(error)))
        shown.goto(address)
        table = shown.get_by_role("table", name="People by state, at the start")
        table.wait_for(timeout=60_000)
        expect(table.get_by_role("cell").nth(0)).not_to_be_empty(timeout=20_000)
        cells = [int(cell.inner_text()) for cell in table.get_by_role("cell").all()]
        assert sum(cells[0::2]) == sum(cells[1::2]) == len(reels.cast.rows)
        assert cells[0::2] == np.bincount(reels.frames(STATUS_QUO)[0], minlength=len(State)).tolist()
        shown.get_by_role("button", name="A week on").click()
        shown.get_by_role("table", name="People by state, 1 week").wait_for()
        assert shown.get_by_role("slider", name="Week since the regimes parted").input_value() == "1"
        shown.get_by_role("application").focus()
        shown.keyboard.press("Home")
        person = shown.get_by_role("region", name="The person pointed at")
        expect(person).to_contain_text(re.compile(r"A (woman|man|girl|boy) of \d+"))
        first = person.inner_text()
        shown.keyboard.press("ArrowRight")
        expect(person).not_to_have_text(first)
        shown.keyboard.press("Escape")
        expect(person).to_contain_text("Point at someone")
        assert wrong == []
