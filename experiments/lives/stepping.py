"""One person's week rule by rule, lived in Python: where each rule returned, every draw with what it was held against, what
changed.
"""

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import getfile
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from policysim.agents.institutions.own import met_by
from policysim.agents.roles import ROLES
from policysim.engine.fields import Field, Marks, fields_of
from policysim.engine.friends import friends_in
from policysim.engine.luck import DRAWS_A_LOT, key_of
from policysim.engine.reads import tree_of
from policysim.engine.rules import rules_of
from policysim.engine.shown import items_in_words
from policysim.errors import UserError
from policysim.experiments.lives import words
from policysim.experiments.lives.replay import Drawn, Replay, Step, TellingLuck, WatchedEngine, Week, without_marks
from policysim.experiments.lives.whom import people_where, picked, some_of
from policysim.experiments.running.plan import Task
from policysim.experiments.running.seed import model_of
from policysim.model import DrugPolicyModel
from policysim.scenarios.scenario import Scenario

NOT_SHOWN = frozenset({"cause", "ethnicity", "aces"})
"""Fields that are not shown unless sensitive detail is asked for."""


class AskingLuck(TellingLuck):
    """Luck that also notes what is held against a number that is only looked at, and drawn later or never."""

    def peek(self) -> float:
        """What the next draw will be."""
        return Drawn(super().peek(), self.draws + 1, self.steps[-1].thresholds)

    def lot_floor(self, n: int) -> float:
        """A number that the n-th lot is not below."""
        floor = super().lot_floor(n)
        return Drawn(floor, 2 + n * DRAWS_A_LOT, self.steps[-1].thresholds)


class AskingReplay(Replay):
    """Lives recorded weeks again with such luck."""

    kind = AskingLuck


@dataclass
class Turn:
    """One rule of the week, or one decision, as it went."""

    rule: str
    says: str
    left: str
    """The test after which it returned before its end; nothing where it went on to the end."""
    line: int
    draws: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    decided: int | None = None
    file: str = ""
    edited: str = ""
    """What it is called in one's own classes, where it is not the model's own."""

    @property
    def passed_over(self) -> bool:
        """Whether it drew nothing and changed nothing."""
        return not self.draws and not self.changes


@dataclass
class LivedWeek:
    """A week of the run."""

    number: int
    who: str
    role: str
    turns: list[Turn]
    by_others: list[dict[str, Any]]
    person: int
    counts: dict[str, int]
    """What the counts of friends that classes declare (`Friends`) say as the week begins."""
    own: tuple[str, ...]
    """Which classes of one's own people live by, in which file and in place of which role."""
    picked: str = ""
    """How the person was found, where that was asked."""


def step_through(
    scenario: Scenario,
    person: int | str,
    first: int = 0,
    weeks: int = 1,
    engine: str = "python",
    show_sensitive: bool = False,
) -> list[LivedWeek]:
    """So many weeks of one person, from a week of the run on, under the scenario's first regime and seed.

    `person`: a number, or a condition that holds of somebody as the first of these weeks begins (the first of them is taken).
    The weeks before are lived in `engine`. Raises UserError for a person who is not there then.
    """
    burnt = model_of(Task(scenario, 0, scenario.regimes[:1], engine), scenario.regimes[0])
    found = []
    try:
        if isinstance(person, int):
            burnt.handed_out.number(person)  # raises for one that nobody has
        while burnt.week_of_run < first:
            burnt.step()
        row, told = _found(burnt, person)
        decisions = {name: key_of(burnt.run_seed, name) for name in met_by(burnt.roles).decisions}
        replay = AskingReplay(burnt.roles, burnt.keys | decisions, row)
        for week in _recorded(burnt, row, weeks):
            found.append(_lived(week, burnt, replay, show_sensitive))
        found[0].picked = told
    finally:
        burnt.close()
    return found


def _found(model: DrugPolicyModel, person: int | str) -> tuple[int, str]:
    """The number of the person, and how they were found; raises UserError where they are not there."""
    if isinstance(person, str):
        found = people_where(model, person)
        return int(found[0]), picked(found.tolist(), model.week_of_run, person)
    if not model.look()["present"][person]:
        raise UserError(
            f"person {person} is not there in week {model.week_of_run}: they died or left before, or come later; there are for "
            f"instance {some_of(model)}"
        )
    return person, ""


def _recorded(model: DrugPolicyModel, person: int, weeks: int) -> Iterator[Week]:
    """The coming weeks of somebody, as long as they are there."""
    watched = WatchedEngine(model.engine, person)
    model.engine = watched  # type: ignore[assignment]
    for _ in range(weeks):
        if model.week >= model.last_week:
            return
        model.step()
        if watched.noted is None:
            return
        watched.noted.after = model.records[watched.rows].copy()
        yield watched.noted


def _lived(week: Week, model: DrugPolicyModel, replay: AskingReplay, show_sensitive: bool) -> LivedWeek:
    number = int(week.before["role"][0])
    role, stock = model.roles[number], rules_of(ROLES[number])
    rules, shown = rules_of(role), _Shown(model.roles, show_sensitive)
    with _returns(rules.values()) as left:
        steps = replay.week(week)
    turns = [_turn(step, rules[step.rule], left, shown) for step in steps]
    for turn in turns:
        if rules[turn.rule] is not stock.get(turn.rule):
            turn.edited = rules[turn.rule].__qualname__
    row = steps[-1].after
    for decision in week.decisions:
        function = met_by(model.roles).decisions[decision.name]
        with _returns([function]) as left:
            step = replay.decision(week, decision)
        turns.append(_turn(step, function, left, shown))
        turns[-1].decided, row = decision.choice, _after(row, step)
    others = shown.changes(row, week.after)
    start = without_marks(week.before, model.roles)
    counts = {count.name: int(week.before[count.name][0]) for count in friends_in(fields_of(model.roles))}
    return LivedWeek(
        week.week - model.burn_in_weeks, words.who(start, show_sensitive), role.__name__, turns, others, replay.person, counts,
        own_classes(model.roles),
    )  # fmt: skip


def own_classes(roles: Sequence[type]) -> tuple[str, ...]:
    """Classes of one's own among the roles: each with its file, and in place of which."""
    return tuple(
        f"{mine.__name__} ({Path(getfile(mine)).name}) in place of {stock.__name__}"
        for mine, stock in zip(roles, ROLES, strict=True)
        if mine is not stock
    )


def _after(row: np.ndarray, step: Step) -> np.ndarray:
    """A row with what a decision changed."""
    after = row.copy()
    for name in row.dtype.names or ():
        if not np.array_equal(step.before[name], step.after[name]):
            after[name] = step.after[name]
    return after


def _turn(step: Step, function: Callable, left: dict[str, int], shown: "_Shown") -> Turn:
    line = left.get(function.__name__, 0)
    says = (function.__doc__ or "").strip().partition("\n")[0]
    turn = Turn(
        step.rule, says, _test_before(function, line), line, changes=shown.changes(step.before, step.after),
        file=Path(function.__code__.co_filename).name,
    )  # fmt: skip
    if shown.tells_draws(step):
        turn.draws = _draws(step)
    return turn


def _draws(step: Step) -> list[dict[str, Any]]:
    """Every number drawn or looked at, with what it was held against, in order."""
    drawn = dict(step.draws)
    found: dict[int, dict[str, Any]] = {}
    for n, value, limit, below in step.thresholds:
        one = found.setdefault(n, {"n": n, "value": drawn.get(n, value), "drawn": n in drawn, "against": []})
        if not any(held["limit"] == limit for held in one["against"]):
            one["against"].append({"limit": limit, "below": below})
    for n, value in step.draws:
        found.setdefault(n, {"n": n, "value": value, "drawn": True, "against": []})
    return [found[n] for n in sorted(found)]


# ---------------------------------------------------------------- where a rule returned


@contextmanager
def _returns(functions: Sequence[Callable] | Any) -> Iterator[dict[str, int]]:
    """The line in which each of these functions returned last, by name. A debugger may be stepping through them meanwhile."""
    codes = {function.__code__ for function in functions}
    left: dict[str, int] = {}

    def look(frame: FrameType, event: str, argument: Any) -> None:
        if event == "return" and frame.f_code in codes:
            left[frame.f_code.co_name] = frame.f_lineno

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield left
    finally:
        sys.setprofile(before)


def _test_before(function: Callable, line: int) -> str:
    """The test under which a function returned in this line of its file, in its own words; nothing at its end."""
    tree, own = tree_of(function), line - function.__code__.co_firstlineno + 1
    ways = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
    for node in ways:
        if any(isinstance(each, ast.Return) and each.lineno == own for each in node.body):
            return f"if {ast.unparse(node.test)}"
        if any(isinstance(each, ast.Return) and each.lineno == own for each in node.orelse):
            return f"if not ({ast.unparse(node.test)})"
    return ""


# ---------------------------------------------------------------- what changed


class _Shown:
    """What is shown of a person, unless everything is."""

    def __init__(self, roles: tuple[type, ...], show_sensitive: bool):
        self.fields, self.show_sensitive = fields_of(roles), show_sensitive

    def tells_draws(self, step: Step) -> bool:
        """Draws by which somebody dies would caption a cause."""
        return self.show_sensitive or bool(step.after["present"][0]) or not step.before["present"][0]

    def changes(self, before: np.ndarray, after: np.ndarray) -> list[dict[str, Any]]:
        """What is another in the second row (both of shape (1,)), states and marks by their names."""
        found: list[dict[str, Any]] = []
        for name, one in self.fields.items():
            if np.array_equal(before[name], after[name]) or (name in NOT_SHOWN and not self.show_sensitive):
                continue
            found += self._marks(one, before, after) if isinstance(one, Marks) else self._values(one, before, after)
        return found

    def _values(self, one: Field, before: np.ndarray, after: np.ndarray) -> Iterator[dict[str, Any]]:
        pairs = zip(*(items_in_words(one.name, row[one.name][0], one.states) for row in (before, after)), strict=True)
        for (what, was), (_, now) in pairs:
            if was != now:
                yield {"field": what, "from": was, "to": now, "meaning": one.meaning}

    def _marks(self, one: Marks, before: np.ndarray, after: np.ndarray) -> Iterator[dict[str, Any]]:
        left = int(after[one.name][0]) & ~int(before[one.name][0])
        for mark in one.marks:
            if int(mark) & left:
                hidden = mark in words.SENSITIVE and not self.show_sensitive
                yield {
                    "field": one.name,
                    "from": "",
                    "to": "DIED" if hidden else mark.name,
                    "meaning": words.DIED if hidden else mark.told,
                }
