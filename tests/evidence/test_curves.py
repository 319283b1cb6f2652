"""Curves: tables that a few parameters describe."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policysim.errors import UserError
from policysim.evidence.curves import CURVES, by_band, parameters_of
from policysim.evidence.registry import TABLE_AXES, Parameters, registry
from policysim.vocabulary.groups import AGE_BANDS
from policysim.vocabulary.states import Substance
from policysim.vocabulary.time import WEEKS_PER_YEAR

MIDDLES = np.arange(12.5, 80, 5)


def test_every_curve_is_a_table_of_its_axes_and_made_of_parameters_that_are_there():
    numbers, names = Parameters(), {parameter.name for parameter in registry().values()}
    for name, curve in CURVES.items():
        assert numbers.table(name).shape == tuple(len(TABLE_AXES[axis]) for axis in curve.axes)
        assert set(curve.parameters) <= names and name not in names
        assert parameters_of(name) == curve.parameters
    assert parameters_of("peer_pull") == ("peer_pull",)


@given(st.floats(0.001, 0.5), st.floats(14, 40), st.floats(0.3, 1))
def test_first_use_is_highest_at_its_peak_age_and_never_above_its_level(level, peak, width):
    changes = {"start_level[cannabis]": level, "start_peak_age[cannabis]": peak, "start_width[cannabis]": width}
    rates = Parameters(changes).table("start_rate")[Substance.CANNABIS] * WEEKS_PER_YEAR
    assert rates.min() >= 0 and rates.max() <= level
    assert abs(MIDDLES[rates.argmax()] - peak) <= 5
    assert (np.diff(rates[rates.argmax() :]) <= 0).all() and (np.diff(rates[: rates.argmax() + 1]) >= 0).all()


def test_a_rate_of_first_use_is_the_log_normal_of_its_three_parameters():
    numbers = Parameters({"start_level[heroin]": 0.52, "start_peak_age[heroin]": 20, "start_width[heroin]": 0.5})
    ages = (20.5, 21.5, 22.5, 23.5, 24.5)
    by_hand = sum(0.01 * math.exp(-((math.log((age - 10) / 10) / 0.5) ** 2) / 2) for age in ages) / 5
    assert numbers["start_rate[heroin,20-24]"] == pytest.approx(by_hand)


def test_a_changed_parameter_moves_its_curve_and_no_other():
    usual, changed = Parameters(), Parameters({"start_level[party]": 0.04})
    same = [row for row in range(len(Substance)) if row != Substance.PARTY]
    assert (changed.table("start_rate")[Substance.PARTY] > usual.table("start_rate")[Substance.PARTY]).all()
    assert np.array_equal(changed.table("start_rate")[same], usual.table("start_rate")[same])
    for name in CURVES.keys() - {"start_rate"}:
        assert np.array_equal(changed.table(name), usual.table(name))


def test_a_value_of_a_curve_cannot_be_changed_by_itself():
    with pytest.raises(UserError, match="no parameter 'start_rate"):
        Parameters({"start_rate[cannabis,15-19]": 0.1})


def test_shares_add_up_and_ratios_have_a_mean_of_one():
    numbers = Parameters()
    assert numbers.table("ocu_by_age").sum() == pytest.approx(1) and numbers.table("ocu_by_age")[0] == 0
    assert numbers.table("ocu_by_quintile").mean() == pytest.approx(1)
    assert numbers.table("start_sex").mean(axis=1) == pytest.approx(1)


def test_at_its_null_value_an_effect_has_no_curve():
    without = Parameters(null_effects=True)
    for name in ("growing_by_age", "ending_by_age", "ocu_by_quintile", "start_sex"):
        assert (without.table(name) == 1).all(), name


def test_use_settles_with_age_where_it_is_recreational_and_only_there():
    growing, ending = (Parameters().table(name) for name in ("growing_by_age", "ending_by_age"))
    assert growing * ending == pytest.approx(1, abs=0.01)  # each is a mean over a band
    for substance in Substance:
        if substance in (Substance.CANNABIS, Substance.PARTY):
            assert (np.diff(growing[substance]) < 0).all() and (np.diff(ending[substance]) > 0).all()
            assert growing[substance, 4] == pytest.approx(1, abs=0.1), "as given at about thirty"
        else:
            assert (growing[substance] == 1).all() and (ending[substance] == 1).all()


def test_households_by_age_stay_near_what_is_published():
    numbers = Parameters()
    couple, sharing = numbers.table("lives_in_couple"), numbers.table("shares_home")
    assert (np.diff(couple) >= 0).all() and (np.diff(sharing[2:]) <= 0).all()
    for band in AGE_BANDS[:5]:
        assert numbers[f"lives_in_couple[{band}]"] + numbers[f"lives_with_parents[{band}]"] <= 1.02, band


def test_a_band_is_the_mean_of_the_middles_of_its_years():
    assert by_band(lambda age: age) == pytest.approx(MIDDLES)
