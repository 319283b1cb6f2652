"""Mistakes that a user can make, told in one sentence.

Whatever a person can get wrong (a place, a key in a file, a number out of range) is raised as
:class:`UserError`; the command line prints its sentence and stops, without a traceback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import wraps
from inspect import signature
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class UserError(Exception):
    """One sentence for the user: what is wrong, where, what is allowed, and the nearest valid name."""

    def __init__(self, message: str) -> None:
        """Keep the message on one line, whatever text (a path, a quoted cell) went into it."""
        super().__init__(" ".join(message.split()))


def nearest(name: str, choices: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the choice most like `name`, or ``""`` when none is close.

    Case is ignored in the comparison; the choice is quoted as it is spelt in `choices`.
    """
    spelt = {choice.casefold(): choice for choice in choices}
    close = get_close_matches(name.casefold(), spelt, n=1)
    return f"; did you mean '{spelt[close[0]]}'?" if close else ""


def tells_arguments(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Decorate a function that people call: an argument it does not have, or one that is missing, is a UserError."""
    taken = signature(function)
    takes_any = any(one.kind is one.VAR_KEYWORD for one in taken.parameters.values())
    called = function.__qualname__.removesuffix(".__init__").rpartition(".")[2]

    @wraps(function)
    def told(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        for name in () if takes_any else kwargs.keys() - taken.parameters.keys():
            raise UserError(no_argument(called, name, list(taken.parameters)))
        try:
            taken.bind(*args, **kwargs)
        except TypeError as error:
            raise UserError(f"{called}: {error}") from None
        return function(*args, **kwargs)

    return told


def no_argument(where: str, name: str, names: Iterable[str]) -> str:
    """The sentence about an argument that is not among those of these names."""
    names = list(names)
    return f"{where} has no argument {name!r} (it takes {', '.join(names)}){nearest(name, names)}"
