"""The contagion that all live, and the people and ties among whom it spreads. Needs NumPy alone.

Every week, all at once: whoever does not use is drawn in by each friend who used when the week began, with chance CATCH;
whoever used when it began stops with chance STOP; anybody dies with chance DIE. Newcomers enter when their week comes, and
their ties with them. People are numbered in the order in which they enter.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

CATCH = 0.012
STOP = 0.05
DIE = 0.0002
PLACE = "west-midlands"


@dataclass(frozen=True)
class World:
    """Who is there, who comes, who knows whom, and who uses at the start."""

    entered: np.ndarray  # shape (weeks,), how many people have entered by each week
    first: np.ndarray  # shape (ties,), of each tie the person who entered earlier
    second: np.ndarray  # shape (ties,), and the other
    using: np.ndarray  # numbers of those who use when it begins
    people: int  # simulated residents, as policysim counts them
    seed: int

    @property
    def weeks(self) -> int:
        """How long it lasts."""
        return self.entered.size

    @property
    def start(self) -> int:
        """People there when it begins."""
        return int(self.entered[0])

    @property
    def all(self) -> int:
        """Those and all who come later."""
        return int(self.entered[-1])

    def save(self, path: Path) -> None:
        """Keep it for other processes."""
        np.savez(path, **vars(self))

    @classmethod
    def load(cls, path: Path) -> "World":
        """What was kept."""
        with np.load(path) as kept:
            return cls(**{name: kept[name][()] for name in kept.files})


class Contagion(Protocol):
    """What each of the four is: built from a World, it lives all weeks."""

    def run(self) -> list[int]:
        """How many use after each week."""
