"""What lies on a card, by name: arrays of the host's kinds, and how rows of records cross over."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from policysim.engine.gpu.kernels import STRETCH
from policysim.engine.gpu.program import unit_of

ROWS_AT_ONCE = 1 << 20
"""Records that cross together: so many have room beside all others."""


class Tables:
    """Arrays on one card."""

    def __init__(self, card: Any):
        self.card = card
        self.at: dict[str, tuple[int, int, np.dtype]] = {}

    def hold(self, name: str, size: int, kind: Any) -> None:
        """Room for so many items of a kind, all 0; raises UserError where there is too little."""
        dtype = np.dtype(kind)
        place = self.card.allocate(size * dtype.itemsize)
        self.at[name] = (place, size, dtype)
        self.clear(name)

    def clear(self, name: str) -> None:
        """Everything in it is 0."""
        place, size, dtype = self.at[name]
        self.card.clear(place, size * dtype.itemsize)

    def send(self, name: str, values: np.ndarray) -> None:
        """Its first items are these; they lie side by side in memory."""
        self.card.write(self.at[name][0], values)

    def fetch(self, name: str, values: np.ndarray) -> np.ndarray:
        """Its first items, into an array that has as many."""
        self.card.read(self.at[name][0], values)
        return values

    def launch(self, kernel: str, threads: int, *arguments: int) -> None:
        """Run a kernel; where a thread of it meets a fault, its number stands in `faults`."""
        self.card.launch(kernel, threads, (self.at["faults"][0], *arguments))

    def whole(self, *names: str) -> Iterator[int]:
        """These arrays as a kernel takes them: address and length of each."""
        for name in names:
            yield from self.at[name][:2]

    def tables(self, *shapes: tuple[str, tuple[int, int]]) -> Iterator[int]:
        """These as tables: address, rows, columns."""
        for name, shape in shapes:
            yield self.at[name][0]
            yield from shape

    def find(self, mask: int, value: int, notes: str, rows: int, placed: str, before: int = 0) -> int:
        """Place the rows of whom this is noted, in their order, behind so many others; returns where they end."""
        stretches = -(-rows // STRETCH)
        through = (*self.whole(notes), rows, mask, value, *self.whole("begins"))
        self.launch("count", stretches, *through)
        ends = before + np.cumsum(self.fetch("begins", np.empty(stretches, np.int64)))
        end = int(ends[-1]) if stretches else before
        if end > before:
            self.send("begins", np.concatenate([[before], ends[:-1]]))
            self.launch("place", stretches, *through, *self.whole(placed))
        return end

    def gather(self, people: np.ndarray, rows: np.ndarray, placed: str) -> None:
        """Bring the records of these rows to the host, where they lie on the card as `placed`."""
        host, unit, width = _as_units(people)
        packed = np.empty((min(rows.size, ROWS_AT_ONCE), width), unit)
        for first, last in _stretches(rows.size):
            some = packed[: last - first]
            self._cross("gather", ("people", placed, "packed"), width, first, last)
            host[rows[first:last]] = self.fetch("packed", some)

    def scatter(self, people: np.ndarray, rows: np.ndarray, placed: str) -> None:
        """Send the host's records of these rows to the card; `placed` has room for as many rows."""
        host, _, width = _as_units(people)
        self.send(placed, rows.astype(np.int32, copy=False))
        for first, last in _stretches(rows.size):
            self.send("packed", host[rows[first:last]])
            self._cross("scatter", ("packed", placed, "people"), width, first, last)

    def _cross(self, kernel: str, names: Sequence[str], width: int, first: int, last: int) -> None:
        """Copy numbers of records from the first of these arrays to the last, by the rows of the second."""
        source, rows, target = ((*self.at[name][:1], self._units(name)) for name in names)
        self.launch(kernel, (last - first) * width, *source, width, *rows, first, *target)

    def _units(self, name: str) -> int:
        _, size, dtype = self.at[name]
        return size if name != "people" else size * dtype.itemsize // unit_of(dtype)


def _as_units(people: np.ndarray) -> tuple[np.ndarray, Any, int]:
    """Records as rows of plain numbers, their kind, and how many one has."""
    unit = np.dtype(f"u{unit_of(people.dtype)}")
    width = people.dtype.itemsize // unit.itemsize
    return people.view(unit).reshape(people.size, width), unit, width


def _stretches(size: int) -> Iterator[tuple[int, int]]:
    for first in range(0, size, ROWS_AT_ONCE):
        yield first, min(first + ROWS_AT_ONCE, size)
