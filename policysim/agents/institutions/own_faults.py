"""What can be wrong with an institution of one's own before anybody meets it, each told in one sentence."""

import inspect
from collections.abc import Iterator
from dataclasses import fields as parts_of
from dataclasses import is_dataclass
from typing import Any

from policysim.agents.institutions.catalogue import INSTITUTIONS
from policysim.agents.institutions.institution import Cost, Institution, decided
from policysim.engine.fields import Field, fields_of
from policysim.errors import UserError, nearest
from policysim.evidence.registry import registry
from policysim.vocabulary.mark import Mark
from policysim.vocabulary.purses import PURSES
from policysim.vocabulary.reasons import shown
from policysim.vocabulary.stocks import Stock

ASKED = ["self", "here", "world", "luck", "choice"]
RECORDS = ("here", "world", "person")


def check_institution(kind: Any) -> None:
    """Raise UserError for the first fault of an institution of one's own."""
    for fault in _faults_of(kind):
        raise UserError(f"{called(kind)} {fault}")


def called(kind: Any) -> str:
    """How a message about an institution begins: with file and line, where it stands in a file."""
    name = f"institution {getattr(kind, '__name__', kind)}"
    try:
        return f"{inspect.getfile(kind)}, line {inspect.getsourcelines(kind)[1]}: {name}"
    except (OSError, TypeError):
        return name


def _faults_of(kind: Any) -> Iterator[str]:
    if not (isinstance(kind, type) and issubclass(kind, Institution)):
        yield "is no class of institution: derive it from Institution"
    shipped = next((known.__name__ for known in INSTITUTIONS if issubclass(kind, known)), "")
    if shipped:
        yield f"is {shipped} of the model, or derived from it, which is there already: derive it from Institution"
    if kind.usual is not None and (isinstance(kind.usual, type) or not is_dataclass(kind.usual)):
        yield f"says its usual policy by {shown(kind.usual)}; it is a dataclass with its values, as in usual = MyPolicy()"
    yield from _faults_of_records(kind)
    yield from _faults_of_decisions(kind)
    if not isinstance(kind.costs, tuple) or not all(isinstance(cost, Cost) for cost in kind.costs):
        yield "has costs that are no tuple of Cost(...), as in costs = (Cost(...),)"
    for cost in kind.costs:
        yield from (f"has a cost {cost.unit!r} {fault}" for fault in _faults_of_cost(kind, cost))
    if kind.paid_weekly and "super" not in kind.act.__code__.co_names and kind.act is not Institution.act:
        yield "pays its costs in the act of Institution, which its own act never calls: begin with super().act(week)"


def _faults_of_records(kind: type[Institution]) -> Iterator[str]:
    parts = _parts_of_policy(kind)
    for name in RECORDS:
        record = getattr(kind, name)
        if record is None:
            continue
        if not isinstance(record, type) or not fields_of([record]):
            yield f"has as {name} {shown(record)}; it is a class of fields, as in class MyFields: open = Field(...)"
        for each in decided(record) if name != "person" else ():
            if each not in parts:
                yield f"is met by its {each} as it stands (Decided), which is no part of its policy{nearest(each, parts)}"
    for name in fields_of([kind.world]) if kind.world else ():
        if any(row.name == name for row in registry().values()):
            yield f"lets people meet {name!r} of the world, which is a number of the registry: choose another name"
    for name, field in fields_of([kind]).items():
        assert isinstance(field, Field)
        yield f"declares the field {name} itself; write it in a class of its own, and name that as here, world or person"


def _parts_of_policy(kind: type[Institution]) -> list[str]:
    return [part.name for part in parts_of(kind.usual)] if kind.usual is not None else []


def _faults_of_decisions(kind: type[Institution]) -> Iterator[str]:
    if not isinstance(kind.decisions, tuple):
        yield "has decisions that are no tuple of helpers, as in decisions = (welcome,)"
    for decision in kind.decisions:
        name = getattr(decision, "__name__", shown(decision))
        if not getattr(decision, "is_helper", False):
            yield f"has a decision {name} that is not marked @helper"
        taken = list(inspect.signature(decision).parameters)
        if len(taken) != len(ASKED):
            yield f"has a decision {name} that takes ({', '.join(taken)}); it takes ({', '.join(ASKED)})"
    if not isinstance(kind.marks, tuple) or not all(
        isinstance(each, type) and issubclass(each, Mark) for each in kind.marks
    ):
        yield "has marks that are no tuple of enumerations of marks, as in marks = (DropInMark,)"


def _faults_of_cost(kind: type[Institution], cost: Cost) -> Iterator[str]:
    units = [name for name in registry() if name.startswith("cost_")]
    if cost.purse not in PURSES:
        yield f"paid by {cost.purse!r}, which is no purse{nearest(str(cost.purse), PURSES)} (one of {', '.join(PURSES)})"
    if cost.price is None and cost.unit not in units:
        yield (
            f"that is no unit cost of the registry{nearest(str(cost.unit), units)}: give it its price, as in "
            f"Cost({cost.unit!r}, ..., price=50)"
        )
    if cost.price is not None and not (isinstance(cost.price, int | float) and 0 <= cost.price < float("inf")):
        yield f"of the price {shown(cost.price)}; it is a number of GBP, 0 or more"
    if not isinstance(cost.of, tuple) or not cost.of:
        yield f"of {shown(cost.of)}; what is counted stands in a tuple, as in ('places',)"
    for what in cost.of:
        known = [*(name for name in vars(kind) if callable(getattr(kind, name))), *_parts_of_policy(kind)]
        if isinstance(what, str) and what not in known and not callable(getattr(kind, what, None)):
            yield f"of {what!r}, which is neither a method of its own nor a part of its policy{nearest(what, known)}"
        if not isinstance(what, str | Mark | Stock):
            yield f"of {shown(what)}, which is no mark, no stock and no name of a method"
