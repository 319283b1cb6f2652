"""Rest: people to whom nothing can happen for a while but that time passes are not touched until something may.

Whoever has lived a week in which nothing happened may go to rest. What could happen to them is then known by bars: one for
each lot that their rules begin with (policysim/engine/luck.py), above which nothing happens. Every week one subtraction tells
whether any lot lies below its bar. Their record stands still meanwhile; when they wake, or somebody wants to look at them,
the weeks are made up for by the rules that count time. A life is the same to the bit with rest and without.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types, uint64
from numba.core import cgutils
from numba.extending import intrinsic

from policysim.engine.jit import inlined, outer
from policysim.engine.luck import LOT_BITS, LOTS, SHARED_BITS, places_of
from policysim.engine.tally import Tally

WEEK = np.int16
"""In which weeks of a run are kept for each person: a run may last 630 years."""
AWAKE, DUE, GONE = -1, 0, int(np.iinfo(WEEK).max)
"""What stands for `wakes` of those who are not at rest, of those at rest who are to be woken this week, and of the dead."""


def betweens(bits: tuple[int, ...]) -> int:
    """The bits of a word that stand between its lots: one behind each."""
    return sum(1 << (place + width) for place, width in zip(places_of(bits), bits, strict=True))


BETWEEN_SHARED = betweens(SHARED_BITS)
BETWEEN_OWN = betweens((LOT_BITS,) * LOTS)
AT_A_TIME = 1 << 16
"""Rows that are looked through at once."""
SLACK = 1.05
"""How much higher than it stands a number of here is taken to be when people go to rest, so that it may rise a little."""
RISEN = 1.5
"""The same where it has just risen beyond that: what goes on to rise would wake people every few weeks."""
LOOSE = 3.0
"""How much higher than it stands it may be left to be: what comes and goes with a few people wakes nobody time and again."""


class Rest:
    """Who is at rest, in columns of their own: the weekly pass looks at these alone, most weeks."""

    def __init__(self, people: int, areas: int, stocks: int, sums: int, threads: int = 1, groups: int = 0):
        self.wakes = np.full(people, AWAKE, WEEK)
        """The week in which each lives again at the latest."""
        self.since = np.zeros(people, WEEK)
        """The last week that each has lived or made up for."""
        self.bars = np.zeros(people, np.uint64)
        self.own_bars = np.zeros(people, np.uint64)
        self.tallies = [Tally.empty(areas, stocks, sums, groups) for _ in range(threads)]
        """What those at rest add to the counts of the week, by the thread that sent them to rest; any may take them out again."""
        self.allowed = True
        """Whether anybody may go to rest this week."""
        self.lived = -1
        """The last week that was lived."""
        self.made_up = -1
        """The last week in which all were made up for."""
        self.state: Any = None
        self.module: Any = None
        self.around: Any = None
        """What people go by when they go to rest: the neighbourhoods, with a little more of what raises a hazard."""
        self.watched: Any = None
        """Fields of a neighbourhood that rules go by, the rules that do, and how many of the numbers raise a hazard."""
        self.noted: Any = None
        """The world as it was when last looked at, as bytes."""
        self.written: list[np.ndarray] | None = None
        """Rows whose records were written to while they rest, for an engine that keeps a copy of them elsewhere."""
        self.homes: Any = None
        """The neighbourhood in which each lives: nobody moves."""

    def attend(self, state: Any, module: Any) -> None:
        """Over these records, with the compiled rules by which time is made up for."""
        self.state, self.module, self.around, self.watched = state, module, state.places.copy(), None
        self.homes = np.ascontiguousarray(state.people["neighbourhood"])

    def columns(self, thread: int = 0) -> tuple[np.ndarray, ...]:
        """What the compiled week takes of it, on one of its threads."""
        return self.wakes, self.since, self.bars, self.own_bars, *self.tallies[thread]

    def rouse(self, rows: np.ndarray | None = None) -> None:
        """These, or else all, have lived as long as everyone else and are awake: whoever is to be written to."""
        if rows is not None:
            self._catch_up(_roused(self.wakes, rows), wake=True)
            return
        self._make_up(None, wake=True)
        self.wakes[:] = AWAKE  # the dead as well: whoever is written to may live again

    def make_up(self, rows: np.ndarray | None = None) -> None:
        """These, or else all, have lived as long as everyone else; whoever rests goes on to."""
        if rows is not None or self.made_up < self.lived:
            self._make_up(rows, wake=False)
        if rows is None:
            self.made_up = self.lived

    def _make_up(self, rows: np.ndarray | None, wake: bool, world: np.ndarray | None = None) -> None:
        for behind in self.by_stretches() if rows is None else [self.of(rows)]:
            self._catch_up(behind, wake, world)

    def _catch_up(self, behind: np.ndarray, wake: bool, world: np.ndarray | None = None) -> None:
        """Of these, who are at rest, the weeks that passed are made up for."""
        if behind.size:
            self.wrote(behind)
            state = self.state
            over = state.people, state.places, state.world if world is None else world
            self.module.catch_up(*over, *self.columns(), self.lived, behind, wake)

    def wrote(self, *rows: np.ndarray) -> None:
        """These were written to and may rest on all the same: of everyone else it is known that they are awake."""
        if self.written is not None:
            self.written += rows

    def look_around(self) -> None:
        """Wake those whose bars would stand higher by now: something has changed about the world or where they live."""
        state, module, now = self.state, self.module, _around_the_week(self.state.world)
        if self.noted is not None and self.noted[::2] != now[::2]:  # something else than the week
            world = np.frombuffer(bytearray(b"".join(self.noted)), state.world.dtype)
            if any(not np.array_equal(world[name], state.world[name]) for name in module.WORLD_READ):
                self._make_up(None, wake=False, world=world)
                for rows in self.by_stretches():
                    self.wake(rows)
        found, changed = self._changed_here()
        if self.noted is None or found:
            self._look_anew(slice(None) if self.noted is None else changed != 0)
            for first in range(0, self.wakes.size, AT_A_TIME):
                rows = _at_rest_where(self.wakes, self.homes, changed, first, AT_A_TIME)
                if rows.size:  # nobody is where all live every week, and then there is no such function
                    module.wake_concerned(state.people, self.wakes, rows, changed)
        self.noted = now

    def _changed_here(self) -> tuple[bool, np.ndarray]:
        """Whether bars would stand higher by now in any neighbourhood, and by which rules in each, shape (neighbourhoods,).

        Every bit stands for a rule, or for several.
        """
        if self.watched is None:
            read, exact = self.module.HERE_READ, self.module.HERE_EXACT
            names, layout = (*read, *exact), self.around.dtype
            rules = _rules_by_column(layout, names, (*read.values(), *exact.values()))
            self.watched = names, rules, _count(layout, tuple(read))
        names, rules, whole = self.watched
        (now, columns), (then, _) = (_numbers(records, names) for records in (self.state.places, self.around))
        found, changed = _changed(now, then, columns, rules, whole)
        return found, changed

    def _look_anew(self, where: Any) -> None:
        """What people go by in these neighbourhoods is how it stands now, with a little more of what raises a hazard.

        Never more of it than those at rest went by, unless it has risen beyond that and wakes them; and what they went by
        stays where it is not much more than that.
        """
        now, was = self.state.places[where], self.around[where].copy()
        self.around[where] = now
        for name in self.module.HERE_READ:
            if now.dtype[name].base == np.float64:  # a whole number that rises by one rises by more than a little
                more = now[name] * SLACK
                if self.noted is not None:
                    near = (now[name] <= was[name]) & (was[name] <= now[name] * LOOSE)
                    more = np.where(near, was[name], np.where(now[name] > was[name], now[name] * RISEN, more))
                self.around[name][where] = more

    def wake(self, rows: np.ndarray) -> None:
        """These live the coming week, whatever their luck: something about them or around them has changed."""
        wakes = self.wakes[rows]
        self.wakes[rows[(wakes > DUE) & (wakes < GONE)]] = DUE

    def lately(self) -> np.ndarray:
        """Whose record may be another than a week ago: who lived that week, or is awake."""
        return np.flatnonzero((self.wakes == AWAKE) | (self.since == self.lived))

    def of(self, rows: np.ndarray) -> np.ndarray:
        """Those of the rows who are at rest."""
        return np.asarray(_at_rest(self.wakes, rows))

    def by_stretches(self) -> Iterator[np.ndarray]:
        """All who are at rest, a stretch of the rows after another: at once they would take many bytes each."""
        for first in range(0, self.wakes.size, AT_A_TIME):
            wakes = self.wakes[first : first + AT_A_TIME]
            yield first + np.flatnonzero((wakes >= DUE) & (wakes < GONE))


def _numbers(records: np.ndarray, names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """A table with a row for each record and, as columns of it, where the numbers of these fields stand."""
    n, words = records.size, _words_of(records.dtype, names)
    if words is not None:  # the records as they lie in memory
        return records.view(np.float64).reshape(n, -1), words
    table = np.concatenate([np.zeros((n, 0)), *(records[name].reshape(n, -1) for name in names)], axis=1)
    return table, np.arange(table.shape[1])


@lru_cache(maxsize=64)
def _words_of(dtype: np.dtype, names: tuple[str, ...]) -> np.ndarray | None:
    """Where these fields stand in a record that is read as so many doubles; nothing if they are no doubles."""
    size = np.dtype(np.float64).itemsize
    known: Any = dtype.fields
    fields = [known[name][:2] for name in names]
    if dtype.itemsize % size or any(kind.base != np.float64 or start % size for kind, start in fields):
        return None
    words = [start // size + k for kind, start in fields for k in range(kind.itemsize // size)]
    return np.array(words, np.int64)


@lru_cache(maxsize=64)
def _count(dtype: np.dtype, names: tuple[str, ...]) -> int:
    """How many numbers these fields hold."""
    fields: Any = dtype.fields
    return sum(math.prod(fields[name][0].shape) for name in names)


@lru_cache(maxsize=64)
def _rules_by_column(dtype: np.dtype, names: tuple[str, ...], rules: tuple[int, ...]) -> np.ndarray:
    """The rules that go by each number of these fields."""
    fields: Any = dtype.fields
    return np.repeat(np.array(rules, np.int64), [math.prod(fields[name][0].shape) for name in names])


@outer
def _at_rest(wakes, rows):
    found, many = np.empty(rows.size, np.int64), 0
    for row in rows:
        if DUE <= wakes[row] < GONE:
            found[many] = row
            many += 1
    return found[:many]


@outer
def _roused(wakes, rows):
    """Those of the rows who are at rest; all others are awake, the dead as well: whoever is written to may live again."""
    found, many = np.empty(rows.size, np.int64), 0
    for row in rows:
        if DUE <= wakes[row] < GONE:
            found[many] = row
            many += 1
        else:
            wakes[row] = AWAKE
    return found[:many]


@outer
def _at_rest_where(wakes, homes, changed, first, most):
    """Of so many rows from the first on those at rest where something has changed."""
    last = min(first + most, wakes.size)
    found, many = np.empty(last - first, np.int64), 0
    for row in range(first, last):
        if changed[homes[row]] != 0 and DUE < wakes[row] < GONE:
            found[many] = row
            many += 1
    return found[:many]


@outer
def _changed(now, then, columns, rules, first_exact):
    """Whether in any row a column is higher than it was, or from `first_exact` on another; and whose rules, in each row."""
    found, changed = False, np.zeros(now.shape[0], np.int64)
    for row in range(now.shape[0]):
        for k in range(columns.size):
            value, was = now[row, columns[k]], then[row, columns[k]]
            if value > was or (k >= first_exact and value != was):
                changed[row] |= rules[k]
                found = True
    return found, changed


def _around_the_week(world: np.ndarray) -> tuple[bytes, bytes, bytes]:
    """The world in bytes: what stands before the week, the week, what stands after it."""
    fields: Any = world.dtype.fields
    kind, start = fields["week"][:2] if "week" in fields else (np.dtype([]), 0)
    now, end = world.tobytes(), start + kind.itemsize
    return now[:start], now[start:end], now[end:]


LINE = 64
"""Bytes that a processor fetches from memory together."""

SHARED_WORD, OWN_WORDS = 0, 1
"""Rows of what a thread draws ahead for a block of people: the shared words, and those of the rule with lots of its own."""


@intrinsic
def fetch_ahead(typing_context, records, i):
    """Ask for a record before it is needed: those who live this week do not lie side by side in memory."""

    def code(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        size = signature.args[0].dtype.size
        byte = builder.bitcast(array.data, ir.IntType(8).as_pointer())
        start = builder.gep(byte, [builder.mul(arguments[1], ir.Constant(ir.IntType(64), size))])
        whole = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [start.type, whole, whole, whole])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        for offset in range(0, size + LINE - 1, LINE):
            place = builder.gep(start, [ir.Constant(ir.IntType(64), min(offset, size - 1))])
            builder.call(prefetch, [place, whole(1), whole(3), whole(1)])
        return context.get_dummy_value()

    return types.void(records, types.int64), code


@intrinsic
def first_bit(typing_context, word):
    """The number of the lowest bit of a word that is set."""

    def code(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), code


@inlined
def find_due(people, words, living, first, week, wakes, bars, own_bars):
    """Who of the 64 persons from `first` on lives this week: the awake, whose time has come, and who draws below a bar.

    Returns a bit for each. Whoever is at rest has bars that a lot may lie below; nobody else has, whatever they draw.
    """
    shared_between, own_between = uint64(BETWEEN_SHARED), uint64(BETWEEN_OWN)
    found = uint64(0)
    for k in range(living):
        i = first + k
        shared = ~((words[SHARED_WORD, k] | shared_between) - bars[i]) & shared_between
        own = ~((words[OWN_WORDS, k] | own_between) - own_bars[i]) & own_between
        found |= uint64((shared | own | uint64(wakes[i] <= week)) != 0) << uint64(k)
    left = found
    while left != 0:
        fetch_ahead(people, first + first_bit(left))  # type: ignore[call-arg]
        left &= left - uint64(1)
    return found
