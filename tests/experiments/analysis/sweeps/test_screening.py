"""Screenings against known answers: Ishigami's function with chance added, and lines whose slopes are known."""

from dataclasses import replace

import made_up_answers as made_up
import numpy as np
import pandas as pd
import pytest
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.sweeps.frames import Gathered, answers
from policysim.experiments.analysis.sweeps.screening import Screened, across, morris, problem, sobol

DEATHS = OUTCOMES["expected_deaths"]
PATHS = ["parameters.a", "parameters.b", "parameters.c"]
FIRST, TOTAL = np.array([0.3139, 0.4424, 0.0]), np.array([0.5576, 0.4424, 0.2437])
"""Ishigami's, with a = 7 and b = 0.1."""


def ishigami(points: pd.DataFrame) -> np.ndarray:
    x = (2 * points[PATHS].to_numpy() - 1) * np.pi
    return 20 + np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def saltelli(n: int, second_order: bool = False) -> pd.DataFrame:
    return pd.DataFrame(sobol_sample.sample(problem(PATHS), n, calc_second_order=second_order, seed=1), columns=PATHS)


def screened(swept: Gathered, how: object = sobol, **more: object) -> Screened:
    answer = next(answers(swept, DEATHS))
    return how(answer, swept.position(), **more)


@pytest.mark.parametrize("second_order", [False, True])
def test_sobol_finds_ishigamis_shares(second_order: bool) -> None:
    found = screened(made_up.swept(saltelli(512, second_order), {"kits": ishigami}, 2), second_order=second_order)
    rows = found.rows.set_index("path").loc[PATHS]
    assert found.blocks == 512 and found.share_of_chance == pytest.approx(0, abs=1e-9)
    for names, truth in ((("S1", "first"), FIRST), (("ST", "total"), TOTAL)):
        for name in names:
            assert rows[name].to_numpy() == pytest.approx(truth, abs=0.06)


def test_chance_is_taken_out_of_shares() -> None:
    """Chance as large as the answer's own scatter: SALib's total shares are of chance too, ours are not."""
    noise = 3.7 * np.sqrt(3)  # with three seeds half of the variance of the means
    found = screened(made_up.swept(saltelli(1024), {"kits": ishigami}, 3, noise=noise, shared=20.0))
    rows = found.rows.set_index("path").loc[PATHS]
    assert found.share_of_chance == pytest.approx(0.5, abs=0.05)
    assert (rows["ST"].to_numpy() > TOTAL / 2 + 0.4).all(), "half of each is chance"
    assert rows["total"].to_numpy() == pytest.approx(TOTAL, abs=0.15)
    assert rows["first"].to_numpy() == pytest.approx(FIRST, abs=0.2)
    for name, truth in (("total", TOTAL), ("first", FIRST)):
        assert ((rows[f"{name}_low"] <= truth) & (rows[f"{name}_high"] >= truth)).all()


def test_luck_that_near_points_share_is_no_effect_and_no_loss() -> None:
    """A point with one thing moved has the luck of the point beside it: taking chance off as if it were fresh would err."""
    swept = made_up.swept(saltelli(512), {"kits": ishigami}, 4)
    luck = np.random.default_rng(3)
    block = swept.table["point"] // 5
    by_seed = luck.normal(0, 4, size=(512, 4))
    swept.table["expected_deaths"] += by_seed[block, swept.table["replicate"]]
    rows = screened(swept).rows.set_index("path").loc[PATHS]
    assert rows["total"].to_numpy() == pytest.approx(TOTAL, abs=0.1)


def test_intervals_of_shares_hold_the_truth_about_as_often_as_they_say() -> None:
    held = []
    for seed in range(12):
        points = pd.DataFrame(
            sobol_sample.sample(problem(PATHS), 64, calc_second_order=False, seed=seed), columns=PATHS
        )
        rows = (
            screened(made_up.swept(points, {"kits": ishigami}, 3, noise=3.0, seed=seed))
            .rows.set_index("path")
            .loc[PATHS]
        )
        held += list((rows["total_low"] <= TOTAL) & (rows["total_high"] >= TOTAL))
        held += list((rows["first_low"] <= FIRST) & (rows["first_high"] >= FIRST))
    assert np.mean(held) >= 0.88, np.mean(held)


def test_one_seed_tells_no_chance_and_nothing_moved_has_no_shares() -> None:
    found = screened(made_up.swept(saltelli(64), {"kits": ishigami}, 1))
    assert found.rows["first"].isna().all() and np.isnan(found.share_of_chance) and found.rows["S1"].notna().all()
    with pytest.raises(UserError, match="nothing that varies moved"):
        screened(made_up.swept(saltelli(16), {"kits": lambda p: 0 * p[PATHS[0]] + 5}))


def test_only_whole_rows_of_the_design_count() -> None:
    swept = made_up.swept(saltelli(64), {"kits": ishigami}, 2)
    some = Gathered(swept.table[~swept.table["point"].isin([3, 318, 319])], swept.points)
    found = screened(some)
    assert found.blocks == 62 and found.left_out == 2
    with pytest.raises(UserError, match="needs 2 whole rows"):
        screened(Gathered(swept.table[swept.table["point"] < 6], swept.points))


# ---------------------------------------------------------------- Morris


def trajectories(n: int) -> pd.DataFrame:
    return pd.DataFrame(morris_sample.sample(problem(PATHS), n, num_levels=4, seed=1), columns=PATHS)


def slopes(points: pd.DataFrame) -> np.ndarray:
    return 10 + 6 * points[PATHS[0]] - 2 * points[PATHS[1]]


def test_morris_finds_slopes_exactly_without_chance() -> None:
    found = screened(made_up.swept(trajectories(6), {"kits": slopes}), morris)
    assert found.blocks == 6 and found.rows["path"].tolist() == PATHS
    assert found.rows["mu"].to_numpy() == pytest.approx([6, -2, 0])
    assert found.rows["mu_star"].to_numpy() == pytest.approx([6, 2, 0])
    assert found.rows["sigma"].to_numpy() == pytest.approx([0, 0, 0], abs=1e-9)
    assert found.rows["beyond_chance"].tolist() == [True, True, False]


@pytest.mark.slow
def test_morris_tells_chance_apart() -> None:
    """In screenings of a thing without effect, mu_star stays below the noise nineteen times in twenty."""
    beyond, screenings = 0, 40
    points = trajectories(4)
    for seed in range(screenings):
        found = screened(made_up.swept(points, {"kits": lambda p: slopes(p) / 6}, 6, noise=1.0, seed=seed), morris)
        rows = found.rows.set_index("path")
        beyond += int(rows.loc[PATHS[2], "beyond_chance"])
    assert beyond / screenings <= 0.05
    rows = screened(made_up.swept(points, {"kits": slopes}, 6, noise=1.0, shared=50.0), morris).rows.set_index("path")
    assert rows.loc[PATHS[0], "beyond_chance"] and rows.loc[PATHS[0], "low"] < 6 < rows.loc[PATHS[0], "high"]
    assert rows.loc[PATHS[2], "low"] < 0 < rows.loc[PATHS[2], "high"]


@pytest.mark.slow
def test_luck_that_all_trajectories_share_is_no_finding() -> None:
    """A thing that only changes everybody's luck, and the same luck at every point of a seed."""
    beyond, screenings, points = 0, 60, trajectories(6)
    luck = np.random.default_rng(8)
    swept = made_up.swept(points, {"kits": slopes}, 4)
    usual = swept.table["expected_deaths"].to_numpy()
    for _ in range(screenings):
        by_seed = luck.normal(size=4)[swept.table["replicate"]]
        swept.table["expected_deaths"] = usual + by_seed * swept.table[PATHS[2]]
        beyond += int(screened(swept, morris).rows.set_index("path").loc[PATHS[2], "beyond_chance"])
    assert beyond / screenings <= 0.1


def test_one_seed_has_no_noise_and_finds_nothing_beyond_it() -> None:
    found = screened(made_up.swept(trajectories(4), {"kits": slopes}, 1), morris)
    assert found.rows["noise"].isna().all() and not found.rows["beyond_chance"].any() and found.rows["low"].isna().all()


def test_a_choice_counts_from_one_value_to_another() -> None:
    points = trajectories(8).assign(**{PATHS[0]: lambda p: np.where(p[PATHS[0]] < 0.5, "few", "many")})
    swept = made_up.swept(points, {"kits": lambda p: 10 + 4.0 * (p[PATHS[0]] == "many") + p[PATHS[1]]})
    rows = screened(swept, morris, choices=frozenset([PATHS[0]])).rows.set_index("path")
    assert rows.loc[PATHS[0], "mu_star"] == pytest.approx(4) and rows.loc[PATHS[1], "mu_star"] == pytest.approx(1)


def test_a_range_of_few_whole_numbers_counts_from_end_to_end() -> None:
    rooms = trajectories(8).assign(**{PATHS[0]: lambda p: np.round(3 * p[PATHS[0]])})
    swept = made_up.swept(rooms, {"kits": lambda p: 10 + 4.0 * p[PATHS[0]] + p[PATHS[1]]})
    more = {"choices": frozenset([PATHS[0]]), "moves": {PATHS[0]: 2 / 3}}
    rows = screened(swept, morris, **more).rows.set_index("path")
    assert rows.loc[PATHS[0], "mu_star"] == pytest.approx(12) and rows.loc[PATHS[0], "mu"] == pytest.approx(12)
    assert rows.loc[PATHS[1], "mu_star"] == pytest.approx(1)


def test_what_is_no_trajectory_is_told() -> None:
    with pytest.raises(UserError, match="no trajectories"):
        screened(made_up.swept(made_up.latin(PATHS, 12), {"kits": slopes}), morris)


def test_across_is_the_mean_over_pairs_of_different_seeds() -> None:
    left, right = np.array([1.0, 2.0, 4.0]), np.array([3.0, 5.0, 7.0])
    pairs = [left[i] * right[j] for i in range(3) for j in range(3) if i != j]
    assert across(left, right) == pytest.approx(np.mean(pairs))


@pytest.mark.filterwarnings("error")
def test_points_that_differ_by_less_than_chance_have_no_shares_and_nobody_is_warned() -> None:
    """Two blocks of points at which three seeds lie far apart, and their means close together."""
    swept = made_up.swept(saltelli(2), {"kits": lambda at: 20 + at["parameters.a"].to_numpy() / 100}, 3)
    luck = np.array([-1.0, 0.0, 1.0])[(swept.table["replicate"] + swept.table["point"] + swept.table["point"] // 5) % 3]
    found = screened(replace(swept, table=swept.table.assign(expected_deaths=swept.table["expected_deaths"] + luck)))
    assert found.rows[["first_low", "total_high"]].isna().all(axis=None)
