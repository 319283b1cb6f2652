"""Rules: the short methods by which a person lives a week, and how a role's rules are collected."""

import dis
import inspect
import math
from collections.abc import Callable
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any

from policysim.errors import UserError


def rule(
    method: Callable | None = None, *, last: bool = False, lot: int | None = None, most: Callable | None = None,
    lots: Callable | None = None, passing: bool = False,
) -> Callable:  # fmt: skip
    """Mark a method `(self, here, world, luck)` as one of the rules of a person's week.

    `@rule(last=True)` comes after all the others of the week, those of subclasses included. The other marks say what the
    rule does to people to whom nothing happens, who may then be left at rest (policysim/engine/resting.py):
    `most`: a helper `(self, here, world)` of a hazard that what happens to this person is never above, so that it happens
    only if the rule's first draw is below it; `lot`: which lot of the shared word that draw begins with; `lots`: a helper
    `(self, n, here, world)` that says as much of each of the lots that the rule draws for itself; `passing`: the rule counts
    time, and does in one turn what it would have done in `self.weeks` turns.
    """
    if method is None:
        return partial(rule, last=last, lot=lot, most=most, lots=lots, passing=passing)
    _check_plain(method, "rule")
    method.is_rule, method.is_last, method.is_passing = True, last, passing  # type: ignore[attr-defined]
    method.lot, method.most, method.lots = lot, most, lots  # type: ignore[attr-defined]
    return method


def helper(function: Callable) -> Callable:
    """Mark a plain function as usable inside rules; it is compiled with them and stays ordinary Python otherwise.

    As a method of a class of people it replaces the model's helper of its name (policysim/engine/own_helpers.py).
    """
    _check_plain(function, "helper")
    function.is_helper = True  # type: ignore[attr-defined]
    return function


def _check_plain(function: Callable, mark: str) -> None:
    """Raise UserError for what is no plain function: Python would call it and never live what stands in it."""
    if not inspect.isfunction(function):
        name = getattr(function, "__name__", None) or repr(function)
        raise UserError(f"@{mark} stands above {name}, which is no plain function; write @{mark} directly above def")
    if hasattr(function, "__wrapped__"):
        raise UserError(
            f"{where(function, None, mark)} has another decorator beside @{mark}; take it away, a {mark} has none"
        )
    if function.__name__ == "<lambda>":
        raise UserError(f"{where(function, None, mark)} is a lambda; write def")
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise UserError(
            f"{where(function, None, mark)} is async, so that it would never be lived; write def without async"
        )
    if inspect.isgeneratorfunction(function):
        raise UserError(
            f"{where(function, None, mark)} uses yield, so that it would never be lived; write a loop over range(...)"
        )
    _check_exact(function, mark)


def _check_exact(function: Callable, mark: str) -> None:
    """Raise UserError for exp and log of the module math: a rule is given the same numbers on every machine."""
    steps = list(dis.get_instructions(function))
    for step, after in pairwise(steps):
        called = function.__globals__.get(step.argval) if step.opname == "LOAD_GLOBAL" else None
        if called is math:
            called = getattr(math, str(after.argval), None)
        if called is math.exp or called is math.log:
            line, name = step.positions.lineno if step.positions else None, called.__name__
            raise UserError(
                f"{where(function, line, mark)} uses {name} of the module math, of which the last bit differs from machine to "
                f"machine; write from policysim.rules import {name}"
            )


def where(function: Callable, line: int | None = None, marked: str = "") -> str:
    """File, line (the function's first unless another is given) and name, as every message about a rule begins.

    `marked`: rule or helper, where it is about to be marked as one.
    """
    code, what = function.__code__, f"{marked} " if marked else called(function)
    return f"{code.co_filename}, line {line or code.co_firstlineno}: {what}{function.__qualname__}"


def called(function: Callable | None) -> str:
    """What stands before a function's name in a message: "helper ", "rule " or, where it is marked as neither, nothing."""
    if getattr(function, "is_helper", False):
        return "helper "
    return "rule " if getattr(function, "is_rule", False) else ""


def _within(member: Any) -> Any:
    """The function that a static method, a property or a decorator of the usual kind holds; anything else itself."""
    inner = next((getattr(member, name) for name in ("__func__", "fget", "__wrapped__") if hasattr(member, name)), None)
    return member if inner is None else _within(inner)


@lru_cache(maxsize=4096)  # asked for every model, and told by the function alone
def _takes_what_rules_take(function: Callable) -> bool:
    taken = inspect.signature(function).parameters.values()
    return len(taken) == 4 and all(p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty for p in taken)


def rules_of(role: type) -> dict[str, Callable]:
    """The role's rules by name, general before particular; an overriding rule keeps the place of the first."""
    found: dict[str, Callable] = {}
    for cls in reversed(role.__mro__):
        for name, member in vars(cls).items():
            within = _within(member)
            if getattr(within, "is_rule", False) and within is not member:
                raise UserError(f"{where(within)} has another decorator beside @rule; take it away, a rule has none")
            if getattr(member, "is_rule", False):
                if not _takes_what_rules_take(member):
                    raise UserError(
                        f"{where(member)} does not take the four arguments of a rule; "
                        f"write def {name}(self, here, world, luck)"
                    )
                found[name] = member
            elif name in found and callable(member):
                place = where(member) if inspect.isfunction(member) else f"{cls.__name__}.{name}"
                raise UserError(
                    f"{place} replaces a rule but is not marked @rule, so it would never run; add @rule above it"
                )
    return dict(sorted(found.items(), key=lambda item: item[1].is_last))  # type: ignore[attr-defined]


def rule_names(roles) -> list[str]:
    """Every rule's name once, in order; those that come last in every role come last here."""
    found = {name: rule for role in roles for name, rule in rules_of(role).items()}
    return sorted(found, key=lambda name: found[name].is_last)  # type: ignore[attr-defined]


def shared_lots(roles) -> dict[str, int]:
    """Which rules begin with which lot of the shared word; a rule that overrides another keeps its lot.

    Raises UserError where one person's week would use a lot twice.
    """
    found: dict[str, int] = {}
    for role in roles:
        own: dict[int, str] = {}
        for name in rules_of(role):
            versions = (vars(cls)[name] for cls in role.__mro__ if name in vars(cls))
            lot = next((version.lot for version in versions if getattr(version, "lot", None) is not None), None)
            if lot is None:
                continue
            if lot in own or found.get(name, lot) != lot:
                raise UserError(f"rules {own.get(lot, name)} and {name} have the same lot {lot}; give each its own")
            own[lot], found[name] = name, lot
    return found


def own_lots(roles) -> str:
    """The rule that draws lots of its own, whose word is drawn ahead for everyone; nothing where there is none.

    Raises UserError where there are two.
    """
    versions = {
        name: None
        for role in roles
        for name in rules_of(role)
        if any(getattr(vars(cls).get(name), "lots", None) is not None for cls in role.__mro__)
    }
    if len(versions) > 1:
        raise UserError(f"rules {' and '.join(versions)} both have lots= of their own; one rule of the week may")
    return next(iter(versions), "")
