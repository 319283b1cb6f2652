"""The one estimate: its intervals are those of Student, its sums are exact, its differences are paired by seed."""

import math

import numpy as np
import pandas as pd
import pytest

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.estimates import ALIKE, estimate, estimates, over, replicates_for


def test_intervals_have_their_known_values() -> None:
    found = estimate([1.0, 2.0, 3.0, 4.0])
    assert found.mean == 2.5
    assert found.high - found.mean == pytest.approx(3.182446305 * math.sqrt(5 / 3 / 4))  # t(3), 0.975, from tables
    assert not estimate([7.0]).has_interval
    assert not estimate([-1.0, 2.0]).is_clear and estimate([1.0, 1.1, 1.2]).is_clear
    assert not estimate([7.0]).is_clear and math.isnan(estimate([]).mean)


@pytest.mark.parametrize("value", [0.0, -35.0, 0.1, 1e9])
@pytest.mark.parametrize("seeds", [2, 4, 10])
def test_seeds_that_are_all_equal_have_no_interval(value: float, seeds: int) -> None:
    found = estimate([value] * seeds)
    assert found.mean == value and found.seeds == seeds
    assert not found.has_interval and not found.is_clear and math.isnan(found.high)
    rounded = estimate([value] * (seeds - 1) + [value * (1 + ALIKE / 2)])  # the same but for the rounding of sums
    assert not rounded.has_interval
    assert estimate([value] * (seeds - 1) + [value * (1 + 3 * ALIKE) + 1e-9]).has_interval


def test_replicates_are_planned_by_steins_rule() -> None:
    found = estimate([1.0, 2.0, 3.0, 4.0])  # half an interval of 2.0542, from tables
    assert found.half == pytest.approx(2.0542, abs=1e-4)
    assert replicates_for(found, 1.0) == math.floor(4 * 2.0542**2) + 1 == 17
    assert replicates_for(found, 0.5) == math.floor(16 * 2.0542**2) + 1 == 68
    assert replicates_for(found, 100.0) == 4, "those at hand are enough"
    for nothing in (estimate([7.0]), estimate([7.0] * 4), estimate([])):
        assert replicates_for(nothing, 1.0) == 0
    assert replicates_for(found, 0.0) == 0


@pytest.mark.parametrize("first", [3, 6])
def test_a_plan_keeps_what_it_promises(first: int) -> None:
    """A mean over as many as are planned lies within the wanted distance in 95 of 100 plans, or a little more."""
    luck, wanted, plans = np.random.default_rng(5), 0.8, 2000
    near = 0
    for _ in range(plans):
        values = luck.normal(size=first).tolist()
        more = replicates_for(estimate(values), wanted) - first
        near += abs(np.mean([*values, *luck.normal(size=more)])) <= wanted
    assert 0.945 <= near / plans <= 0.98


def test_intervals_do_not_depend_on_the_order_of_seeds() -> None:
    values = [0.1, 1e16, 3.3, -1e16, 0.7]
    assert estimate(values) == estimate(values[::-1])


def test_intervals_cover_what_they_should() -> None:
    luck = np.random.default_rng(3)
    samples = luck.normal(size=(2000, 6))
    covered = np.mean([not estimate(list(sample)).is_clear for sample in samples])
    assert covered == pytest.approx(0.95, abs=0.02)


def test_differences_are_paired_by_seed() -> None:
    values = pd.DataFrame({"status-quo": [10.0, 20.0, 30.0], "diversion": [9.0, 18.0, 30.0]})
    row = estimates(values).loc["diversion"]
    assert row["difference"] == pytest.approx(-1)
    assert row["difference_high"] - row["difference"] == pytest.approx(4.302653 * 1 / np.sqrt(3))
    assert np.isnan(estimates(values).at["status-quo", "difference"])
    assert np.isnan(estimates(values[:1]).at["diversion", "difference_low"])


def test_events_and_money_add_up_and_people_are_averaged() -> None:
    weeks = pd.DataFrame({"arrests": [0.1] * 10, "in_agonist_treatment": range(10), "in_heroin_assisted": 1.0,
                          "in_other_treatment": 2.0, "in_detoxification": 0.5, "in_residential_community": 0.25,
                          "in_day_community": 0.125, "in_young_service": 0.125, "cost_police": 5.0, "cost_council": 1.0,
                          "cost_nhs": 1.0, "cost_justice": 1.0})  # fmt: skip
    assert over(weeks, OUTCOMES["arrests"]) == 1.0
    assert over(weeks, OUTCOMES["in_agonist_treatment"]) == 4.5
    assert over(weeks, OUTCOMES["in_treatment"]) == 8.5
    assert over(weeks, OUTCOMES["spending"]) == 80
