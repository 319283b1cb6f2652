"""Ties as compact adjacency: who is tied to whom, held in three flat arrays whatever the number of people.

Row `i` of the population finds its neighbours in `indices[indptr[i]:indptr[i + 1]]`, in rising order, and
what each tie is in `kind` beside it. Ties go both ways and are stored in both rows. They are laid once, at
synthesis, and never change; the few ties that do change, among people who use together, live in
`policysim.network.using`.

Peer influence costs what changed: `spread_change` passes a change of one person on to the counts of their
neighbours, so a week's work follows the few who changed and not the number of ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from policysim.engine.jit import outer

Rows = NDArray[np.integer]
NOBODY = -1
"""Where the row of a person could stand and none does."""


class TieKind(IntEnum):
    """What ties two people. Where two kinds join the same pair the first named here is kept."""

    PARTNER = 0
    PARENT = 1  # parent and child, living together
    SIBLING = 2
    HOUSEMATE = 3
    FRIEND = 4
    SCHOOL = 5  # taught in the same class, without being friends


MOST_IN_SHORT = 2**31
"""So many ends of ties are too many to be counted in four bytes."""
HOUSEHOLD = (TieKind.PARTNER, TieKind.PARENT, TieKind.SIBLING, TieKind.HOUSEMATE)
"""The kinds of tie that join people who live together."""


class Edges(NamedTuple):
    """Ties as pairs of rows."""

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    kind: NDArray[np.int8]


class Lists(NamedTuple):
    """Ties of one kind as the rows of those tied to each person, one list behind the other."""

    length: NDArray[np.int8]
    others: NDArray[np.int32]
    kind: TieKind


def edges(first: Rows, second: Rows, kind: TieKind) -> Edges:
    """Ties of one kind."""
    return Edges(first.astype(np.int32), second.astype(np.int32), np.full(first.size, kind, np.int8))


@dataclass(frozen=True)
class Ties:
    """Undirected ties among people 0 .. n - 1; build them with `Ties.from_edges`."""

    indptr: NDArray[np.integer]
    indices: NDArray[np.int32]
    kind: NDArray[np.int8]

    @classmethod
    def from_edges(cls, people: int, first: ArrayLike, second: ArrayLike, kind: ArrayLike) -> Ties:
        """Ties from pairs of rows in any order; loops are dropped, of duplicates the first kind is kept."""
        one = np.ascontiguousarray(first, dtype=np.int32)
        other = np.ascontiguousarray(second, dtype=np.int32)
        kinds = np.ascontiguousarray(np.broadcast_to(np.asarray(kind, dtype=np.int8), one.shape))
        if one.shape != other.shape or one.ndim != 1:
            raise ValueError("the two ends of the ties must be flat arrays of the same length")
        if one.size and (min(one.min(), other.min()) < 0 or max(one.max(), other.max()) >= people):
            raise ValueError(f"a tie names someone outside 0 .. {people - 1}")
        return cls.laid(people, [Edges(one, other, kinds)])

    @classmethod
    def laid(cls, people: int, parts: Sequence[Edges | Lists]) -> Ties:
        """Ties from several sets of pairs, or lists of friends; loops and duplicates as `from_edges` has them."""
        ends = np.zeros(people + 1, np.int32)
        for part in parts:
            if isinstance(part, Lists):
                ends[1:] += part.length
            else:
                _count_ends(part.first, part.second, ends)
        number = int(ends.sum(dtype=np.int64))
        indptr: NDArray[np.integer] = np.cumsum(ends, dtype=np.int32 if number < MOST_IN_SHORT else np.int64)
        del ends
        filled = indptr[:-1].copy()
        indices, kind = np.empty(number, np.int32), np.empty(number, np.int8)
        for part in parts:
            if isinstance(part, Lists):
                _lay_lists(part.length, part.others, int(part.kind), filled, indices, kind)
            else:
                _lay_both_ways(part.first, part.second, part.kind, filled, indices, kind)
        del filled
        length = _sort_rows(indptr, indices, kind)
        for stored in (indices, kind):
            stored.resize(length, refcheck=False)  # in place: a copy would need the room twice
        return cls(indptr, indices, kind)

    @property
    def people(self) -> int:
        """How many people there are, tied or not."""
        return self.indptr.size - 1

    @property
    def edges(self) -> int:
        """How many ties there are, each counted once."""
        return self.indices.size // 2

    def degree(self, kinds: tuple[TieKind, ...] = tuple(TieKind)) -> NDArray[np.int32]:
        """Number of ties of each person, of the given kinds (all by default)."""
        if len(kinds) == len(TieKind):
            return np.diff(self.indptr).astype(np.int32)
        counted = np.concatenate(([0], np.cumsum(np.isin(self.kind, kinds))))
        return (counted[self.indptr[1:]] - counted[self.indptr[:-1]]).astype(np.int32)

    def of(self, row: int) -> NDArray[np.int32]:
        """The rows of those tied to this person, rising."""
        return self.indices[self.indptr[row] : self.indptr[row + 1]]

    def of_all(self, rows: Rows) -> NDArray[np.int32]:
        """The rows of those tied to any of these people, person by person."""
        begins = self.indptr[rows].astype(np.int64)
        lengths = self.indptr[rows + 1] - begins
        before = np.cumsum(lengths) - lengths
        return self.indices[np.arange(int(lengths.sum())) + np.repeat(begins - before, lengths)]

    def pairs(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]]:
        """Every tie once: the lower row, the higher row, the kind; sorted."""
        rows = np.repeat(np.arange(self.people, dtype=np.int32), np.diff(self.indptr))
        once = rows < self.indices
        return rows[once], self.indices[once], self.kind[once]

    def only(self, kinds: tuple[TieKind, ...]) -> Ties:
        """The ties of the given kinds, among the same people."""
        kept = np.isin(self.kind, kinds)
        indptr = np.concatenate(([0], np.cumsum(kept)))[self.indptr]
        return Ties(indptr.astype(np.int64), self.indices[kept], self.kind[kept])


def count_peers(flags: ArrayLike, ties: Ties) -> NDArray[np.int16]:
    """How many of each person's ties are to someone flagged, counted from scratch: to begin and to check."""
    flagged = np.ascontiguousarray(flags, dtype=np.bool_)
    return _count_flagged(flagged, ties.indptr, ties.indices)


@outer
def spread_change(rows, change, indptr, indices, counts):
    """Add `change[k]` to `counts` of everyone tied to `rows[k]`; `counts` may be a field of the people."""
    for k in range(rows.size):
        for position in range(indptr[rows[k]], indptr[rows[k] + 1]):
            counts[indices[position]] += change[k]


@outer
def _count_flagged(flagged, indptr, indices):
    counts = np.zeros(indptr.size - 1, np.int16)
    for row in range(counts.size):
        for position in range(indptr[row], indptr[row + 1]):
            if flagged[indices[position]]:
                counts[row] += 1
    return counts


@outer
def _count_ends(first, second, counts):
    """Add the ties of each person to the place after theirs."""
    for k in range(first.size):
        if first[k] != second[k]:
            counts[first[k] + 1] += 1
            counts[second[k] + 1] += 1


@outer
def _lay_both_ways(first, second, kind, place, indices, stored):
    """Lay each tie in the rows of both its ends, at the next place of each (a counting sort by row)."""
    for k in range(first.size):
        if first[k] != second[k]:
            one, other = place[first[k]], place[second[k]]
            indices[one], stored[one] = second[k], kind[k]
            indices[other], stored[other] = first[k], kind[k]
            place[first[k]] += 1
            place[second[k]] += 1


@outer
def _lay_lists(length, others, kind, place, indices, stored):
    """Lay lists in which every tie stands at both its ends, at the next place of each row."""
    begin = 0
    for row in range(length.size):
        for k in range(length[row]):
            indices[place[row] + k], stored[place[row] + k] = others[begin + k], kind
        begin += length[row]
        place[row] += length[row]


@outer
def _sort_rows(indptr, indices, kind):
    """Sort each row by neighbour, then kind; drop duplicates in place, rewriting `indptr`; the length."""
    length = 0
    start = indptr[0]
    for row in range(indptr.size - 1):
        end = indptr[row + 1]
        for i in range(start + 1, end):  # rows are short: insertion is fastest
            neighbour, what = indices[i], kind[i]
            j = i - 1
            while j >= start and (indices[j] > neighbour or (indices[j] == neighbour and kind[j] > what)):
                indices[j + 1], kind[j + 1] = indices[j], kind[j]
                j -= 1
            indices[j + 1], kind[j + 1] = neighbour, what
        first = length
        for i in range(start, end):
            if length == first or indices[length - 1] != indices[i]:
                indices[length], kind[length] = indices[i], kind[i]
                length += 1
        start = end
        indptr[row + 1] = length
    return length
