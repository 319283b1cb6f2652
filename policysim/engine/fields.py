"""Records: what a row of people, of a neighbourhood (`here`) or of the world holds, each field said once.

A field is declared in a class body with type, unit, range and meaning. On an agent it reads and writes that agent's
own row as a plain Python number: NumPy scalars would wrap, promote and differ from compiled code. Only signed integers,
`f8`, `f4` (policysim.engine.narrow) and `?` are allowed, for which Python and compiled code agree to the bit. What is
written on an agent is held to the field's type and range (policysim.engine.ranges).
"""

from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from typing import Any

import numpy as np

from policysim.engine.declaring import check_declaration, check_states, declared_at, words_of_outcome
from policysim.engine.ranges import FieldError, check_value, in_words, limits_of, outside, said
from policysim.engine.shown import row_in_words, states_named
from policysim.errors import UserError
from policysim.vocabulary.mark import MOST_MARKS, Mark, field_of

# Names that NumPy records or Mesa agents own: a field of that name would be shadowed or shadow them.
TAKEN = frozenset({
    "base", "size", "flags", "data", "item", "model", "random", "rng", "step", "remove", "unique_id", "pos",
    "shape", "dtype", "strides", "T", "real", "imag", "flat", "nbytes", "itemsize", "ndim", "fill", "copy", "view",
    "sort", "sum", "min", "max", "mean", "all", "any", "advance", "create_agents", "scenario", "people", "row",
})  # fmt: skip


HOW_EVENT = "Event('joined the youth club')"
MARKS_IN = {"i1": 7, "i2": 15, "i4": MOST_MARKS}
"""How many marks an integer of each kind holds; one bit is its sign."""
WHOLE = (int, np.integer)


class Slots:
    """The values of an array field of one row; indexing gives plain Python numbers."""

    __slots__ = ("field", "values")

    def __init__(self, values, field):
        self.values, self.field = values, field

    def __getitem__(self, key):
        values = self.values
        if isinstance(key, int) and not isinstance(key, bool) and values.ndim == 1 and 0 <= key < len(values):
            return values.item(key)  # nearly always: a person asks for seventy a week
        if (isinstance(key, tuple) and len(key) < self.values.ndim) or (
            not isinstance(key, tuple) and self.values.ndim > 1
        ):
            return Slots(self.values[self._checked(key)], self.field)
        return self.values.item(self._checked(key))

    def __setitem__(self, key, value):
        check_value(self.field, value)
        self.values[self._checked(key)] = value

    def __len__(self):
        return len(self.values)

    def __iter__(self):
        return (self[k] for k in range(len(self)))

    def _checked(self, key):
        for k, n in zip(key if isinstance(key, tuple) else (key,), self.values.shape, strict=False):
            if isinstance(k, bool) or not isinstance(k, WHOLE):  # NumPy means other things by these
                raise FieldError(
                    f"uses index {k} of {self.field.path}; an index is a whole number: write int(...) around it"
                )
            if not 0 <= k < n:
                raise FieldError(said(outside(self.field.path, n), int(k)))
        return key


class Field:
    """One field of a record: its type (`kind`), meaning, unit, allowed range and, for an array, its length(s)."""

    once = False
    """Whether two classes may not both declare it, since its type and range do not say all of it."""

    def __init__(
        self, kind: str = "", meaning: str | None = None, unit: str | type[IntEnum] = "", low=None, high=None, shape: tuple = (),
        start=0, weekly: bool = False,
    ):  # fmt: skip
        """A field whose unit is an enumeration of one's own holds one of its states, and is shown by their names.

        `weekly` fields are about this week alone: every week that a person lives begins with 0 in them.
        """
        self.place = declared_at()
        check_declaration(self.place, kind, meaning, shape if isinstance(shape, tuple) else (shape,), start)
        own = unit if isinstance(unit, type) else None
        if own is not None:
            check_states(self.place, kind, own, (low, high), start)
            low, high = 0, len(own) - 1
        self.kind, self.meaning = kind, meaning or ""
        self.unit: str = unit.__name__ if isinstance(unit, type) else unit
        self.states = own or states_named(self.unit)
        self.low, self.high, self.start, self.weekly = low, high, start, weekly
        self.limits, self.whole = limits_of(kind, low, high), kind.startswith("i")
        self.allowed = in_words(kind, *self.limits) if own is None else f"a {own.__name__}: 0 to {high}"
        self.shape = shape if isinstance(shape, tuple) else (shape,)
        self.name = self.owner = self.module = ""
        self.record = "self"

    def __set_name__(self, owner, name):
        self.name, self.owner, self.module = name, owner.__name__, owner.__module__

    @property
    def path(self) -> str:
        """The field as a rule writes it, such as self.age."""
        return f"{self.record}.{self.name}"

    def __get__(self, agent, owner=None):
        if agent is None:
            return self
        if self.shape:
            return Slots(agent.people[self.name][agent.row], self)
        return agent.people[self.name].item(agent.row)

    def __set__(self, agent, value):
        if self.shape:
            raise AttributeError(f"{self.name} is an array: set one of its items")
        check_value(self, value)
        agent.people[self.name][agent.row] = value


class Marks(Field):
    """A field that holds what happened this week in one part of life: a sum of the members of one enumeration.

    It is as wide as its marks need, since the whole record goes past the processor every week.
    """

    def __init__(self, marks: type[Mark]):
        if not (isinstance(marks, type) and issubclass(marks, Mark)):
            raise UserError(f"{declared_at()}: Marks(...) takes an enumeration of marks, such as PoliceMark")
        if len(marks) > MOST_MARKS:
            raise UserError(
                f"{declared_at()}: {marks.__name__} has {len(marks)} marks; a part of life can have {MOST_MARKS}: divide it"
            )
        kind = next(kind for kind, most in MARKS_IN.items() if len(marks) <= most)
        super().__init__(kind, f"what happened this week: a sum of {marks.__name__}", marks.__name__, 0, weekly=True)
        self.marks = marks


class Event(Marks):
    """Something of one's own that can happen to people, counted as an outcome: `joined = Event("joined the club")`.

    The rule in which it happens says `self.joined = True`; every week that a person lives begins without it. The words are those
    of a life that is told; `label`, `noun` and `more_is` are an outcome's (policysim/counts/table/row.py).
    """

    once = True

    def __init__(self, told: str, *, label: str = "", noun: str = "", more_is: str = "neither"):
        self.words = words_of_outcome(declared_at(), told, label, noun, more_is, HOW_EVENT)
        Field.__init__(self, "i1", f"whether this week, or not: {told}", "", 0, 1, weekly=True)
        self.told = told

    def __set_name__(self, owner, name):
        super().__set_name__(owner, name)
        of_one: Any = Mark  # an enumeration is called to make another
        self.marks = of_one(name, {name.upper(): self.told})
        self.marks.held_in = name


def marks_in(fields: dict[str, Field]) -> dict[str, type[Mark]]:
    """The enumeration of every field of marks; raises UserError where two marks have one name."""
    found = {name: field.marks for name, field in fields.items() if isinstance(field, Marks)}
    known: dict[str, type[Mark]] = {}
    for field, marks in found.items():
        for name in marks.__members__:
            if name in known:
                one, other = known[name].__name__, marks.__name__
                if isinstance(fields[field], Event):
                    raise UserError(
                        f"{fields[field].place}: {one} has a mark {name} already; give the event another name"
                    )
                raise UserError(f"{one} and {other} both have a mark {name}: rename one")
            known[name] = marks
    return found


def weekly_in(fields: dict[str, Field]) -> list[str]:
    """The fields that are about this week alone, marks among them."""
    return [name for name, field in fields.items() if field.weekly]


def any_mark(people: np.ndarray, fields: Iterable[str]) -> np.ndarray:
    """Who carries a mark in any of these fields, shape (n,)."""
    found = np.zeros(len(people), bool)
    for name in fields:
        found |= people[name] != 0
    return found


def fields_of(classes: Iterable[type]) -> dict[str, Field]:
    """All fields that the classes declare, general before particular, each name once; raises UserError."""
    found: dict[str, Field] = {}
    for cls in classes:
        for ancestor in reversed(cls.__mro__):
            for name, value in vars(ancestor).get("__annotations__", {}).items():
                if isinstance(value, Field):
                    raise UserError(f"{value.place}: write {name} = Field(...), with = in place of the colon")
            for name, value in vars(ancestor).items():
                if not isinstance(value, Field):
                    continue
                if name in TAKEN:
                    raise UserError(
                        f"{value.place}: {value.owner}.{name}: that name belongs to NumPy or Mesa; choose another for the field"
                    )
                if isinstance(value, Marks) and name != field_of(value.marks):
                    raise UserError(
                        f"{value.place}: {value.owner}.{name}: the field for {value.marks.__name__} is {field_of(value.marks)}"
                    )
                known = found.setdefault(name, value)
                if known is not value:
                    _check_again(name, known, value)
    return found


def _check_again(name: str, known: Field, value: Field) -> None:
    """Raise UserError where a field is declared a second time as another."""
    if known.once or value.once:
        raise UserError(
            f"{value.place}: {name!r} is declared in {known.owner} already; declare it once, in a class that others "
            "derive from"
        )
    of_all = f"every person has a field {name!r} ({known.meaning})" if _is_of_all(known) else ""
    beside = f"; {of_all}: give yours another name" if of_all else "; declare it once, or give one of them another name"
    if (known.kind, known.shape) != (value.kind, value.shape):
        raise UserError(
            f"{value.place}: field {name!r} is declared as {known.kind} in {known.owner} and as {value.kind} in "
            f"{value.owner}{beside}"
        )
    if known.states is not value.states:
        raise UserError(
            f"{value.place}: field {name!r} holds other states in {known.owner} than in {value.owner}{beside}"
        )
    if known.limits != value.limits:
        raise UserError(
            f"{value.place}: field {name!r} is declared as {known.allowed} in {known.owner} and as {value.allowed} in "
            f"{value.owner}{beside}"
        )


def _is_of_all(field: Field) -> bool:
    """Whether the model itself declares it of people."""
    return field.module.startswith("policysim.agents.people.")


def layout(fields: dict[str, Field], first: np.dtype | None = None) -> np.dtype:
    """The aligned record type of these fields, widest first so that no space is lost; those of `first` stand as they do there."""
    there = first.names or () if first is not None else ()
    further = [field for name, field in fields.items() if name not in there]
    order = [*(fields[name] for name in there), *sorted(further, key=lambda f: -np.dtype(f.kind).itemsize)]
    return known(tuple((f.name, f.kind, f.shape) if f.shape else (f.name, f.kind) for f in order))


@lru_cache(maxsize=256)
def known(members: tuple[tuple, ...]) -> np.dtype:
    """The aligned record type of these members, for the same members the same object.

    Compiled functions know a type that they have met by its object; any other they compare field by field, at every call.
    """
    return np.dtype(list(members), align=True)


def row_class(name: str, dtype: np.dtype) -> type:
    """A class whose instances read and write one row of an array of this type through plain numbers."""
    names = dtype.names or ()

    def __init__(self, people, row):
        object.__setattr__(self, "people", people)
        object.__setattr__(self, "row", row)

    def __setattr__(self, key, value):
        if key not in names:
            raise AttributeError(f"{name} has no field {key!r}")
        object.__setattr__(self, key, value)

    kinds = dict.fromkeys(names)

    def __repr__(self):
        return row_in_words(name, self.row, self.people[self.row], kinds)

    members: dict[str, object] = {
        "__init__": __init__,
        "__repr__": __repr__,
        "__setattr__": __setattr__,
        "__slots__": ("people", "row"),
    }
    for key in names:
        base, shape = dtype[key].subdtype or (dtype[key], ())
        kind = "?" if base.kind == "b" else f"{base.kind}{base.itemsize}"
        member = Field(kind, "", shape=shape)
        member.name, member.record = key, name.lower()
        members[key] = member
    return type(name, (), members)


def out_of_range(people: np.ndarray, fields: dict[str, Field]) -> list[str]:
    """One sentence for each field that holds a value outside its declared range (for tests)."""
    faults = []
    for field in fields.values():
        values = people[field.name]
        low, high = field.limits
        bad = ~((values >= low) & (values <= high)).reshape(len(people), -1).all(axis=1)
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            faults.append(f"{field.name} of person {row} is {values[row]}, which must be {field.allowed}")
    return faults
