"""Outcomes of one's own: what classes of people declare to be counted, as rows of the table of outcomes.

An event is a mark that a rule of one's own leaves (`Event`, or a part of life with `Marks`); a stock is how many people
something holds of when a week is over (`Counted`). Whoever's outcomes are counted, the columns stand in the same order.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from policysim.agents.institutions.own import noting
from policysim.agents.roles import ROLES
from policysim.counts.outcomes import OUTCOMES
from policysim.counts.table.row import Outcome, flow, row
from policysim.engine.condition import Condition
from policysim.engine.declaring import declared_at, words_of_outcome
from policysim.engine.fields import Event, Field, Marks, fields_of, marks_in
from policysim.errors import UserError

HOW = "Counted(lambda person: person.club == Club.MEMBER, 'pupils in the youth club')"
USUAL = frozenset(marks_in(fields_of(ROLES)).values())
"""The parts of life whose marks the model itself leaves."""
WHO = "person"


class Counted:
    """How many people a condition holds of when a week is over: `in_club = Counted(lambda person: ..., "in the club")`.

    condition: a lambda or a helper of one argument, a simple expression of the person's own fields, as `Friends` takes it.
    `label`, `noun` and `more_is` are those of an outcome (policysim/counts/table/row.py).
    """

    def __init__(
        self, condition: Callable, meaning: str = "", *, label: str = "", noun: str = "", more_is: str = "neither"
    ):
        self.place = declared_at()
        if not inspect.isfunction(condition):
            raise UserError(f"{self.place}: Counted(...) takes what holds of the people who count, as in {HOW}")
        self.words = words_of_outcome(self.place, meaning, label, noun, more_is, HOW)
        self.condition, self.meaning = condition, meaning
        self.name = self.owner = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name, self.owner = name, owner.__name__

    def asked(self, fields: Mapping[str, Field]) -> Condition:
        """What it asks of a person of these fields; raises UserError for what cannot be asked."""
        return Condition(self.condition, {name: field.shape for name, field in fields.items()}, WHO)

    @property
    def outcome(self) -> Outcome:
        """Its row."""
        return row("stock", self.name, self.meaning, (self.name,), "people", dict(self.words))


def counted_in(classes: tuple[type, ...]) -> dict[str, Counted]:
    """The stocks that classes of people declare, by name; raises UserError where two of them declare one name."""
    found: dict[str, Counted] = {}
    for cls in classes:
        for name, value in _declared(cls):
            known = found.setdefault(name, value)
            if known is not value:
                raise UserError(
                    f"{value.place}: {name!r} is declared in {known.owner} already; declare it once, in a class that others "
                    "derive from"
                )
    return found


def _declared(cls: type) -> Iterator[tuple[str, Counted]]:
    """The stocks of one class: what it says itself comes before what it derives."""
    for ancestor in cls.__mro__:
        for name, value in vars(ancestor).get("__annotations__", {}).items():
            if isinstance(value, Counted):
                raise UserError(f"{value.place}: write {name} = Counted(...), with = in place of the colon")
    names = dict.fromkeys(
        name
        for ancestor in reversed(cls.__mro__)
        for name, value in vars(ancestor).items()
        if isinstance(value, Counted)
    )
    found = ((name, inspect.getattr_static(cls, name)) for name in names)
    return ((name, value) for name, value in found if isinstance(value, Counted))


@lru_cache(maxsize=256)
def outcomes_in(classes: tuple[type, ...]) -> Mapping[str, Outcome]:
    """The outcomes that these classes of people, of one model, declare, by id; raises UserError for what cannot be counted.

    What the institutions that they name note and leave on people is theirs as well.
    """
    fields = fields_of((*ROLES, *noting(classes)))
    marks_in(fields)  # raises where two marks have one name
    found: dict[str, Outcome] = {}
    for field in fields.values():
        for outcome in _of_marks(field):
            _check_name(outcome.id, field.place, found)
            found[outcome.id] = outcome
    for name, counted in counted_in(classes).items():
        _check_name(name, counted.place, {**found, **fields})
        counted.asked(fields)
        found[name] = counted.outcome
    return MappingProxyType(found)


def _of_marks(field: Field) -> Iterator[Outcome]:
    """The outcomes that a field of marks of one's own makes: events that rules leave count by their names and words."""
    if isinstance(field, Event):
        yield flow(field.name, field.told, *field.marks, **field.words)
    elif isinstance(field, Marks) and field.marks not in USUAL:
        yield from (flow(mark.name.lower(), mark.told, mark) for mark in field.marks if not mark.statistic)


def _check_name(name: str, place: str, others: Mapping[str, Any]) -> None:
    if name in OUTCOMES or name in others:
        whose = "the model has an outcome" if name in OUTCOMES else "there is a field or another outcome"
        raise UserError(f"{place}: {whose} of the name {name!r} already; choose another")


@lru_cache(maxsize=256)
def outcomes_counted(classes: tuple[type, ...]) -> Mapping[str, Outcome]:
    """The outcomes of classes that may live in different arms: of one name in several the words of the first are told."""
    found: dict[str, Outcome] = {}
    for cls in classes:
        for name, outcome in outcomes_in((cls,)).items():
            known = found.setdefault(name, outcome)
            if known.kind != outcome.kind:
                raise UserError(
                    f"{name!r} counts events in one class of people and people in {cls.__name__}: rename one"
                )
    return MappingProxyType(found)
