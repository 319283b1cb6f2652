"""What is not put in by hand: the danger after release comes from tolerance, and the rescue chain is its closed form."""

import math

import numpy as np
import pytest
from scipy import stats
from small_worlds import BUSY, after, model

from policysim.agents.people.rescue import (
    chance_of_death,
    chance_of_stimulant_death,
    opioid_emergency,
    stimulant_emergency,
)
from policysim.engine.luck import Luck, key_of
from policysim.model.building import python_views
from policysim.vocabulary.marks import LifeMark, OverdoseMark
from policysim.vocabulary.states import Care, Justice, Life, Substance, Use
from policysim.vocabulary.stocks import Sum

REVOLVING_DOOR = {
    **{name: value for name, value in BUSY.items() if not name.startswith(("overdose", "fatality"))},
    "custody_share_dependent": 0.3, "served_weeks[acquisitive]": 20, "served_weeks[supply]": 20, "licence_weeks": 30,
    "recall_rate": 0.2, "remission_rate[heroin]": 0, "seek_rate[opiate-group]": 0.5, "prison_agonist_share": 0.5,
}  # fmt: skip


def danger_by_weeks_since(clock: str, **changes: float) -> dict[str, float]:
    """Chance of dying of an overdose in a week, soon and long after, of people dependent on heroin and untreated."""
    made = model(people=2000, years=2, parameters={**REVOLVING_DOOR, **changes})
    sums = {"soon": [0.0, 0], "long after": [0.0, 0]}
    for week in range(70):
        made.step()
        people = made.people
        at_risk = (
            people["present"] & (people["use"][:, Substance.HEROIN] == Use.DEPENDENT) & (people["care"] <= Care.WAITING)
        )
        at_risk &= (people["justice"] != Justice.CUSTODY) & (week >= 15)
        since = people[clock]
        for when, chosen in (("soon", (since >= 1) & (since < 3)), ("long after", since >= 12)):
            sums[when][0] += people["expected_death"][at_risk & chosen].sum(dtype=float)
            sums[when][1] += np.count_nonzero(at_risk & chosen)
    assert min(n for _, n in sums.values()) > 500
    return {when: total / n for when, (total, n) in sums.items()}


def test_release_is_dangerous_and_nobody_wrote_that_down():
    danger = danger_by_weeks_since("weeks_since_release")
    assert danger["soon"] > 3 * danger["long after"]


def test_without_tolerance_release_is_like_any_week():
    danger = danger_by_weeks_since("weeks_since_release", tolerance_effect=0)
    assert danger["soon"] == pytest.approx(danger["long after"], rel=0.15)


@pytest.mark.slow
def test_agonist_treatment_in_prison_keeps_tolerance_and_lowers_the_danger():
    untreated, treated = (danger_by_weeks_since("weeks_since_release", prison_agonist_share=share) for share in (0, 1))
    assert treated["soon"] < 0.5 * untreated["soon"]


LEFT_TREATMENT = {
    "seek_rate[opiate-group]": 6, "completion_rate[agonist]": 4, "taper_weeks": 12, "remission_on_completion": 0,
    "custody_share_dependent": 0, "arrests_per_offence": 0,
}  # fmt: skip


def test_leaving_treatment_is_dangerous_and_nobody_wrote_that_down():
    danger = danger_by_weeks_since("weeks_since_care", **LEFT_TREATMENT)
    assert danger["soon"] > 1.25 * danger["long after"]


def test_without_tolerance_leaving_treatment_is_like_any_week():
    danger = danger_by_weeks_since("weeks_since_care", **LEFT_TREATMENT, tolerance_effect=0)
    assert danger["soon"] == pytest.approx(danger["long after"], rel=0.15)


@pytest.mark.slow
def test_those_who_used_on_top_of_the_prescription_lost_less_tolerance():
    on_top, not_ = (
        danger_by_weeks_since("weeks_since_care", **{**LEFT_TREATMENT, "on_top_share[agonist]": share})
        for share in (1, 0)
    )
    assert on_top["soon"] < 0.7 * not_["soon"]


@pytest.mark.slow
def test_a_dose_reduced_to_nothing_takes_tolerance_with_it():
    """A planned ending after twelve weeks of reduction is more dangerous than one from the full dose."""
    reduced, full = (
        danger_by_weeks_since(
            "weeks_since_care", **{**LEFT_TREATMENT, "taper_weeks": weeks, "dropout_rate[agonist]": 0}
        )
        for weeks in (12, 1)
    )
    assert reduced["soon"] > 1.2 * full["soon"]


# ---------------------------------------------------------------- the rescue chain

DRAWS = 2500
CASES = {
    "alone in the world": {"using_peers": 0, "alone": 0.3},
    "with friends, no kit": {"using_peers": 2, "alone": 0.3},
    "own kit": {"using_peers": 2, "alone": 0.3, "naloxone": True},
    "friend's kit": {"using_peers": 2, "alone": 0.3, "peers_with_naloxone": 1},
    "both kits": {"using_peers": 3, "alone": 0.1, "naloxone": True, "peers_with_naloxone": 2},
    "injects near a room": {"using_peers": 1, "alone": 0.9, "injects": True},
    "in custody, with all that is outside": {
        "using_peers": 2,
        "alone": 0.3,
        "naloxone": True,
        "peers_with_naloxone": 1,
        "injects": True,
        "justice": Justice.CUSTODY,
    },
    "old": {"using_peers": 2, "alone": 0.3, "age": 60.0, "naloxone": True},
}
PLACES = {
    "usual": {},
    "police and ambulance": {"police_naloxone": 0.9, "ambulance_rescue": 0.5, "room_share": 0.4},
}


@pytest.fixture(scope="module")
def someone():
    """A person as a Mesa agent, and what they read of here and world."""
    made = model(
        people=100,
        parameters={"fatality_opioid": 0.4, "fatality_stimulant": 0.4, "police_first": 0.5, "room_rescue": 0.9},
    )
    made.step()
    row = int(np.flatnonzero(made.people["present"])[0])
    here, world = python_views(made)
    return made, made.person(row), here[made.people["neighbourhood"][row]], world


def set_up(someone, person: dict, place: dict):
    made, agent, here, world = someone
    usual = {"age": 35.0, "naloxone": False, "peers_with_naloxone": 0, "injects": False, "justice": Justice.FREE}
    for name, value in {**usual, **person}.items():
        setattr(agent, name, value)
    for name, value in {"police_naloxone": 0.25, "ambulance_rescue": 0.75, "room_share": 0.0, **place}.items():
        setattr(here, name, value)
    return agent, here, world, made.people[agent.row].copy()


def deaths(someone, emergency, start) -> int:
    """How often the drawn chain ends in death, from the same state each time."""
    made, agent, _, _ = someone
    luck, died = Luck({"overdose": key_of(1, "overdose")}), 0
    for n in range(DRAWS):
        made.people[agent.row] = start
        luck.turn_to(n, 0, "overdose")
        emergency(luck)
        died += agent.life == Life.DEAD
        # A friend's kit is settled after the pass: with a kit there, the person had the help that was drawn.
        assert not (agent.life == Life.DEAD and agent.overdose_marks & OverdoseMark.REVERSED_BY_FRIEND)
    made.people[agent.row] = start
    return died


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("person", CASES.values(), ids=CASES)
def test_the_drawn_rescue_chain_kills_as_often_as_its_closed_form_says(someone, person, place):
    agent, here, world, start = set_up(someone, person, place)
    chance = chance_of_death(agent, here, world)
    died = deaths(someone, lambda luck: opioid_emergency(agent, here, world, luck), start)
    assert 0.02 < chance < 0.6
    assert stats.binomtest(died, DRAWS, chance).pvalue > 0.001 / (len(CASES) * len(PLACES))


@pytest.mark.parametrize("justice", [Justice.FREE, Justice.CUSTODY])
@pytest.mark.parametrize("alone", [0.0, 0.6])
def test_the_drawn_stimulant_emergency_kills_as_often_as_its_closed_form_says(someone, alone, justice):
    agent, _, world, start = set_up(someone, {"using_peers": 2, "alone": alone, "justice": justice}, {})
    chance = chance_of_stimulant_death(agent, world)
    died = deaths(someone, lambda luck: stimulant_emergency(agent, world, luck), start)
    assert stats.binomtest(died, DRAWS, chance).pvalue > 0.001


@pytest.mark.parametrize("outside", [
    {"police_naloxone": 0.9}, {"room_share": 0.5}, {"naloxone": True}, {"peers_with_naloxone": 2},
], ids=str)  # fmt: skip
def test_help_from_outside_does_not_reach_into_custody(someone, outside):
    def chance(changed, justice):
        of_person = {"using_peers": 2, "alone": 0.3, "injects": True, "justice": justice}
        at_place = {"police_naloxone": 0.0, "room_share": 0.0}
        for name, value in changed.items():
            (at_place if name in at_place else of_person)[name] = value
        agent, here, world, _ = set_up(someone, of_person, at_place)
        return chance_of_death(agent, here, world)

    assert chance(outside, Justice.FREE) < chance({}, Justice.FREE)
    assert chance(outside, Justice.CUSTODY) == chance({}, Justice.CUSTODY)


def test_staff_of_a_wing_save_their_share_of_overdoses(someone):
    agent, here, world, _ = set_up(someone, {"using_peers": 2, "alone": 0.3}, {"police_naloxone": 0.0})
    outside = chance_of_death(agent, here, world), chance_of_stimulant_death(agent, world)
    agent.justice = Justice.CUSTODY
    inside = chance_of_death(agent, here, world), chance_of_stimulant_death(agent, world)
    assert inside == pytest.approx([chance * (1 - world.custody_rescue) for chance in outside])


def test_each_source_of_help_saves_and_none_twice(someone):
    """Every help lowers the chance of death; together they lower it by less than the sum."""

    def chance(person, place):
        agent, here, world, _ = set_up(someone, {"using_peers": 2, "alone": 0.3, "injects": True, **person}, place)
        return chance_of_death(agent, here, world)

    nothing = {"police_naloxone": 0.0, "ambulance_rescue": 0.0, "room_share": 0.0}
    base = chance({}, nothing)
    helps = [({"naloxone": True}, {}), ({"peers_with_naloxone": 1}, {}), ({}, {"police_naloxone": 0.9}),
             ({}, {"ambulance_rescue": 0.7}), ({}, {"room_share": 0.5})]  # fmt: skip
    saved = [base - chance(person, {**nothing, **place}) for person, place in helps]
    assert min(saved) > 0
    everything = base - chance(
        {"naloxone": True, "peers_with_naloxone": 1},
        {"police_naloxone": 0.9, "ambulance_rescue": 0.7, "room_share": 0.5},
    )
    assert max(saved) < everything < sum(saved)


def test_a_kit_is_used_up_by_the_overdose_that_needs_it(someone):
    agent, here, world, start = set_up(someone, {"using_peers": 2, "alone": 0.0, "naloxone": True}, {})
    made, luck, used = someone[0], Luck({"overdose": key_of(2, "overdose")}), 0
    for n in range(200):
        made.people[agent.row] = start
        luck.turn_to(n, 0, "overdose")
        opioid_emergency(agent, here, world, luck)
        used += bool(agent.overdose_marks & OverdoseMark.USED_OWN_KIT)
        assert agent.naloxone == (not agent.overdose_marks & OverdoseMark.USED_OWN_KIT)
    made.people[agent.row] = start
    assert used == pytest.approx(200 * world.kit_used, abs=4 * math.sqrt(200 * world.kit_used * (1 - world.kit_used)))


def test_counted_deaths_are_as_many_as_expected():
    """Over many people and weeks the count scatters around the sum of chances."""
    made = after(104, people=4000, years=2, parameters=BUSY, seed=21)
    deaths = made.outcomes.flows[:, :, made.outcomes.column_of[LifeMark.DIED_OF_MISUSE.name]].sum()
    expected = made.outcomes.sums[:, :, Sum.EXPECTED_DEATHS].sum()
    assert expected > 400
    assert abs(deaths - expected) < 4 * np.sqrt(expected)
