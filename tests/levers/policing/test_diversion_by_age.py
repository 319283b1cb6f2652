"""Diversion of adults and of under-18s: two levers, into education or to an assessment, with or without an admission.

What rises or falls is tested over eight pairs of runs at |t| > 3.5, which without an effect happens once in a hundred times.
"""

import numpy as np
import pytest
from paired import paired, standard_errors, totals
from small_worlds import BUSY, regime

MORE = {
    "detection_rate": 3,
    "arrests_capacity_per_1000": 100,
    "hearing_weeks": 2,
    "cases_per_1000": 300,
    "supply_share": 0.02,
    "youth_cases": 10_000,
    "panel_cases": 100_000,
}
PLACE = {"place": "authority:birmingham", "people": 4000, "years": 1, "beyond_ranges": True, "parameters": MORE}
OUTCOMES = (
    "diversions", "diversions_from_arrest", "youth_diversions", "education_sessions", "convictions", "arrests",
    "asked_for_treatment",
)  # fmt: skip
YOUNG = {**MORE, "searches_per_1000": 100, "search_ratio_age[15-19]": 30, "detection_rate": 4, "start_level[cannabis]": 0.4,
         "youth_arrest_ratio": 0.8, "youth_charge_ratio": 1}  # fmt: skip


@pytest.fixture(scope="module")
def adults() -> dict[str, np.ndarray]:
    return paired({"pre_arrest_diversion": {}}, OUTCOMES, **PLACE)


def test_adults_are_diverted_and_children_left_to_their_own_scheme(adults):
    assert standard_errors(adults["diversions"]) > 3.5 and not adults["youth_diversions"].any()
    assert standard_errors(adults["convictions"]) < -3.5 and standard_errors(adults["arrests"]) < -3.5
    assert (adults["diversions"] > adults["diversions_from_arrest"]).all(), "some are drawn into the net"


def test_an_assessment_brings_people_to_treatment_and_education_does_not():
    """Over ten pairs of the same people and luck: nine in which fewer ask come by chance once in a hundred times."""
    busy = {"place": "authority:birmingham", "people": 600, "parameters": BUSY, "beyond_ranges": True}
    taught, assessed = (
        np.array([
            totals(("education_sessions", "asked_for_treatment"), regime(
                pre_arrest_diversion={"education": share, "ramp_weeks": 0}), seed, 20, **busy) for seed in range(1, 11)
        ]) for share in (1.0, 0.0)
    )  # fmt: skip
    assert (taught[:, 0] > 0).all() and not assessed[:, 0].any()
    assert (taught[:, 1] < assessed[:, 1]).mean() > 0.8


def test_an_admission_asked_for_keeps_people_away(adults):
    asked = paired({"pre_arrest_diversion": {"admission_required": 1.0}}, OUTCOMES, seeds=range(1, 4), **PLACE)
    assert asked["diversions"].mean() < 0.8 * adults["diversions"][:3].mean(), "none is asked for"


def test_under_18s_are_diverted_and_fewer_are_sentenced_in_court():
    children = paired(
        {"youth_diversion": {"offered": 1.0}}, (*OUTCOMES, "children_sentenced"), weeks=65,
        **{**PLACE, "years": 2, "parameters": YOUNG},
    )  # fmt: skip
    assert (children["youth_diversions"] > 0).all()
    assert standard_errors(children["children_sentenced"]) < -3.5
    assert (children["youth_diversions"] >= children["diversions_from_arrest"]).all()
    assert children["diversions"].mean() == pytest.approx(children["youth_diversions"].mean(), rel=0.2), "no adults"
