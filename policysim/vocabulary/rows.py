"""Rows of people as settlement and institutions hold them: sorted, each once.

NumPy's own functions for sets ask more than once what they are given, which costs more than the few rows of a week.
"""

from collections.abc import Callable, Iterator

import numpy as np

AT_A_TIME = 1 << 15
NOBODY = np.empty(0, np.int64)


class Those:
    """The people of some rows, field by field: `those["age"]`. The records themselves would be copied, with every field.

    The rows are numbers or, where they are most, whether each is one of them.
    """

    def __init__(self, people: np.ndarray, rows: np.ndarray):
        self.people, self.rows = people, rows

    def __getitem__(self, field: str) -> np.ndarray:
        return self.people[field][self.rows]

    def by_stretches(self) -> Iterator["Those"]:
        """The same a stretch after another, at least one: for what takes many bytes of each on the way."""
        for first in range(0, max(self.rows.size, 1), AT_A_TIME):
            some = slice(first, first + AT_A_TIME)
            yield Those(self.people[some] if self.rows.dtype == bool else self.people, self.rows[some])


def in_groups(people: int, group_of: Callable[[slice], np.ndarray], groups: int) -> list[np.ndarray]:
    """The rows of each group 0 .. groups - 1, rising; `group_of` says of a stretch of the rows of which group each is.

    Few people at a time, and four bytes for each: everybody at once would take several times that.
    """
    stretches = [slice(first, min(first + AT_A_TIME, people)) for first in range(0, people, AT_A_TIME)]
    counts = [np.bincount(group_of(rows), minlength=groups) for rows in stretches]
    ends = np.cumsum(np.sum(counts, axis=0, dtype=np.int64)) if counts else np.zeros(groups, np.int64)
    together = np.empty(int(ends[-1]), np.int32)
    place = np.concatenate(([0], ends[:-1]))
    for rows, number in zip(stretches, counts, strict=True):
        shift = place - (np.cumsum(number) - number)  # from the place within the stretch to that within all
        together[np.arange(number.sum()) + np.repeat(shift, number)] = rows.start + group_of(rows).argsort(
            kind="stable"
        )
        place += number
    return np.split(together, ends[:-1])


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


def without(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """These rows but for the others, which are among them."""
    if not others.size:
        return rows
    left = np.ones(rows.size, bool)
    left[rows.searchsorted(others)] = False
    return rows[left]
