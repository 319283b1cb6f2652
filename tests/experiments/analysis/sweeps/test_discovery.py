"""Scenario discovery finds a box that was put there, says how sure it is, and leaves chance alone."""

import sys

import made_up_answers as made_up
import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.sweeps.discovery import Limit, Worlds, discover, in_words, within
from policysim.experiments.analysis.sweeps.frames import Gathered, answers

DEATHS = OUTCOMES["expected_deaths"]
A, B, C = PATHS = ["parameters.a", "parameters.b", "parameters.c"]
ema = pytest.importorskip("ema_workbench")


def fails(points: pd.DataFrame) -> np.ndarray:
    """Worse than the status quo where a is large and b small."""
    return 100 + np.where((points[A] > 0.6) & (points[B] < 0.5), 5, -5)


def world(answer: made_up.Answer = fails, points: pd.DataFrame | None = None, **more: object) -> Gathered:
    points = made_up.latin(PATHS, 200) if points is None else points
    return made_up.swept(points, {made_up.QUO: lambda p: 100 + 0 * p[A], "kits": answer}, 2, **more)


def found_in(swept: Gathered, **more: object) -> Worlds:
    return discover(next(answers(swept, DEATHS)), swept.points, **more)


@pytest.mark.slow
def test_the_box_that_was_put_there_is_found() -> None:
    found = found_in(world())
    assert found.cases == "no-better" and found.base == pytest.approx(0.2, abs=0.03)
    limits = {one.path: one for one in found.limits}
    assert set(limits) == {A, B} and found.coverage > 0.9 and found.density > 0.9
    assert limits[A].low == pytest.approx(0.6, abs=0.03) and np.isinf(limits[A].high)
    assert limits[B].high == pytest.approx(0.5, abs=0.03) and np.isinf(limits[B].low)
    assert found.held_out[0] > 0.8 and found.held_out[1] > 0.8
    assert found.trajectory["taken"].sum() == 1 and found.trajectory["coverage"].iloc[0] == 1


def test_quasi_p_is_the_binomial_tail_and_numbers_are_those_of_the_limits() -> None:
    swept = world()
    found = found_in(swept)
    wanted, inside = (fails(swept.points) > 100), within(found.limits, swept.points)
    assert found.inside == inside.sum() and found.density == pytest.approx((inside & wanted).sum() / inside.sum())
    for k, one in enumerate(found.limits):
        rest = within(found.limits[:k] + found.limits[k + 1 :], swept.points)
        test = binomtest(int((inside & wanted).sum()), int(inside.sum()), wanted[rest].mean(), "greater")
        assert one.quasi_p == pytest.approx(test.pvalue) and one.quasi_p < 0.05


@pytest.mark.slow
def test_chance_alone_makes_boxes_that_do_not_hold_elsewhere() -> None:
    luck = np.random.default_rng(4)
    found = found_in(world(lambda p: 100 + np.where(luck.random(len(p)) < 0.3, 5, -5)))
    assert found.held_out[1] < found.base + 0.15, "what is found by chance is not found again"


def test_words_are_values_of_a_choice() -> None:
    points = made_up.latin(PATHS, 150).assign(
        **{C: lambda p: np.where(p[C] < 0.3, "few", np.where(p[C] < 0.6, "some", "many"))}
    )
    found = found_in(world(lambda p: 100 + np.where((p[C] == "few") & (p[A] > 0.4), 5, -5), points))
    limits = {one.path: one for one in found.limits}
    assert limits[C].values == ("few",) and found.density > 0.9 and found.coverage > 0.8


@pytest.mark.slow
def test_the_worst_fifth_is_taken_where_a_regime_never_fails() -> None:
    found = found_in(world(lambda p: 60 + 10 * p[A]))
    assert found.cases == "worst" and found.of_interest == 40
    assert found.limits[0].path == A and found.limits[0].low == pytest.approx(0.8, abs=0.03)
    assert found_in(world(), cases="better").base == pytest.approx(0.8, abs=0.03)


def test_too_few_worlds_and_unknown_cases_are_told() -> None:
    with pytest.raises(UserError, match="0 of 200 worlds"):
        found_in(world(lambda p: 60 + 10 * p[A]), cases="no-better")
    with pytest.raises(UserError, match="no cases 'best'; did you mean 'better'"):
        found_in(world(), cases="best")
    alone = made_up.swept(made_up.latin(PATHS, 50), {"kits": fails}, 2)
    with pytest.raises(UserError, match="need a status quo"):
        found_in(alone, cases="better")


def test_without_ema_workbench_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis", None)
    with pytest.raises(UserError, match=r"pip install 'policysim\[discovery\]'"):
        found_in(world())


def test_limits_in_words() -> None:
    assert in_words(Limit("a", low=0.02), "kits") == "kits from 0.02"
    assert in_words(Limit("a", high=40), "kits") == "kits up to 40"
    assert in_words(Limit("a", values=("few", "many")), "kits") == "kits is few or many"
