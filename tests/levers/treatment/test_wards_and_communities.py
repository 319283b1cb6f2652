"""Wards, communities, young people's services, same-day starts: what they bring, what they cost, where places bind.

Over eight seeds |t| exceeds 3.5 once in a hundred times where nothing differs.
"""

import numpy as np
import pytest
from paired import paired, standard_errors, totals
from small_worlds import BUSY, model, regime

from policysim.vocabulary.states import Care, Justice, Substance, Use

SURE = 3.5
WEEKS = 40
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


def moved(levers: dict, *outcomes: str, **changes: float) -> dict[str, float]:
    """How each outcome moves, in its standard errors."""
    found = paired(levers, outcomes, weeks=WEEKS, **arguments(**changes))
    return {name: standard_errors(differences) for name, differences in found.items()}


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
    found = moved(MANY_BEDS, "detoxifications", "detoxified", "in_agonist_treatment", "expected_deaths")
    assert found["detoxifications"] > SURE and found["detoxified"] > SURE
    assert found["expected_deaths"] > 0, "they leave a treatment that protects them"


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
    none = paired({"agonist_treatment": {"same_day": 1.0}}, ("gave_up_waiting",), weeks=WEEKS, seeds=range(1, 3),
                  **arguments(**roomy | {"assessment_weeks": 0}))  # fmt: skip
    assert not none["gave_up_waiting"].any(), "where nobody waits for an assessment it changes nothing"


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
