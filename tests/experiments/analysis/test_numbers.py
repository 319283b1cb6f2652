"""How numbers are written: one table of cases for every format."""

import math

import pytest

from policysim.experiments.analysis.numbers import number, percent, signed, span, tick

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "plain", "money"),
    [
        (0, "0", "£0"), (1e-9, "0", "£0"), (0.04, "0.04", "£0.04"), (0.1408, "0.14", "£0.14"), (0.996, "1.0", "£1.0"),
        (3.25, "3.2", "£3.2"), (42.4, "42", "£42"),
        (999.6, "1,000", "£1,000"), (1234, "1,230", "£1,230"), (-56_789, "−56,800", "−£56,800"),
        (999_700, "1.00m", "£1.00m"), (9_996_000, "10.0m", "£10.0m"), (99.6, "100", "£100"), (65.46, "65", "£65"),
        (1_234_567, "1.23m", "£1.23m"), (2_345_678_901, "2.35bn", "£2.35bn"),
        (NAN, "not known", "not known"),
    ],
)  # fmt: skip
def test_numbers_are_written_with_three_figures(value: float, plain: str, money: str) -> None:
    assert (number(value), number(value, money=True)) == (plain, money)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (signed(12), "+12"), (signed(-12), "−12"), (signed(0), "0"), (signed(1e-9), "0"), (signed(-1e-9), "0"),
        (signed(1_500_000, money=True), "+£1.50m"), (signed(NAN), "not known"),
        (percent(0.041), "+4.1%"), (percent(-0.5), "−50%"), (percent(0.0001), "0%"), (percent(12.5), "+1,250%"),
        (percent(NAN), "not known"),
        (span(-3, 12, signs=True), "−3.0 to +12"), (span(31, 1234), "31 to 1,230"), (span(NAN, NAN), ""),
        (span(1e6, 2e6, money=True), "£1.00m to £2.00m"),
        (tick(4.0), "4"), (tick(0.25, signs=True), "+0.25"), (tick(-40_000_000, money=True, signs=True), "−£40m"),
    ],
)  # fmt: skip
def test_signs_shares_intervals_and_ticks(written: str, expected: str) -> None:
    assert written == expected
