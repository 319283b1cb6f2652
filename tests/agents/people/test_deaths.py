"""Deaths that are no overdose of someone who uses drugs: prescribed opioids, suicide in custody, and what certificates name."""

import numpy as np
import pytest
from small_worlds import BUSY, after, model

from policysim.agents.people.death import die_by_own_hand, prescribed_opioid_hazard
from policysim.engine.luck import Luck, key_of
from policysim.model.building import python_views
from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import JusticeMark, LifeMark, OverdoseMark
from policysim.vocabulary.states import Care, Cause, Justice, Life, Substance, Use

QUIET = {"fatality_opioid": 0, "fatality_stimulant": 0, "suicide_by_misuse": 0}
"""Nobody dies of an overdose, nor by their own hand with a misused drug."""


def test_prescribed_opioids_kill_in_middle_age_and_outside_heroin_careers(someone):
    person, here, world = someone
    person.use[Substance.HEROIN] = Use.NEVER
    hazard = {}
    for band in (0, 3, 8, 12):  # by the middle of the band of age: 12.5, 27.5, 52.5 and 72.5 years
        person.band = band
        hazard[band] = prescribed_opioid_hazard(person, here, world)
    assert hazard[0] == 0 < hazard[3] < hazard[12] < hazard[8]
    at_peak = world.prescribed_opioid_rate[person.sex] * here.other_poisoning_ratio
    assert hazard[8] == pytest.approx(at_peak * (1 - (0.5 / world.prescribed_opioid_spread) ** 2))
    for state in (Use.EXPERIMENTING, Use.DEPENDENT, Use.REMISSION):
        person.use[Substance.HEROIN] = state
        assert prescribed_opioid_hazard(person, here, world) == 0


def test_no_service_for_people_who_use_heroin_reaches_deaths_by_prescribed_opioids(someone):
    person, here, world = someone
    person.use[Substance.HEROIN], person.age = Use.NEVER, 50.0
    alone = prescribed_opioid_hazard(person, here, world)
    person.naloxone, person.peers_with_naloxone, person.care, person.injects = True, 3, Care.AGONIST, True
    here.room_share, here.police_naloxone, here.kit_rate = 1.0, 1.0, 1.0
    assert prescribed_opioid_hazard(person, here, world) == alone > 0


def test_deaths_by_prescribed_opioids_are_misuse_deaths_that_name_an_opiate_but_not_heroin():
    rates = {f"prescribed_opioid_rate[{sex}]": 0.5 for sex in ("women", "men")}
    made = after(52, people=1000, parameters={**QUIET, **rates})
    dead = made.people[(made.people["life"] == Life.DEAD) & (made.people["cause"] == Cause.MISUSE)]
    assert len(dead) > 50
    assert not marked(dead, OverdoseMark.OVERDOSED).any()
    assert marked(dead, LifeMark.DIED_WITH_OPIATE).all() and marked(dead, LifeMark.DIED_WITH_OTHER_OPIOID).all()
    assert not marked(dead, LifeMark.DIED_WITH_HEROIN).any()
    assert (dead["use"][:, Substance.HEROIN] == Use.NEVER).all()


def test_certificates_of_people_who_used_heroin_name_it_in_the_published_share():
    made = after(104, people=3000, years=2, parameters={**BUSY, "no_drug_named": 0})
    dead = made.people[(made.people["cause"] == Cause.MISUSE) & marked(made.people, OverdoseMark.OVERDOSED)]
    opiate, heroin = marked(dead, LifeMark.DIED_WITH_OPIATE), marked(dead, LifeMark.DIED_WITH_HEROIN)
    assert opiate.sum() > 150
    assert heroin.sum() / opiate.sum() == pytest.approx(made.parameters["heroin_named"], abs=0.1)
    assert marked(dead, LifeMark.DIED_WITH_BENZODIAZEPINE).any()


# ---------------------------------------------------------------- custody


def suicides(someone, **person: object) -> int:
    """How often someone dies in a year's worth of weeks of nothing but suicide."""
    agent, here, world = someone
    state = {"justice": Justice.FREE, "ill": False, "using": 0, "bereaved_weeks": -1, "age": 40.0, "band": 6, **person}
    luck, died = Luck({"die": key_of(4, "die")}), 0
    for n in range(4000):
        agent.present, agent.life, agent.life_marks = True, Life.PRESENT, 0
        agent.use[Substance.HEROIN] = Use.DEPENDENT if person.get("using") else Use.NEVER
        for name, value in state.items():
            setattr(agent, name, value)
        luck.turn_to(1, n, "die")
        agent.die(here, world, luck)
        died += bool(agent.life_marks & LifeMark.DIED_BY_SUICIDE)
    return died


def test_custody_is_the_least_that_a_prisoner_risks_and_is_not_multiplied_by_what_prisoners_have():
    rates = {f"suicide_rate[{sex},40-44]": 0.5 for sex in ("women", "men")}
    made = model(people=100, parameters={**rates, "suicide_by_misuse": 0, "suicide_ratio_custody": 3})
    row = int(np.flatnonzero(made.people["present"])[0])
    here, world = python_views(made)
    one = made.person(row), here[made.people["neighbourhood"][row]], world
    free, inside = (suicides(one, justice=justice) for justice in (Justice.FREE, Justice.CUSTODY))
    assert inside == pytest.approx(3 * free, rel=0.35) and free > 20
    ill = {"ill": True, "using": 1}
    assert suicides(one, justice=Justice.CUSTODY, **ill) == suicides(one, justice=Justice.FREE, **ill) > inside
    made.close()


@pytest.mark.parametrize("substance, misused", [(Substance.ALCOHOL, False), (Substance.BENZODIAZEPINES, True)])
def test_a_suicide_is_a_misuse_death_only_of_someone_who_uses_a_drug_beside_drink(substance, misused):
    made = model(people=100, parameters={"suicide_by_misuse": 1})
    row = int(np.flatnonzero(made.people["present"])[0])
    _, world = python_views(made)
    person = made.person(row)
    for other in Substance:
        person.use[other] = Use.REGULAR if other == substance else Use.NEVER
    person.using = 1
    luck = Luck({"die": key_of(1, "die")})
    luck.turn_to(row, 0, "die")
    die_by_own_hand(person, world, luck)
    assert (person.cause == Cause.MISUSE) == misused
    assert bool(person.life_marks & LifeMark.DIED_OF_MISUSE) == misused
    made.close()


def test_deaths_in_custody_are_counted_apart():
    busy = {**BUSY, "custody_share_dependent": 0.6, "street_use_in_custody": 1, "fatality_opioid": 1}
    made = after(60, people=1000, years=2, parameters=busy)
    dead = made.people[made.people["cause"] == Cause.MISUSE]
    inside = dead["justice"] == Justice.CUSTODY
    assert 10 < inside.sum() < inside.size
    assert np.array_equal(marked(dead, JusticeMark.DIED_IN_CUSTODY), inside)
    column = made.outcomes.column_of[JusticeMark.DIED_IN_CUSTODY.name]
    assert made.outcomes.flows[:, :, column].sum() == inside.sum()
