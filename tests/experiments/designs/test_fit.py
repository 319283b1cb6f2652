"""Fitting: every fitted number is tied to a target, and one that was moved away finds its way back."""

import pytest

from policysim.evidence.fits import Fit, fits
from policysim.evidence.registry import registry
from policysim.evidence.targets import targets
from policysim.experiments.designs.fit import fit
from policysim.scenarios.scenario import scenario_of
from policysim.scenarios.usual import CALIBRATION
from policysim.world.places import find_place
from policysim.world.status_quo import figure_of


def test_every_number_that_the_status_quo_is_fitted_with_names_a_target_that_has_a_figure():
    figures = {target.measure for target in targets("west-midlands", 2_900_000) if target.published is not None}
    for one in fits():
        assert one.parameter.quality == "fitted", one.parameter.id
        assert one.measure in figures, one.measure
    assert len({one.measure for one in fits()}) == len(fits()), "two numbers would fight over one target"


def test_a_move_is_as_far_as_the_target_asks_and_never_beyond_the_range():
    one = Fit(registry()["overdose_rate[heroin]"], "heroin_deaths", 1, 0.05, 0.31)
    assert one.moved(0.1, model=50, published=100) == pytest.approx(0.2)
    assert one.moved(0.1, model=100, published=100) == 0.1
    assert one.moved(0.1, model=1, published=100) == 0.31
    assert one.moved(0.1, model=0, published=100) == 0.1, "nothing was seen, nothing can be told"
    effect = Fit(registry()["tolerance_effect"], "release_ratio", 1, 1.5, 4.5)
    assert effect.moved(3, model=1, published=1.5) == pytest.approx(3 + 0.405465, abs=1e-6)


@pytest.mark.slow
def test_searches_twice_too_many_are_brought_back_in_one_round():
    published = figure_of(find_place("dorset").authorities[0], "searches_per_1000").value
    start = scenario_of(
        "dorset",
        {"replicates": 1, "burn_in_years": 0, "years": 1, "one_in": 100, "beyond_ranges": True,
         "parameters": {"searches_per_1000": 11.5}},
        usual=CALIBRATION,
    )  # fmt: skip
    rows = fit(start, rounds=1, threads=1, rows=(Fit(registry()["searches_per_1000"], "searches", 1, 1, 20),))
    assert rows[0]["before"] == 11.5
    assert rows[0]["after"] == pytest.approx(published, rel=0.1)
    assert rows[0]["low"] <= rows[0]["after"] <= rows[0]["high"] and rows[0]["low"] < rows[0]["high"]
