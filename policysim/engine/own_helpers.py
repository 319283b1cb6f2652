"""Helpers of the model that a class of people has in a version of its own: a method `@helper` named as they are.

Whoever is of that class lives by copies of the rules in which the name means the class's own version, at whatever depth it is
called; in the file of that version it means what was imported there, the model's. Both engines, and whatever reads rules, meet
the copies as plain functions of the same file and lines. What is said of a rule for those at rest was said of another text: a
copy carries none of it.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from types import CellType, FunctionType
from typing import Any

from policysim.engine.luck import lot_floor, refused
from policysim.engine.reads import called_in, calls_in, closure_of
from policysim.engine.returned import gives_something, line_without
from policysim.engine.rules import helper, rules_of, where
from policysim.engine.written import Shape, shape_of
from policysim.errors import UserError, nearest

OTHERS = ("policysim.", "mesa.", "builtins")
"""How the modules begin whose classes are nobody's own."""
LIVED_BY = "copies_lived_by"
"""On the class that is lived by: what copies there are."""


@helper
def never_refused(most, luck):
    """In place of `refused`: its bound was worked out without the class's own version, which may go beyond it."""
    return False


@helper
def lowest_floor(n, luck):
    """In place of `lot_floor`, likewise."""
    return 0.0


BOUNDED: dict[Any, Callable] = {refused: never_refused, lot_floor: lowest_floor}


def with_own_helpers(roles: tuple[type, ...], decisions: Iterable[Callable]) -> tuple[type, ...]:
    """The roles as they live by their own versions of helpers; those without any as they are. Raises UserError.

    `decisions` are what institutions decide about people, which call helpers as well.
    """
    if not any(_own(role) or _unmarked(role) for role in roles):
        return roles
    asked = tuple(decisions)
    called = {role: reached([*rules_of(role).values(), *asked], role) for role in roles}
    known: dict[str, list[Callable]] = {}
    for function in set().union(*called.values()):
        known.setdefault(function.__name__, []).append(function)
    for role in roles:
        for name, own in _own(role).items():
            _check(role, name, own, known)
        for name in _unmarked(role).keys() & known.keys():
            raise UserError(
                f"{where(_unmarked(role)[name])} has the name of a helper of the model but is not marked @helper, so nobody "
                "would call it; add @helper above it"
            )
    functions = [*asked, *(own for role in roles for own in _own(role).values())]
    return _all_lived(roles, shape_of(roles, functions), frozenset().union(*called.values()))


def as_lived(role: type, function: Callable) -> Callable:
    """A decision of an institution as it is for people of this role."""
    copies = getattr(role, LIVED_BY, None)
    return function if copies is None else copies.of(function)


def all_as_lived(roles: tuple[type, ...], functions: Iterable[Callable]) -> tuple[Callable, ...]:
    """Decisions as they are for people of any of these roles, each once."""
    asked = tuple(functions)
    return tuple(dict.fromkeys(as_lived(role, function) for role in roles for function in asked))


def is_lived_for(lived: type, kind: object) -> bool:
    """Whether a class is derived from this one to be lived by in its place."""
    copies = getattr(lived, LIVED_BY, None)
    return copies is not None and copies.role is kind


def _own(role: type) -> dict[str, Callable]:
    """The helpers among the members of a class, the most particular of each name."""
    found: dict[str, Callable] = {}
    for cls in role.__mro__:
        for name, member in vars(cls).items():
            if getattr(member, "is_helper", False):
                found.setdefault(name, member)
    return found


def _unmarked(role: type) -> dict[str, Callable]:
    """Plain methods of classes of one's own, which may have been meant as helpers."""
    own = [cls for cls in role.__mro__ if not cls.__module__.startswith(OTHERS)]
    members = [(name, member) for cls in own for name, member in vars(cls).items() if isinstance(member, FunctionType)]
    return {name: member for name, member in members if not {"is_rule", "is_helper"} & vars(member).keys()}


def _check(role: type, name: str, own: Callable, known: dict[str, list[Callable]]) -> None:
    meant = [function for function in known.get(name, ()) if _is_elsewhere(function, own)]
    if not meant:
        raise UserError(
            f"{where(own)} is marked @helper in {role.__name__}, and the model has no helper {name!r} that it could replace "
            f"(one of one's own stands outside the class){nearest(name, sorted(known))}"
        )
    if len(meant) > 1:
        modules = " and ".join(sorted(function.__module__ for function in meant))
        raise UserError(
            f"{where(own)} replaces {name!r}, and there is a helper of that name in {modules}; replace what calls it"
        )
    taken, given = (f.__code__.co_varnames[: f.__code__.co_argcount] for f in (meant[0], own))
    if taken != given:
        raise UserError(
            f"{where(own)} takes ({', '.join(given)}), and the helper {name!r} that it replaces takes ({', '.join(taken)}); "
            f"write def {name}({', '.join(taken)})"
        )
    if gives_something(meant[0]) and (line := line_without(own)) is not None:
        raise UserError(
            f"{where(own, line)} ends here without giving anything, and the helper {name!r} that it replaces gives a number or a "
            f"state to whoever calls it: end every way through it with return and a value, such as return {name}"
            f"({', '.join(taken)})"
        )


def _is_elsewhere(function: Callable, own: Callable) -> bool:
    """Whether a function stands in another file than a helper of one's own: there its name means that helper."""
    return function.__globals__ is not own.__globals__


def reached(functions: Iterable[Callable], role: type) -> set[Callable]:
    """The helpers that these rules call, at whatever depth."""
    found: set[Callable] = set()
    left, seen = list(functions), set()
    while left:
        function = left.pop()
        if function not in seen:
            seen.add(function)
            found |= called_by(function, role)
            left += _called(function, role)
    return found


def called_by(function: Callable, role: type) -> set[Callable]:
    """The helpers that a rule or helper calls itself."""
    return {each for each in _called(function, role) if getattr(each, "is_helper", False)}


def _called(function: Callable, role: type) -> set[Callable]:
    """The helpers that a function calls itself, and the parent's rule that its super() means."""
    return {each for call in calls_in(function) if (each := called_in(function, call, role)) is not None}


@lru_cache(maxsize=64)
def _all_lived(roles: tuple[type, ...], shape: Shape, called: frozenset[Callable]) -> tuple[type, ...]:
    """The classes that are lived by; others where anything that the names in their rules stand for has changed (`shape`)."""
    made: dict[frozenset, dict[Callable, Callable]] = {}
    found = []
    for role in roles:
        own = _own(role)
        meant = [each for each in called if each.__name__ in own and _is_elsewhere(each, own[each.__name__])]
        instead = {function: own[function.__name__] for function in meant}
        shared = made.setdefault(frozenset(instead.items()), {})
        found.append(_lived(role, Copies(role, instead, shared)) if instead else role)
    return tuple(found)


def _lived(role: type, copies: "Copies") -> type:
    """The class that is lived by in place of a role."""
    versions = [
        (cls, {name: member for name, member in vars(cls).items() if getattr(member, "is_rule", False)})
        for cls in reversed(role.__mro__)
    ]
    names = {name for _, rules in versions for name, rule in rules.items() if copies.reaches(rule)}
    about = {"__module__": role.__module__, "__qualname__": role.__qualname__, "__doc__": role.__doc__}
    lived = type(role.__name__, (role,), about | {LIVED_BY: copies})
    for (
        _,
        rules,
    ) in versions:  # all of them stand above all classes of before, so that super() finds the copy of the next
        cell = CellType()
        members = {name: copies.of_rule(rule, cell) for name, rule in rules.items() if name in names}
        if members:
            lived = cell.cell_contents = type(role.__name__, (lived,), about | members)
    return lived


class Copies:
    """Functions in which some helpers are others, each made once for all roles that have the same versions (`made`)."""

    def __init__(self, role: type, instead: dict[Callable, Callable], made: dict[Callable, Callable]):
        self.role, self.instead, self.made = role, instead, made
        self.known: dict[Callable, bool] = {}
        self.named = " with " + ", ".join(sorted({own.__qualname__ for own in instead.values()}))

    def reaches(self, function: Callable) -> bool:
        """Whether a function calls, at whatever depth, a helper that is another here."""
        if function not in self.known:
            self.known[function] = False  # of what comes back to itself, which is refused later
            called = _called(function, self.role)
            self.known[function] = any(self._replaces(function, each) or self.reaches(each) for each in called)
        return self.known[function]

    def _replaces(self, function: Callable, called: Callable) -> bool:
        """Whether a helper is another where this function calls it."""
        return called in self.instead and _is_elsewhere(function, self.instead[called])

    def of(self, function: Callable) -> Callable:
        """A helper or decision as it is here."""
        return self._copy(function) if self.reaches(function) else function

    def of_rule(self, rule: Callable, cell: CellType) -> Callable:
        """A copy of a rule, of which super() begins at the class in the cell; nothing said for those at rest holds of it."""
        copy = self._copy(rule, cell if "__class__" in rule.__code__.co_freevars else None)
        copy.most, copy.lots, copy.is_passing = None, None, False  # type: ignore[attr-defined]
        return copy

    def _copy(self, function: Callable, cell: CellType | None = None) -> Callable:
        if function in self.made and cell is None:
            return self.made[function]
        code, names = function.__code__, dict(function.__globals__)
        held = zip(code.co_freevars, function.__closure__ or (), strict=True)
        closed = tuple(self._cell(function, name, each, cell) for name, each in held)
        copy = FunctionType(code, names, function.__name__, function.__defaults__, closed)
        copy.__dict__.update(vars(function))
        copy.__module__, copy.__doc__ = function.__module__, function.__doc__
        copy.__qualname__ = function.__qualname__ + self.named
        self.made[function] = copy
        names.update({name: self._value(function, names[name]) for name in code.co_names if name in names})
        return copy

    def _cell(self, function: Callable, name: str, held: CellType, cell: CellType | None) -> CellType:
        if name == "__class__":
            return held if cell is None else cell
        return CellType(self._value(function, closure_of(function)[name]))

    def _value(self, function: Callable, value: Any) -> Any:
        """What a name means in the copy of a function."""
        if not callable(value):
            return value
        try:
            if value in BOUNDED:
                return BOUNDED[value]
        except TypeError:  # what cannot be looked up is none of them
            return value
        if not getattr(value, "is_helper", False):
            return value
        return self.of(self.instead[value]) if self._replaces(function, value) else self.of(value)
