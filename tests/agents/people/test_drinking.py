"""Drinking: severity grows, falls in care and returns; calls, arrests and deaths follow from it and are counted once."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from small_worlds import after, model

from policysim.agents.people.death import illness_hazard
from policysim.agents.people.drinking import alcohol_death_hazard, call_hazard, drink, most_drinking
from policysim.agents.people.police import be_arrested, may_be_tested
from policysim.engine.luck import Luck
from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import DrinkingMark, JusticeMark, PoliceMark
from policysim.vocabulary.states import SUBSTANCES, Care, Cause, Charge, Housing, Justice, Life, Substance, Use

DRINKERS: dict[str, Any] = {"place": "authority:birmingham", "parameters": {"start_level[alcohol]": 0.3}}
"""A place in which many are dependent on alcohol."""


def drinker(severity: float, usual: float | None = None, **state: Any) -> SimpleNamespace:
    """Somebody dependent on alcohol."""
    use = [Use.NEVER] * SUBSTANCES
    use[Substance.ALCOHOL] = Use.DEPENDENT
    person = SimpleNamespace(
        use=use, drinking=severity, drinking_usual=severity if usual is None else usual, drink_calls=0.0, weeks=1, using=1,
        dependent_on=1, care=Care.NONE, justice=Justice.FREE, housing=Housing.STABLE, ill=False, keyworker=False, age=50.0,
        sex=1, band=8, charge=Charge.NONE, weeks_charged=0, fear=0.0, cautions=0, referred=0.0, drinking_marks=0,
        police_marks=0, justice_marks=0, custody_suite_marks=0, scheme_marks=0, deferred=Charge.NONE, contract_weeks=0,
        trust=0.5, ethnicity=0,
    )  # fmt: skip
    for name, value in state.items():
        setattr(person, name, value)
    return person


def live(person: Any, here: Any, world: Any, weeks: int) -> float:
    for _ in range(weeks):
        drink(person, here, world, None)
    return float(person.drinking)


def test_severity_comes_to_the_usual_falls_in_care_and_returns_after_it(someone):
    _, here, world = someone
    person = drinker(0.0, usual=40.0)
    grown = live(person, here, world, 400)
    assert grown == pytest.approx(40, abs=0.1)
    person.care = Care.PSYCHOSOCIAL
    treated = live(person, here, world, 26)
    assert treated < 0.6 * grown
    person.care = Care.NONE
    assert treated < live(person, here, world, 26) < grown
    assert live(person, here, world, 400) == pytest.approx(40, abs=0.1)
    person.use[Substance.ALCOHOL] = Use.REMISSION
    assert live(person, here, world, 1) == 0


def test_a_keyworker_lowers_severity_by_less_than_treatment_and_by_nothing_at_its_null_value(someone):
    _, here, world = someone
    none, keyworker, treated = (
        drinker(40.0, **state) for state in ({}, {"keyworker": True}, {"care": Care.PSYCHOSOCIAL})
    )
    severities = [live(person, here, world, 52) for person in (none, keyworker, treated)]
    assert severities[0] == pytest.approx(40) and severities[2] < severities[1] < severities[0] - 1
    nulls = SimpleNamespace(calls_fade=0, drinking_return=0.02, drinking_fall_treated=0, drinking_fall_keyworker=0)
    for person in (drinker(40.0, keyworker=True), drinker(40.0, care=Care.PSYCHOSOCIAL)):
        assert live(person, here, nulls, 52) == 40


def test_calls_come_from_few_and_a_bound_is_never_below_the_hazard(someone):
    _, _, world = someone
    mild, severe, homeless = drinker(10.0), drinker(50.0), drinker(50.0, housing=Housing.HOMELESS, ill=True)
    hazards = [call_hazard(person, person.drinking, world) for person in (mild, severe, homeless)]
    assert hazards[1] == pytest.approx(5**4 * hazards[0])
    assert hazards[2] == pytest.approx(hazards[1] * world.call_ratio_homeless * world.call_ratio_ill)
    for now, usual in ((5.0, 40.0), (40.0, 5.0)):
        person = drinker(now, usual=usual)
        bound = most_drinking(person)
        for _ in range(60):
            assert call_hazard(person, person.drinking, world) <= call_hazard(person, bound, world)
            live(person, None, world, 1)
    assert call_hazard(drinker(50.0, justice=Justice.CUSTODY), 50.0, world) == 0


def test_alcohol_deaths_of_people_who_use_opioids_lie_within_their_published_ratio(someone):
    _, _, world = someone
    usual = world.death_rate[1, 8] * (1 - world.alcohol_specific_share)
    alone = illness_hazard(drinker(30.0), world)
    assert alone == pytest.approx(usual * world.death_ratio_alcohol), "alcohol-specific deaths are beside it"
    person = drinker(15.0)
    person.use[Substance.HEROIN] = Use.DEPENDENT
    total = illness_hazard(person, world) + alcohol_death_hazard(person, person.drinking, world)
    without_liver = usual * world.death_ratio_opioid * (1 - world.liver_share_opioid)
    assert world.liver_share_opioid > 0 and without_liver > usual
    assert total == pytest.approx(without_liver), "counted twice is neither alcohol nor liver disease after hepatitis C"
    less = illness_hazard(person, world) + alcohol_death_hazard(person, 5.0, world)
    assert less < total, "and drinking less lowers it"


def test_an_arrest_for_drink_is_no_drug_arrest_and_brings_no_drug_test(someone):
    _, here, world = someone
    outcomes = 0
    for week in range(200):
        person, luck = drinker(40.0), Luck({"meet_police": 7})
        luck.turn_to(1, week, "meet_police")
        be_arrested(person, Charge.DISORDER, here, world, luck)
        assert person.drinking_marks == DrinkingMark.ARRESTED_FOR_DRINK
        assert not person.police_marks & (PoliceMark.ARRESTED_FOR_DRUGS | PoliceMark.TESTED_ON_ARREST)
        assert not person.justice_marks & JusticeMark.DRUG_OFFENCE_DISPOSED
        outcomes |= person.police_marks
    assert outcomes & PoliceMark.CHARGED and outcomes & PoliceMark.CAUTIONED and outcomes & PoliceMark.NO_FURTHER_ACTION
    assert not may_be_tested(drinker(40.0), Charge.DISORDER)


def test_alcohol_deaths_are_among_other_deaths_and_of_the_severest():
    made = after(
        104, people=3000, years=2, **{**DRINKERS, "parameters": {**DRINKERS["parameters"], "alcohol_death_rate": 0.5}}
    )
    died = marked(made.people, DrinkingMark.DIED_OF_ALCOHOL)
    dead = made.people[died]
    assert len(dead) > 10 and (dead["life"] == Life.DEAD).all() and (dead["cause"] == Cause.OTHER).all()
    drinks = made.people["present"] & (made.people["use"][:, Substance.ALCOHOL] == Use.DEPENDENT)
    assert dead["drinking"].mean() > 1.2 * made.people["drinking"][drinks].mean()


def test_severity_at_the_start_has_the_published_shares_of_those_who_come_to_it():
    made = model(people=20_000, **DRINKERS)
    p, usual = made.parameters, made.people["drinking_usual"]
    for share, low, high in (
        ("drinking_mild", 0, p["drinking_moderate_from"]),
        ("drinking_moderate", p["drinking_moderate_from"], p["drinking_severe_from"]),
    ):
        found = ((usual >= low) & (usual < high)).mean()
        assert found == pytest.approx(p[share], abs=0.02)
    others = made.people["use"][:, Substance.ALCOHOL] != Use.DEPENDENT
    assert (made.people["drinking"][others] == 0).all() and np.ptp(usual) > 50
    made.close()
