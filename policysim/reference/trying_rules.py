"""Rules of a user's own, tried on a few hundred people: what their source does not tell is found before a long run.

First a small place lives some weeks, half of them with every lever pulled. Then each rule meets states that are made up:
of fields that the file declares or reads, anything in their ranges, and draws of which many are the least or the
greatest that there are. Only what goes wrong in the file's own lines counts then, since a made-up state may contradict
itself elsewhere.
"""

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from policysim.agents.institutions.own import met_by
from policysim.engine.fields import Field, Marks, fields_of
from policysim.engine.luck import TO_UNIT, Luck
from policysim.engine.ranges import failures_told, with_place
from policysim.engine.reads import accesses, called_in, calls_in, tree_of
from policysim.engine.rules import rules_of, shared_lots
from policysim.errors import UserError
from policysim.levers.catalogue import LEVERS
from policysim.levers.lever import Lever
from policysim.model import DrugPolicyModel
from policysim.model.building import python_views
from policysim.scenarios.regime import Regime
from policysim.vocabulary.time import WEEKS_PER_YEAR

PLACE, PEOPLE, WEEKS, STATES = "authority:middlesbrough", 150, 30, 300
MANY_DEPENDENT = {"ocu_per_1000": 250.0}
"""So that each of the three roles is lived by some."""
LONGEST = 40 * WEEKS_PER_YEAR
"""What a count without an upper limit is made up to: one a week, over the longest run."""
NOT_MADE_UP = frozenset({"present", "role", "life", "neighbourhood", "enters"})


Ends = tuple[float | None, float | None]


class Extremes(Luck):
    """Luck of which one draw in three is the least number that can be drawn, and one the greatest."""

    def peek(self) -> float:
        """What the next draw will be."""
        drawn = 3 * super().peek()
        if drawn < 1:
            return 0.0
        return 1 - TO_UNIT if drawn >= 2 else drawn - 1


def try_rules(file: Path, kinds: list[type], own_levers: Sequence[type[Lever]] = ()) -> list[int]:
    """Lines of the file's rules, helpers and decisions that nobody reached; raises UserError for the first fault.

    `kinds` are the classes of people in the file, none for a file of the model itself; `own_levers` the levers in it.
    """
    begun = {"start_week": WEEKS // 2, "ramp_weeks": 0}
    levers = dict.fromkeys(LEVERS, begun) | {own.id: own(**begun) for own in own_levers}
    regime = Regime.model_validate({"id": "every-lever", "name": "Every lever", "levers": levers})
    model = DrugPolicyModel(
        PLACE,
        regime,
        people=PEOPLE,
        years=1,
        engine="python",
        people_classes=kinds or None,
        parameters=MANY_DEPENDENT,
        beyond_ranges=True,
    )
    functions = _functions_in(file, model.roles)
    with _lines_reached(file) as reached, closing(model), failures_told():
        for _ in range(WEEKS):
            model.step()
        for kind in [role for role in model.roles if issubclass(role, tuple(kinds))]:
            _meet_made_up_states(model, kind, file, functions)
    missed = [span for function in functions for span in _statements(function) if not reached & set(span)]
    return sorted({span.start for span in missed})


def replaced_whole(kinds: list[type]) -> list[tuple[type, str]]:
    """Rules of the model in whose place a class has one that never hands on to it, each with the first such class."""
    found: dict[Callable, tuple[type, str]] = {}
    for kind in kinds:
        for name, rule in rules_of(kind).items():
            is_there = any(name in vars(cls) for cls in kind.__mro__ if _is_the_models(cls.__module__))
            if is_there and not _reaches_the_model(rule, kind):
                found.setdefault(rule, (kind, name))
    return list(found.values())


def _reaches_the_model(rule: Callable, kind: type) -> bool:
    """Whether it is a rule of the model, or hands on to one by super()."""
    if _is_the_models(rule.__module__):
        return True
    handed_on = [called_in(rule, call, kind) for call in calls_in(rule) if isinstance(call.func, ast.Attribute)]
    return any(parent is not None and _reaches_the_model(parent, kind) for parent in handed_on)


def _is_the_models(module: str) -> bool:
    return module.startswith("policysim.")


def _functions_in(file: Path, roles: tuple[type, ...]) -> list[Callable]:
    """The rules of the file and the helpers that rules call, each once."""
    found = {
        access.function: None
        for role in roles
        for rule in rules_of(role).values()
        for access in accesses(rule, role)
        if _is_in(access.function, file)
    }
    lived = [*(rule for role in roles for rule in rules_of(role).values()), *met_by(roles).decisions.values()]
    return list({rule: None for rule in lived if _is_in(rule, file)} | found)


def _is_in(function: Callable, file: Path) -> bool:
    return Path(function.__code__.co_filename).resolve() == file.resolve()


@contextmanager
def _lines_reached(file: Path) -> Iterator[set[int]]:
    """The lines of the file that run meanwhile."""
    reached: set[int] = set()
    known: dict[str, bool] = {}

    def line(frame: FrameType, event: str, argument: Any) -> Any:
        reached.add(frame.f_lineno)
        return line

    def call(frame: FrameType, event: str, argument: Any) -> Any:
        name = frame.f_code.co_filename
        if name not in known:
            known[name] = Path(name).resolve() == file.resolve()
        return line if known[name] else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        yield reached
    finally:
        sys.settrace(before)


def _statements(function: Callable) -> Iterator[range]:
    """The lines of each statement of a function, of one with a body those of its head."""
    tree, first = tree_of(function), function.__code__.co_firstlineno - 1
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or node is tree or isinstance(node, ast.Pass):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        body = getattr(node, "body", None) or getattr(node, "cases", None)
        head = getattr(node, "test", getattr(node, "iter", getattr(node, "subject", node))) if body else node
        yield range(first + node.lineno, first + (head.end_lineno or node.lineno) + 1)


def _meet_made_up_states(model: DrugPolicyModel, kind: type, file: Path, functions: list[Callable]) -> None:
    """The kind's rules of this file, each by someone whose fields are made up."""
    own = [name for name, rule in rules_of(kind).items() if rule in functions]
    varied = _fields_to_vary(kind, file, functions)
    generator = np.random.default_rng(1)
    rows = np.flatnonzero(model.people["present"])
    mine = rows[model.people["role"][rows] == model.roles.index(kind)]
    ends = {field.name: _ends(field) for field in varied}
    if "age" in ends and mine.size:  # nobody of another role's age lives by these rules
        ages = model.people["age"][mine]
        ends["age"] = float(ages.min()), float(ages.max())
    agent, luck = kind(model, model.people, 0), Extremes(model.keys, shared_lots(model.roles))
    here, world = python_views(model)
    for week in range(STATES):
        agent.row = int(generator.choice(mine if mine.size else rows))
        before = model.people[agent.row].copy()
        for name in own:
            made_up = _make_up(model.people, agent.row, varied, ends, generator)
            luck.turn_to(agent.row, week, name)
            try:
                getattr(agent, name)(here[agent.neighbourhood], world, luck)
            except (UserError, ArithmeticError, ValueError) as error:
                _tell(error, file, agent.row, week, made_up)
            model.people[agent.row] = before
    agent.remove()


def _fields_to_vary(kind: type, file: Path, functions: list[Callable]) -> list[Field]:
    """What the file declares and what its rules read of a person."""
    fields = fields_of([kind])
    declared = {name for cls in kind.__mro__ if cls.__module__ == kind.__module__ for name in vars(cls)}
    read = {
        access.field
        for rule in rules_of(kind).values()
        for access in accesses(rule, kind)
        if access.record == "self" and access.function in functions and not access.writes
    }
    return [
        field
        for name, field in fields.items()
        if name in declared | read and name not in NOT_MADE_UP and not isinstance(field, Marks)
    ]


def _make_up(
    people: np.ndarray, row: int, varied: list[Field], ends: dict[str, Ends], generator: np.random.Generator
) -> dict[str, Any]:
    """Give some of the fields a value between their ends, often one of these; returns what was given."""
    made_up = {}
    for field in varied:
        low, high = ends[field.name]
        if low is None or high is None or generator.random() < 0.5:
            continue
        somewhere = generator.uniform(low, high, field.shape)
        if field.whole:
            somewhere = np.rint(somewhere)
        at_an_end = np.where(generator.random(field.shape) < 0.5, low, high)
        made = np.where(generator.random(field.shape) < 0.5, somewhere, at_an_end)
        people[field.name][row] = made if field.kind != "?" else made >= 0.5
        made_up[field.name] = people[field.name][row].tolist()
    return made_up


def _ends(field: Field) -> Ends:
    """The least and greatest value that a field is made up to have; None where its range has no end."""
    if field.kind == "?":
        return 0, 1
    if not field.whole:
        return field.low, field.high
    low = field.low if field.low is not None else 0
    return low, field.high if field.high is not None else min(field.limits[1], low + LONGEST)


def _tell(error: Exception, file: Path, row: int, week: int, made_up: dict[str, Any]) -> None:
    """Raise UserError for a fault in a line of the file itself."""
    told = with_place(error, row, week)
    if not str(told).startswith(f"{file.resolve()}, ") and not str(told).startswith(f"{file}, "):
        return
    state = ", ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in made_up.items()
    )
    raise UserError(f"{told}, tried with {state}" if state else str(told)) from None
