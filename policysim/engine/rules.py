"""Rules: the short methods by which a person lives a week, and how a role's rules are collected."""

from collections.abc import Callable
from functools import partial

from policysim.errors import UserError


def rule(method: Callable | None = None, *, common: bool = False, last: bool = False) -> Callable:
    """Mark a method `(self, here, world, luck)` as one of the rules of a person's week.

    `@rule(common=True)` says that most people draw in it every week: the compiled engine then makes its first draws for
    many people side by side, which is faster. The numbers, and so the results, are the same. `@rule(last=True)` comes
    after all the others of the week, those of subclasses included.
    """
    if method is None:
        return partial(rule, common=common, last=last)
    method.is_rule, method.is_common, method.is_last = True, common, last  # type: ignore[attr-defined]
    return method


def helper(function: Callable) -> Callable:
    """Mark a plain function as usable inside rules; it is compiled with them and stays ordinary Python otherwise."""
    function.is_helper = True  # type: ignore[attr-defined]
    return function


def rules_of(role: type) -> dict[str, Callable]:
    """The role's rules by name, general before particular; an overriding rule keeps the place of the first."""
    found: dict[str, Callable] = {}
    for cls in reversed(role.__mro__):
        for name, member in vars(cls).items():
            if getattr(member, "is_rule", False):
                if member.__code__.co_argcount != 4:
                    raise UserError(
                        f"{cls.__name__}.{name} is a rule but does not take the four arguments of one; "
                        f"write def {name}(self, here, world, luck)"
                    )
                found[name] = member
            elif name in found and callable(member):
                raise UserError(
                    f"{cls.__name__}.{name} replaces a rule but is not marked @rule, so it would never run; "
                    "add @rule above it"
                )
    return dict(sorted(found.items(), key=lambda item: item[1].is_last))  # type: ignore[attr-defined]


def rule_names(roles) -> list[str]:
    """Every rule's name once, in order; those that come last in every role come last here."""
    found = {name: rule for role in roles for name, rule in rules_of(role).items()}
    return sorted(found, key=lambda name: found[name].is_last)  # type: ignore[attr-defined]
