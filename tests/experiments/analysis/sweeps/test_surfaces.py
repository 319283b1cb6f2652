"""Surfaces against known ones: means over a grid, a quadratic through points, and nothing where nothing can be foretold."""

import itertools

import made_up_answers as made_up
import numpy as np
import pandas as pd
import pytest

from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.sweeps.frames import Gathered, answers
from policysim.experiments.analysis.sweeps.surfaces import Surface, least_squares, surface
from policysim.experiments.analysis.sweeps.words import on_surface

DEATHS = OUTCOMES["expected_deaths"]
A, B, C = PATHS = ["parameters.a", "parameters.b", "parameters.c"]
GRID = pd.DataFrame(list(itertools.product([0, 1, 2], [10, 20], ["x", "y"])), columns=PATHS)


def surfaced(swept: Gathered, **more: object) -> Surface:
    answer = next(answers(swept, DEATHS))
    return surface(answer, swept.points_in(answer.place), **more)


def bowl(points: pd.DataFrame) -> np.ndarray:
    return 50 + 10 * (points[A] - 0.3) ** 2 + 4 * points[A] * points[B] + 3 * points[C]


def test_a_grid_has_means_over_what_else_varies() -> None:
    swept = made_up.swept(GRID, {"kits": lambda p: 10 * p[A] + p[B] + (p[C] == "x")}, noise=0.01)
    found = surfaced(swept, across=(A, B), design="factorial")
    assert not found.fitted and found.is_good and found.rows["points"].eq(2).all() and found.rows["seeds"].eq(4).all()
    assert found.rows["mean"].to_numpy() == pytest.approx([10.5, 20.5, 20.5, 30.5, 30.5, 40.5], abs=0.05)
    assert ((found.rows["low"] < found.rows["mean"]) & (found.rows["mean"] < found.rows["high"])).all()


def test_the_two_that_move_most_are_taken() -> None:
    swept = made_up.swept(GRID, {"kits": lambda p: p[A] + 5 * p[B] + 100 * (p[C] == "x")}, noise=0.01)
    assert surfaced(swept, design="factorial").across == (C, B)


def test_a_quadratic_is_found_exactly_and_foretold() -> None:
    swept = made_up.swept(made_up.latin(PATHS, 60), {"kits": bowl}, 2)
    found = surfaced(swept, across=(A, B), design="latin-hypercube")
    at = found.rows.assign(**{C: swept.points[C].mean()})
    assert found.fitted and found.r2 == pytest.approx(1)
    assert found.rows["mean"].to_numpy() == pytest.approx(bowl(at).to_numpy())


@pytest.mark.slow
def test_intervals_of_a_surface_hold_it_as_often_as_they_say() -> None:
    held = []
    for seed in range(40):
        swept = made_up.swept(made_up.latin(PATHS, 40, seed), {"kits": bowl}, 2, noise=1.0, seed=seed)
        rows = surfaced(swept, across=(A, B), design="sample").rows
        true = bowl(rows.assign(**{C: swept.points[C].mean()}))
        held.append(((rows["low"] <= true) & (rows["high"] >= true)).mean())
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


@pytest.mark.slow
def test_intervals_hold_the_chance_of_a_seed_that_all_points_share() -> None:
    held = []
    for seed in range(60):
        swept = made_up.swept(made_up.latin(PATHS, 40, seed), {"kits": bowl}, 4, noise=0.3, seed=seed, shared=2.0)
        rows = surfaced(swept, across=(A, B), design="sample").rows
        true = bowl(rows.assign(**{C: swept.points[C].mean()}))
        held.append(((rows["low"] <= true) & (rows["high"] >= true)).mean())
    assert np.mean(held) == pytest.approx(0.95, abs=0.04)


def test_one_seed_tells_no_chance_that_points_share() -> None:
    swept = made_up.swept(made_up.latin(PATHS, 40), {"kits": bowl}, 1, noise=0.3)
    found = surfaced(swept, across=(A, B), design="sample")
    assert found.seeds == 1 and found.rows["low"].notna().all()
    assert "no chance that all points share" in on_surface(found, swept)


def test_chance_alone_makes_no_surface() -> None:
    swept = made_up.swept(made_up.latin(PATHS, 60), {"kits": lambda p: 0 * p[A] + 10}, 3, noise=1.0)
    found = surfaced(swept, across=(A,), design="sobol")
    assert not found.is_good and found.r2 < 0.1 and found.share_of_chance > 0.7


def test_left_out_answers_are_foretold_as_if_fitted_anew() -> None:
    luck = np.random.default_rng(2)
    terms, answers_ = np.column_stack([np.ones(12), luck.random(12)]), luck.random(12)
    away, middle = 0.0, 0.0
    for k in range(12):
        rest = np.arange(12) != k
        away += (answers_[k] - terms[k] @ np.linalg.lstsq(terms[rest], answers_[rest], rcond=None)[0]) ** 2
        middle += (answers_[k] - answers_[rest].mean()) ** 2
    assert least_squares(terms, answers_).r2 == pytest.approx(1 - away / middle)


def test_a_logarithmic_path_is_fitted_on_its_scale() -> None:
    points = made_up.latin([A], 30).assign(**{A: lambda p: 10 ** (3 * p[A])})
    found = surfaced(made_up.swept(points, {"kits": lambda p: np.log(p[A])}), design="sample", logs=frozenset([A]))
    assert found.across == (A,) and found.r2 == pytest.approx(1)


def test_what_cannot_be_is_told() -> None:
    few = made_up.swept(made_up.latin(PATHS, 8), {"kits": bowl})
    for across, says in (
        ((A, "parameters.d"), "varies no 'parameters.d'"), ((A, B, C), "one thing that varies, or over two"),
        ((A, B), "needs 18 points, and 8 are finished"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=says):
            surfaced(few, across=across, design="sample")
    words = made_up.swept(GRID, {"kits": lambda p: 10 * p[A]})
    with pytest.raises(UserError, match="goes over numbers"):
        surfaced(words, across=(A, C), design="sample")


def test_points_that_leave_a_path_out_are_left_out() -> None:
    """Of a list, which need not say every path at every point."""
    points = made_up.latin([A, B], 20).assign(**{C: [float("nan")] * 10 + list(np.linspace(0, 1, 10))})
    swept = made_up.swept(points, {"kits": lambda p: 3 * p[A]})
    assert surfaced(swept, design="list").across == (A, B)
    assert surfaced(swept, across=(C,), design="list").points == 10


def test_of_a_grid_only_points_that_have_their_like_everywhere_are_read() -> None:
    swept = made_up.swept(GRID, {"kits": lambda p: 10 * p[A] + p[B] + 50 * (p[C] == "x")}, noise=0.01)
    failed = (swept.points[A] == 2) & (swept.points[C] == "x")
    part = Gathered(swept.table[~swept.table["point"].isin(swept.points.index[failed])], swept.points)
    found = surfaced(part, across=(A, B), design="factorial")
    assert found.points == 6 and found.rows["mean"].to_numpy() == pytest.approx([10, 20, 20, 30, 30, 40], abs=0.05)


def test_a_list_whose_points_differ_in_other_things_too_has_no_surface() -> None:
    points = pd.DataFrame({A: [0.03, None, None], B: [10.0, 10.0, 60.0], C: ["usual", "usual", "other"]})
    swept = made_up.swept(points, {"kits": lambda p: p[B]}, noise=0.01)
    with pytest.raises(UserError, match="points that differ there differ in other things as well"):
        surfaced(swept, across=(C,), design="list")
    with pytest.raises(UserError, match="a surface over 1 thing needs 6 points, and 3 are finished"):
        surfaced(swept, across=(B,), design="list")
