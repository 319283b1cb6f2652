"""Traits: the draws by which a roster is made, each a pure function of the seed, the name of a trait and the row."""

import math
from collections.abc import Iterable

import numpy as np

from policysim.engine.luck import key_of, uniforms
from policysim.vocabulary.exact import total

UNIFORMS = 4  # added up they are bell-shaped enough, and a sum is exact on any processor
TO_UNIT_SPREAD = math.sqrt(12 / UNIFORMS)  # a uniform has a variance of a twelfth


class Traits:
    """Uniform draws for one roster by the name of a trait: keyed by row, so rows added later change nobody."""

    def __init__(self, seed: int, rows: np.ndarray | range):
        self.seed, self.rows = seed, rows

    def __call__(self, name: str, n: int = 0) -> np.ndarray:
        """Shape (rows,), in [0, 1)."""
        return uniforms(key_of(self.seed, f"trait {name}"), self.rows, n)

    def of(self, rows: slice) -> "Traits":
        """The traits of some of these rows."""
        some = self.rows[rows]
        return Traits(self.seed, np.arange(some.start, some.stop) if isinstance(some, range) else some)

    def spread(self, name: str) -> np.ndarray:
        """Shape (rows,): mean 0, standard deviation 1, bell-shaped; a sum of uniforms, exact on any processor."""
        total = np.sum([self(name, n) for n in range(UNIFORMS)], axis=0)
        return (total - UNIFORMS / 2) * TO_UNIT_SPREAD

    def weighted(self, name: str, weights: np.ndarray, expected: float) -> np.ndarray:
        """Which rows are chosen, with chances proportional to the weights and so many expected: systematic sampling.

        A chance that would be more than certain is 1, and what is over is shared among the others.
        """
        chance = _chances(weights, expected)
        start = float(uniforms(key_of(self.seed, f"sample {name}"), np.zeros(1, np.int64), 0)[0])
        steps = np.cumsum(chance, out=chance)
        steps += start
        np.floor(steps, out=steps)
        chosen = np.empty(steps.size, bool)
        chosen[:1] = steps[:1] > np.floor(start)
        np.greater(steps[1:], steps[:-1], out=chosen[1:])
        return chosen


def reached(draws: np.ndarray, steps: Iterable[np.ndarray]) -> np.ndarray:
    """How many of its own steps each draw has come to, shape (n,); a step of everybody after another, as many as there are."""
    found = np.zeros(draws.size, np.int8)
    for step in steps:
        found += draws >= step
    return found


def _chances(weights: np.ndarray, expected: float) -> np.ndarray:
    """Chances in proportion to the weights that add up to `expected`, none above 1."""
    certain = np.zeros(weights.size, bool)
    while True:
        free = np.where(certain, 0, weights) if certain.any() else weights
        left, sum_of_free = max(expected - certain.sum(), 0), total(free)
        if left <= 0 or sum_of_free <= 0:
            return certain.astype(float)
        chance = free * (left / sum_of_free)
        chance[certain] = 1
        over = (chance > 1) & ~certain
        if not over.any():
            return chance
        certain |= over
