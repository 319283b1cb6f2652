"""Who of many people is so and so: conditions on their fields, asked person by person.

A record is long and the people of a week lie far apart in memory. NumPy would go to everyone anew for each field and make an
array of each answer; here everybody is gone to once, and no further than to the first condition that does not hold.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import float64, int64, types
from numba.extending import intrinsic

from policysim.engine.jit import inner, outer
from policysim.vocabulary.mark import Mark, bits_of
from policysim.vocabulary.rows import Those

MOST_STATES = 63
"""States are the bits of a whole number, each as many places from its end as it counts."""
KINDS = tuple(np.dtype(kind) for kind in ("b1", "i1", "i2", "i4", "f4", "f8"))
"""What a field that is asked for may hold."""
STATES, MARKS, NO_MARKS, WITHIN, ABOVE = range(5)
"""Ways to ask: is a state one of some, are some marks borne or none of them, lies a number in a range or above another."""

FAILS, HOLDS, ASKED = 0, 1, 2
"""Of somebody while conditions are asked: one did not hold, all so far did, the one that is asked now has not held yet."""


@dataclass(frozen=True)
class Condition:
    """On one field of a person, or on one place of a field that holds several numbers."""

    field: str
    way: int
    bits: int = 0
    low: float = -np.inf
    high: float = np.inf
    at: int | None = None


def is_any(field: str, *states: int, at: int | None = None) -> Condition:
    """The field is one of these states (or of these whole numbers from 0 to 62)."""
    return Condition(field, STATES, sum(1 << int(state) for state in set(states)), at=at)


def is_none(field: str, *states: int, at: int | None = None) -> Condition:
    """The field is a state other than these."""
    return Condition(field, STATES, ~is_any(field, *states).bits & ((1 << MOST_STATES) - 1), at=at)


def within(field: str, low: float = -np.inf, high: float = np.inf, at: int | None = None) -> Condition:
    """The field is no less than the one number and no more than the other."""
    return Condition(field, WITHIN, low=float(low), high=float(high), at=at)


def above(field: str, number: float, at: int | None = None) -> Condition:
    """The field is more than a number."""
    return Condition(field, ABOVE, low=float(number), at=at)


def bears(*marks: Mark) -> tuple[Condition, ...]:
    """The person carries any of these marks this week."""
    return tuple(Condition(field, MARKS, bits) for field, bits in bits_of(marks).items())


def bears_none(*marks: Mark) -> tuple[Condition, ...]:
    """The person carries none of these marks this week: conditions that hold together."""
    return tuple(Condition(field, NO_MARKS, bits) for field, bits in bits_of(marks).items())


class Who:
    """People of whom all these conditions hold; where some stand together in a tuple, one of them is enough."""

    def __init__(self, *conditions: Condition | tuple[Condition, ...]):
        self.conditions = tuple(each if isinstance(each, tuple) else (each,) for each in conditions)
        self.written: dict[np.dtype, tuple[np.ndarray, np.ndarray]] = {}

    def among(self, people: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Whether they hold of each of these rows, shape (n,)."""
        found = np.empty(rows.size, np.int8)
        written = self.written.get(people.dtype)
        if written is None:
            written = self.written[people.dtype] = _written(people.dtype, self)
        _hold(found, people, rows, *written)
        return found.view(bool)

    def of(self, people: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Those of the rows of whom they hold."""
        return rows[self.among(people, rows)] if rows.size else rows

    def of_those(self, those: Those) -> Those:
        """Those of them of whom they hold."""
        return Those(those.people, self.of(those.people, those.numbers().astype(np.int64)))


def _written(layout: np.dtype, who: Who) -> tuple[np.ndarray, np.ndarray]:
    """Conditions as numbers: which begin a new one, where the field begins, of what kind it is, way and bits; ranges."""
    fields: Any = layout.fields
    whole, ranges = [], []
    for together in who.conditions:
        for k, each in enumerate(together):
            kind, start = fields[each.field][:2]
            start += (each.at or 0) * kind.base.itemsize
            whole.append((k == 0, start, KINDS.index(kind.base), each.way, each.bits))
            limits = np.array((each.low, each.high))
            ranges.append(limits.astype(np.float32) if kind.base == np.float32 else limits)  # as NumPy compares them
    return np.array(whole, np.int64).reshape(-1, 5), np.array(ranges, float).reshape(-1, 2)


@lru_cache(maxsize=64)
def where_they_stand(layout: np.dtype, names: tuple[str, ...]) -> np.ndarray:
    """Where fields of whole numbers begin in a record and of what kind each is, as `whole_number` takes them, shape (n, 2)."""
    fields: Any = layout.fields
    return np.array([(fields[name][1], KINDS.index(fields[name][0])) for name in names], np.int64)


def _reader(kind: Any, code: Any) -> Any:
    """A function that reads a number of one kind out of a record, so many bytes behind its beginning."""

    @intrinsic
    def read(typing_context, records, i, start):
        def generate(context, builder, signature, arguments):
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            first = builder.bitcast(array.data, ir.IntType(8).as_pointer())
            behind = builder.mul(arguments[1], ir.Constant(ir.IntType(64), signature.args[0].dtype.size))
            place = builder.gep(first, [builder.add(behind, arguments[2])])
            return builder.load(builder.bitcast(place, code.as_pointer()))

        return kind(records, types.int64, types.int64), generate

    return read


_int8, _int16, _int32 = (
    _reader(kind, ir.IntType(8 * size)) for kind, size in ((types.int8, 1), (types.int16, 2), (types.int32, 4))
)
_float32, _float64 = _reader(types.float32, ir.FloatType()), _reader(types.float64, ir.DoubleType())


@outer
def _hold(found, people, rows, whole, ranges):
    """Whether the conditions hold of each of these rows: one after another, each asked of those of whom all before it hold."""
    for n in range(rows.size):
        found[n] = HOLDS
    for k in range(whole.shape[0]):
        start, kind, way, bits = whole[k, 1], whole[k, 2], whole[k, 3], whole[k, 4]
        low, high = ranges[k]
        if whole[k, 0]:
            _ask_anew(found)
        for n in range(rows.size):
            if found[n] == ASKED:
                row = int64(rows[n])
                if kind >= 4:
                    number = float64(_float32(people, row, start)) if kind == 4 else _float64(people, row, start)
                    holds = low < number if way == ABOVE else low <= number <= high
                else:
                    holds = _fits(whole_number(people, row, start, kind), way, bits, low, high)
                if holds:
                    found[n] = HOLDS
    for n in range(rows.size):
        found[n] = found[n] == HOLDS


@inner
def _ask_anew(found):
    """A condition begins: of those of whom the last one did not hold nothing more is asked."""
    for n in range(found.size):
        found[n] = ASKED if found[n] == HOLDS else FAILS


@inner
def whole_number(people, row, start, kind):
    """The whole number of a kind that begins so many bytes behind the beginning of a record."""
    if kind <= 1:
        return int64(_int8(people, row, start))
    if kind == 2:
        return int64(_int16(people, row, start))
    return int64(_int32(people, row, start))


@inner
def _fits(value, way, bits, low, high):
    """Whether a whole number is as it is asked for."""
    if way == STATES:
        return 0 <= value < MOST_STATES and bool((bits >> value) & 1)
    if way == MARKS:
        return (value & bits) != 0
    if way == NO_MARKS:
        return (value & bits) == 0
    return low < value if way == ABOVE else low <= value <= high
