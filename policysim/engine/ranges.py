"""Ranges: which values a field may hold, and the sentence for a value or an index that is outside.

The Python engine holds every write to them, the compiled engine in debug runs; compiled rules themselves do not look.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

import numpy as np

from policysim.engine.rules import called
from policysim.errors import UserError, nearest
from policysim.vocabulary import exact

LARGEST = sys.float_info.max
LARGEST_OF = {"f8": LARGEST, "f4": float(np.finfo("f4").max)}
"""Of the kinds that hold real numbers."""
NO_RULES = (__name__.rpartition(".")[0], exact.__name__)


class FieldError(UserError):
    """A value or an index that a field cannot have: `what` says so, and where it happened is put before it."""

    def __init__(self, what: str, where: str = "a program"):
        self.what = what
        super().__init__(f"{where} {what}")


def limits_of(kind: str, low=None, high=None) -> tuple[float, float]:
    """The least and the greatest value of a field: as declared, and within what its kind holds; always finite.

    Raises UserError for a range that the kind cannot hold or that is empty. A flag takes whatever is true or false. The ends
    of an `f4` are numbers that it holds as they are, so that no value within is rounded to one without.
    """
    if kind == "?":
        return -LARGEST, LARGEST
    real = kind in LARGEST_OF
    least, most = (-LARGEST_OF[kind], LARGEST_OF[kind]) if real else (int(np.iinfo(kind).min), int(np.iinfo(kind).max))
    low, high = least if low is None else low, most if high is None else high
    if not least <= low <= high <= most:
        holds = "finite numbers" if real else f"{least:,} to {most:,}"
        raise UserError(f"a field's range must be from low to high within what its kind holds, {holds} for {kind}, "
                        f"not {low} to {high}")  # fmt: skip
    rounded = [end for end in (low, high) if kind == "f4" and float(np.float32(end)) != end]
    if rounded:
        raise UserError(f"a field of kind f4 cannot end at {rounded[0]}, which it would hold rounded; write f8")
    return low, high


def in_words(kind: str, low: float, high: float) -> str:
    """What a field may hold: "a whole number from 0 to 9"."""
    if kind == "?":
        return "true or false"
    what, largest = "a number" if kind in LARGEST_OF else "a whole number", LARGEST_OF.get(kind, LARGEST)
    if low <= -largest and high >= largest:
        return f"{what} that is finite"
    if high >= largest:
        return f"{what} from {low} on"
    return f"{what} up to {high}" if low <= -largest else f"{what} from {low} to {high}"


Sentence = tuple[str, str]
"""What is said before a number and after it."""


def beyond(path: str, allowed: str) -> Sentence:
    """For a value that the field with this path may not hold."""
    return f"sets {path} to ", f", which must be {allowed}"


def outside(path: str, length: int) -> Sentence:
    """For an index that an array does not have."""
    return "uses index ", f" of {path}, which holds {length} numbers: an index is 0 to {length - 1}"


def no_number(function: str) -> Sentence:
    """For a function that has no value for what it is given, or one too large."""
    return f"cannot work out {function}(", ")"


def said(sentence: Sentence, value: float) -> str:
    """The sentence about this number, which is short where it can be."""
    before, after = sentence
    exact = isinstance(value, float) and abs(value) < 1e15 and value == int(value)
    return (
        f"{before}{int(value) if exact else value:g}{after}" if isinstance(value, float) else f"{before}{value}{after}"
    )


def check_value(field, value) -> None:
    """Raise FieldError for a value that the field may not hold: beyond its range, NaN, a fraction of a whole number."""
    low, high = field.limits
    if not low <= value <= high or (field.whole and value != int(value)):
        raise FieldError(said(beyond(field.path, field.allowed), value))


def with_place(error: Exception, person: int, week: int) -> FieldError:
    """The error of a rule that ran in Python with file, line and rule, and whose it was in which week."""
    where, who = place_in(error.__traceback__), f"(person {person}, week {week})"
    if isinstance(error, FieldError):
        return FieldError(f"{error.what} {who}", where)
    return FieldError(f"cannot be worked out: {error} {who}", where)


@contextmanager
def failures_told() -> Iterator[None]:
    """Within the block whatever somebody's own rule, helper or lever raises is a UserError that says where."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        place = place_in(error.__traceback__)
        if not place:  # no code of anybody's own was running
            raise
        close = nearest(error.name, dir(error.obj)) if isinstance(error, AttributeError) and error.name else ""
        raise UserError(f"{place} fails: {type(error).__name__}: {error}{close}") from None


def place_in(trace: TracebackType | None) -> str:
    """The innermost line that is neither the engine's own nor a person's way to a field, as messages about rules begin."""
    where = ""
    while trace is not None:
        frame = trace.tb_frame
        code = frame.f_code
        if not frame.f_globals.get("__name__", "").startswith(NO_RULES) and not code.co_name.startswith("__"):
            name = getattr(code, "co_qualname", code.co_name)
            where = f"{code.co_filename}, line {trace.tb_lineno}: {called(_running(frame))}{name}"
        trace = trace.tb_next
    return where


def _running(frame: FrameType) -> Callable | None:
    """The function that runs in a frame, looked for where functions stand: in the class of its first argument, or its file."""
    code = frame.f_code
    first = frame.f_locals.get(code.co_varnames[0]) if code.co_argcount else None
    held = [vars(cls).get(code.co_name) for cls in type(first).__mro__] + [frame.f_globals.get(code.co_name)]
    return next((each for each in held if getattr(each, "__code__", None) is code), None)
