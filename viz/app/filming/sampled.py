"""A small part of the simulated peer network: who is in it, where they stand in the drawing, and in which state."""

from collections import deque
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policysim.network import TieKind
from policysim.vocabulary.groups import opiate_or_crack
from policysim.vocabulary.states import Care, Justice, Life, Substance, Use

PEOPLE = 300
CLEARANCE = 0.034
"""Least distance of two people in the drawing, of its width: about the size of a mark."""
IN_USE = (Use.EXPERIMENTING, Use.REGULAR, Use.DEPENDENT)
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


OF_USE = np.array(
    [State.NEVER, State.USES, State.USES, State.DEPENDENT, State.STOPPED, State.STOPPED], np.int8
)  # fmt: skip
"""What is drawn by `Use`, from `NEVER` to `FORMER`; of several substances the last."""
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


def states_of(people: np.ndarray) -> NDArray[np.int8]:
    """The state of each of these people, as drawn."""
    states = OF_USE[people["use"][:, DRUGS]].max(axis=1)
    states[people["care"] > Care.WAITING] = State.TREATMENT
    states[people["justice"] == Justice.CUSTODY] = State.CUSTODY
    states[people["life"] == Life.LEFT] = State.AGED_OUT
    states[people["life"] == Life.DEAD] = State.DIED
    return states


def sample(model: Any, size: int = PEOPLE) -> NDArray[np.int64]:
    """Rows of people reached tie by tie from someone who is dependent on heroin or crack and uses with most others.

    By turns the next is someone who is dependent or uses, where anyone reached so far does, and someone who does not:
    there is something to see, all of it hangs together, and it is no cross-section of the place.
    """
    people = model.look()
    drugs = people["use"][:, DRUGS]
    opioids = opiate_or_crack(people)
    interest = np.where(opioids, 0, np.where(np.isin(drugs, IN_USE).any(axis=1), 1, 2))
    starts = deque(np.lexsort((np.arange(len(people)), -model.peers.using.degree(), interest)).tolist())
    chosen: dict[int, None] = {}
    seen: set[int] = set()
    reached: tuple[deque[int], ...] = (
        deque(),
        deque(),
        deque(),
    )  # by interest, in the order in which they were reached
    while len(chosen) < size and (starts or any(reached)):
        row = _next(reached, len(chosen)) if any(reached) else starts.popleft()
        if row in chosen or not people["present"][row]:
            continue
        chosen[row] = None
        for other in _tied_to(model, row):
            if other not in seen and people["present"][other]:
                seen.add(other)
                reached[interest[other]].append(other)
    return np.array(list(chosen), np.int64)


def _next(reached: tuple[deque[int], ...], turn: int) -> int:
    """By turns whoever is of most interest and whoever is of least, the first reached before the others."""
    order = reached if turn % 2 else reached[::-1]
    return next(queue for queue in order if queue).popleft()


def _tied_to(model: Any, row: int) -> list[int]:
    """Those with whom the person uses, the household, and the friends."""
    ties = model.peers.ties
    kinds = ties.kind[ties.indptr[row] : ties.indptr[row + 1]]
    return [*model.peers.using.of(row).tolist(), *ties.of(row)[kinds != TieKind.SCHOOL].tolist()]


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
    import networkx as nx  # here, so that whoever films nobody does not load it

    graph = nx.Graph()
    graph.add_nodes_from(range(people))
    graph.add_edges_from((one, other) for one, other, _ in ties)
    spots = nx.spring_layout(graph, seed=1, iterations=150, k=1.6 / np.sqrt(max(people, 1)))
    spread = np.array([spots[k] for k in range(people)]).reshape(-1, 2)
    # Most of the way to their ranks: the far-flung come closer and crowds open up.
    ranks = np.argsort(np.argsort(spread, axis=0), axis=0) / max(people - 1, 1)
    mixed = _apart((3 * ranks + _to_unit(spread)) / 4)
    return mixed[:, 0], mixed[:, 1]


def _to_unit(spots: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = spots.min(axis=0), spots.max(axis=0)
    return (spots - low) / np.where(high > low, high - low, 1)


def _apart(spots: NDArray[np.float64], rounds: int = 60) -> NDArray[np.float64]:
    """Push those that would cover one another apart, a little at a time, so that every mark can be told."""
    for _ in range(rounds):
        gaps = spots[:, None] - spots[None]
        distance = np.hypot(gaps[..., 0], gaps[..., 1])
        np.fill_diagonal(distance, CLEARANCE)
        push = np.maximum(CLEARANCE - distance, 0) / (2 * np.maximum(distance, 1e-9))
        spots = spots + (gaps * push[..., None]).sum(axis=1) / 2
    return _to_unit(spots)
