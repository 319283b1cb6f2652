"""A small part of the simulated peer network, photographed through the run: the same people under every regime."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from policysim.agents.states import Care, Justice, Life, Substance, Use
from policysim.network import HOUSEHOLD, TieKind, Ties

PEOPLE = 250
FRIENDS_FOLLOWED = 3
"""Of each person's friends, so many are followed, so that the sample reaches further than one crowd."""
FRAME_WEEKS = 13
DRUGS = [substance for substance in Substance if substance != Substance.ALCOHOL]


class State(IntEnum):
    """What the drawing shows of a person; the first that holds, from the last downwards."""

    NEVER = 0
    STOPPED = 1
    USES = 2
    DEPENDENT = 3
    TREATMENT = 4
    CUSTODY = 5
    AGED_OUT = 6
    DIED = 7


STATE_WORDS = {
    State.NEVER: "has never used",
    State.STOPPED: "has stopped or is in remission",
    State.USES: "uses",
    State.DEPENDENT: "is dependent",
    State.TREATMENT: "is in treatment",
    State.CUSTODY: "is in custody",
    State.AGED_OUT: "is past the ages followed",
    State.DIED: "has died, of any cause",
}


@dataclass(frozen=True, eq=False)
class Picture:
    """The sampled people: positions, ties as pairs of places in the sample, and states by regime and frame."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    ties: list[tuple[int, int, bool]]  # the two people, and whether they use together
    frames: dict[str, NDArray[np.int8]]  # by regime, shape (frames, people)

    @property
    def weeks(self) -> list[int]:
        """The weeks of the run at which states were taken."""
        return [FRAME_WEEKS * k for k in range(len(next(iter(self.frames.values()))))]


def states_of(people: np.ndarray) -> NDArray[np.int8]:
    """The state of each of these people, as drawn."""
    use = people["use"][:, DRUGS]
    states = np.full(len(people), State.NEVER, np.int8)
    states[np.isin(use, (Use.REMISSION, Use.FORMER)).any(axis=1)] = State.STOPPED
    states[np.isin(use, (Use.EXPERIMENTING, Use.REGULAR)).any(axis=1)] = State.USES
    states[(use == Use.DEPENDENT).any(axis=1)] = State.DEPENDENT
    states[people["care"] > Care.WAITING] = State.TREATMENT
    states[people["justice"] == Justice.CUSTODY] = State.CUSTODY
    states[people["life"] == Life.LEFT] = State.AGED_OUT
    states[people["life"] == Life.DEAD] = State.DIED
    return states


def sample(model: Any, size: int = PEOPLE) -> NDArray[np.int64]:
    """Rows of people reached tie by tie from a few who are dependent on heroin or crack.

    First come people who use together, up to a quarter of the sample, then their households and a few friends of each,
    and so on outwards, so that there is something to see; it is therefore no cross-section of the place.
    """
    people = model.people
    opioids = people["use"][:, [Substance.HEROIN, Substance.CRACK]] == Use.DEPENDENT
    chosen: dict[int, None] = {}
    for start in np.flatnonzero(opioids.any(axis=1) & people["present"]).tolist():
        _grow(chosen, [start], model.peers.using.of, people["present"], size // 4)
    close = partial(_close_to, model.peers.ties)
    _grow(chosen, list(chosen), close, people["present"], size)
    for start in np.flatnonzero(people["present"]).tolist():
        _grow(chosen, [start], close, people["present"], size)
    return np.array(list(chosen), np.int64)


def _grow(
    chosen: dict[int, None], starts: list[int], ties: Callable[[int], Iterable[int]], present: np.ndarray, size: int
) -> None:
    """Add everyone reached from these people, nearest first, until the sample is full."""
    waiting = deque(starts)
    if len(chosen) < size:
        chosen.update(dict.fromkeys(starts))
    while waiting and len(chosen) < size:
        for other in ties(waiting.popleft()):
            if len(chosen) < size and int(other) not in chosen and present[other]:
                chosen[int(other)] = None
                waiting.append(int(other))


def _close_to(ties: Ties, row: int) -> Iterable[int]:
    """The person's household and a few friends."""
    kinds = ties.kind[ties.indptr[row] : ties.indptr[row + 1]]
    others = ties.of(row)
    return [*others[np.isin(kinds, HOUSEHOLD)], *others[kinds == TieKind.FRIEND][:FRIENDS_FOLLOWED]]


def ties_among(model: Any, rows: NDArray[np.int64]) -> list[tuple[int, int, bool]]:
    """Ties of household, friendship and common use among these people, each once."""
    place = {int(row): k for k, row in enumerate(rows)}
    found: dict[tuple[int, int], bool] = {}
    ties = model.peers.ties
    for row, k in place.items():
        kinds = ties.kind[ties.indptr[row] : ties.indptr[row + 1]]
        for other, kind in zip(ties.of(row).tolist(), kinds.tolist(), strict=True):
            if kind != TieKind.SCHOOL and place.get(other, -1) > k:
                found[k, place[other]] = False
        for other in model.peers.using.of(row).tolist():
            if place.get(other, -1) > k:
                found[k, place[other]] = True
    return [(one, other, using) for (one, other), using in found.items()]


def lay_out(people: int, ties: list[tuple[int, int, bool]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions between 0 and 1: tied people near one another, the same picture every time."""
    graph = nx.Graph()
    graph.add_nodes_from(range(people))
    graph.add_edges_from((one, other) for one, other, _ in ties)
    spots = nx.spring_layout(graph, seed=1, iterations=150, k=1.6 / np.sqrt(max(people, 1)))
    spread = np.array([spots[k] for k in range(people)]).reshape(-1, 2)
    # Ranks, halfway: far-flung people come closer and crowds open up, so that every point can be told apart.
    ranks = np.argsort(np.argsort(spread, axis=0), axis=0) / max(people - 1, 1)
    low, high = spread.min(axis=0), spread.max(axis=0)
    scaled = (spread - low) / np.where(high > low, high - low, 1)
    mixed = (ranks + scaled) / 2
    return mixed[:, 0], mixed[:, 1]


@dataclass(eq=False)
class Film:
    """Takes a frame of the sampled people every quarter of a year."""

    rows: NDArray[np.int64]
    ties: list[tuple[int, int, bool]]
    frames: dict[str, list[NDArray[np.int8]]] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Any) -> "Film":
        """Choose the people, in the state in which every regime begins."""
        rows = sample(model)
        return cls(rows, ties_among(model, rows))

    def open(self, regime: str) -> None:
        """Begin to film a regime."""
        self.frames[regime] = []

    def take(self, model: Any) -> None:
        """Keep a frame of the regime last opened, if it is time for one."""
        if model.week_of_run % FRAME_WEEKS == 0:
            next(reversed(self.frames.values())).append(states_of(model.people[self.rows]))

    def picture(self) -> Picture:
        """Lay the people out and hand over what was filmed."""
        x, y = lay_out(len(self.rows), self.ties)
        return Picture(x, y, self.ties, {regime: np.array(taken) for regime, taken in self.frames.items()})
