"""The weekly pass: everyone present lives one week, compiled over the array or as Mesa agents in Python.

Both engines fill the same `Pass`: who was marked, in person order, and the stocks of each area. The chunks are
fixed in number whatever the threads. Sums of expected numbers are added up in whole parts, so that they come out the same to
the bit whoever is counted by whom, and in whatever order.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from policysim.engine.debugging import NOTE, fault_in
from policysim.engine.fields import any_mark, fields_of, marks_in, weekly_in
from policysim.engine.jit import outer
from policysim.engine.lines import told_with_its_line
from policysim.engine.luck import SHARED, Luck
from policysim.engine.own_helpers import as_lived
from policysim.engine.ranges import FieldError, with_place
from policysim.engine.rest import OWN_WORDS
from policysim.engine.rules import rules_of, shared_lots
from policysim.engine.tally import Tally, total
from policysim.vocabulary.stocks import PARTS

CHUNKS = 64
AT_FIRST = 7 / 8
"""How much of its own chunks a thread takes in one helping: each costs it about as long as a thousand people live."""


class Pass(NamedTuple):
    """What one week's pass found: the rows that carry marks, and stocks and sums by area.

    What the whole place found is split by authority here, once for all who serve one.
    """

    marked: np.ndarray  # int64, rows in person order
    followed: np.ndarray  # int64, rows of people to be followed after the pass, in person order
    stocks: np.ndarray  # int64, shape (areas, stocks)
    sums: np.ndarray  # float64, shape (areas and groups, sums), expected numbers
    marked_in: Sequence[np.ndarray] = ()  # by area, those marked who live there
    followed_in: Sequence[np.ndarray] = ()  # likewise


class Buffers:
    """Memory that every week uses again."""

    def __init__(self, people: int, areas: int, stocks: int, sums: int, threads: int = 1, groups: int = 0):
        self.marked = np.empty(people, np.int32)
        self.followed = np.empty(people, np.int32)
        self.counts = np.zeros((CHUNKS, 2), np.int64)
        self.tallies = [Tally.empty(areas, stocks, sums, groups) for _ in range(threads)]

    def clear(self) -> None:
        self.counts[:] = 0
        for tally in self.tallies:
            tally.clear()

    def result(self, edges: np.ndarray, state: Any) -> Pass:
        marked, followed = (
            _gathered(buffer, edges, self.counts, k) for k, buffer in enumerate((self.marked, self.followed))
        )
        return passed(marked, followed, [*self.tallies, *state.rest.tallies], state)


def passed(marked: np.ndarray, followed: np.ndarray, tallies: Sequence[Tally], state: Any) -> Pass:
    """What a week's pass found: these rows in person order, and what was counted of all in these tallies."""
    stocks, sums = total(tallies)
    marked_in, followed_in = (by_area(rows, state, len(stocks)) for rows in (marked, followed))
    return Pass(marked, followed, stocks, sums / PARTS, marked_in, followed_in)


def by_area(rows: np.ndarray, state: Any, areas: int) -> list[np.ndarray]:
    """The rows of those who live in each area 0 .. areas - 1, in their order."""
    laid_out, ends = _laid_out(state.people, state.places, rows, areas)
    return [laid_out[first:end] for first, end in pairwise([0, *ends.tolist()])]


@outer
def _laid_out(people, places, rows, areas):
    """The rows of all areas one behind another, and where those of each end."""
    where, counts = np.empty(rows.size, np.int64), np.zeros(areas, np.int64)
    for k in range(rows.size):
        where[k] = places[people[rows[k]]["neighbourhood"]]["area"]
        counts[where[k]] += 1
    ends = np.cumsum(counts)
    laid_out, place = np.empty(rows.size, np.int64), ends - counts
    for k in range(rows.size):
        laid_out[place[where[k]]] = rows[k]
        place[where[k]] += 1
    return laid_out, ends


@outer
def _gathered(buffer, edges, counts, kind):
    """The rows that each chunk noted at the start of its own stretch of the buffer, together.

    Of the kind that NumPy takes as indices: it would copy any other each time that it is used as one.
    """
    rows = np.empty(counts[:, kind].sum(), np.int64)
    found = 0
    for chunk in range(len(counts)):
        for k in range(counts[chunk, kind]):
            rows[found] = buffer[edges[chunk] + k]
            found += 1
    return rows


def chunk_edges(entered: int) -> np.ndarray:
    """Where the chunks begin and end, shape (CHUNKS + 1,), over the rows that have entered."""
    return np.arange(CHUNKS + 1, dtype=np.int64) * entered // CHUNKS


@cache
def helpings(threads: int) -> list[list[tuple[int, int]]]:
    """What each thread begins with: a stretch of chunks of its own, in a large helping and small ones, which others may take."""
    found: list[list[tuple[int, int]]] = []
    for thread in range(threads):
        first, end = (CHUNKS * k // threads for k in (thread, thread + 1))
        found.append([])
        while first < end:
            last = first + max(1, round((end - first) * (AT_FIRST if threads > 1 else 1)))
            found[-1].append((first, last))
            first = last
    return found


def taken(thread: int, left: list[deque[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
    """The helpings that a thread lives: its own, whose people its processor remembers from last week, then what others leave.

    Processors are seldom equally fast, and none waits for the slowest.
    """
    for k in range(len(left)):
        whose = left[(thread + k) % len(left)]
        with suppress(IndexError):  # another may take the last one
            while True:
                yield whose.popleft() if k == 0 else whose.pop()


class CompiledEngine:
    """Runs the compiled week on one or more threads."""

    name = "compiled"

    def __init__(self, module, keys: dict[str, int], decision_keys: dict[str, int], threads: int = 1):
        self.module, self.threads, self.decision_keys = module, threads, decision_keys
        of_rules = [key for name, key in keys.items() if name != SHARED]
        self.keys = np.array([*of_rules, keys.get(SHARED, 0)], np.int64)
        # Words drawn ahead by each thread for two blocks of people, and space between threads that nobody writes.
        self.words = np.zeros((threads, 3, OWN_WORDS + 1, module.BLOCK), np.uint64)
        self.pool = ThreadPoolExecutor(threads - 1) if threads > 1 else None
        self.notes: list[tuple] = [()] * threads

    def attend(self, state, roles: int) -> None:
        """Before the first week: over these records, of people who have one of so many roles."""

    def run(self, state, week: int, entered: int, buffers: Buffers) -> Pass:
        buffers.clear()
        rest, edges = state.rest, chunk_edges(entered)
        rest.look_around()
        left = [deque(own) for own in helpings(self.threads)]

        def part(thread: int) -> None:
            for first, last in taken(thread, left):
                self.module.live(
                    state.people, state.places, rest.around, state.world, *rest.columns(thread), self.words[thread, :2],
                    self.keys, week, edges, first, last, rest.allowed, buffers.marked, buffers.followed, buffers.counts,
                    *buffers.tallies[thread], *self.notes[thread],
                )  # fmt: skip

        with told_with_its_line():
            # This thread works too: systems wake a thread on an idle processor when the one that wakes it stays busy.
            others = [self.pool.submit(part, thread) for thread in range(1, self.threads)] if self.pool else []
            part(0)
            for other in others:
                other.result()
        rest.lived = week
        return buffers.result(edges, state)

    def decide(self, state, name: str, week: int, rows: np.ndarray, choices: np.ndarray) -> None:
        """Take an institution's decision on each of these rows, with a number that says what is decided."""
        state.rest.rouse(rows)
        decide = getattr(self.module, f"decide_{name}")
        key = self.decision_keys[name]
        with told_with_its_line():
            decide(state.people, state.places, state.world, key, week, rows, choices, *self.notes[0])

    def close(self) -> None:
        if self.pool is not None:
            self.pool.shutdown()


class DebugEngine(CompiledEngine):
    """Runs a week that was compiled to look at every index and every write; the first fault ends the run, and is told."""

    name = "debug"

    def __init__(self, module, keys: dict[str, int], decision_keys: dict[str, int], threads: int = 1):
        super().__init__(module, keys, decision_keys, threads)
        self.notes = [(np.zeros(1, NOTE),) for _ in range(threads)]

    def run(self, state, week: int, entered: int, buffers: Buffers) -> Pass:
        with self._told(week):
            return super().run(state, week, entered, buffers)

    def decide(self, state, name: str, week: int, rows: np.ndarray, choices: np.ndarray) -> None:
        with self._told(week):
            super().decide(state, name, week, rows, choices)

    @contextmanager
    def _told(self, week: int) -> Iterator[None]:
        try:
            yield
        except ValueError as error:
            raise (fault_in(self.module.SITES, [note for (note,) in self.notes], week) or error) from None


class PythonEngine:
    """Runs the same rules as methods of the Mesa agents; slow, and every line can carry a breakpoint. Nobody rests in it."""

    name = "python"

    def __init__(self, count, keys: dict[str, int], roles: tuple[type, ...], decisions: dict, here, world):
        """`keys` holds rules and decisions; `here` is a row object for each neighbourhood."""
        self.count, self.decisions, self.here, self.world = count, decisions, here, world
        self.rules = [list(rules_of(role)) for role in roles]
        fields = fields_of(roles)
        self.marks, self.weekly = list(marks_in(fields)), weekly_in(fields)
        self.luck = Luck(keys, shared_lots(roles))

    def run(self, state, week: int, entered: int, buffers: Buffers) -> Pass:
        buffers.clear()
        edges = chunk_edges(entered)
        lived = state.people["present"].copy()
        for name in self.weekly:
            state.people[name][lived] = 0
        for agent in state.living:
            if agent.present:
                live_week(agent, self.rules[agent.role], self.here[agent.neighbourhood], self.world, self.luck, week)
        counted = (buffers.marked, buffers.followed, buffers.counts, *buffers.tallies[0])
        self.count(state.people, state.places, lived, any_mark(state.people, self.marks), edges, *counted)
        return buffers.result(edges, state)

    def decide(self, state, name: str, week: int, rows: np.ndarray, choices: np.ndarray) -> None:
        """Take an institution's decision on each of these rows, with a number that says what is decided."""
        for row, choice in zip(rows.tolist(), choices.tolist(), strict=True):
            agent = state.agent_of(row)
            self.luck.turn_to(row, week, name)
            with _told_with_its_place(row, week):
                decision = as_lived(type(agent), self.decisions[name])
                decision(agent, self.here[agent.neighbourhood], self.world, self.luck, choice)

    def close(self) -> None:
        """Nothing is held open."""


def live_week(agent, rules: list[str], here, world, luck: Luck, week: int) -> None:
    """One person, without marks, lives one week by the rules of the role they began it in, until no longer present."""
    with _told_with_its_place(agent.row, week):
        for name in rules:
            luck.turn_to(agent.row, week, name)
            getattr(agent, name)(here, world, luck)
            if not agent.present:
                return


@contextmanager
def _told_with_its_place(person: int, week: int) -> Iterator[None]:
    """A number that a field cannot hold, or that there is not, is told with the line of the rule."""
    try:
        yield
    except (FieldError, ArithmeticError, ValueError) as error:
        raise with_place(error, person, week) from error
