"""A film of the sampled people: who they are, once, and their states week by week under each regime."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policysim.viz.app.filming.circumstances import circumstances_of
from policysim.viz.app.filming.sampled import lay_out, sample, states_of, ties_among
from policysim.viz.app.filming.whereabouts import whereabouts


@dataclass(frozen=True, eq=False)
class Cast:
    """The sampled people: their rows, where they stand, and ties as pairs of places in the sample."""

    rows: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    ties: list[tuple[int, int, bool]]
    """The two people, and whether they use together when the regimes part."""
    age: NDArray[np.float64]
    """In years, when the regimes part."""
    sex: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Reel:
    """Weeks of the film under one regime."""

    regime: str
    first: int
    """Week of the run of the first frame; 0 is the week in which the regimes part."""
    frames: NDArray[np.int8]  # shape (weeks, people)
    places: NDArray[np.int8]  # shape (weeks, people)
    changes: NDArray[np.int32]
    """Circumstances where they are others than the week before: week, person, bits; shape (changes, 3)."""


class Film:
    """Takes a frame of the same people every week under every regime."""

    def __init__(self, model: Any):
        self.rows = sample(model)
        self.ties, people = ties_among(model, self.rows), model.look()[self.rows]
        self.kind = people.dtype
        self.age, self.sex = people["age"].astype(np.float64), people["sex"].astype(np.int8)
        self._taken: dict[str, list[bytes]] = {}
        """Those people as they were week by week since the last reel, by regime."""
        self._first: dict[str, int] = {}
        self._bits: dict[str, NDArray[np.int32]] = {}

    @cached_property
    def cast(self) -> Cast:
        """Who is filmed; to find where they stand takes longer than a year of theirs."""
        return Cast(self.rows, *lay_out(len(self.rows), self.ties), self.ties, self.age, self.sex)

    def take(self, model: Any) -> None:
        """A frame of a model as it stands."""
        model.state.rest.make_up(self.rows)  # of everybody `look` would, and they are thirty times as many
        self._taken.setdefault(model.regime.id, []).append(model.records.take(self.rows).tobytes())

    def reel(self, regime: str) -> Reel:
        """What has been taken under a regime since the last reel of it: looked at all together, for a week has few people."""
        taken = self._taken.pop(regime)  # as bytes: to join records field by field takes ten times as long
        people, shape = np.frombuffer(b"".join(taken), self.kind), (len(taken), len(self.rows))
        bits = circumstances_of(people).reshape(shape)
        before = self._bits.get(regime, np.zeros(len(self.rows), np.int32))
        weeks, changed = np.nonzero(bits != np.concatenate([before[None], bits[:-1]]))
        first = self._first.get(regime, 0)
        self._first[regime], self._bits[regime] = first + len(taken), bits[-1]
        changes = np.column_stack([first + weeks, changed, bits[weeks, changed]]).astype(np.int32)
        return Reel(regime, first, states_of(people).reshape(shape), whereabouts(people).reshape(shape), changes)
