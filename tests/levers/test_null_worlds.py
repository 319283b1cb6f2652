"""Two worlds in which regimes must not differ: levers that reach nobody, and levers in full without any effect.

Where a draw shifts, a number is shared between a process and a harm, or an effect has no null value, these fail.
"""

import numpy as np
import pytest
from branch_scenarios import EVERYTHING
from small_worlds import BUSY, after, bits, differing, disagreements, regime

from policysim.evidence.registry import registry
from policysim.scenarios.regime import Regime, regimes
from policysim.vocabulary.marks import (
    MARKS,
    FamilyMark,
    InfectionMark,
    LifeMark,
    OverdoseMark,
    SchoolMark,
    UseMark,
    WorkHomeMark,
)

pytestmark = pytest.mark.slow

WEEKS = 60

# What levers deliver to people and what follows from it in institutions: kits, lessons, care, referrals, justice, fear.
# Everything else about a person is health, use, offending, circumstances or death.
PROCESS_FIELDS = {
    "naloxone", "would_have_died", "peers_with_naloxone", "needles", "has_foil",
    "awaits_antivirals", "infection_marks",
    "lessons", "scare_lessons", "ethos", "told_facts", "heard_visitors", "peer_mentored", "mentor_weeks",
    "care", "weeks_waiting", "weeks_in_care", "weeks_in_episode", "weeks_since_care", "last_presentation",
    "agonist_episodes", "referred", "keyworker", "drink_calls", "outreach_trust", "trained_around", "drinking_marks",
    "outreach_marks", "depot_weeks", "group_weeks", "taper_weeks_left",
    "fear", "justice", "charge", "weeks_charged", "weeks_left", "weeks_since_release", "prison_agonist", "cautions",
    "convictions", "diversions", "weeks_since_diversion", "contract_weeks", "remanded",
    "deferred", "possessions", "managed_weeks", "trust", "taught_by_police", "scheme_marks", "case_weeks", "screened",
    "requirement", "requirement_weeks", "mind_treated", "review", "review_weeks", "home_before", "custody_suite_marks",
    "supervision_marks", "exploited", "once_exploited", "warned_weeks", "checked", "exploitation_marks", "knowledge_marks",
    "overdose_marks", "harm_reduction_marks", "police_marks", "justice_marks", "care_marks", "support_marks",
    "school_marks", "family_marks", "family_case", "family_supported", "identified",
    "tenancy", "home_before_tenancy", "job_support_weeks", "social_marks",
    "youth", "diverted_as", "youth_marks",
}  # fmt: skip

# Marks of health, use, circumstances and death; the others say what institutions did.
OUTCOME_MARKS = (
    *LifeMark, *UseMark, *WorkHomeMark, SchoolMark.EXCLUDED_FROM_SCHOOL, OverdoseMark.OVERDOSED, OverdoseMark.REVERSED_BY_FRIEND,
    OverdoseMark.REVERSED_IN_ROOM, OverdoseMark.REVERSED_IN_CUSTODY, OverdoseMark.REVERSED_BY_POLICE,
    OverdoseMark.REVERSED_BY_AMBULANCE, InfectionMark.CAUGHT_HEPATITIS_C, InfectionMark.CAUGHT_HIV,
    InfectionMark.CURED_OF_HEPATITIS_C, InfectionMark.DIED_OF_LIVER_DISEASE, FamilyMark.PROCEEDINGS_BEGAN,
    FamilyMark.CHILDREN_KEPT, FamilyMark.CHILDREN_REMOVED, FamilyMark.TAKEN_INTO_CARE, FamilyMark.LOST_A_PARENT,
)  # fmt: skip

ARGUMENTS = {"people": 600, "years": 2, "parameters": {k: v for k, v in BUSY.items() if registry()[k].null is None}}


def at_coverage_0(full: Regime) -> Regime:
    levers = {key: lever.model_copy(update={"coverage": 0.0}) for key, lever in full.levers.items()}
    return Regime(id=full.id, name=full.name, levers=levers)


@pytest.fixture(scope="module")
def status_quo():
    return after(WEEKS, regime="status-quo", **ARGUMENTS)


@pytest.mark.parametrize("full", [*list(regimes().values())[1:], EVERYTHING], ids=lambda full: full.id)
def test_a_regime_whose_levers_reach_nobody_is_the_status_quo_to_the_bit(full, status_quo):
    assert full.levers
    assert disagreements(status_quo, after(WEEKS, regime=at_coverage_0(full), **ARGUMENTS)) == []


def test_a_lever_that_has_not_begun_changes_nothing(status_quo):
    late = {key: {**lever.model_dump(), "start_week": WEEKS} for key, lever in EVERYTHING.levers.items()}
    assert disagreements(status_quo, after(WEEKS, regime=regime(**late), **ARGUMENTS)) == []


@pytest.fixture(scope="module")
def without_effects():
    """The status quo with every effect at its null value."""
    return after(WEEKS, regime="status-quo", null_effects=True, **ARGUMENTS)


@pytest.fixture(scope="module", params=[*list(regimes())[1:], "everything"])
def delivered(request):
    """A regime in full from the first week, with every effect at its null value."""
    full = EVERYTHING if request.param == "everything" else regimes()[request.param]
    levers = {key: lever.model_copy(update={"ramp_weeks": 0}) for key, lever in full.levers.items()}
    return after(WEEKS, regime=Regime(id="full", name="Full", levers=levers), null_effects=True, **ARGUMENTS)


def test_levers_without_effects_change_process_only(delivered, without_effects):
    different = set(differing(delivered.people, without_effects.people))
    assert different <= PROCESS_FIELDS
    assert any(name.endswith("_marks") for name in different), "the levers were delivered"


def test_levers_without_effects_leave_deaths_use_and_health_as_they_were(delivered, without_effects):
    flows = [
        np.stack([m.outcomes.flows[:WEEKS, :, m.outcomes.column_of[mark.name]] for mark in OUTCOME_MARKS])
        for m in (delivered, without_effects)
    ]
    moved = [
        mark.name for mark, one, other in zip(OUTCOME_MARKS, *flows, strict=True) if not np.array_equal(one, other)
    ]
    assert moved == []
    assert np.array_equal(bits(delivered.outcomes.sums), bits(without_effects.outcomes.sums))
    assert flows[0].sum() > 500, "something happened to be left as it was"


def test_with_their_effects_the_same_levers_do_change_deaths_and_use(status_quo):
    delivered = after(WEEKS, regime=EVERYTHING, **ARGUMENTS)
    different = set(differing(delivered.people, status_quo.people))
    assert {"present", "use", "tolerance", "risk", "resilience", "expected_offences", "occupation"} <= different


@pytest.mark.parametrize(
    "effect", ["street_use_in_care[agonist]", "naloxone_rescue", "room_rescue", "resilience_of_lessons", "risk_of_record",
               "offending_in_custody", "remission_on_completion", "lose_work_in_custody"],
)  # fmt: skip
def test_one_effect_given_back_is_seen(effect):
    """So that the test above cannot pass because nothing is looked at: each effect alone parts the regimes."""
    arguments = {**ARGUMENTS, "parameters": {**ARGUMENTS["parameters"], effect: registry()[effect].value}}
    quo, full = (after(WEEKS, regime=r, null_effects=True, **arguments) for r in ("status-quo", EVERYTHING))
    assert set(differing(quo.people, full.people)) - PROCESS_FIELDS


def test_every_field_and_mark_is_classified(status_quo):
    assert set(status_quo.people.dtype.names) >= PROCESS_FIELDS
    assert set(OUTCOME_MARKS) < set(MARKS)


def test_a_null_value_lies_within_reach_of_its_parameter():
    for parameter in registry().values():
        if parameter.null is not None:
            assert parameter.null in (0, 1), f"{parameter.id}: an effect vanishes at 0 (added) or 1 (multiplied)"
