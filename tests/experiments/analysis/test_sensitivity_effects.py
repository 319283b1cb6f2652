"""Effects of numbers: known answers of both designs, what is chance and what is not, what cannot be mistaken for another."""

import numpy as np
import pytest

from policysim.experiments.analysis.sensitivity import (
    HIGH,
    LOW,
    SPARE,
    STEP,
    elementary,
    factorial,
    main_effects,
    noise_of,
    signs,
    trajectory,
    worlds_of,
)


@pytest.mark.parametrize("numbers", [1, 3, 8, 434, 900])
def test_every_number_is_high_in_half_the_worlds_and_every_pair_in_a_quarter(numbers: int) -> None:
    high, spare = (part.astype(int) for part in signs(4, numbers))
    both = np.hstack([high, spare])
    assert high.shape == (worlds_of(numbers), numbers) and spare.shape[1] >= SPARE
    assert (both.sum(axis=0) == 0).all()
    assert (both.T @ both == len(both) * np.eye(both.shape[1], dtype=int)).all()
    assert set(np.unique(factorial(4, numbers))) == {LOW, HIGH} and pytest.approx(STEP) == HIGH - LOW


def test_numbers_are_told_apart_and_pairs_pass_for_no_number() -> None:
    shares = factorial(9, 20)
    answers = 100 + 6 * shares[:, 0] - 3 * shares[:, 1] + 40 * (shares[:, 2] - 0.5) * (shares[:, 3] - 0.5)
    found = main_effects(9, 20, answers)
    assert found.effect == pytest.approx([6, -3] + [0] * 18, abs=1e-9)
    assert found.beyond_chance.tolist() == [True, True] + [False] * 18


def test_which_number_has_which_column_is_drawn() -> None:
    assert (factorial(1, 50) != factorial(2, 50)).any() and (factorial(1, 50) == factorial(1, 50)).all()


def test_intervals_hold_the_effect_nineteen_times_in_twenty_and_few_of_those_found_are_chance() -> None:
    """50 made-up screenings of 100 numbers: the share of 5,000 intervals has a standard error of 0.005 around 0.95 (the
    intervals of a screening share their error, which is known from 28 columns: hence 0.02)."""
    rng = np.random.default_rng(6)
    held, true, false = [], 0, 0
    slopes = np.concatenate([np.full(10, 8.0), np.zeros(90)])
    for seed in range(50):
        shares = factorial(seed, 100)
        found = main_effects(seed, 100, shares @ slopes + rng.normal(0, 10, len(shares)))
        held.append((found.effect_low < slopes) & (slopes < found.effect_high))
        true += int(found.beyond_chance[:10].sum())
        false += int(found.beyond_chance[10:].sum())
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)
    assert true > 350 and false / (true + false) < 0.1


def test_a_trajectory_moves_one_number_at_a_time() -> None:
    points = np.vstack([trajectory(seed, 12) for seed in (3, 4)])
    moved = np.diff(points[:13], axis=0)
    assert ((moved != 0).sum(axis=1) == 1).all() and np.abs(moved).max(axis=1) == pytest.approx(STEP)
    found = elementary(points, points @ np.arange(12), seed=1)
    assert found.mu_star == pytest.approx(np.arange(12))


def test_chance_alone_stays_below_the_noise_nineteen_times_in_twenty() -> None:
    rng = np.random.default_rng(2)
    noise = noise_of(rng.normal(0, 3, 100_000), trajectories=8)
    found = (rng.normal(0, 3, (20_000, 8)) - rng.normal(0, 3, (20_000, 8))) / STEP
    assert (np.abs(found).mean(axis=1) < noise).mean() == pytest.approx(0.95, abs=0.015)
