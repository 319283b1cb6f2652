"""What levers of justice are for, what they cost, where they bind, and that they vanish with their effects.

A stated outcome is held to |t| > 3.5 over eight paired seeds: with no effect at all once in a hundred times. "Stays" is
held to |t| < 3.5. Numbers of people, by which nothing else is judged, are exact for these seeds. Runs are kept: a lever is
asked for what it is bought for and for its harm in the same ones, and the status quo is lived once for all levers. What
single rules and a court do is tested on people made by hand, in tests/agents/people/test_supervision.py.
"""

from functools import cache
from math import ceil
from typing import Any

import numpy as np
import pytest
from paired import standard_errors, totals
from small_worlds import BUSY, after, disagreements, regime, weekly

from policysim.evidence.registry import registry
from policysim.levers.catalogue import LEVERS
from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import CustodySuiteMark, JusticeMark, SupervisionMark
from policysim.vocabulary.states import Charge, Housing, Justice, Review

PLACE = {"place": "west-midlands", "people": 3000, "years": 1, "beyond_ranges": True}
WEEKS = 44
MANY: dict[str, float] = {
    "ocu_per_1000": 150, "custody_share_dependent": 0.2, "arrests_per_offence": 0.01, "hearing_weeks": 4,
    "arrests_capacity_per_1000": 1e5, "recall_rate": 1.5, "served_weeks[acquisitive]": 10, "cases_per_1000": 500,
    "charge_share[acquisitive]": 0.6, "illness_ends": 0.3,
}  # fmt: skip
"""A place with many people who come to police and courts; places in treatment are what the registry says."""
FULL: dict[str, float] = {"agonist_places_ratio": 1, "psychosocial_places_ratio": 1, "give_up_waiting": 0.01}
"""No place in treatment is free."""

STATED: dict[str, dict[str, Any]] = {
    "test_on_arrest": {"referred": 1.0},
    "drug_interventions_programme": {"caseworkers_per_100000": 20},
    "custody_engagement": {"workers_per_100000": 5},
    "custody_screening": {},
    "drug_requirement": {"share": 1.0, "linked": 0.6},
    "alcohol_requirement": {"share": 1.0, "linked": 1.0},
    "mental_health_requirement": {"share": 1.0, "places_per_100000": 1000},
    "intensive_court": {"places_per_100000": 300},
    "drug_court": {"places_per_100000": 600},
    "halfway_house": {"places_per_100": 30},
    "halfway_house_in_place": {"places_per_100": 30, "in_place": 0.6},
    "through_the_gate": {"strength": 1.0},
    "prison_agonist_treatment": {"treated": 1.0},
    "naloxone_on_release": {"given": 1.0},
}
STRONGER: dict[str, dict[str, float]] = {
    "alcohol_requirement": {
        "start_level[alcohol]": 4,
        "order_share[acquisitive]": 0.6,
        "trigger_arrest_rate[men]": 0.6,
        "trigger_arrest_rate[women]": 0.6,
    },
    "prison_agonist_treatment": {"prison_agonist_share": 0.1},
    "naloxone_on_release": {"naloxone_on_release": 0},
}
"""Where most of what a lever gives is given already, or few come to it."""
HARMS = {
    "drug_interventions_programme": "waiting",
    "custody_engagement": "waiting",
    "drug_requirement": "requirements_breached",
    "mental_health_requirement": "requirements_breached",
    "intensive_court": "sanctions",
    "drug_court": "drawn_into_drug_court",
    "halfway_house": "recalls",
    "halfway_house_in_place": "offences",
    "through_the_gate": "waiting",
}
SEEN = tuple(dict.fromkeys([
    *(LEVERS[name].outcome for name in STATED), *(LEVERS[name].process for name in STATED), *HARMS.values(),
    "treatment_starts", "offences", "asked_for_treatment",
]))  # fmt: skip


@cache
def lives(name: str, numbers: tuple, seed: int) -> np.ndarray:
    """All that these tests look at, of one run under one lever or, without a name, the status quo."""
    drawn = regime(**{name: {"ramp_weeks": 0, **STATED[name]}} if name else {})
    return totals(SEEN, drawn, seed, WEEKS, **PLACE, parameters=dict(numbers))


def moved(name: str, outcome: str, seeds: range = range(1, 9), **numbers: float) -> np.ndarray:
    """What a lever pulled in full changes in an outcome, over paired seeds."""
    held = tuple({**MANY, **STRONGER.get(name, {}), **numbers}.items())
    runs = [lives(name, held, seed) - lives("", held, seed) for seed in seeds]
    return np.array(runs)[:, SEEN.index(outcome)]


@pytest.mark.slow
@pytest.mark.parametrize("name", STATED)
def test_a_lever_does_what_it_is_bought_for(name):
    outcome, expected = LEVERS[name].outcome, LEVERS[name].expected
    t = standard_errors(moved(name, outcome))
    if expected == "stays":
        assert abs(t) < 3.5
    else:
        assert (t if expected == "rises" else -t) > 3.5, outcome


@pytest.mark.slow
@pytest.mark.parametrize("name", HARMS)
def test_the_harm_of_a_lever_is_there_too(name):
    """Where no place in treatment is free a hand-over or an offer makes a longer list; a supervised life is recalled more."""
    seeds = range(1, 13) if name == "mental_health_requirement" else range(1, 9)  # such orders are few
    assert standard_errors(moved(name, HARMS[name], seeds, **FULL if HARMS[name] == "waiting" else {})) > 3.5


@pytest.mark.slow
def test_more_tests_without_a_free_place_in_treatment_are_a_longer_list():
    waiting, starts = (moved("test_on_arrest", outcome, **FULL) for outcome in ("waiting", "treatment_starts"))
    assert standard_errors(waiting) > 3.5
    assert standard_errors(waiting / 2 - starts) > 3.5, "few more begin: places are taken again a little sooner"


# ---------------------------------------------------------------- effects at their null values


EFFECTS = {
    "drug_interventions_programme": ("asked_for_treatment", {"caseworker_referral": 0, "give_up_with_caseworker": 1}),
    "custody_engagement": ("asked_for_treatment", {"engagement_referral": 0}),
    "custody_screening": ("requirements_breached", {"adjusted_supervision": 0}),
    "mental_health_requirement": ("people_ill", {"illness_ends": 0}),
    "halfway_house": ("homeless_dependent", {"house_gives_home": 0, "home_after_house": 0}),
}
BESIDE: dict[str, dict[str, float]] = {
    # Recall, and work, bear on where people live as well; who breaks a requirement dies, and moves, elsewhere.
    "halfway_house": {"recall_ratio_house": 1, "find_work_in_house": 1, "offending_in_house": 1},
    "mental_health_requirement": {"requirement_breach_rate": 0},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_vanishes_at_its_null_value(name):
    outcome, nulls = EFFECTS[name]
    assert all(registry()[key].null == value for key, value in nulls.items())
    numbers = {**nulls, **BESIDE.get(name, {})}
    assert (moved(name, outcome, range(1, 3), **numbers) == 0).all(), "to the last person"
    assert (moved(name, LEVERS[name].process, range(1, 3), **numbers) > 0).all()


@pytest.mark.slow
def test_reviews_without_their_effects_leave_those_in_treatment_and_thefts_as_they_were():
    """What is left is that people are at liberty, on a list and without a record."""
    nulls = {"dropout_under_review": 1, "offending_under_review": 1, "review_reengages": 0, "review_linked": 0}
    offences = moved("drug_court", "offences").mean()
    assert offences < 3 * min(moved("drug_court", "offences", range(1, 5), **nulls).mean(), 0) - 1
    asked = [moved("drug_court", "asked_for_treatment", range(1, 5), **numbers).mean() for numbers in ({}, nulls)]
    assert asked[0] > asked[1]


# ---------------------------------------------------------------- what a lever is made of


def lived(weeks: int = 30, parameters: dict | None = None, people: int = 900, **levers: dict) -> Any:
    """A busy place under these levers, in full from the first week."""
    drawn = regime(**{name: {"ramp_weeks": 0, **settings} for name, settings in levers.items()})
    return after(weeks, regime=drawn, people=people, parameters={**BUSY, **(parameters or {})})


def flow(made: Any, mark: Any) -> int:
    """How often this happened."""
    return int(made.outcomes.flows[:, :, made.outcomes.column_of[mark.name]].sum())


def test_a_requirement_that_links_nobody_moves_nobody_to_treatment():
    still = {"seek_rate[opiate-group]": 0, "seek_rate[non-opiate-group]": 0, "seek_rate[alcohol-group]": 0, "referral_pull": 0,
             "seek_rate[non-opiate-and-alcohol-group]": 0, "room_introduction": 0, "through_the_gate": 0,
             "alcohol_requirement_share": 0}  # fmt: skip
    for linked, somebody in ((0.0, False), (1.0, True)):
        made = lived(parameters=still, drug_requirement={"share": 1.0, "linked": linked})
        found = weekly(made)
        assert found["drug_requirements"].sum() > 0
        assert (found["asked_for_treatment"].sum() > 0) == somebody


def test_a_dismissal_leaves_no_conviction_and_a_failure_is_sentenced_for_the_first_charge():
    drawn = regime(drug_court={"places_per_100000": 3000, "weeks": 12, "ramp_weeks": 0})
    made = after(0, regime=drawn, people=900, parameters=BUSY)
    dismissed = failed = 0
    for _ in range(40):
        before = made.people.copy()
        made.step()
        now = made.people
        done = marked(now, SupervisionMark.DISMISSED) & now["present"]
        assert (before["justice"][done] == Justice.DEFERRED).all()
        assert (now["convictions"][done] == before["convictions"][done]).all()
        assert (now["justice"][done] != Justice.DEFERRED).all() and (now["review"][done] == Review.NONE).all()
        back = marked(now, SupervisionMark.FAILED_REVIEW) & (before["review"] == Review.DEFERRED) & now["present"]
        sentenced = marked(now, JusticeMark.CONVICTED)
        assert ((now["charge"][back] == before["charge"][back]) | sentenced[back]).all()
        dismissed, failed = dismissed + done.sum(), failed + back.sum()
        put_off = now["present"] & (now["justice"] == Justice.DEFERRED)
        assert (now["charge"][put_off] != Charge.NONE).all(), "the charge stands while the court reviews"
    made.close()
    assert dismissed > 5 and failed > 0


@pytest.mark.parametrize("name", ["intensive_court", "drug_court"])
def test_judges_have_no_more_people_under_review_than_places(name):
    kind = Review.INTENSIVE if name == "intensive_court" else Review.DEFERRED
    most = []
    for places in (500, 1000):
        drawn = regime(**{name: {"places_per_100000": places, "ramp_weeks": 0}})
        made = after(0, regime=drawn, people=900, parameters=BUSY)
        for _ in range(20):
            made.step()
            under = (made.people["present"] & (made.people["review"] == kind)).sum()
            # A part of a place is a whole one in some seeds.
            assert under <= ceil(places * made.place.population / 100_000 / made.one_in)
            most.append((places, under))
        made.close()
    assert max(n for places, n in most if places == 500) > 0


def test_reviews_take_the_time_of_the_court_and_of_everyone_who_waits():
    short = {"cases_per_1000": 60, "court_capacity_ratio": 1.0}
    courts = {"drug_court": {"places_per_100000": 3000, "weeks": 52}}
    free, busy = (lived(parameters={**short, "review_time": time}, **courts) for time in (0.0, 1.0))
    heard = [flow(made, JusticeMark.CONVICTED) for made in (free, busy)]
    assert flow(busy, SupervisionMark.REVIEWED) > 0
    assert heard[1] < heard[0]


def test_a_full_halfway_house_leaves_people_as_before():
    none = lived()
    full = lived(
        halfway_house={"places_per_100": 0, "offered": 1.0}, halfway_house_in_place={"places_per_100": 0, "in_place": 1}
    )
    assert disagreements(none, full) == []


def test_a_halfway_house_is_a_home_while_it_lasts_and_holds_no_more_than_its_places():
    drawn = regime(halfway_house={"places_per_100": 20, "offered": 1, "ramp_weeks": 0})
    made = after(0, regime=drawn, people=900, parameters={**BUSY, "become_homeless": 4, "find_home": 0.1})
    seen = 0
    for _ in range(30):
        made.step()
        people = made.people
        inside = people["present"] & (people["justice"] == Justice.HALFWAY_HOUSE)
        assert (people["housing"][inside] == Housing.STABLE).all()
        assert inside.sum() <= 0.2 * made.prison.places
        assert made.prison.house_places_paid() == pytest.approx(0.2 * made.prison.places * made.one_in), "taken or not"
        entered = marked(people, SupervisionMark.ENTERED_HOUSE) & people["present"]
        assert (people["home_before"][entered & inside] != Housing.STABLE).all(), "for those without a stable home"
        seen += entered.sum()
    made.close()
    assert seen > 5


def test_caseworkers_take_up_no_more_than_they_have_room_for_and_those_tested_away_only_in_a_regional_scheme():
    away = {"tested_away": 1.0, "test_share": 1.0}
    nobody = lived(parameters=away, drug_interventions_programme={"caseworkers_per_100000": 300, "regional": 0})
    regional = lived(parameters=away, drug_interventions_programme={"caseworkers_per_100000": 300, "regional": 1})
    few = lived(parameters=away, drug_interventions_programme={"caseworkers_per_100000": 10, "regional": 1})
    taken = [flow(made, CustodySuiteMark.TAKEN_UP) for made in (nobody, regional, few)]
    assert taken[0] == 0 < taken[2] < taken[1]
    cases = few.people["present"] & (few.people["case_weeks"] > 0)
    assert cases.sum() <= few.custody_suites.caseworkers() / few.one_in * few.parameters["cases_per_caseworker"]


@pytest.mark.slow
def test_twice_the_caseworkers_bring_less_than_twice_as_many_to_treatment():
    """Places and people are what they were: returns diminish."""
    found = []
    for workers in (0, 16, 64):
        drawn = regime(drug_interventions_programme={"caseworkers_per_100000": workers, "ramp_weeks": 0})
        runs = [totals(("treatment_starts",), drawn, seed, 40, **PLACE, parameters=MANY) for seed in range(1, 4)]
        found.append(np.mean(runs))
    assert found[0] < found[1] < found[2]
    assert found[2] - found[0] < 4 * (found[1] - found[0])


def test_staff_in_prison_bound_who_is_treated_there():
    made = lived(prison_agonist_treatment={"treated": 1.0}, parameters={"prison_treatment_slack": 0.2}, weeks=20)
    assert made.world["prison_agonist_share"] < 1
    ample = lived(prison_agonist_treatment={"treated": 1.0}, parameters={"prison_treatment_slack": 10}, weeks=20)
    assert ample.world["prison_agonist_share"] == 1
