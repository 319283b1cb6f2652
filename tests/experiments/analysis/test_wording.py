"""A level and a difference in words: one table of cases, read alike by command line, report and page."""

import math

import pytest

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.estimates import Estimate, estimate
from policysim.experiments.analysis.wording import (
    Difference,
    answer,
    count_or_said,
    level,
    level_or_few,
    listed,
    plural,
    years_of,
)
from policysim.scenarios.scenario import Scenario

NAN = math.nan


def difference(gap: float, low: float, high: float, name: str = "arrests", base: float = 200) -> Difference:
    return Difference(OUTCOMES[name], Estimate(gap, low, high), base)


def equal(gap: float, name: str = "arrests") -> Difference:
    """What four seeds alike differ by."""
    return Difference(OUTCOMES[name], estimate([gap] * 4), 200)


@pytest.mark.parametrize(
    ("found", "lines", "words"),
    [
        (difference(-20, -30, -10), ("−20", "−30 to −10", "−10%"), "20 fewer arrests for drug offences (10 to 30; −10%)"),
        (difference(20, 10, 30), ("+20", "+10 to +30", "+10%"), "20 more arrests for drug offences (10 to 30; +10%)"),
        (difference(3, -1, 7), ("+3.0", "−1.0 to +7.0", "within noise"),
         "no difference beyond noise in arrests for drug offences (−1.0 to +7.0)"),
        (difference(0, -1, 1), ("0", "−1.0 to +1.0", "within noise"),
         "no difference beyond noise in arrests for drug offences (−1.0 to +1.0)"),
        (difference(0, 0, 0), ("no difference",), "no difference in arrests for drug offences"),
        (difference(-20, NAN, NAN), ("−20", "−10%"), "20 fewer arrests for drug offences (one seed: no interval; −10%)"),
        (difference(0, NAN, NAN), ("no difference",), "no difference in arrests for drug offences"),
        (equal(-35), ("−35", "4 equal seeds: no interval", "−18%"),
         "35 fewer arrests for drug offences (4 equal seeds: no interval; −18%)"),
        (equal(0), ("no difference",), "no difference in arrests for drug offences"),
        (difference(5, 4, 6, base=0), ("+5.0", "+4.0 to +6.0"), "5.0 more arrests for drug offences (4.0 to 6.0)"),
        (difference(-3e6, -4e6, -2e6, "spending", 1e8), ("−£3.00m", "−£4.00m to −£2.00m", "−3.0%"),
         "£3.00m less spending by the four purses (£2.00m to £4.00m; −3.0%)"),
    ],
)  # fmt: skip
def test_a_difference_in_words(found: Difference, lines: tuple[str, ...], words: str) -> None:
    assert found.lines() == lines
    assert found.in_words() == words


def test_one_sentence_gathers_the_regimes_that_share_an_answer() -> None:
    found = {
        "A": difference(-20, -30, -10, "expected_deaths"), "B": difference(1, -1, 3, "expected_deaths"),
        "C": difference(-2, -5, 1, "expected_deaths"),
    }  # fmt: skip
    assert answer(found, 1) == (
        "Expected misuse deaths against the status quo, over 1 year (95% intervals over seeds): "
        "20 fewer (10 to 30) under “A”; no difference beyond noise under “B” and “C”."
    )


def test_the_sentence_says_where_there_is_no_interval() -> None:
    found = {"A": equal(-35, "deaths"), "B": difference(-20, NAN, NAN, "deaths"), "C": equal(0, "deaths")}
    assert answer(found, 5).endswith(
        ": 35 fewer (4 equal seeds: no interval) under “A”; 20 fewer (one seed: no interval) under “B”; "
        "no difference under “C”."
    )
    assert equal(-35).signed_with_limits == "−35 (4 equal seeds: no interval)"
    assert level(estimate([35.0] * 4), OUTCOMES["deaths"]) == ("35", "4 equal seeds: no interval")
    assert level(estimate([35.0]), OUTCOMES["deaths"]) == ("35",)


def test_a_horizon_of_one_year_is_that_year() -> None:
    assert years_of(Scenario(years=1, start_year=2025)) == "2025"
    assert years_of(Scenario(years=10, start_year=2025)) == "2025 to 2034"


def test_a_level_has_an_interval_that_cannot_reach_below_nothing() -> None:
    assert level(Estimate(12, -3, 27), OUTCOMES["arrests"]) == ("12", "0 to 27")
    assert level(Estimate(12, NAN, NAN), OUTCOMES["arrests"]) == ("12",)
    assert level(Estimate(2e6, 1e6, 3e6), OUTCOMES["spending"]) == ("£2.00m", "£1.00m to £3.00m")


def test_small_counts_are_not_told() -> None:
    assert level_or_few(3.2, OUTCOMES["arrests"]) == "under 5"
    assert level_or_few(12.0, OUTCOMES["arrests"]) == "12"
    assert level_or_few(3.2, OUTCOMES["spending"]) == "£3.2"
    assert count_or_said(Estimate(NAN, NAN, NAN), "<5") == ("under 5",)
    assert count_or_said(Estimate(NAN, NAN, NAN), "not told") == ("not told",)
    assert count_or_said(Estimate(12, 10, 14), "") == ("12", "10 to 14")


def test_small_words() -> None:
    assert (plural(1, "year"), plural(1200, "year")) == ("1 year", "1,200 years")
    assert (listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])) == ("A", "A and B", "A, B and C")
