"""Rows of people as settlement and institutions hold them: sorted, each once.

NumPy's own functions for sets ask more than once what they are given, which costs more than the few rows of a week.
"""

import numpy as np

NOBODY = np.empty(0, np.int64)


class Those:
    """The people of some rows, field by field: `those["age"]`. The records themselves would be copied, with every field.

    The rows are numbers or, where they are most, whether each is one of them.
    """

    def __init__(self, people: np.ndarray, rows: np.ndarray):
        self.people, self.rows = people, rows

    def __getitem__(self, field: str) -> np.ndarray:
        return self.people[field][self.rows]

    def numbers(self) -> np.ndarray:
        """The rows as numbers, whichever they are: compiled loops go by these."""
        return np.flatnonzero(self.rows) if self.rows.dtype == bool else self.rows


def joined(*parts: np.ndarray) -> np.ndarray:
    """The rows that are in any of these parts, whatever the order of each."""
    some = [part for part in parts if part.size]
    if not some:
        return NOBODY
    rows = np.concatenate(some)
    rows.sort()
    first = np.empty(rows.size, bool)
    first[0] = True
    np.not_equal(rows[1:], rows[:-1], out=first[1:])
    return rows[first]


def is_among(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Whether each of these rows is one of the others, whatever the order of either, shape (n,)."""
    if not (rows.size and others.size):
        return np.zeros(rows.size, bool)
    known = np.sort(others)
    place = known.searchsorted(rows)
    place[place == known.size] = 0
    return known[place] == rows


def counted(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each of these rows once, sorted, and how often it stands among them."""
    if not rows.size:
        return rows, NOBODY
    rows = np.sort(rows)
    ends = np.flatnonzero(rows[1:] != rows[:-1])
    ends = np.concatenate((ends, (rows.size - 1,)))
    return rows[ends], np.diff(ends, prepend=-1)


def without(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """These rows but for the others, which are among them."""
    if not others.size:
        return rows
    left = np.ones(rows.size, bool)
    left[rows.searchsorted(others)] = False
    return rows[left]
