"""A mark: something that a week can leave behind on a person, and who carries it.

The marks of one part of life are powers of two, added up in one field of the person; which there are stands in
policysim/vocabulary/marks.py.
"""

import re
from enum import IntEnum
from functools import cache
from typing import Self

import numpy as np

MOST_MARKS = 31
"""In one enumeration: they share an integer of 32 bits, one of which is its sign."""


class Mark(IntEnum):
    """What can happen to a person in a week in one part of life. Derive from it: `NAME = "in words"`.

    `statistic` marks one that only says how the week is counted: a life is told without it.
    """

    told: str
    statistic: bool
    held_in: str

    def __new__(cls, told: str, statistic: bool = False) -> Self:
        """The next power of two, with its words."""
        value = 1 << len(cls.__members__)
        mark = int.__new__(cls, value)
        mark._value_ = value
        mark.told, mark.statistic = told, statistic
        return mark

    # Two marks of different parts may be the same power of two, and are not the same mark.
    def __eq__(self, other: object) -> bool:
        return self is other if isinstance(other, Mark) else int(self) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._name_)


@cache
def field_of(marks: type[Mark]) -> str:
    """The field of a person that holds the marks of one part of life: `police_marks` for `PoliceMark`.

    An event of one's own (`engine.fields.Event`) says itself in which.
    """
    return (
        getattr(marks, "held_in", "")
        or re.sub(r"(?<!^)(?=[A-Z])", "_", marks.__name__.removesuffix("Mark")).lower() + "_marks"
    )


def marked(people: np.ndarray, *marks: Mark) -> np.ndarray:
    """Who of these people carries any of the marks this week, shape (n,)."""
    found = np.zeros(len(people), bool)
    for field, bits in bits_of(marks).items():
        found |= (people[field] & bits) != 0
    return found


def rows_marked(people: np.ndarray, rows: np.ndarray, *marks: Mark) -> np.ndarray:
    """Those of these rows that carry any of the marks this week."""
    (field, bits), *others = bits_of(marks).items()
    found = people[field][rows] & bits
    for field, bits in others:
        found = (found != 0) | ((people[field][rows] & bits) != 0)
    return rows[found.nonzero()[0]]


@cache
def bits_of(marks: tuple[Mark, ...]) -> dict[str, int]:
    """The sum of these marks by the field that holds them."""
    found: dict[str, int] = {}
    for mark in marks:
        field = field_of(type(mark))
        found[field] = found.get(field, 0) | int(mark)
    return found
