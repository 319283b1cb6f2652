"""Supply lines, those whom they use, and the money taken from them.

Directions are tested over eight paired seeds at |t| > 3.5: with no effect at all, once in a hundred tests. What the market does
is worked out without luck, and is tested as it stands.
"""

from typing import Any

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import BUSY, after, model, regime

from policysim.agents.institutions.organised_crime import OrganisedCrimePolicy
from policysim.levers.catalogue import LEVERS
from policysim.model import DrugPolicyModel
from policysim.vocabulary.states import Care

# Children are drawn in a hundred times as often as they are, and lines are many, so that a few hundred people show it.
DRAWN_IN = {"exploitation_rate": 0.3, "line_arrest_rate": 2.0}
CHILDREN: dict[str, Any] = {"place": "authority:coventry", "people": 700, "years": 2, "engine": "compiled"}
SHORT: dict[str, Any] = {"place": "west-midlands", "people": 300}


def weekly(made: DrugPolicyModel, name: str) -> np.ndarray:
    areas = [authority.name for authority in made.place.authorities]
    return made.outcomes.weekly(areas, made.one_in).query("area == 'all'")[name].to_numpy()


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
    arguments = {"place": "authority:coventry", "people": 500, "beyond_ranges": True}
    levers: dict[str, dict] = {"supply_disruption": {"change": 3.0}}
    strong = {**BUSY, "offending_of_price": 1, "price_of_shortage": 2, "batch_rate": 0}
    found = paired(levers, ("offences", "lines_running", "seizures"), weeks=30, parameters=strong, **arguments)
    assert standard_errors(found["offences"]) > 3.5, "its harm"
    assert standard_errors(found["lines_running"]) < -3.5 and standard_errors(found["seizures"]) > 3.5
    null = {**strong, "price_of_shortage": 0, "line_supply_share": 0}
    found = paired(
        levers, ("offences", "overdoses", "expected_deaths"), seeds=range(1, 4), weeks=20, parameters=null, **arguments
    )
    assert not any(found[name].any() for name in found)


# ---------------------------------------------------------------- children


@pytest.mark.slow
def test_fewer_children_are_exploited_where_lines_are_closed_and_a_way_out_is_offered():
    found = paired(
        {"county_lines": {"change": 2.0, "safeguarding": 3.0}}, ("exploited", "safeguarded", "lines_closed"),
        weeks=52, parameters=DRAWN_IN, beyond_ranges=True, **CHILDREN,
    )  # fmt: skip
    assert standard_errors(found["exploited"]) < -3.5
    assert standard_errors(found["safeguarded"]) > 2 and standard_errors(found["lines_closed"]) > 3.5


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
    from policysim.agents.people.exploitation import exploitation_hazard
    from policysim.model.building import python_views

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


# ---------------------------------------------------------------- money


@pytest.mark.parametrize("recovered", [0.4, 1.0])
def test_no_more_is_spent_than_was_recovered_and_no_more_recovered_than_seized(recovered):
    made = lived(30, in_full("asset_recovery", recovered=recovered, into_treatment=1.0))
    seized, got, spent = (
        weekly(made, name)[1:] for name in ("assets_seized", "assets_recovered", "assets_to_treatment")
    )
    assert (spent > 0).all() and spent == pytest.approx(got) and got == pytest.approx(recovered * seized)


def test_where_no_line_is_closed_there_is_nothing_to_spend():
    made = lived(10, in_full("asset_recovery", recovered=1.0, into_treatment=1.0), lines_per_100k=0)
    assert weekly(made, "assets_to_treatment").sum() == 0


def test_money_becomes_places_of_the_price_of_places():
    made = lived(4, in_full("asset_recovery", recovered=1.0, into_treatment=1.0))
    service = max(made.services, key=lambda each: each.usual_places[Care.AGONIST])
    kinds = {Care.AGONIST: "cost_agonist_year", Care.PSYCHOSOCIAL: "cost_psychosocial_year"}
    bought = sum(service.places_given(kind) * made.parameters[cost] for kind, cost in kinds.items()) * made.one_in
    assert bought == pytest.approx(service.memory["gift"] * 52) and bought > 0


@pytest.mark.slow
def test_recovered_assets_bring_people_into_treatment_where_places_are_full_and_nowhere_else():
    rich = {**BUSY, "agonist_places_ratio": 0.4, "psychosocial_places_ratio": 0.4, "line_assets": 400_000}
    levers: dict[str, dict] = {"asset_recovery": {"recovered": 1.0, "into_treatment": 1.0}}
    arguments = {"place": "authority:birmingham", "people": 500, "beyond_ranges": True, "weeks": 40}
    found = paired(levers, ("waiting",), parameters=rich, **arguments)
    assert standard_errors(found["waiting"]) < -3.5
    spare = {**rich, "agonist_places_ratio": 20, "psychosocial_places_ratio": 20}
    found = paired(levers, ("treatment_starts",), seeds=range(1, 4), parameters=spare, **arguments)
    assert not found["treatment_starts"].any(), "a free place needs no money"


def test_half_of_a_lever_is_half_of_its_effort():
    policy = OrganisedCrimePolicy(safeguarding=0.01, asset_recovery=0.1)
    LEVERS["county_lines"].model_validate({"change": 1, "safeguarding": 3}).pull(policy, 0.5)
    assert policy.county_lines == 1.5 and policy.safeguarding == pytest.approx(0.025)
