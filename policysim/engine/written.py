"""What decides how rules are written for the compiler, so that a second model of the same rules need not write them again.

To read the rules and write them anew takes longer than to synthesise a small place. A function's text does not change
once it is loaded, but the numbers, helpers and classes that its names stand for may.
"""

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from policysim.engine.fields import fields_of
from policysim.engine.reads import closure_of
from policysim.engine.rules import rules_of

Shape = tuple[Any, ...]
"""Two of them are equal where the same would be written."""


class Itself:
    """A value that is equal to itself alone, whatever it thinks of others."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def shape_of(roles: tuple[type, ...], functions: Iterable[Callable]) -> Shape:
    """Of the rules and fields of these roles, and of other functions: all that their source alone does not say."""
    rules = tuple((role, tuple(rules_of(role).items())) for role in roles)
    above = {member for role in roles for cls in role.__mro__ for member in vars(cls).values() if _is_rule(member)}
    found: dict[Callable, Shape] = {}
    for function in (*above, *functions):
        _follow(function, found)
    return rules, frozenset(found.items()), tuple(map(Itself, fields_of(roles).values()))


def _is_rule(member: Any) -> bool:
    return callable(member) and getattr(member, "is_rule", False)


def _follow(function: Callable, found: dict[Callable, Shape]) -> None:
    """What the names of a function stand for, and, through its calls, those of its helpers."""
    if function in found:
        return
    code = function.__code__
    seen: list[Shape] = []
    found[function] = ()
    known: dict[str, Any] = {**{name: function.__globals__.get(name) for name in code.co_names}, **closure_of(function)}
    for name, value in known.items():
        seen.append((name, _told(value)))
        if isinstance(value, type | ModuleType):  # what a rule reads of them, as in Use.REGULAR or math.exp
            held = vars(value)
            seen += [(name, of, _told(held[of])) for of in code.co_names if of in held]
        if getattr(value, "is_helper", False):
            _follow(value, found)
    found[function] = tuple(seen)


def _told(value: Any) -> Any:
    """Numbers by what they are, anything else by which it is."""
    return (type(value), repr(value)) if isinstance(value, bool | int | float | tuple) else Itself(value)
