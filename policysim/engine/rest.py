"""Rest: people to whom nothing can happen for a while but that time passes are not touched until something may.

Whoever has lived a week in which nothing happened may go to rest. What could happen to them is then known by bars: one for
each lot that their rules begin with (policysim/engine/luck.py), above which nothing happens. Every week one subtraction tells
whether any lot lies below its bar. Their record stands still meanwhile; when they wake, or somebody wants to look at them,
the weeks are made up for by the rules that count time. A life is the same to the bit with rest and without.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types, uint64
from numba.core import cgutils
from numba.extending import intrinsic

from policysim.engine.luck import LOT_BITS, LOTS, SHARED_BITS, inlined, places_of

AWAKE, DUE, GONE = -1, 0, 2**31 - 1
"""What stands for `wakes` of those who are not at rest, of those at rest who are to be woken this week, and of the dead."""


def betweens(bits: tuple[int, ...]) -> int:
    """The bits of a word that stand between its lots: one behind each."""
    return sum(1 << (place + width) for place, width in zip(places_of(bits), bits, strict=True))


BETWEEN_SHARED = betweens(SHARED_BITS)
BETWEEN_OWN = betweens((LOT_BITS,) * LOTS)
SLACK = 1.05
"""How much higher than it stands a number of here is taken to be when people go to rest, so that it may rise a little."""


class Rest:
    """Who is at rest, in columns of their own: the weekly pass looks at these alone, most weeks."""

    def __init__(self, people: int, areas: int, stocks: int, sums: int, chunks: int):
        self.wakes = np.full(people, AWAKE, np.int32)
        """The week in which each lives again at the latest."""
        self.since = np.zeros(people, np.int32)
        """The last week that each has lived or made up for."""
        self.bars = np.zeros(people, np.uint64)
        self.own_bars = np.zeros(people, np.uint64)
        self.stocks = np.zeros((chunks, areas, stocks), np.int64)
        """What those at rest add to the stocks of the week."""
        self.sums = np.zeros((chunks, areas, sums), np.int64)
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
        self.noted: Any = None
        """The world as it was when last looked at, as bytes."""

    def attend(self, state: Any, module: Any) -> None:
        """Over these records, with the compiled rules by which time is made up for."""
        self.state, self.module, self.around = state, module, state.places.copy()

    @property
    def columns(self) -> tuple[np.ndarray, ...]:
        """What the compiled week takes of it."""
        return self.wakes, self.since, self.bars, self.own_bars, self.stocks, self.sums

    def rouse(self, rows: np.ndarray | None = None) -> None:
        """These, or else all, have lived as long as everyone else and are awake: whoever is to be written to."""
        self._make_up(rows, wake=True)
        self.wakes[slice(None) if rows is None else rows] = (
            AWAKE  # the dead as well: whoever is written to may live again
        )

    def make_up(self, rows: np.ndarray | None = None) -> None:
        """These, or else all, have lived as long as everyone else; whoever rests goes on to."""
        if rows is not None or self.made_up < self.lived:
            self._make_up(rows, wake=False)
        if rows is None:
            self.made_up = self.lived

    def _make_up(self, rows: np.ndarray | None, wake: bool, world: np.ndarray | None = None) -> None:
        state, behind = self.state, self.of(rows)
        if behind.size:
            world = state.world if world is None else world
            behind = behind.astype(np.int64)
            self.module.catch_up(state.people, state.places, world, *self.columns, self.lived, behind, wake)

    def look_around(self) -> None:
        """Wake those whose bars would stand higher by now: something has changed about the world or where they live."""
        state, module = self.state, self.module
        if self.noted is not None and not _same(self.noted, state.world):
            world = self.noted.view(state.world.dtype)
            if any(not np.array_equal(world[name], state.world[name]) for name in module.WORLD_READ):
                self._make_up(None, wake=False, world=world)
                self.wake(self.of(None))
        changed = np.zeros(state.places.size, bool)
        for name in module.HERE_READ:
            changed |= state.places[name] > self.around[name]
        for name in module.HERE_EXACT:
            changed |= state.places[name] != self.around[name]
        if self.noted is None or changed.any():
            self._look_anew(slice(None) if self.noted is None else changed)
            behind = self.of(None)
            self.wake(behind[changed[state.people["neighbourhood"][behind]]])
        self.noted = state.world.view(np.uint8).copy()

    def _look_anew(self, where: Any) -> None:
        """What people go by in these neighbourhoods is how it stands now."""
        places = self.state.places
        self.around[where] = places[where]
        for name in self.module.HERE_READ:
            self.around[name][where] *= SLACK

    def wake(self, rows: np.ndarray) -> None:
        """These live the coming week, whatever their luck: something about them or around them has changed."""
        wakes = self.wakes[rows]
        self.wakes[rows[(wakes > DUE) & (wakes < GONE)]] = DUE

    def of(self, rows: np.ndarray | None) -> np.ndarray:
        """Those of the rows, or else of all, who are at rest."""
        wakes = self.wakes if rows is None else self.wakes[rows]
        at_rest = (wakes >= DUE) & (wakes < GONE)
        return np.flatnonzero(at_rest) if rows is None else rows[at_rest]


def _same(noted: np.ndarray, world: np.ndarray) -> bool:
    """Whether the world differs in nothing but the week from the bytes that were noted."""
    now = world.view(np.uint8)
    fields: Any = world.dtype.fields
    kind, start = fields["week"][:2] if "week" in fields else (np.dtype("i1"), 0)
    end = start + kind.itemsize
    return np.array_equal(noted[:start], now[:start]) and np.array_equal(noted[end:], now[end:])


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
