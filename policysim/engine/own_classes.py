"""A class of people of one's own: what in it would never be lived, told before anybody lives."""

from collections.abc import Iterator

from policysim.engine.own_helpers import OTHERS
from policysim.engine.rules import where
from policysim.errors import UserError

NO_METHODS = ("__init__", "__new__", "step")
"""What classes of agents usually have, and people do not."""


def check_class(cls: type) -> None:
    """Raise UserError for a method that nobody would call, or a rule or helper in whose place the model's own is lived."""
    for own in (each for each in cls.__mro__ if not _is_the_models(each)):
        for name in NO_METHODS:
            if name in vars(own):
                raise UserError(
                    f"{_place(own, name)}{own.__name__} has a method {name}, and people are rows of a table, not made or stepped "
                    "one by one: what a person holds is declared with Field(...), and what they do in a week is a @rule"
                )
        for name in _marked(own):
            first = next(each for each in cls.__mro__ if name in vars(each))
            if _is_the_models(first):
                bases = ", ".join(base.__name__ for base in sorted(cls.__bases__, key=_is_the_models))
                raise UserError(
                    f"{where(vars(own)[name])} is never lived by {cls.__name__}, of which {first.__name__} comes first; write "
                    f"class {cls.__name__}({bases})"
                )


def _is_the_models(cls: type) -> bool:
    return cls.__module__.startswith(OTHERS)


def _marked(cls: type) -> Iterator[str]:
    for name, member in vars(cls).items():
        if getattr(member, "is_rule", False) or getattr(member, "is_helper", False):
            yield name


def _place(cls: type, name: str) -> str:
    """File and line of a method, where it has one, as a message begins."""
    code = getattr(vars(cls)[name], "__code__", None)
    return f"{code.co_filename}, line {code.co_firstlineno}: " if code is not None else ""
