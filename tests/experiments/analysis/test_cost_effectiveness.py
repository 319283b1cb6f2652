"""QALYs and their price: discounting by hand, ratios only where there is one, quadrants, who is worth most."""

import math

import made_up_results
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policysim.experiments.analysis.cost_effectiveness import (
    DEATHS,
    NEEDED,
    PAID,
    TREATED,
    Measure,
    Point,
    acceptability,
    annuity,
    fieller,
    findings,
    numbers_of,
    of_run,
    over_draws,
    points_of_draws,
    points_of_seeds,
    table,
)
from policysim.experiments.analysis.price_words import cost_lines, gain_lines, price_limits, said
from policysim.scenarios.regime import STATUS_QUO

NUMBERS = {
    "discount_rate": 0.035,
    "qaly_loss_untreated": 0.3,
    "qaly_loss_treated": 0.1,
    "qaly_of_saved": 0.6,
    "years_of_saved": 20.0,
}


def years(*rows: dict[str, float]) -> pd.DataFrame:
    """A run by year; what is not said is nothing."""
    return pd.DataFrame([dict.fromkeys(NEEDED, 0.0) | row for row in rows])


# ---------------------------------------------------------------- one run, by hand


def test_money_is_discounted_from_the_middle_of_its_year() -> None:
    run = years({PAID[0]: 100.0}, {PAID[1]: 100.0, PAID[0]: 50.0})
    assert of_run(run, NUMBERS)[0] == pytest.approx(100 / 1.035**0.5 + 150 / 1.035**1.5)
    assert of_run(run, NUMBERS | {"discount_rate": 0.0})[0] == 250


def test_a_year_of_dependence_loses_less_in_treatment_than_out_of_it() -> None:
    run = years({"dependent": 10.0, TREATED[0]: 4.0})
    lost = of_run(run, NUMBERS | {"discount_rate": 0.0})[1]
    assert lost[Measure.QALY] == pytest.approx(4 * 0.1 + 6 * 0.3) == lost[Measure.QALY_WITHIN]
    more = of_run(years({"dependent": 3.0, TREATED[0]: 4.0}), NUMBERS | {"discount_rate": 0.0})[1]
    assert more[Measure.QALY] == pytest.approx(3 * 0.1), "nobody is treated who is not dependent"


def test_a_death_loses_the_years_that_were_left_or_those_of_the_horizon() -> None:
    run = years({"expected_deaths": 2.0}, {"suicides": 1.0})
    lost = of_run(run, NUMBERS | {"discount_rate": 0.0})[1]
    assert lost[Measure.DEATH] == 2 and lost[Measure.QALY] == pytest.approx(3 * 20 * 0.6)
    assert lost[Measure.QALY_WITHIN] == pytest.approx((2 * 1.5 + 1 * 0.5) * 0.6)
    later = of_run(run, NUMBERS)[1][Measure.QALY]
    by_hand = 0.6 * annuity(20, 0.035) * (2 / 1.035**0.5 + 1 / 1.035**1.5)
    assert later == pytest.approx(by_hand) and annuity(20, 0.035) == pytest.approx(14.46, abs=0.01)


def test_at_their_null_values_dependence_loses_nothing() -> None:
    none = NUMBERS | {"qaly_loss_untreated": 0.0, "qaly_loss_treated": 0.0}
    assert of_run(years({"dependent": 10.0, TREATED[0]: 4.0}), none)[1][Measure.QALY] == 0


def test_what_levers_do_not_move_is_no_death_that_counts() -> None:
    assert set(DEATHS) == {"expected_deaths", "suicides", "other_deaths"}


# ---------------------------------------------------------------- ratios


def point(cost: float, gained: float) -> Point:
    return Point(cost, dict.fromkeys(Measure, gained))


def test_the_ratio_of_means_lies_in_its_interval_which_is_fiellers() -> None:
    rng = np.random.default_rng(4)
    costs, gains = rng.normal(1000, 200, 8), rng.normal(10, 2, 8)
    found = fieller(costs.tolist(), gains.tolist())
    assert found.value == pytest.approx(costs.mean() / gains.mean()) and found.low < found.value < found.high
    from scipy.stats import t

    for ratio in (found.low, found.high):  # where the t of cost less ratio times gain is just at its limit
        left = costs - ratio * gains
        assert abs(left.mean() / (left.std(ddof=1) / math.sqrt(8))) == pytest.approx(t.ppf(0.975, 7))


@given(
    st.lists(
        st.tuples(st.floats(-1e6, 1e6), st.floats(-50, 50).filter(lambda x: x == 0 or abs(x) > 1e-9)),
        min_size=2, max_size=8,
    )
)  # fmt: skip
def test_there_is_a_ratio_just_where_the_gain_is_not_about_nothing(runs: list[tuple[float, float]]) -> None:
    costs, gains = ([x for x, _ in runs], [y for _, y in runs])
    (found,) = [one for one in findings({"a": [point(*run) for run in runs]}, {}) if one.measure is Measure.QALY]
    assert math.isnan(fieller(costs, gains).value) == (not found.gained.is_clear)
    if found.gained.is_clear:
        assert found.ratio.low <= found.ratio.value + 1e-6 * abs(found.ratio.value)
        assert found.ratio.high >= found.ratio.value - 1e-6 * abs(found.ratio.value)


def test_over_draws_a_ratio_is_told_only_where_every_draw_gains() -> None:
    assert over_draws([10, 20, 30], [1, 1, 2]).value == 15
    assert (over_draws([10, 20, 30], [1, 1, 2]).low, over_draws([10, 20, 30], [1, 1, 2]).high) == (10, 20)
    assert math.isnan(over_draws([10, 20, 30], [1, -1, 2]).value)
    assert math.isnan(over_draws([], []).value)


def test_the_interval_of_ratios_covers_the_true_one_as_often_as_it_says() -> None:
    """95 in 100: of 2,000 made-up comparisons between 93.5 and 96.5, which chance leaves once in 500."""
    rng, inside = np.random.default_rng(7), 0
    for _ in range(2000):
        gains = rng.normal(10, 3, 6)
        costs = 500 + 100 * (gains - 10) + rng.normal(0, 200, 6)
        found = fieller(costs.tolist(), gains.tolist())
        inside += math.isnan(found.value) or found.low <= 50 <= found.high
    assert 0.935 < inside / 2000 < 0.965


# ---------------------------------------------------------------- words


QUADRANTS = {
    "costs and gains": ([(100, 10), (110, 11), (90, 9.5)], "£9.8 for each QALY"),
    "saves and gains": ([(-100, 10), (-110, 11), (-90, 9.5)], "gains and saves money: no QALY costs anything"),
    "may save and gains": ([(-100, 10), (150, 11), (90, 9.5)], "for each QALY; it may also save money"),
    "costs and loses": ([(100, -10), (110, -11), (90, -9.5)], "costs more and loses: the status quo is better on both counts"),
    "saves and loses": ([(-100, -10), (-110, -11), (-90, -9.5)], "saves £9.8 for each QALY lost"),
    "may save and loses": ([(-100, -10), (150, -11), (90, -9.5)], "whether money is saved is not sure"),
    "may gain": ([(100, 10), (110, -11), (90, 9.5)], "no price can be told: whether there is any QALY is not sure"),
    "one seed": ([(100, 10)], "no price can be told: seeds show no interval"),
}  # fmt: skip


@pytest.mark.parametrize("name", QUADRANTS)
def test_each_quarter_is_said_as_it_is(name: str) -> None:
    runs, words = QUADRANTS[name]
    found = {one.measure: one for one in findings({"a": [point(*run) for run in runs]}, {})}[Measure.QALY]
    assert words in said(found)
    assert bool(price_limits(found)) == ("£" in said(found)), "an interval just where there is a price"
    assert gain_lines(found)[0].startswith("QALYs gained: ") and cost_lines(found)[0].startswith("public money: ")


def test_what_nobody_knows_can_take_a_price_away() -> None:
    sure = [point(*run) for run in QUADRANTS["costs and gains"][0]]
    unsure = [point(100, 10), point(100, -1)]
    alone, both = (next(findings({"a": sure}, draws)) for draws in ({}, {"a": unsure}))
    assert alone.gain == 1 and both.gain == 0 and both.draws == 2
    assert "is not sure" in said(both)


# ---------------------------------------------------------------- runs, and who is worth most


def test_regimes_are_set_beside_the_status_quo_of_their_seed_and_of_their_draw() -> None:
    scenario = made_up_results.scenario(uncertainty=3)
    weekly = made_up_results.weekly(scenario)
    weekly = weekly[weekly["area"] == "all"]
    points = points_of_seeds(weekly, scenario)
    assert set(points) == {"enforcement-only", "diversion", "harm-reduction"} and len(points["diversion"]) == 3
    assert all(one.cost > 0 > one.gained[Measure.QALY] for one in points["enforcement-only"]), (
        "a tenth more of everything"
    )
    assert all(one.cost < 0 < one.gained[Measure.DEATH] for one in points["harm-reduction"])
    drawn = points_of_draws(made_up_results.by_draw(scenario), scenario)
    assert [len(found) for found in drawn.values()] == [3, 3, 3]
    assert points_of_draws(made_up_results.by_draw(scenario).iloc[:0], scenario) == {}
    rows = table(list(findings(points, drawn)))
    assert (
        list(rows["for_one"][:3]) == ["death averted", "QALY", "QALY within the horizon"] and (rows["draws"] == 3).all()
    )


def test_a_draw_has_its_own_quality_of_life_and_discount_rate() -> None:
    scenario = made_up_results.scenario(uncertainty=3)
    usual, one, other = (numbers_of(scenario, draw) for draw in (0, 1, 2))
    assert usual["discount_rate"] == 0.035
    assert all(one[name] != other[name] for name in usual)
    changed = made_up_results.scenario(parameters={"discount_rate": 0.015})
    assert numbers_of(changed)["discount_rate"] == 0.015


def test_who_is_worth_most_goes_by_what_a_qaly_is_worth() -> None:
    points = {"dear": [point(100, 10), point(100, 2)], "cheap": [point(10, 2), point(10, 2)]}
    shares = acceptability(points, [0, 6, 20, 1000])
    assert shares == {STATUS_QUO: [1.0, 0.0, 0.0, 0.0], "dear": [0.0, 0.0, 0.5, 0.5], "cheap": [0.0, 1.0, 0.5, 0.5]}
    tied = acceptability({"same": [point(0, 0)]}, [100])
    assert tied == {STATUS_QUO: [0.5], "same": [0.5]}
