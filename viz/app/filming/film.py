"""A film of the sampled people: who they are, once, and their states week by week under each regime."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policysim.viz.app.filming.sampled import lay_out, sample, states_of, ties_among


@dataclass(frozen=True, eq=False)
class Cast:
    """The sampled people: their rows, where they stand, and ties as pairs of places in the sample."""

    rows: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    ties: list[tuple[int, int, bool]]
    """The two people, and whether they use together when the regimes part."""


@dataclass(frozen=True, eq=False)
class Reel:
    """Weeks of the film under one regime."""

    regime: str
    first: int
    """Week of the run of the first frame; 0 is the week in which the regimes part."""
    frames: NDArray[np.int8]  # shape (weeks, people)


class Film:
    """Takes a frame of the same people every week under every regime."""

    def __init__(self, model: Any):
        rows = sample(model)
        ties = ties_among(model, rows)
        self.cast = Cast(rows, *lay_out(len(rows), ties), ties)
        self._taken: dict[str, list[NDArray[np.int8]]] = {}
        self._first: dict[str, int] = {}

    def take(self, model: Any) -> None:
        """A frame of a model as it stands."""
        self._taken.setdefault(model.regime.id, []).append(states_of(model.look()[self.cast.rows]))

    def reel(self, model: Any) -> Reel:
        """What has been taken of the model's regime since the last reel."""
        taken = self._taken.pop(model.regime.id)
        first = self._first.get(model.regime.id, 0)
        self._first[model.regime.id] = first + len(taken)
        return Reel(model.regime.id, first, np.array(taken))
