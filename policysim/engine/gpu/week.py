"""The weekly pass on an NVIDIA card: the third engine.

Everybody's records lie on the card and, the same, on the host, where institutions, settlement and counting read and write
them as under any engine. A week begins with the rows that the host may have written since the last: whoever is awake, and
whom it says to have written to while they rest (`Rest.wrote`). The card finds who lives this week, has them live it, counts
them, and gives back their rows. Whoever rests on does not cross.
"""

import gc
from types import ModuleType
from typing import Any

import numpy as np

from policysim.engine.gpu import card
from policysim.engine.gpu.kernels import FOLLOWED, MARKED, STRETCH
from policysim.engine.gpu.program import program_of, unit_of
from policysim.engine.gpu.tables import ROWS_AT_ONCE, Tables
from policysim.engine.gpu.written import LIVE_ONE
from policysim.engine.rest import AWAKE, WEEK
from policysim.engine.tally import Tally
from policysim.engine.week import Buffers, CompiledEngine, Pass, passed
from policysim.errors import UserError
from policysim.vocabulary.rows import joined

KERNELS = (LIVE_ONE, "find", "count", "place", "gather", "scatter")
COLUMNS = {"wakes": WEEK, "since": WEEK, "bars": np.uint64, "own_bars": np.uint64, "due": np.int8, "noted": np.int8}
"""What lies on the card for each person beside their record."""
LISTS = ("living", "marked", "followed")
TALLIES = ("rest_stocks", "rest_sums", "stocks", "sums")
NO_FAULT = np.iinfo(np.uint64).max


class GpuEngine(CompiledEngine):
    """Lives the weeks of the compiled engine on a card, to the same bits."""

    name = "gpu"

    def __init__(self, module: ModuleType, keys: dict[str, int], decision_keys: dict[str, int], threads: int = 1):
        """Raises UserError where no card can be used."""
        super().__init__(module, keys, decision_keys, threads)
        self.card: Any = card.find_card()
        self.tables = Tables(self.card)
        self.is_there = False  # whether everybody's record lies on the card as on the host

    def attend(self, state: Any, roles: int) -> None:
        """Make room for these people and load the rules; raises UserError where there is too little, or a rule cannot run."""
        try:
            self._take(state, roles)
        except UserError:
            self.close()
            raise

    def _take(self, state: Any, roles: int) -> None:
        layouts = (state.people.dtype, state.places.dtype, state.world.dtype)
        self.program, self.roles, self.is_there = program_of(self.module, layouts), roles, False
        state.rest.written = []
        n, hold = state.people.size, self.tables.hold
        needed, free = memory_for(state), self.card.free_memory()
        if needed > free:
            gc.collect()  # models that nobody holds any more may hold memory there
            free = self.card.free_memory()
        if needed > free:
            raise UserError(
                f"{n:,} people need {needed / 1e9:.1f} GB of memory on the NVIDIA card, and {free / 1e9:.1f} GB are free: take "
                f"fewer (one_in); {card.INSTEAD}"
            )
        self.card.load(self.program.ptx, KERNELS)
        hold("people", n, state.people.dtype)
        for name in ("places", "around"):
            hold(name, state.places.size, state.places.dtype)
        hold("world", 1, state.world.dtype)
        hold("keys", self.keys.size, np.int64)
        hold("faults", 1, np.uint64)
        hold("begins", -(-n // STRETCH), np.int64)
        hold("packed", _packed(state), np.dtype(f"u{unit_of(state.people.dtype)}"))
        for name, kind in COLUMNS.items():
            hold(name, n, kind)
        for name in LISTS:
            hold(name, n, np.int32)
        first = state.rest.tallies[0]
        self.shapes = {name: getattr(first, name.removeprefix("rest_")).shape for name in TALLIES}
        for name, (rows, columns) in self.shapes.items():
            hold(name, rows * columns, np.int64)
        self.tables.send("keys", self.keys)

    def run(self, state: Any, week: int, entered: int, buffers: Buffers) -> Pass:
        """Everyone present lives one week, as in the compiled engine."""
        rest = state.rest
        rest.look_around()
        self._send(state, entered)
        living = self._live(state, week, entered)
        (first,) = self.tables.fetch("faults", np.empty(1, np.uint64))
        if first != NO_FAULT:
            return self._on_the_host(state, week, entered, buffers)
        ends = [
            self.tables.find(mask, mask, "noted", entered, name)
            for mask, name in ((MARKED, "marked"), (FOLLOWED, "followed"))
        ]
        marked, followed = (
            self.tables.fetch(name, np.empty(end, np.int32)).astype(np.int64)
            for name, end in zip(("marked", "followed"), ends, strict=True)
        )
        self.tables.gather(state.people, self.tables.fetch("living", np.empty(living, np.int32)), "living")
        for name in ("wakes", "since"):
            self.tables.fetch(name, getattr(rest, name)[:entered])
        of_rest, counted = self._counts()
        rest.tallies[0].stocks[:] += of_rest.stocks
        rest.tallies[0].sums[:] += of_rest.sums
        rest.lived = week
        return passed(marked, followed, [counted, *rest.tallies], state)

    def _send(self, state: Any, entered: int) -> None:
        """The card has what the host may have changed since the last week."""
        rest, tables = state.rest, self.tables
        if self.is_there:
            rows = joined(np.flatnonzero(rest.wakes[:entered] == AWAKE), *rest.written)
            tables.scatter(state.people, rows, "living")
        else:
            tables.send("people", state.people)
            self.is_there = True
        rest.written = []
        for name in ("wakes", "since"):
            tables.send(name, getattr(rest, name)[:entered])
        tables.send("places", state.places)
        tables.send("around", rest.around)
        tables.send("world", state.world)
        tables.send("faults", np.full(1, NO_FAULT))
        for name in TALLIES:
            tables.clear(name)

    def _live(self, state: Any, week: int, entered: int) -> int:
        """Find who lives this week, role by role, and have them live it; returns how many they are."""
        tables = self.tables
        shared, own = (int(self.keys[k]) if k >= 0 else k for k in self.program[1:])
        columns = tables.whole("wakes", "bars", "own_bars")
        told = tables.whole("due", "noted")
        tables.launch("find", entered, *tables.whole("people"), *columns, week, shared, own, *told)
        living = 0
        for role in range(self.roles):  # those of one role take the same ways through the rules
            living = tables.find(-1, 1 + role, "due", entered, "living", living)
        whole = ("living", "people", "places", "around", "world", "wakes", "since", "bars", "own_bars", "keys")
        added = tables.tables(*self.shapes.items())
        may_rest = int(state.rest.allowed)
        tables.launch(LIVE_ONE, living, *tables.whole(*whole), week, may_rest, *tables.whole("noted"), *added)
        return living

    def _counts(self) -> tuple[Tally, Tally]:
        """What the week has changed about those at rest, and what it counts of all others."""
        found = {name: self.tables.fetch(name, np.empty(shape, np.int64)) for name, shape in self.shapes.items()}
        return Tally(found["rest_stocks"], found["rest_sums"]), Tally(found["stocks"], found["sums"])

    def _on_the_host(self, state: Any, week: int, entered: int, buffers: Buffers) -> Pass:
        """A rule divides by nothing: the compiled engine, which begins from the same people, says in which line."""
        self.is_there = False
        state.rest.rouse()
        return super().run(state, week, entered, buffers)

    def close(self) -> None:
        super().close()
        self.card.close()


def _packed(state: Any) -> int:
    """Numbers that cross together."""
    return min(state.people.size, ROWS_AT_ONCE) * (state.people.dtype.itemsize // unit_of(state.people.dtype))


def memory_for(state: Any) -> int:
    """Bytes that these people take on a card."""
    n, record = state.people.size, state.people.dtype.itemsize
    each = record + sum(np.dtype(kind).itemsize for kind in COLUMNS.values()) + 4 * len(LISTS)
    first = state.rest.tallies[0]
    tallies = 2 * (first.stocks.nbytes + first.sums.nbytes)
    crossing = _packed(state) * unit_of(state.people.dtype)
    return n * each + 8 * (n // STRETCH + 1) + 2 * state.places.nbytes + state.world.nbytes + tallies + crossing
