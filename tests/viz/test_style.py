"""The look of everything that is drawn: words stand out, regimes are told apart with any colour vision."""

import itertools

import pytest

from policysim.scenarios.regime import regimes
from policysim.viz import style


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ink", [s.ink for s in (*style.SHIPPED.values(), *style.OTHERS)] + [style.QUIET, style.TEXT])
def test_words_stand_out_from_the_page(ink):
    assert 1.05 / (luminance(ink) + 0.05) >= 4.5


def test_regimes_are_told_apart_by_colour_and_without_colour():
    styles = style.regime_styles([*regimes(), "mine", "another"])
    for one, other in itertools.combinations(styles.values(), 2):
        assert one.colour != other.colour
        assert one.marker != other.marker


def test_years_are_calendar_years():
    assert style.years_axis(2025, 3) == [2025, 2026, 2027]
    assert style.years_axis(2025, 10) == [2025, 2027, 2029, 2031, 2033]
