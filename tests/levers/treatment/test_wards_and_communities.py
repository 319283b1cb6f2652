"""Wards, communities, young people's services, same-day starts: what they bring, what they cost, where places bind.

Over six seeds |t| exceeds 4 once in a hundred times where nothing differs.
"""

from functools import cache

import numpy as np
import pytest
from paired import standard_errors, totals
from small_worlds import BUSY, model, regime

from policysim.scenarios.regime import regimes
from policysim.vocabulary.marks import CareMark
from policysim.vocabulary.states import Care, Justice, Substance, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR

SURE = 4.0
SEEDS = range(1, 7)
WEEKS = 24
PLACES = {
    "detoxification_places_ratio": 0.02, "residential_places_ratio": 0.02, "day_places_ratio": 0.02,
    "prison_community_ratio": 0.1, "abstinence_wish": 0.6, "prison_community_weeks": 2,
}  # fmt: skip
ARGUMENTS = {
    "place": "authority:birmingham", "people": 500, "years": 1, "beyond_ranges": True,
    "parameters": {
        **BUSY, **PLACES, "psychosocial_coverage": 0.4, "agonist_coverage": 0.6, "completion_rate[agonist]": 0.2,
        "relapse_rate[heroin]": 1, "remission_rate[heroin]": 0.05, "remission_rate[crack]": 0.05,
        "served_weeks[acquisitive]": 30, "served_weeks[possession]": 30,
    },
}  # fmt: skip
MANY_BEDS = {"detoxification": {"places": 8.0}}
COMMUNITIES = {"therapeutic_community": {"residential": 8.0, "day": 8.0, "custody": 8.0}}


def arguments(**changes: float) -> dict:
    return {**ARGUMENTS, "parameters": {**ARGUMENTS["parameters"], **changes}}


OUTCOMES = (
    "detoxifications", "detoxified", "in_agonist_treatment", "expected_deaths", "remissions", "joined_community",
    "in_residential_community", "in_day_community", "in_prison_community", "asked_for_treatment", "waiting", "gave_up_waiting",
    "entries_opiate", "in_young_service", "entries_under_18",
)  # fmt: skip


@cache
def usual(changes: tuple) -> np.ndarray:
    """Each outcome of the status quo by seed."""
    lived = (totals(OUTCOMES, regimes()["status-quo"], seed, WEEKS, **arguments(**dict(changes))) for seed in SEEDS)
    return np.array(list(lived))


def moved(levers: dict, *outcomes: str, **changes: float) -> dict[str, float]:
    """How each outcome moves, in its standard errors."""
    pulled = regime(**{name: {"ramp_weeks": 0, **settings} for name, settings in levers.items()})
    found = np.array([totals(OUTCOMES, pulled, seed, WEEKS, **arguments(**changes)) for seed in SEEDS])
    found -= usual(tuple(sorted(changes.items())))
    return {name: standard_errors(found[:, OUTCOMES.index(name)]) for name in outcomes}


# ---------------------------------------------------------------- detoxification and its danger


def deaths_expected(**changes: float) -> tuple[float, float, float]:
    """Misuse deaths expected of a person in a week: settled in agonist treatment, just off a ward, off it for months."""
    drawn = regime(detoxification={"places": 10.0, "ramp_weeks": 0})
    sums, counts = np.zeros(3), np.zeros(3)
    for seed in (1, 2, 3):
        made = model(**arguments(**{"dropout_rate[detoxification]": 0.0, **changes}), seed=seed, regime=drawn)
        off, since = np.zeros(made.people.size, bool), np.zeros(made.people.size, int)
        for _ in range(52):
            before = made.people["care"].copy()
            made.step()
            p = made.people
            here = p["present"] & (p["justice"] != Justice.CUSTODY) & (p["use"][:, Substance.HEROIN] == Use.DEPENDENT)
            left = (before == Care.DETOXIFICATION) & (p["care"] == Care.NONE)
            off, since = (off | left) & (p["care"] <= Care.WAITING), np.where(left, 0, since + 1)
            groups = (
                here & (p["care"] == Care.AGONIST) & (p["weeks_in_care"] > 4),
                here & off & (since >= 1) & (since <= 3),
                here & off & (since >= 8),
            )
            for k, group in enumerate(groups):
                sums[k] += p["expected_death"][group].sum()
                counts[k] += group.sum()
        made.close()
    assert (counts > 60).all(), counts
    return tuple(sums / counts)


@pytest.mark.slow
def test_whoever_uses_again_off_a_ward_is_in_more_danger_than_in_agonist_treatment_most_at_first():
    """Nobody put it in: tolerance went with the dose."""
    quiet = {"seek_rate[opiate-group]": 0.5, "return_after_detoxification": 0.0, "remission_after_detoxification": 0.0}
    treated, just_off, months_off = deaths_expected(**quiet)
    assert just_off > 3 * treated
    assert just_off > 1.3 * months_off
    treated, just_off, months_off = deaths_expected(**quiet, tolerance_effect=0.0)
    assert just_off == pytest.approx(months_off, rel=0.25), "without tolerance it does not fade"


@pytest.mark.slow
def test_more_beds_bring_more_off_opioids_and_more_deaths_are_expected():
    found = moved(MANY_BEDS, "detoxifications", "detoxified", "remissions", "in_agonist_treatment", "expected_deaths")
    assert min(found["detoxifications"], found["detoxified"], found["remissions"]) > SURE, found
    assert found["expected_deaths"] > SURE > -SURE > found["in_agonist_treatment"], "they leave what protects them"


@pytest.mark.slow
def test_beds_end_where_willing_people_do():
    def admitted(places: float) -> float:
        drawn = regime(detoxification={"places": places, "ramp_weeks": 0})
        return sum(
            totals(("detoxifications",), drawn, seed, 30, **arguments(abstinence_wish=0.1))[0] for seed in (1, 2, 3)
        )

    some, twice = admitted(0.0), admitted(3.0)
    assert some < twice < 2 * some, "four times the beds"


# ---------------------------------------------------------------- communities

COMMUNITY = (Care.RESIDENTIAL_COMMUNITY, Care.DAY_COMMUNITY)


@pytest.mark.slow
def test_whoever_leaves_a_ward_and_would_go_on_comes_first_in_the_queue_of_communities():
    """Many are willing in other treatment and few places fall free: by luck alone they would have most of them."""

    def lived(wish: float) -> tuple[int, int]:
        went_on, others = 0, 0
        drawn = regime(detoxification={"places": 4.0, "ramp_weeks": 0})
        more = {"residential_places_ratio": 0.06, "community_after_ward": wish}
        made = model(**arguments(**more), seed=1, regime=drawn)
        for _ in range(WEEKS):
            before = made.people["care"].copy()
            made.step()
            marks = made.people["care_marks"]
            off = (before == Care.DETOXIFICATION) & (marks & CareMark.DETOXIFIED > 0)
            joined = np.isin(made.people["care"], COMMUNITY) & (marks & CareMark.JOINED_COMMUNITY > 0)
            went_on, others = went_on + (off & joined).sum(), others + (joined & ~off).sum()
            about_to_leave = (made.people["care"] == Care.DETOXIFICATION) & (made.people["taper_weeks_left"] == 1)
            if wish == 1 and about_to_leave.any():
                assert not (joined & ~off).any(), "somebody off the ward was left without"
        made.close()
        return went_on, others

    went_on, others = lived(1.0)
    assert went_on > 4 and others > 0, (went_on, others, "places without anybody off a ward go to others")
    assert lived(0.0)[0] == 0


@pytest.mark.slow
def test_communities_fill_and_more_people_stop_using():
    found = moved(COMMUNITIES, "joined_community", "in_residential_community", "in_prison_community", "remissions")
    assert min(found.values()) > SURE, found
    by_day = {"therapeutic_community": {"residential": 0.0, "day": 8.0, "custody": 0.0}}
    found = moved(by_day, "in_day_community", "in_residential_community")
    assert found["in_day_community"] > SURE > abs(found["in_residential_community"]), found


@pytest.mark.slow
def test_a_community_without_effect_on_use_ends_no_dependence():
    kinds = ("psychosocial", "residential-community", "day-community", "prison-community", "agonist", "under-18")
    nil = {"remission_on_completion": 0.0, "remission_after_detoxification": 0.0}
    nil |= {f"remission_ratio_in_care[{care}]": 1.0 for care in kinds}
    found = moved(COMMUNITIES, "joined_community", "remissions", **nil)
    assert found["joined_community"] > SURE
    assert abs(found["remissions"]) < SURE


@pytest.mark.slow
def test_a_community_in_prison_ends_at_the_gate_and_is_no_entry_to_treatment():
    made = model(**arguments(), seed=2, regime=regime(therapeutic_community={"custody": 20.0, "ramp_weeks": 0}))
    seen = 0
    for _ in range(WEEKS):
        made.step()
        inside = made.people["present"] & (made.people["care"] == Care.PRISON_COMMUNITY)
        seen += inside.sum()
        assert (made.people["justice"][inside] == Justice.CUSTODY).all()
    made.close()
    assert seen > 20


# ---------------------------------------------------------------- places, waits, starts


@pytest.mark.slow
def test_more_referrals_without_more_places_lengthen_the_wait_of_all_who_wait():
    found = moved(
        {"agonist_treatment": {"outreach": 3.0}},
        "asked_for_treatment",
        "waiting",
        "gave_up_waiting",
        agonist_places_ratio=1.0,
    )
    assert min(found.values()) > SURE, found


@pytest.mark.slow
def test_same_day_starts_lose_fewer_people_while_they_wait():
    roomy = {"agonist_places_ratio": 3.0, "assessment_weeks": 2}
    found = moved(
        {"agonist_treatment": {"same_day": 1.0}}, "gave_up_waiting", "entries_opiate", "in_agonist_treatment", **roomy
    )
    assert found["gave_up_waiting"] < -SURE and found["in_agonist_treatment"] > SURE, found
    none = [
        totals(("gave_up_waiting",), drawn, 1, 15, **arguments(**roomy | {"assessment_weeks": 0}))
        for drawn in (regimes()["status-quo"], regime(agonist_treatment={"same_day": 1.0, "ramp_weeks": 0}))
    ]
    assert none[0] == none[1], "where nobody waits for an assessment it changes nothing"


@pytest.mark.slow
def test_young_services_are_filled_by_referrals_and_have_places_of_their_own():
    young = {"dependence_rate[cannabis]": 20, "escalation_rate[cannabis]": 20, "start_level[cannabis]": 4, "young_coverage": 0.3,
             "young_seek_ratio": 1}  # fmt: skip
    found = moved(
        {"under_18_services": {"places": 3.0, "outreach": 3.0}}, "in_young_service", "entries_under_18", **young
    )
    assert min(found.values()) > SURE, found
    made = model(**arguments(**young), seed=4)
    for _ in range(20):
        made.step()
    people = made.people[made.people["present"]]
    made.close()
    assert (people["care"] == Care.UNDER_18).sum() > 0
    assert (people["age"][people["care"] == Care.UNDER_18] < 19).all(), "they go on to the end of their course"


def test_places_for_under_18s_follow_from_how_many_are_expected_and_not_from_who_was_there_at_the_start():
    """So few are dependent that in a small place nobody under 18 is in treatment at the start: places are there all the same."""
    made = model(people=6000, seed=1)
    people = made.records
    child = people["present"] & (people["age"] < made.parameters["age_of_adult_court"]) & (people["dependent_on"] > 0)
    assert child.any() and not (people["care"] == Care.UNDER_18).any()
    places = [service.usual_places[Care.UNDER_18] for service in made.services]
    p = made.parameters
    assert min(places) > 0 and sum(places) == pytest.approx(
        child.sum() * p["young_coverage"] * p["psychosocial_places_ratio"]
    )
    made.close()


def test_a_part_of_a_place_is_one_for_part_of_the_time_where_stays_are_short():
    made = model(people=100)
    service = made.services[0]
    for care, weeks in (
        (Care.UNDER_18, 1),
        (Care.DETOXIFICATION, WEEKS_PER_YEAR),
        (Care.RESIDENTIAL_COMMUNITY, 10_000),
    ):
        service.usual_places[care] = 0.3
        found = []
        for week in range(0, 200 * weeks, max(weeks // 2, 1)):
            made.week = week
            found.append(service.places(care))
        again = np.array(found).reshape(-1, 2) if weeks > 1 else np.array(found)
        assert set(found) <= {0, 1}
        if care == Care.RESIDENTIAL_COMMUNITY:
            assert len(set(found)) == 1, "drawn once"
            continue
        assert weeks == 1 or (again[:, 0] == again[:, 1]).all(), "the same all year"
        assert 0.2 < np.mean(found) < 0.4
    made.close()
