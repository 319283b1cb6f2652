"""The youth justice service and the places for children: what binds, and that children take no place of an adult."""

import numpy as np
import pytest
from small_worlds import model

from policysim.engine.week import Pass, by_area
from policysim.vocabulary.marks import YouthMark
from policysim.vocabulary.rows import NOBODY
from policysim.vocabulary.states import Charge, Justice, YouthCase
from policysim.vocabulary.stocks import Stock


@pytest.fixture
def made():
    """A place that is not run: institutions are asked one by one."""
    place = model(engine="python", people=300, parameters={"custody_share[acquisitive]": 1.0, "youth_custody_ratio": 1.0,
                                                           "order_share[acquisitive]": 0.0})  # fmt: skip
    yield place
    place.close()


def of_age(made, low: float, high: float, number: int) -> np.ndarray:
    """Some people of these ages at liberty."""
    people = made.records
    able = people["present"] & (people["age"] >= low) & (people["age"] < high) & (people["justice"] == Justice.FREE)
    return np.flatnonzero(able)[:number]


def imprison(made, rows: np.ndarray) -> None:
    """Into custody, children into places of their own."""
    made.records["justice"][rows], made.records["weeks_left"][rows] = Justice.CUSTODY, 20
    made.records["youth"][rows] = np.where(made.records["age"][rows] < 18, YouthCase.CUSTODY, YouthCase.NONE)


def test_children_in_custody_take_no_place_of_prison_and_go_there_at_eighteen(made):
    before, children, adults = made.prison.inside(), of_age(made, 12, 17, 2), of_age(made, 30, 50, 3)
    rows = np.sort(np.concatenate([children, adults]))
    imprison(made, rows)
    made.prison.receive(rows)
    made.youth_custody.receive(rows)
    assert made.prison.inside() == before + 3 and made.youth_custody.room() == made.youth_custody.places - 2
    made.records["youth"][children[0]] = YouthCase.NONE  # eighteen now
    made.prison.receive(children)
    assert made.prison.inside() == before + 4 and made.youth_custody.room() == made.youth_custody.places - 1


def test_a_court_finds_places_for_children_and_adults_apart(made):
    children, adults = of_age(made, 12, 17, 3), of_age(made, 30, 50, 3)
    heard = np.sort(np.concatenate([children, adults]))
    made.records["charge"][heard] = Charge.ACQUISITIVE
    child = made.records["age"][heard] < 18
    made.prison.places, made.youth_custody.places = made.prison.inside() + 1, 2
    elsewhere = np.zeros(heard.size, bool)
    room = made.court.with_room_in_prison(made.court.standing(heard, week=1), elsewhere)
    assert room[child].tolist() == [True, True, False], "two places, by the order of the list"
    free = made.prison.room()
    assert room[~child].sum() == min(free, 3), "as many adults as prison has room for, whoever the children are"
    made.youth_custody.places, made.prison.places = 0, 1000
    room = made.court.with_room_in_prison(made.court.standing(heard, week=1), elsewhere)
    assert not room[child].any() and room[~child].all()


def test_a_place_for_few_people_has_some_places_for_children(made):
    assert made.youth_custody.places >= 1


def found(made) -> Pass:
    """A week that left marks on everyone."""
    everyone = np.arange(made.records.size)
    marked_in = by_area(everyone, made.state, len(made.youth_justice))
    return Pass(everyone, NOBODY, np.zeros((0, 0), np.int64), np.zeros((0, 0)), marked_in)


def held(made, number: int) -> None:
    """So many children under a service for as long as it remembers."""
    service = made.youth_justice[0]
    service.stock = lambda stock: number if stock == Stock.CHILDREN_SUPERVISED else 0
    for week in range(400):
        service.act(week)


def test_a_service_whose_workers_hold_all_they_can_makes_no_offer(made):
    service, here = made.youth_justice[0], made.places
    service.policy.youth_panel, service.policy.cases = 0.5, 5 / service.residents()
    offers = []
    for number in (4, 6):
        held(made, number)
        offers.append((here["youth_diversion_offer"][service.neighbourhoods].max(), here["youth_panel"][0]))
    assert offers[0] == (service.policy.youth_diversion_offer, 0.5) and offers[1] == (0, 0)


def panel(made, rows: np.ndarray, week: int = 0) -> np.ndarray:
    """What became of these children's cases: how many the panel decided."""
    people, service = made.records, made.youth_justice[0]
    people["youth"][rows], people["deferred"][rows] = YouthCase.PANEL, Charge.ACQUISITIVE
    people["youth_marks"][rows], people["cautions"][rows], people["contract_weeks"][rows] = YouthMark.BEFORE_PANEL, 0, 0
    service.look_back(week, found(made))
    return (people["youth_marks"][rows] & YouthMark.PANEL_DECIDED) > 0


def test_a_panel_decides_as_far_as_it_has_time_and_police_the_rest(made):
    service = made.youth_justice[0]
    rows = of_age(made, 10, 18, 200)
    area = made.places["area"][made.records["neighbourhood"][rows]]
    rows = rows[area == 0]
    assert rows.size >= 3
    service.policy.heard = 0.0
    service.memory["time"] = 2.0
    assert panel(made, rows).sum() == 1, "no more is remembered than one case beyond what it hears"
    assert (made.records["youth"][rows] != YouthCase.PANEL).all(), "every case is decided in its week"
    service.policy.heard = 52 * rows.size / service.residents()
    assert panel(made, rows, week=1).all()


def test_whoever_turned_eighteen_or_was_charged_again_is_not_the_panels(made):
    rows = of_age(made, 10, 18, 200)
    rows = rows[made.places["area"][made.records["neighbourhood"][rows]] == 0][:2]
    made.youth_justice[0].policy.heard = 1e9
    made.records["youth"][rows], made.records["deferred"][rows] = (YouthCase.PANEL, YouthCase.NONE), Charge.NONE
    made.records["youth_marks"][rows] = YouthMark.BEFORE_PANEL
    assert made.youth_justice[0].look_back(0, found(made)).size == 0
