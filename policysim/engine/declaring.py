"""Where a field is declared, and what is wrong with the declaration."""

import inspect
import sys
from enum import IntEnum
from numbers import Real
from typing import Any

from policysim.errors import UserError, nearest

OURS = ("policysim.engine.", "policysim.counts.")
"""Where declarations are made of what stands in a class body."""
MORE_IS = ("better", "worse", "neither")
KINDS = ("i1", "i2", "i4", "i8", "f4", "f8", "?")
MEANT = {
    "?": ("bool", "boolean", "b", "b1", "bool_", "flag"),
    "f8": ("float", "double", "real", "number", "d", "f", "float64"),
    "f4": ("float32", "single"),
    "i1": ("int8", "u1", "uint8", "short"),
    "i2": ("int16", "u2", "uint16"),
    "i4": ("int", "integer", "i", "int32", "u4", "uint32", "whole"),
    "i8": ("long", "int64", "u8", "uint64"),
}
"""What people write for a kind who know Python or NumPy."""


def declared_at() -> str:
    """File and line of the class body outside these rooms in which a field is being declared."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(OURS):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}, line {frame.f_lineno}"


def check_declaration(place: str, kind: Any, meaning: Any, shape: tuple, start: Any) -> None:
    """Raise UserError for a field of no kind, of no length, without a meaning, or that starts from no number."""
    if kind not in KINDS:
        spelt = getattr(kind, "__name__", str(kind)).casefold()
        meant = next((f"; write {right!r}" for right, others in MEANT.items() if spelt in others), "")
        if not spelt:
            raise UserError(
                f"{place}: a field says what it holds and means, as in Field('i2', 'times somebody thought twice')"
            )
        raise UserError(f"{place}: a field's kind is one of {', '.join(KINDS)}, not {spelt!r}{meant}")
    if not isinstance(meaning, str):
        raise UserError(
            f"{place}: a field says in words what it means, as in Field({kind!r}, 'times somebody thought twice')"
        )
    if not all(isinstance(n, int) and n > 0 for n in shape):
        raise UserError(f"{place}: the shape of a field is one length or several, each a whole number from 1 on")
    if kind == "f4" and shape:
        raise UserError(f"{place}: a field of kind f4 is one number; write f8 for several")
    if not isinstance(start, Real):
        raise UserError(f"{place}: a field starts from a number, not {start!r}")


def check_states(place: str, kind: str, states: type, ends: tuple, start: Any) -> None:
    """Raise UserError for an enumeration that a field cannot hold, or that says its range or start otherwise."""
    name = states.__name__
    if not issubclass(states, IntEnum):
        raise UserError(
            f"{place}: the states of a field are an IntEnum, as in class {name}(IntEnum), or its unit is a text"
        )
    if [int(state) for state in states] != list(range(len(states))) or not len(states):
        raise UserError(f"{place}: the states of {name} must be numbered 0, 1, 2 and so on, in this order")
    if not kind.startswith("i") or len(states) > 127:
        raise UserError(
            f"{place}: a field of states is of kind i1, with at most 127 of them, not {kind} with {len(states)}"
        )
    if ends != (None, None):
        raise UserError(f"{place}: {name} says which states there are: leave out low and high")
    if start not in range(len(states)):
        raise UserError(f"{place}: a field of {name} starts from one of its states, not {start!r}")


def words_of_outcome(
    place: str, meaning: object, label: object, noun: object, more_is: object, how: str
) -> dict[str, str]:
    """The words of an outcome of one's own that are given, as a row of the table of outcomes takes them; raises UserError."""
    if not isinstance(meaning, str) or not meaning.strip():
        raise UserError(f"{place}: an outcome says in words what is counted, as in {how}")
    for name, given in (("label", label), ("noun", noun)):
        if not isinstance(given, str):
            raise UserError(f"{place}: the {name} of an outcome is a text, not {given!r}")
    if more_is not in MORE_IS:
        raise UserError(f"{place}: more_is is one of {', '.join(MORE_IS)}, not {more_is!r}")
    given_words = {"label": label, "noun": noun, "more_is": more_is}
    return {name: str(word) for name, word in given_words.items() if word}


def check_is_declared(kind: type, name: str, known: tuple[str, ...]) -> None:
    """Raise UserError for what an institution lets people meet and is no field of where they live."""
    if name not in known:
        raise UserError(
            f"{inspect.getfile(kind)}: institution {kind.__name__} lets people meet {name!r}, which is no field of where "
            f"they live (declare it in the class that it names as here){nearest(name, known)}"
        )
