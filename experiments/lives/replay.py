"""One simulated person's weeks under a regime, recorded from the compiled run and lived again in Python.

The recording keeps what the person met each week; the replay runs the same rules on a copy, and says of every number
that was drawn what it was compared with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np

from policysim.agents.institutions.own import met_by
from policysim.agents.people.person import Person
from policysim.engine.fields import fields_of, row_class, weekly_in
from policysim.engine.friends import friends_in
from policysim.engine.luck import DRAWS_A_LOT, Luck
from policysim.engine.own_helpers import as_lived
from policysim.engine.rules import rules_of, shared_lots
from policysim.engine.week import Buffers, Pass, live_week
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime

NOT_THEIR_LIFE = frozenset({
    # expectations, which move with every chance they meet, and what surrounds them: not what happened to them
    "expected_death", "expected_offences", "would_have_died",
    "ties", "peers_using", "using_peers", "peers_with_naloxone",
})  # fmt: skip
"""Fields of a person in which two lives may differ without having parted."""


# They are made of hundreds of fields, and a life asks for the same again every week.
known_rows, known_lots = lru_cache(maxsize=16)(row_class), lru_cache(maxsize=16)(shared_lots)


@dataclass
class Decision:
    """An institution's decision about the person, the row before and after it; arrays of shape (1,)."""

    name: str
    choice: int
    before: np.ndarray
    after: np.ndarray


@dataclass(eq=False)
class Week:
    """One week of one life: the records met and the person's row; arrays of shape (1,)."""

    week: int  # of the model, burn-in included
    before: np.ndarray
    here: np.ndarray
    world: np.ndarray
    lived: np.ndarray  # after the person's own rules
    after: np.ndarray  # after what others did, services and courts included
    decisions: list[Decision] = field(default_factory=list)


class WatchedEngine:
    """The engine of a model, noting what it does to one person."""

    def __init__(self, engine: Any, person: int):
        self.engine, self.rows, self.alone = engine, slice(person, person + 1), np.array([person])
        self.person, self.noted = person, None  # type: int, Week | None
        self.over = False

    def run(self, state: Any, week: int, entered: int, buffers: Buffers) -> Pass:
        """The pass of the week, noted if the person is there."""
        if self.over:
            return self.engine.run(state, week, entered, buffers)
        state.rest.rouse(self.alone)  # so that every week of theirs is lived, and nobody else's for their sake
        before = state.people[self.rows].copy()
        self.noted = None
        if not before["present"][0]:
            return self.engine.run(state, week, entered, buffers)
        home = int(before["neighbourhood"][0])
        here, world = state.places[home : home + 1].copy(), state.world.copy()
        found = self.engine.run(state, week, entered, buffers)
        lived = state.people[self.rows].copy()
        self.noted = Week(week, before, here, world, lived, lived)
        return found

    def decide(self, state: Any, name: str, week: int, rows: np.ndarray, choices: np.ndarray) -> None:
        """Decisions of an institution, noted if one is about the person."""
        at = np.flatnonzero(rows == self.person)
        before = state.people[self.rows].copy()
        self.engine.decide(state, name, week, rows, choices)
        if at.size and self.noted is not None:
            after = state.people[self.rows].copy()
            self.noted.decisions.append(Decision(name, int(choices[at[0]]), before, after))

    def close(self) -> None:
        """Let go of what the engine holds."""
        self.engine.close()


def record(
    burnt: DrugPolicyModel, regime: Regime, person: int, again: Callable[[Regime], DrugPolicyModel]
) -> list[Week]:
    """The person's weeks from the burnt-in start until they are no longer present or the horizon ends."""
    return record_all(burnt, regime, [person], again)[person]


def record_all(
    burnt: DrugPolicyModel, regime: Regime, people: Sequence[int], again: Callable[[Regime], DrugPolicyModel]
) -> dict[int, list[Week]]:
    """The same of several people, whose years are lived once for all of them."""
    model = again(regime)
    watched: dict[int, WatchedEngine] = {}
    for person in people:
        engine = WatchedEngine(model.engine, person)
        model.engine = engine  # type: ignore[assignment]
        watched[person] = engine
    weeks: dict[int, list[Week]] = {person: [] for person in people}
    going = {person for person in people if burnt.records["life"][person] <= 1}
    while model.week < model.last_week and going:
        model.step()
        for person in list(going):
            noted = watched[person].noted
            if noted is not None:
                noted.after = model.records[watched[person].rows].copy()
                weeks[person].append(noted)
            if weeks[person] and not model.records["present"][person]:
                going.discard(person)
                watched[person].over = True
    model.close()
    return weeks


# ---------------------------------------------------------------- living it again


class OneRow:
    """A record of one person that answers to the person's own number, since luck is keyed by it."""

    def __init__(self, array: np.ndarray, person: int):
        self.array, self.person = array, person

    def __getitem__(self, name: str | int) -> Any:
        return Column(self.array[name], self.person) if isinstance(name, str) else self.array[0]


class Column:
    """One field of that record."""

    def __init__(self, values: np.ndarray, person: int):
        self.values, self.person = values, person

    def __getitem__(self, person: int) -> Any:
        return self.values[self._place(person)]

    def __setitem__(self, person: int, value: Any) -> None:
        self.values[self._place(person)] = value

    def item(self, person: int) -> Any:
        """The value as a plain Python number."""
        return self.values.item(self._place(person))

    def _place(self, person: int) -> int:
        if person != self.person:
            raise IndexError(f"this record is of person {self.person}, not {person}")
        return 0


class Threshold(NamedTuple):
    """What a drawn number was held against: which draw, its value, the limit on the scale of the draw."""

    n: int
    value: float
    limit: float
    below: bool


class Drawn(float):
    """A drawn number that notes what it is compared with; `scale` is what it was multiplied by since."""

    n: int
    scale: float
    log: list[Threshold]

    def __new__(cls, value: float, n: int, log: list[Threshold], scale: float = 1.0) -> "Drawn":
        made = super().__new__(cls, value)
        made.n, made.log, made.scale = n, log, scale
        return made

    def _note(self, other: float) -> bool:
        below = float(self) < float(other)
        if self.scale > 0:
            self.log.append(Threshold(self.n, float(self) / self.scale, float(other) / self.scale, below))
        return below

    def __lt__(self, other: float) -> bool:
        return self._note(other)

    def __ge__(self, other: float) -> bool:
        return not self._note(other)

    def __mul__(self, other: float) -> "Drawn":
        return Drawn(float(self) * other, self.n, self.log, self.scale * float(other))

    __rmul__ = __mul__


@dataclass
class Step:
    """One rule of the week, or one decision: the row before and after, the numbers drawn, and what each was held against."""

    rule: str
    before: np.ndarray
    after: np.ndarray
    draws: list[tuple[int, float]] = field(default_factory=list)
    thresholds: list[Threshold] = field(default_factory=list)
    looked: list[Threshold] = field(default_factory=list)
    """What a number was held against that was only looked at: a bound above which the draw itself was not made."""

    def bound_of(self, n: int) -> float | None:
        """The least bound that kept the n-th draw from being made; None where none did."""
        return min((held.limit for held in self.looked if held.n == n and not held.below), default=None)


class TellingLuck(Luck):
    """Luck that notes the row at the start of every rule and each draw with what it is compared with."""

    def __init__(self, keys: dict[str, int], lots: dict[str, int], array: np.ndarray):
        super().__init__(keys, lots, record=[])
        self.array, self.steps = array, []  # type: np.ndarray, list[Step]

    def turn_to(self, person: int, week: int, rule: str) -> None:
        """From here on the draws belong to this rule, and the last one's row is final."""
        self.end()
        super().turn_to(person, week, rule)
        self.steps.append(Step(rule, self.array.copy(), self.array))

    def end(self) -> None:
        """The rule that was running has ended."""
        if self.steps:
            self.steps[-1].after = self.array.copy()

    def peek(self) -> float:
        """What the next draw will be, which notes what it is compared with while it is only looked at."""
        return Drawn(super().peek(), self.draws + 1, self.steps[-1].looked)

    def lot_floor(self, n: int) -> float:
        """A number that the n-th lot is not below, likewise."""
        floor = super().lot_floor(n)
        return Drawn(floor, 2 + n * DRAWS_A_LOT, self.steps[-1].looked)

    def told(self, value: float) -> float:
        """A drawn number, which notes what it is compared with."""
        super().told(value)
        step = self.steps[-1]
        step.draws.append((self.draws, value))
        return Drawn(value, self.draws, step.thresholds)


class Replay:
    """Lives recorded weeks again in Python."""

    kind = TellingLuck

    def __init__(self, roles: Sequence[type], keys: dict[str, int], person: int):
        self.roles, self.keys, self.lots, self.person = roles, keys, known_lots(tuple(roles)), person
        self.around, self.decisions = not_their_life(roles), met_by(roles).decisions

    def week(self, week: Week) -> list[Step]:
        """The week's rules in the order in which they ran."""
        _, luck, agent, here, world = self._scene(week, without_marks(week.before, self.roles))
        live_week(agent, list(rules_of(type(agent))), here, world, luck, week.week)
        luck.end()
        return luck.steps

    def decision(self, week: Week, decision: Decision) -> Step:
        """An institution's decision."""
        _, luck, agent, here, world = self._scene(week, decision.before)
        luck.turn_to(self.person, week.week, decision.name)
        as_lived(type(agent), self.decisions[decision.name])(agent, here, world, luck, decision.choice)
        luck.end()
        return luck.steps[0]

    def enough(
        self, week: Week, step: Step, record: str, name: str, value: Any, choice: int | None = None
    ) -> np.ndarray:
        """The row after a rule or decision if one field alone of the person, here or the world had been `value`."""
        records = {"person": step.before.copy(), "here": week.here.copy(), "world": week.world.copy()}
        records[record][name][0] = value
        other = replace(week, here=records["here"], world=records["world"])
        row, luck, agent, here, world = self._scene(other, records["person"])
        luck.turn_to(self.person, week.week, step.rule)
        if step.rule in self.decisions:
            as_lived(type(agent), self.decisions[step.rule])(agent, here, world, luck, choice)
        else:
            getattr(agent, step.rule)(here, world, luck)
        return row

    def _scene(self, week: Week, start: np.ndarray) -> tuple[np.ndarray, TellingLuck, Person, Any, Any]:
        row = start.copy()
        agent: Any = object.__new__(
            self.roles[int(week.before["role"][0])]
        )  # no model: nothing of it is needed to live a week
        agent.people, agent.row = OneRow(row, self.person), self.person
        here = known_rows("Here", week.here.dtype)(week.here, 0)
        world = known_rows("World", week.world.dtype)(week.world, 0)
        return row, self.kind(self.keys, self.lots, row), agent, here, world


def without_marks(row: np.ndarray, roles: Sequence[type]) -> np.ndarray:
    """A row as it is when a week begins: last week's marks are gone."""
    clean = row.copy()
    for name in weekly_in(fields_of(roles)):
        clean[name] = 0
    return clean


# ---------------------------------------------------------------- comparing two lives


def not_their_life(roles: Sequence[type]) -> frozenset[str]:
    """Fields of people of these roles in which two lives may differ without having parted: counts of friends too."""
    counts = friends_in(fields_of(roles))
    return NOT_THEIR_LIFE | {name for each in counts for name in (each.name, each.since)}


def differing(one: np.ndarray, other: np.ndarray, but: frozenset[str] = NOT_THEIR_LIFE) -> list[str]:
    """Fields in which two records differ, of those that both have."""
    if one.dtype == other.dtype:
        matters = _bytes_but(one.dtype, but)
        if np.array_equal(one.view(np.uint8)[matters], other.view(np.uint8)[matters]):
            return []  # as in most weeks; field by field it would take a hundred times as long
    known = set(other.dtype.names or ()) - but
    return [name for name in one.dtype.names or () if name in known and not np.array_equal(one[name], other[name])]


@lru_cache(maxsize=16)
def _bytes_but(kind: np.dtype, but: frozenset[str]) -> np.ndarray:
    """Where the bytes of a record's fields lie, but for some of them."""
    found = np.zeros(kind.itemsize, np.bool_)
    for name, (part, start, *_) in (kind.fields or {}).items():
        found[start : start + part.itemsize] = name not in but
    return np.flatnonzero(found)


def deciding(one: Step | None, other: Step | None) -> tuple[Threshold | None, Threshold | None] | None:
    """The first threshold that a draw fell on different sides of; None if no draw did.

    A side is None if it held the draw against none at all, since there was no chance of it.
    """
    pairs = zip_longest(one.thresholds if one else (), other.thresholds if other else ())
    for mine, theirs in pairs:
        if mine is None or theirs is None or mine.n != theirs.n:
            # Made on one side only: it decided if it came true there; if not, something other than luck led there.
            return (mine, None) if _true(mine) else (None, theirs) if _true(theirs) else None
        if mine.below != theirs.below:
            return mine, theirs
    return None


def _true(threshold: Threshold | None) -> bool:
    return threshold is not None and threshold.below
