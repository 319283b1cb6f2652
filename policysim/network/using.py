"""Ties among people dependent on heroin or crack: with whom they use, buy and carry naloxone.

These ties come and go (someone enters custody, dies, moves on, recovers, begins), so whoever may have some has
a few slots for them. A tie stands in the slots of both; a slot without a tie holds -1; the filled ones come
first, in the order in which the ties were made. Most people never have any and share one row of slots, which
stays empty. Every function is deterministic: what it does follows from its arguments alone, and people are
taken in the order in which they are given.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from policysim.engine.jit import inner, outer
from policysim.network.adjacency import NOBODY
from policysim.network.traits import Luck, Numbers

SLOTS = 4
"""Room for ties of one person: above the mean number measured, below what would make a hub of everyone."""
PROBES = 4
"""People met for each tie that is sought; the one nearest in age is chosen."""


class Nearby(NamedTuple):
    """People by neighbourhood: those of neighbourhood `p` are `rows[indptr[p]:indptr[p + 1]]`."""

    indptr: NDArray[np.int64]
    rows: NDArray[np.int64]


def by_neighbourhood(rows: ArrayLike, neighbourhood: NDArray[np.int32], neighbourhoods: int) -> Nearby:
    """Sort people by the neighbourhood they live in, keeping their order within it."""
    given = np.asarray(rows, dtype=np.int64)
    where = neighbourhood[given]
    counts = np.bincount(where, minlength=neighbourhoods)
    return Nearby(np.concatenate(([0], np.cumsum(counts))), given[np.argsort(where, kind="stable")])


class Slots(NamedTuple):
    """The slots of everyone, as compiled functions take them: those of person `i` are `held[place[i]]`."""

    place: NDArray[np.int32]
    held: NDArray[np.int32]


NO_PLACE = 0
"""The row of `held` that all share who have had no slots of their own so far: it stays empty."""


class UsingTies:
    """A few ties for each person, changed by events; slots are given to whoever may be tied for the first time."""

    def __init__(self, place: NDArray[np.int32], held: NDArray[np.int32]) -> None:
        self.compact = Slots(place, held)

    @classmethod
    def empty(cls, people: int) -> UsingTies:
        """No ties yet."""
        return cls(np.full(people, NO_PLACE, np.int32), np.full((1, SLOTS), NOBODY, np.int32))

    def copy(self) -> UsingTies:
        """An independent copy, for another regime."""
        return UsingTies(*(part.copy() for part in self.compact))

    @property
    def slots(self) -> NDArray[np.int32]:
        """What stands in everyone's slots, shape (people, SLOTS): to look at, not to write to."""
        return self.compact.held[self.compact.place]

    def degree(self, rows: NDArray[np.int64] | slice = slice(None)) -> NDArray[np.int32]:
        """Number of using ties of each of these people, or of everyone."""
        return (self.compact.held[self.compact.place[rows]] != NOBODY).sum(axis=1, dtype=np.int32)

    def of(self, row: int) -> NDArray[np.int32]:
        """The rows of those this person uses with, longest-standing first."""
        own = self.compact.held[self.compact.place[row]]
        return own[own != NOBODY]

    def of_all(self, rows: NDArray[np.int64]) -> NDArray[np.int32]:
        """The rows of those whom any of these people use with, person by person."""
        held = self.compact.held[self.compact.place[rows]].ravel()
        return held[held != NOBODY]

    def tie(self, one: int, other: int) -> bool:
        """Tie two people; False if they are one person, tied already or one has no room."""
        self._give_slots(np.array([one, other]))
        return bool(tie(self.compact, one, other))

    def untie(self, one: int, other: int) -> bool:
        """End the tie between two people; False if there was none."""
        return bool(untie(self.compact, one, other))

    def untie_all(self, rows: ArrayLike) -> int:
        """End every tie of these people (death, a long sentence, moving away); returns how many ended."""
        return int(untie_everyone(self.compact, np.atleast_1d(np.asarray(rows, dtype=np.int64))))

    def _give_slots(self, rows: NDArray[np.int64]) -> None:
        """Those of these people who have no slots of their own get some, empty yet."""
        place, held = self.compact
        without = rows[place[rows] == NO_PLACE]
        if without.size:
            new = np.unique(without)
            place[new] = len(held) + np.arange(new.size)
            self.compact = Slots(place, np.concatenate([held, np.full((new.size, SLOTS), NOBODY, np.int32)]))

    def form(
        self,
        newcomers: ArrayLike,
        current: Nearby,
        people: NDArray[np.void],
        neighbours: NDArray[np.int32],
        luck: Luck,
        parameters: Numbers,
    ) -> int:
        """Tie each newcomer, in the order given, to people now dependent who live near and are of like age.

        A newcomer seeks half the mean number of ties and is sought out by later ones for the other half.
        `current` holds those who may be tied to (`by_neighbourhood`; newcomers may be among them). Returns
        ties made.
        """
        rows = np.atleast_1d(np.asarray(newcomers, dtype=np.int64))
        if not rows.size or not current.rows.size:
            return 0
        self._give_slots(rows)
        self._give_slots(current.rows)
        sought = (parameters["using_ties"] / 2 + luck("using ties: how many", rows, 0)).astype(np.int64)
        draws = np.empty((rows.size, max(1, int(sought.max())) * PROBES))
        for k in range(draws.shape[1]):
            draws[:, k] = luck("using ties: who", rows, k)
        near = parameters["using_same_neighbourhood"]
        age, place = people["age"], people["neighbourhood"]
        return int(_form(self.compact, rows, sought, draws, near, age, place, neighbours, *current))


def count_using_peers(flags: ArrayLike, using: UsingTies) -> NDArray[np.int16]:
    """How many of each person's using ties are to someone flagged: counted from scratch."""
    flagged = np.append(np.asarray(flags, dtype=np.bool_), False)  # the last is read for empty slots
    return flagged[using.slots].sum(axis=1, dtype=np.int16)


@inner
def tied(slots, one, other):
    """Whether two people are tied."""
    for k in range(SLOTS):
        if slots.held[slots.place[one], k] == other:
            return True
    return False


@inner
def has_room(slots, row):
    """Whether somebody with slots of their own has one free (they fill from the first)."""
    return slots.place[row] != NO_PLACE and slots.held[slots.place[row], SLOTS - 1] == NOBODY


@inner
def _may_tie(slots, one, other):
    return one != other and has_room(slots, one) and has_room(slots, other) and not tied(slots, one, other)


@outer
def tie(slots, one, other):
    """Tie two people in both their slots; False, and nothing changed, if that cannot be."""
    if not _may_tie(slots, one, other):
        return False
    _put(slots, one, other)
    _put(slots, other, one)
    return True


@inner
def _put(slots, row, other):
    own = slots.held[slots.place[row]]
    for k in range(SLOTS):
        if own[k] == NOBODY:
            own[k] = other
            return


@inner
def _take_out(slots, row, other):
    """Remove one entry; those after it move up, so that the filled slots stay first and in order."""
    own, found = slots.held[slots.place[row]], False
    for k in range(SLOTS):
        found = found or own[k] == other
        if found:
            own[k] = own[k + 1] if k + 1 < SLOTS else NOBODY
    return found


@outer
def untie(slots, one, other):
    """End the tie between two people; False if there was none."""
    return one != other and _take_out(slots, one, other) and _take_out(slots, other, one)


@outer
def untie_all(slots, row):
    """End every tie of one person; returns how many ended."""
    own, ended = slots.held[slots.place[row]], 0
    for k in range(SLOTS):
        other = own[k]
        if other != NOBODY:
            _take_out(slots, other, row)
            own[k] = NOBODY
            ended += 1
    return ended


@outer
def untie_everyone(slots, rows):
    """End every tie of several people, in order; returns how many ended."""
    ended = 0
    for k in range(rows.size):
        ended += untie_all(slots, rows[k])
    return ended


@outer
def spread_using_change(rows, change, slots, counts):
    """Add `change[k]` to `counts` of everyone who uses with `rows[k]`."""
    for i in range(rows.size):
        for k in range(SLOTS):
            other = slots.held[slots.place[rows[i]], k]
            if other != NOBODY:
                counts[other] += change[i]


@outer
def _form(slots, newcomers, sought, draws, same_place, age, place, neighbours, indptr, rows):
    made = 0
    for i in range(newcomers.size):
        row = newcomers[i]
        for attempt in range(sought[i]):
            if not has_room(slots, row):
                break
            luck = draws[i, attempt * PROBES : (attempt + 1) * PROBES]
            other = _nearest_in_age(slots, row, luck, same_place, age, place[row], neighbours, indptr, rows)
            if other == NOBODY:
                other = _anyone_near(slots, row, luck[0], place[row], neighbours, indptr, rows)
            if other != NOBODY and tie(slots, row, other):
                made += 1
    return made


@inner
def _nearest_in_age(slots, row, luck, same_place, age, place, neighbours, indptr, rows):
    """Of a few people met in the own or a near neighbourhood, the one nearest in age who may be tied to."""
    best, best_gap = NOBODY, np.inf
    for k in range(luck.size):
        where = place
        if luck[k] < same_place:
            rest = luck[k] / same_place
        else:
            rest = (luck[k] - same_place) / (1 - same_place) * neighbours.shape[1]
            where = neighbours[place, int(rest)]
            rest -= int(rest)
        living = indptr[where + 1] - indptr[where]
        if living == 0:
            continue
        other = rows[indptr[where] + min(int(rest * living), living - 1)]
        gap = abs(age[other] - age[row])
        if gap < best_gap and _may_tie(slots, row, other):
            best, best_gap = other, gap
    return best


@inner
def _anyone_near(slots, row, luck, place, neighbours, indptr, rows):
    """The first who may be tied to, from a random start, in the own neighbourhood and then in near ones."""
    for k in range(-1, neighbours.shape[1]):
        where = place if k < 0 else neighbours[place, k]
        living = indptr[where + 1] - indptr[where]
        for step in range(living):
            other = rows[indptr[where] + (int(luck * living) + step) % living]
            if _may_tie(slots, row, other):
                return other
    return NOBODY
