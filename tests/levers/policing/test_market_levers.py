"""Supply lines, those whom they use, and the money taken from them.

Directions are tested over five paired seeds at |t| > 4.6: with no effect at all, once in a hundred tests. What the market does
is worked out without luck, and is tested as it stands.
"""

from typing import Any

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import BUSY, after, model, regime
from small_worlds import weekly as tables

from policysim.agents.institutions.organised_crime import OrganisedCrimePolicy
from policysim.agents.people.exploitation import be_caught_selling, carry_for_a_line, exploitation_hazard
from policysim.engine.luck import Luck
from policysim.levers.catalogue import LEVERS
from policysim.model import DrugPolicyModel
from policysim.model.building import python_views
from policysim.vocabulary.marks import ExploitationMark, PoliceMark
from policysim.vocabulary.states import Justice, Substance, Use

# Children are drawn in a hundred times as often as they are, and lines are many, so that a few hundred people show it.
DRAWN_IN = {"exploitation_rate": 0.3, "line_arrest_rate": 2.0}
CHILDREN: dict[str, Any] = {"place": "authority:coventry", "people": 700, "years": 2, "engine": "compiled"}
FIVE = range(1, 6)
SHORT: dict[str, Any] = {"place": "west-midlands", "people": 300}


def weekly(made: DrugPolicyModel, name: str) -> np.ndarray:
    return tables(made)[name].to_numpy()


def in_full(name: str, **settings: float) -> Any:
    return regime(**{name: {"ramp_weeks": 0, **settings}})


def lived(weeks: int, levers: Any = "status-quo", **parameters: float) -> DrugPolicyModel:
    return after(weeks, regime=levers, parameters=parameters, **SHORT)


# ---------------------------------------------------------------- lines, price, strength


def test_at_the_usual_effort_nothing_about_the_market_moves():
    made = lived(8, batch_rate=0, fake_batch_rate=0, party_batch_rate=0)
    for name in ("potency", "amount_bought", "money_needed", "party_strength"):
        assert (made.places[name] == 1).all(), name
    assert (made.places["adulterated_benzodiazepines"] == 0).all()
    assert np.ptp(weekly(made, "lines_running")) == 0
    assert weekly(made, "street_price") == pytest.approx(1)


def test_lines_that_are_closed_open_again_when_police_turn_elsewhere():
    made = model(**SHORT, years=4, regime=in_full("county_lines", change=3))
    for _ in range(40):
        made.step()
    made.regime = regime()
    made.levels = None  # the levers are let go of
    for _ in range(120):
        made.step()
    running = weekly(made, "lines_running")
    usual = made.market.usual_lines.sum()
    assert running[39] < 0.85 * usual
    assert running[-1] == pytest.approx(usual, rel=1e-3)


def test_twice_the_effort_closes_less_than_twice_as_many_and_leaves_more_than_half():
    closed, running = {}, {}
    for change in (0.0, 1.0, 3.0):
        made = lived(60, in_full("county_lines", change=change))
        closed[change], running[change] = weekly(made, "lines_closed")[-1], weekly(made, "lines_running")[-1]
    assert closed[0.0] < closed[1.0] < 2 * closed[0.0]
    assert closed[3.0] < 4 * closed[0.0]
    assert running[0.0] > running[1.0] > running[3.0] > 0.4 * running[0.0]


def test_disruption_raises_the_price_slowly_and_people_buy_less_and_need_more():
    made = lived(60, in_full("supply_disruption", change=2.0), batch_rate=0)
    price = weekly(made, "street_price")
    assert (np.diff(price) >= 0).all() and 1 < price[0] < price[10] < price[-1] < 1.5
    assert (made.places["amount_bought"] < 1).all() and (made.places["money_needed"] > 1).all()
    assert (made.places["potency"] == 1).all(), "nothing in the usual reading makes heroin stronger for seizures"


@pytest.mark.parametrize(
    ("null", "field"),
    [
        ("price_elasticity", "amount_bought"),
        ("offending_of_price", "money_needed"),
        ("price_of_shortage", "money_needed"),
    ],
)
def test_without_its_effect_a_dearer_market_moves_nothing(null, field):
    made = lived(20, in_full("supply_disruption", change=2.0), **{null: 0})
    assert (made.places[field] == 1).all()


@pytest.mark.parametrize(
    ("other", "rises"),
    [({"seizure_effect": 0.69}, True), ({"potency_of_shortage": 1}, True), ({"potency_of_shortage": -1}, False)],
)
def test_the_other_readings_of_seizures_act_through_strength(other, rises):
    made = lived(20, in_full("supply_disruption", change=2.0), batch_rate=0, **other)
    usual = lived(2, batch_rate=0, **other)
    assert (usual.places["potency"] == 1).all(), "what seizures usually do is in the usual rate"
    assert ((made.places["potency"] > 1) if rises else (made.places["potency"] < 1)).all()


def test_an_empty_purse_closes_no_lines_and_the_market_grows():
    rich, poor = (
        after(20, **SHORT, regime=in_full("county_lines"), budgets=budgets) for budgets in (None, {"police": 0.0})
    )
    assert weekly(poor, "lines_closed")[-1] == 0 < weekly(rich, "lines_closed")[-1]
    assert weekly(poor, "lines_running")[-1] > weekly(rich, "lines_running")[-1]


@pytest.mark.slow
def test_disruption_is_paid_for_in_theft_and_not_at_the_null_of_price():
    arguments = {"place": "authority:coventry", "people": 150, "beyond_ranges": True, "weeks": 12}
    levers: dict[str, dict] = {"supply_disruption": {"change": 3.0}}
    arrests = {"users_arrested_per_line": 0, "users_arrested_per_seizure": 0}
    strong = {**BUSY, **arrests, "offending_of_price": 1, "price_of_shortage": 3.5, "batch_rate": 0}
    found = paired(levers, ("offences", "street_price"), seeds=FIVE, parameters=strong, **arguments)
    assert standard_errors(found["offences"]) > 4.6, "its harm"
    assert standard_errors(found["street_price"]) > 4.6
    null = {**strong, "price_of_shortage": 0, "line_supply_share": 0}
    found = paired(
        levers, ("offences", "overdoses", "expected_deaths"), seeds=range(1, 2), parameters=null, **arguments
    )
    assert not any(found[name].any() for name in found)


# ---------------------------------------------------------------- arrests


def arrests_in_a_year(made: DrugPolicyModel, dependent: int = 60) -> float:
    """Of people dependent on heroin or crack, so many in each authority, by what is done beyond the usual."""
    areas = len(made.place.authorities)
    first = [int(np.flatnonzero(made.places["area"] == area)[0]) for area in range(areas)]
    return float(made.places["sellers_sought"][first].sum() * dependent * made.one_in * 52)


def test_today_operations_arrest_nobody_beyond_those_found_with_drugs(operate):
    made = operate(5)
    assert (made.places["sellers_sought"] == 0).all() and (made.places["line_arrests"] == 1).all()
    made = operate(5, disruption=0.5, county_lines=0.5)
    assert (made.places["sellers_sought"] == 0).all() and (made.places["line_arrests"] < 1).all()


def test_twice_the_lines_closed_is_an_adult_arrested_for_each_more_and_twice_the_arrests_of_children(operate):
    made = operate(100, county_lines=2.0)
    more = (made.market.memory["closed"] - made.market.usually_closed()).sum() * 52
    assert arrests_in_a_year(made) == pytest.approx(more * made.parameters["users_arrested_per_line"], rel=1e-3)
    assert 20 < more < 70 and (made.places["line_arrests"] == 2).all()


def test_seizures_arrest_as_well_and_neither_does_at_its_null_value(operate):
    seized = operate(5, disruption=2.0, numbers={"users_arrested_per_line": 0})
    found = arrests_in_a_year(seized)
    assert found == pytest.approx(0.3 * seized.market.usual_seizures().sum() * 52)
    null = {"users_arrested_per_line": 0, "users_arrested_per_seizure": 0, "line_arrests_of_closing": 0}
    made = operate(5, disruption=2.0, county_lines=3.0, numbers=null)
    assert (made.places["sellers_sought"] == 0).all() and (made.places["line_arrests"] == 1).all()


@pytest.mark.parametrize(
    ("told", "arrested"),
    [
        ({}, True), ({"justice": Justice.CUSTODY}, False), ({"age": 17.0}, False),
        ({"heroin": Use.REGULAR}, False),
    ],
)  # fmt: skip
def test_those_are_caught_selling_who_are_adult_dependent_and_at_liberty(still, told, arrested):
    here, world = python_views(still)
    someone = still.person(int(np.flatnonzero(still.people["present"])[0]))
    row = still.people[someone.row].copy()
    someone.age, someone.justice, someone.exploitation_marks = (
        told.get("age", 30.0),
        told.get("justice", Justice.FREE),
        0,
    )
    someone.use[Substance.HEROIN], someone.use[Substance.CRACK] = told.get("heroin", Use.DEPENDENT), Use.NEVER
    someone.police_marks = 0
    place = here[someone.neighbourhood]
    place.sellers_sought = 30.0
    luck = Luck({"be_caught_selling": 7})
    luck.turn_to(1, 0, "be_caught_selling")
    be_caught_selling(someone, place, world, luck)
    assert bool(someone.exploitation_marks & ExploitationMark.CAUGHT_SELLING) == arrested
    assert bool(someone.police_marks & PoliceMark.ARRESTED_FOR_DRUGS) == arrested
    place.sellers_sought, still.people[someone.row] = 0.0, row


# ---------------------------------------------------------------- children


@pytest.mark.slow
def test_fewer_children_are_exploited_where_lines_are_closed_and_a_way_out_is_offered():
    found = paired(
        {"county_lines": {"change": 3.0, "safeguarding": 3.0}}, ("exploited",),
        seeds=FIVE,
        weeks=30, parameters=DRAWN_IN, beyond_ranges=True, **{**CHILDREN, "people": 400},
    )  # fmt: skip
    assert standard_errors(found["exploited"]) < -4.6


def test_the_more_operations_arrest_the_more_children_who_carry_are_arrested(still):
    here, world = python_views(still)
    child = still.person(int(np.flatnonzero(still.people["age"] < 15)[0]))
    place, row, luck = here[child.neighbourhood], still.people[child.row].copy(), Luck({"carry_for_a_line": 7})
    arrests = {}
    for ratio in (0.0, 60.0):
        place.line_arrests, arrests[ratio] = ratio, 0
        for week in range(150):
            child.exploited, child.justice, child.age, child.exploitation_marks = True, Justice.FREE, 14.0, 0
            luck.turn_to(1, week, "carry_for_a_line")
            carry_for_a_line(child, place, world, luck)
            arrests[ratio] += bool(child.exploitation_marks & ExploitationMark.ARRESTED_ON_LINE)
    assert arrests[0.0] == 0 and arrests[60.0] > 6, "0.1 a year, sixty times as often"
    place.line_arrests, still.people[child.row] = 1.0, row


def test_neither_more_lines_closed_nor_more_places_alone_bring_out_as_many_as_both(operate):
    def out(**policy: float) -> float:
        return float(operate(100, **policy).places["safeguarding"][0] * 52)

    usual, lines, places, both = (
        out(),
        out(county_lines=2.0),
        out(safeguarding=2.0),
        out(county_lines=2.0, safeguarding=2.0),
    )
    assert usual == pytest.approx(0.25)
    assert usual < lines < 1.25 * usual, "without room only what fewer lines leave for each"
    assert places == pytest.approx(1.5 * usual), "with room only those who are found"
    assert both > places
    assert out(county_lines=0.5) < usual, "who closes fewer lines finds fewer children"


def test_an_empty_purse_brings_nobody_out(operate):
    made = operate(3)
    assert made.places["safeguarding"].min() > 0
    made.organised_crime.memory["paid"] = 0.0
    made.organised_crime.meet_people()
    assert made.places["safeguarding"].max() == 0


def test_who_came_out_of_a_line_is_drawn_in_again_more_easily_and_not_at_the_null(still, monkeypatch):
    here, world = python_views(still)
    child = still.person(int(np.flatnonzero(still.people["age"] < 15)[0]))
    place = here[child.neighbourhood]
    hazards = []
    for once in (False, True):
        child.once_exploited, child.exploited = once, False
        hazards.append(exploitation_hazard(child, place, world))
    assert hazards[1] - hazards[0] == pytest.approx(still.parameters["drawn_back_rate"] * place.lines)
    child.once_exploited = False


@pytest.mark.slow
def test_nobody_is_exploited_where_no_line_runs():
    made = after(40, parameters={**DRAWN_IN, "lines_per_100k": 0}, **{**CHILDREN, "seed": 1})
    assert weekly(made, "newly_exploited").sum() == 0 == weekly(made, "lines_running").sum()
    made = after(40, parameters=DRAWN_IN, **{**CHILDREN, "seed": 1})
    assert weekly(made, "newly_exploited").sum() > 0 < weekly(made, "arrested_on_line").sum()
    people = made.people[made.people["present"]]
    assert people["age"][people["exploited"]].max() < 18.1, "at eighteen it ends"


@pytest.mark.slow
def test_being_exploited_raises_risk_by_one_path_and_at_its_null_value_by_none():
    def risk(**parameters: float) -> tuple[np.ndarray, np.ndarray]:
        made = after(40, parameters={**DRAWN_IN, "line_arrest_rate": 0, **parameters}, **{**CHILDREN, "seed": 2})
        return made.people["risk"].copy(), made.people["exploited"].copy()

    (raised, exploited), (usual, _) = risk(), risk(risk_of_exploitation=0)
    assert exploited.sum() > 5
    assert (raised >= usual).mean() > 0.99 and (raised > usual)[exploited].all()


def test_exclusion_and_care_make_it_likelier():
    made = model(**CHILDREN)
    made.step()
    child = next(made.person(int(row)) for row in np.flatnonzero(made.people["age"] < 15))
    here, world = python_views(made)
    child.occupation, child.care_experienced, child.exploited = 0, False, False
    usual = exploitation_hazard(child, here[child.neighbourhood], world)
    child.care_experienced = True
    in_care = exploitation_hazard(child, here[child.neighbourhood], world)
    child.occupation = 1
    excluded = exploitation_hazard(child, here[child.neighbourhood], world)
    assert in_care == pytest.approx(4 * usual) and excluded == pytest.approx(5 * in_care)
    child.age = 19
    assert exploitation_hazard(child, here[child.neighbourhood], world) == 0


def test_half_of_a_lever_is_half_of_its_effort():
    policy = OrganisedCrimePolicy(asset_recovery=0.1)
    LEVERS["county_lines"].model_validate({"change": 1, "safeguarding": 3}).pull(policy, 0.5)
    assert policy.county_lines == 1.5 and policy.safeguarding == 2.5
