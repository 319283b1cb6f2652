"""What the laying of ties needs to know of a person: birth, use, and numbers by age band.

`people` is the model's roster: one row for each person who will be in the model at any week, in order of
entry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Luck = Callable[[str, NDArray[np.int64], int], NDArray[np.float64]]
"""`luck(name, rows, k)`: the k-th draw of the decision called `name` for each of these people, in [0, 1)."""


class Numbers(Protocol):
    """The model's numbers by id: a plain dict or the registry of `policysim.evidence.registry`."""

    def __getitem__(self, name: str, /) -> float: ...


WEEKS_A_YEAR = 52  # as everywhere in the model
AGE_BANDS = tuple(f"{start}-{start + 4}" for start in range(10, 80, 5))
HEROIN, CRACK, ALCOHOL = 2, 3, 6  # places in the array of use by substance
DEPENDENT = 3
RANK_OF_USE = np.array([0, 1, 2, 3, 1, 1], dtype=np.int8)
"""Never, experimenting, regular, dependent, remission, former: how far into use."""


def birth_years(people: NDArray[np.void]) -> NDArray[np.float64]:
    """When each person was born, in years after week 0 (before it: negative)."""
    return people["enters"] / WEEKS_A_YEAR - people["age"]


def residents(people: NDArray[np.void]) -> NDArray[np.int64]:
    """The rows of those who are there at week 0."""
    return np.flatnonzero(people["enters"] == 0)


def use_rank(people: NDArray[np.void]) -> NDArray[np.int8]:
    """How far into use of any drug but alcohol each person is, 0 (never) to 3 (dependent)."""
    return RANK_OF_USE[people["use"][:, :ALCOHOL]].max(axis=1)


def uses_drugs(people: NDArray[np.void]) -> NDArray[np.bool_]:
    """Who uses any drug but alcohol now: experimenting, regularly or dependent."""
    use = people["use"][:, :ALCOHOL]
    return np.any((use > 0) & (use <= DEPENDENT), axis=1)


def dependent_on_heroin_or_crack(people: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whose ties of using together the model follows."""
    return np.any(people["use"][:, [HEROIN, CRACK]] == DEPENDENT, axis=1)


def by_age_band(parameters: Numbers, name: str, ages: NDArray[np.float64]) -> NDArray[np.float64]:
    """The parameter `name[band]` for the five-year band of each age; the last band holds for all older."""
    values = np.array([parameters[f"{name}[{band}]"] for band in AGE_BANDS])
    return values[np.clip((ages - 10) // 5, 0, len(AGE_BANDS) - 1).astype(np.int64)]
