"""What the laying of ties needs to know of a person: birth, use, and numbers by age band.

`people` is the model's roster: one row for each person who will be in the model at any week, in order of
entry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from policysim.vocabulary.groups import AGE_BANDS, RANK_OF_USE, band_of, uses_now
from policysim.vocabulary.states import Substance
from policysim.vocabulary.time import WEEKS_PER_YEAR

Luck = Callable[[str, NDArray[np.int64], int], NDArray[np.float64]]
"""`luck(name, rows, k)`: the k-th draw of the decision called `name` for each of these people, in [0, 1)."""


class Numbers(Protocol):
    """The model's numbers by id: a plain dict or the registry of `policysim.evidence.registry`."""

    def __getitem__(self, name: str, /) -> float: ...


def birth_years(people: NDArray[np.void]) -> NDArray[np.float64]:
    """When each person was born, in years after week 0 (before it: negative)."""
    born = people["enters"] / WEEKS_PER_YEAR
    born -= people["age"]
    return born


def residents(enters: NDArray[np.integer]) -> NDArray[np.int64]:
    """The rows of those who are there at week 0."""
    return np.flatnonzero(enters == 0)


def use_rank(people: NDArray[np.void]) -> NDArray[np.int8]:
    """How far into use of any drug but alcohol each person is, 0 (never) to 3 (dependent)."""
    furthest = np.zeros(len(people), np.int8)
    for substance in range(Substance.ALCOHOL):
        np.maximum(furthest, RANK_OF_USE[people["use"][:, substance]], out=furthest)
    return furthest


def uses_drugs(people: NDArray[np.void]) -> NDArray[np.bool_]:
    """Who uses any drug but alcohol now: experimenting, regularly or dependent."""
    return np.any(uses_now(people["use"][:, : Substance.ALCOHOL]), axis=1)


def by_age_band(parameters: Numbers, name: str, ages: NDArray[np.float64]) -> NDArray[np.float64]:
    """The parameter `name[band]` for the five-year band of each age; the last band holds for all older."""
    values = np.array([parameters[f"{name}[{band}]"] for band in AGE_BANDS])
    return values[band_of(ages)]
