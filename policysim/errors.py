"""Mistakes that a user can make, told in one sentence.

Whatever a person can get wrong (a place, a key in a file, a number out of range) is raised as
:class:`UserError`; the command line prints its sentence and stops, without a traceback.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import wraps
from inspect import signature
from pathlib import Path
from traceback import extract_tb
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class UserError(Exception):
    """One sentence for the user: what is wrong, where, what is allowed, and the nearest valid name."""

    def __init__(self, message: str, at_the_prompt: str = "") -> None:
        """Keep the message on one line, whatever text (a path, a quoted cell) went into it.

        at_the_prompt: how the command line says it, where a remedy is an option there and an argument in a program.
        """
        super().__init__(" ".join(message.split()))
        self.at_the_prompt = " ".join(at_the_prompt.split()) or str(self)


class NotCompiledError(UserError):
    """What cannot be compiled and may be run as Python, with the way to do so in a program and on the command line.

    `fault` is the sentence without a way: not every command has the option.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(
            f'{fault} (or run it uncompiled: engine="python")', f"{fault} (or run it uncompiled with --engine python)"
        )
        self.fault = fault


def nearest(name: str, choices: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the choice most like `name`, or ``""`` when none is close.

    Case is ignored in the comparison; the choice is quoted as it is spelt in `choices`.
    """
    spelt = {choice.casefold(): choice for choice in choices}
    close = get_close_matches(name.casefold(), spelt, n=1)
    return f"; did you mean '{spelt[close[0]]}'?" if close else ""


def not_loaded(file: Path, error: Exception) -> UserError:
    """What a Python file of the user's own raised when it was loaded, with its line and, for policysim's names, a way on."""
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if Path(frame.filename) == file.resolve()]
    lines = [error.lineno] if isinstance(error, SyntaxError) and error.filename == str(file.resolve()) else lines
    place = f"{file}, line {lines[-1]}" if lines else f"{file}"
    if isinstance(error, SyntaxError):
        return UserError(f"{place}: {error.msg}{_remedy_for(error)}")
    hint = ""
    if isinstance(error, ImportError) and (error.name or "").partition(".")[0] == "policysim":
        face = getattr(sys.modules.get("policysim.rules"), "__all__", ())
        asked = str(error).partition("cannot import name '")[2].partition("'")[0]
        if not asked:
            return UserError(
                f"{place}: there is no module {error.name}; import from policysim.rules what rules and levers need"
            )
        close = (
            "; it is in policysim.rules" if asked in face and error.name != "policysim.rules" else nearest(asked, face)
        )
        return UserError(
            f"{place}: {error.name} has no {asked!r}{close}; import from policysim.rules what rules and levers need"
        )
    if isinstance(error, NameError):
        face = getattr(sys.modules.get("policysim.rules"), "__all__", ())
        known = f"; import it: from policysim.rules import {error.name}"
        hint = known if error.name in face else nearest(str(error.name), face)
    return UserError(f"{place}: it cannot be loaded: {type(error).__name__}: {error}{hint}")


def _remedy_for(error: SyntaxError) -> str:
    """What to write where Python says only what it cannot read."""
    if isinstance(error, TabError):
        return "; indent with four spaces everywhere, and with no tabs"
    if any(mark in str(error.msg) for mark in ("“", "”", "‘", "’", "„")):
        return "; write straight quotation marks, \" or '"
    return ""


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
