"""The interval over what nobody knows, who ranks first, and what is said to hold."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.estimates import Estimate
from policysim.experiments.analysis.standing import Verdict, first_lines, over_unknowns, verdict
from policysim.experiments.analysis.unknowns import (
    ENOUGH_DRAWS,
    Spread,
    coverage,
    drawn_totals,
    interval,
    row_of,
    share_of_chance,
    shares_first,
    spread_in,
    spreads,
)
from policysim.experiments.analysis.wording import Difference

DEATHS, ENTRIES = OUTCOMES["expected_deaths"], OUTCOMES["treatment_entries"]


def difference(mean: float, low: float, high: float, outcome=DEATHS) -> Difference:
    return Difference(outcome, Estimate(mean, low, high, 6), 100.0)


def spread(low: float, high: float, below: float, first: float = 0.5) -> Spread:
    return Spread(50, 200, low, high, below, first, 6)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=38))
def test_few_draws_span_all_that_was_found(values: list[float]) -> None:
    assert interval(values) == (min(values), max(values))


def test_a_further_draw_lies_inside_as_often_as_is_said() -> None:
    rng = np.random.default_rng(1)
    for draws in (6, ENOUGH_DRAWS, 200):
        hits = 0
        for _ in range(4000):
            low, high = interval(rng.normal(size=draws).tolist())
            hits += low <= rng.normal() <= high
        assert hits / 4000 == pytest.approx(coverage(draws), abs=0.02)
    assert coverage(6) == pytest.approx(5 / 7) and coverage(ENOUGH_DRAWS) == pytest.approx(0.95)
    assert coverage(38) < 0.95 <= coverage(200)


def test_wider_ranges_make_a_wider_interval() -> None:
    base = pd.DataFrame({"status-quo": [10.0] * 5, "diversion": [9.0, 9.5, 10.0, 10.5, 11.0]})
    wide = base.assign(diversion=(base["diversion"] - 10) * 3 + 10)
    narrow_one, wide_one = (spreads(values, DEATHS)["diversion"] for values in (base, wide))
    assert wide_one.gap_high - wide_one.gap_low == pytest.approx(3 * (narrow_one.gap_high - narrow_one.gap_low))


def test_differences_are_paired_by_draw() -> None:
    values = pd.DataFrame({"status-quo": [100.0, 900.0], "diversion": [99.0, 898.0]})
    found = spreads(values, DEATHS)["diversion"]
    assert (found.gap_low, found.gap_high, found.below) == (-2, -1, 1) and (found.low, found.high) == (99, 898)


def test_first_is_the_least_of_what_is_worse_and_ties_are_shared() -> None:
    values = pd.DataFrame({"status-quo": [3.0, 2.0], "diversion": [3.0, 1.0], "harm-reduction": [4.0, 5.0]})
    assert shares_first(values, DEATHS) == {"status-quo": 0.25, "diversion": 0.75, "harm-reduction": 0.0}
    assert shares_first(values, OUTCOMES["in_remission"])["harm-reduction"] == 1
    assert shares_first(values, ENTRIES) == {}  # more entries are neither better nor worse


def test_events_are_added_up_and_people_averaged() -> None:
    table = pd.DataFrame({"draw": [1, 1], "regime": ["status-quo"] * 2, "year": [0, 1], "deaths": [3.0, 4.0],
                          "in_custody": [10.0, 20.0]})  # fmt: skip
    assert drawn_totals(table, OUTCOMES["deaths"]).loc[1, "status-quo"] == 7
    assert drawn_totals(table, OUTCOMES["in_custody"]).loc[1, "status-quo"] == 15


def test_a_row_of_the_summary_gives_the_spread_back() -> None:
    found = spread(-3, -1, 1.0)
    assert spread_in(pd.Series(row_of(found))) == found
    assert spread_in(pd.Series({"mean": 3.0})).draws == 0  # a summary of before


def test_no_more_of_the_spread_is_chance_than_the_seeds_show() -> None:
    half = 2.776445105  # of five seeds whose standard deviation is the root of five
    gap = Estimate(0, -half, half, 5)
    assert share_of_chance(gap, [-10, 10, -10, 10]) == pytest.approx(5 / (400 / 3), rel=1e-6)
    assert share_of_chance(gap, [0.1, -0.1]) == 1
    assert math.isnan(share_of_chance(Estimate(0, math.nan, math.nan, 1), [1, 2]))


@pytest.mark.parametrize(
    ("found", "over", "said"),
    [
        (difference(-20, -30, -10), spread(-40, -1, 1.0), Verdict.HOLDS),
        (difference(-20, -30, -10), spread(-40, 1, 0.8), Verdict.UNKNOWN),
        (difference(-20, -30, -10), spread(1, 40, 0.0), Verdict.UNKNOWN),  # clear, but the other way round
        (difference(-20, -30, -10), Spread(), Verdict.UNKNOWN),  # nothing was drawn
        (difference(-20, -50, 10), spread(-40, -1, 1.0), Verdict.CHANCE),
    ],
)
def test_a_difference_holds_only_where_neither_interval_can_turn_it_round(found, over, said) -> None:
    assert verdict(found, over) is said


def test_the_first_lines_say_what_holds_and_what_does_not() -> None:
    found = {
        DEATHS.id: {
            "A": (difference(-20, -30, -10), spread(-40, -1, 1.0, 5 / 6)),
            "B": (difference(9, 2, 16), spread(-3, 12, 1 / 6, 0.0)),
            "C": (difference(1, -5, 7), spread(-3, 12, 0.5, 0.0)),
        },
        ENTRIES.id: {"A": (difference(500, 400, 600, ENTRIES), spread(100, 900, 0.0, math.nan))},
    }
    lines = {line.head: line.text for line in first_lines(found, seeds=6, draws=6)}
    holds, turned, chance, first, trust = lines.values()
    assert holds == "fewer expected misuse deaths under “A”; more new treatment entries under “A”."
    assert turned == "more expected misuse deaths under “B” (so in 5 of 6 draws)."
    assert chance == "expected misuse deaths under “C”."
    assert first == "fewest expected misuse deaths: “A” in 5 and “Status quo” in 1 of 6 draws."
    assert "another would lie outside what they span with a chance of about 29%" in trust
    told = over_unknowns(found[DEATHS.id])
    assert "in 6 draws of the parameters: “A” fewer in all, “B” fewer in 1 and “C” fewer in 3." in told


def test_without_draws_nothing_is_said_to_hold_over_what_nobody_knows() -> None:
    found = {DEATHS.id: {"A": (difference(-20, -30, -10), Spread())}}
    lines = first_lines(found, seeds=6, draws=0)
    assert not any(line.head.startswith("Holds") for line in lines)
    assert "What nobody knows was not looked at" in lines[-1].text
    assert over_unknowns(found[DEATHS.id]) == ""
    assert first_lines(found, seeds=1, draws=0)[0].head == "Nothing can be said yet"
