"""What numbers do to an answer, each over its whole range: from a trajectory or a factorial of worlds to effects.

Two designs, since neither tells everything. A *trajectory* (Morris, Technometrics 33, 1991, 161-174) moves one number
after another; the mean size of what that does, mu_star (Campolongo and others, Environmental Modelling & Software 22,
2007, 1509-1518), and its scatter, sigma, tell of curvature and interactions, but every effect hangs on two worlds, and
so do its errors. A *factorial* moves all numbers at once: each is high in one half of the worlds and low in the other,
every pair of numbers in all four ways equally often (the columns of a Hadamard matrix), and each world has its mirror
image, in which all that was high is low, so that no pair of numbers can pass for a third one (Box and Hunter,
Technometrics 3, 1961, 311-351). Every effect is then the difference of two means over all worlds: of a thousand worlds it
knows five hundred times as much as one step of a trajectory. Columns that move no number show what chance makes.
"""

import math
from typing import NamedTuple

import numpy as np
from SALib.analyze import morris as effects
from SALib.sample import morris as design
from scipy.linalg import hadamard
from scipy.stats import false_discovery_control
from scipy.stats import t as student

from policysim.errors import UserError

LEVELS = 4
STEP = LEVELS / (2 * (LEVELS - 1))
"""Share of a range by which a number is moved, in both designs."""
LOW, HIGH = (1 - STEP) / 2, (1 + STEP) / 2
SPARE = 8
"""Columns of a factorial, at the least, that move no number."""
FALSE = 0.05
"""Of the effects that are called beyond chance, the share that may be chance (Benjamini and Hochberg)."""
ROUNDING = 1e-9
"""Of the largest answer: what lies below it is rounding."""
MEAN_OF_SIZES, ONE_SIDED = math.sqrt(2 / math.pi), 1.645


# ---------------------------------------------------------------- one number after another


def trajectory(seed: int, numbers: int) -> np.ndarray:
    """One of Morris's trajectories through the unit cube; shape (numbers + 1, numbers)."""
    points = design.sample(_problem(numbers), 1, num_levels=LEVELS, seed=seed)
    if points.shape != (numbers + 1, numbers):
        raise UserError(f"a trajectory of {numbers} numbers has {numbers + 1} points, and SALib gave {len(points)}")
    return points


class Elementary(NamedTuple):
    """Of each number: mean size of its elementary effects, their scatter, half the width of the mean's 95% interval."""

    mu_star: np.ndarray
    sigma: np.ndarray
    mu_star_conf: np.ndarray


def elementary(shares: np.ndarray, answers: np.ndarray, seed: int) -> Elementary:
    """Elementary effects from the answers at the points of whole trajectories; all 0 where nothing moved anything."""
    numbers = shares.shape[1]
    if np.ptp(answers) == 0:
        return Elementary(np.zeros(numbers), np.zeros(numbers), np.zeros(numbers))
    found = effects.analyze(_problem(numbers), shares, answers, num_levels=LEVELS, seed=seed)
    return Elementary(*(np.asarray(found[name], float) for name in Elementary._fields))


def noise_of(answers: np.ndarray, trajectories: int) -> float:
    """The mu_star that chance alone stays below nineteen times in twenty, from answers at the usual numbers by seed.

    At worst a moved number gives everybody fresh luck: an elementary effect is then the difference of two such
    answers over the step, and mu_star the mean size of so many normal numbers.
    """
    scatter = math.sqrt(2) * float(np.std(answers, ddof=1)) / STEP
    return scatter * (MEAN_OF_SIZES + ONE_SIDED * math.sqrt((1 - MEAN_OF_SIZES**2) / trajectories))


def _problem(numbers: int) -> dict[str, object]:
    """The shares of all ranges, as SALib wants to be told of them."""
    return {"num_vars": numbers, "names": [str(k) for k in range(numbers)], "bounds": [[0.0, 1.0]] * numbers}


# ---------------------------------------------------------------- all numbers at once


# SALib has a factorial as well, but it stops at 512 numbers, has no columns to spare at just so many, and lays the answers
# beside a design that it makes anew.
def worlds_of(numbers: int) -> int:
    """Worlds of a factorial of so many numbers, mirror images included."""
    return 2 * 2 ** math.ceil(math.log2(numbers + SPARE))


def signs(seed: int, numbers: int) -> tuple[np.ndarray, np.ndarray]:
    """+1 where a number is high in a world, -1 where it is low, and the same of the columns that move none.

    Shapes (worlds, numbers) and (worlds, spare columns). Which number has which column is drawn.
    """
    half = hadamard(worlds_of(numbers) // 2, dtype=np.int8)
    order = np.random.default_rng(seed).permutation(half.shape[1])
    both = np.vstack([half, -half])[:, order]
    return both[:, :numbers], both[:, numbers:]


def factorial(seed: int, numbers: int) -> np.ndarray:
    """The worlds of a factorial, each a share of every range; shape (worlds, numbers)."""
    high, _ = signs(seed, numbers)
    return np.where(high > 0, HIGH, LOW)


class Main(NamedTuple):
    """Of each number: its effect over its whole range, the standard error, the 95% interval, whether it is beyond chance."""

    effect: np.ndarray
    error: np.ndarray
    effect_low: np.ndarray
    effect_high: np.ndarray
    beyond_chance: np.ndarray


def main_effects(seed: int, numbers: int, answers: np.ndarray) -> Main:
    """Main effects from the answers in the worlds of a factorial.

    Their error is the scatter of what the spare columns seem to do, which is chance and what three numbers and more do
    together. Of all that are called beyond chance one in twenty may be chance.
    """
    high, spare = signs(seed, numbers)
    scale = 2 / (len(answers) * STEP)
    effect, seeming = scale * (high.T @ answers), scale * (spare.T @ answers)
    error, rounding = math.sqrt(float(np.mean(seeming**2))), ROUNDING * float(np.max(np.abs(answers)))
    if error <= rounding:
        effect = np.where(np.abs(effect) > rounding, effect, 0.0)
        return Main(effect, np.zeros(numbers), effect, effect, effect != 0)
    either = student.ppf(0.975, spare.shape[1]) * error
    chance = 2 * student.sf(np.abs(effect) / error, spare.shape[1])
    return Main(
        effect, np.full(numbers, error), effect - either, effect + either, false_discovery_control(chance) < FALSE
    )
