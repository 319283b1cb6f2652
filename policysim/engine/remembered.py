"""What was checked and written for the compiler, remembered on disk beside the compiled code.

To read the rules, check them and write them anew takes longer than to build a small place. What is remembered goes by a sum
of all that decides it: of the numbers, helpers and classes that names in the rules stand for, of the files in which those
and the rules stand, and of the engine itself. Where any of that cannot be told, nothing is remembered.
"""

import hashlib
import json
import linecache
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import Enum
from functools import cache
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numba
import numpy as np

from policysim.engine.cache import PREFIX, cache_folder, is_own
from policysim.engine.fields import Field, Marks
from policysim.engine.parts import Part
from policysim.engine.written import Itself, Shape
from policysim.vocabulary import states

DECIDING = (Path(__file__).parent, Path(states.__file__).parent)
"""The folders of the engine and of the vocabulary, which decide how any rule is written."""


class UntoldError(Exception):
    """A value of which another process could not tell whether it has the same."""


def sum_of_all(shape: Shape, roles: Iterable[type], others: tuple) -> str:
    """The sum of a shape and of what else decides; nothing where it cannot be told."""
    functions = functions_in(shape).values()
    if len(functions) < len(shape[1]):  # two that go by one name, as a function that makes rules gives them
        return ""
    classes = {cls for role in roles for cls in role.__mro__}
    files = {function.__code__.co_filename for function in functions}
    files |= {getattr(sys.modules.get(cls.__module__), "__file__", None) or "" for cls in classes} - {""}
    try:
        told = [_told((shape[0], *shape[2:], *others, *(role.__mro__ for role in roles)))]
        told += sorted(f"{_described(function)} {_told(names)}" for function, names in shape[1])
        told += [*map(_text, sorted(files)), _engine()]
    except UntoldError:
        return ""
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:24]


def functions_in(shape: Shape) -> dict[str, Callable]:
    """Every rule and helper of a shape by what it goes by on disk."""
    return {_name(function): function for function, _ in shape[1]}


def _name(function: Callable) -> str:
    return f"{function.__module__}.{function.__qualname__} in line {function.__code__.co_firstlineno}"


def _told(value: Any) -> str:
    """A value in words that are the same in another process for the same value, and for no other; raises UntoldError."""
    if isinstance(value, Itself):
        value = value.value
    if value is None or isinstance(value, bool | int | float | str | np.generic):
        return repr(value)
    if isinstance(value, np.dtype):
        return str(value.descr)
    if isinstance(value, tuple):
        return f"({', '.join(map(_told, value))})"
    if isinstance(value, frozenset):
        return f"{{{', '.join(sorted(map(_told, value)))}}}"
    if isinstance(value, Field):
        return f"field {value.name} of {value.owner}: {_told(_declared(value))}"
    if isinstance(value, FunctionType):
        return _name(value)
    if isinstance(value, type):
        members = tuple((member.name, member.value) for member in value) if issubclass(value, Enum) else ()
        return f"class {value.__module__}.{value.__qualname__} {_told(members)}"
    if isinstance(value, ModuleType):
        return f"module {value.__name__}"
    if isinstance(value, BuiltinFunctionType):
        return f"{value.__module__}.{value.__qualname__}"
    raise UntoldError


def _described(function: Callable) -> str:
    """A rule or helper as it was loaded, with what decorators have said of it."""
    code = function.__code__
    said = tuple(sorted(vars(function).items()))
    return f"{_name(function)} {code.co_code!r} {_told((code.co_names, code.co_varnames, function.__defaults__, said))}"


def _declared(field: Field) -> tuple:
    marks = field.marks if isinstance(field, Marks) else None
    return field.kind, field.shape, field.start, field.limits, field.weekly, marks


def _text(file: str) -> str:
    """What stands in a file of Python, or in a cell of a notebook; raises UntoldError where that is not to be had."""
    linecache.checkcache(file)
    lines = linecache.getlines(file)
    if not lines:
        raise UntoldError
    return "".join(lines)


@cache
def _engine() -> str:
    """What turns rules into what is written."""
    texts = [path.read_bytes() for folder in DECIDING for path in sorted(folder.glob("*.py"))]
    return "\n".join([sys.version, np.__version__, numba.__version__, *(hashlib.sha256(t).hexdigest() for t in texts)])


# --- on disk ----------------------------------------------------------------------------------------------------------


def _file(total: str) -> Path:
    return cache_folder() / f"{PREFIX}written_{total}.json"


def remembered(total: str, shape: Shape, written: Callable[[], list[Part]]) -> list[Part]:
    """The parts under a sum, or, where there are none yet, what is written now; without a sum nothing is kept."""
    if not total:
        return written()
    parts = recall(total, shape)
    if not parts:
        parts = written()
        remember(total, parts)
    return parts


def recall(total: str, shape: Shape) -> list[Part]:
    """The parts that were remembered under a sum; none where there are none."""
    file, functions = _file(total), functions_in(shape)
    try:
        if not is_own(file):
            return []
        kept = json.loads(file.read_text(encoding="utf-8"))
        return [_part(functions, *fields) for fields in kept]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _part(
    functions: dict[str, Callable], name: str, text: str, calls: list[str], imports: list[list[str]], shaped_by: str,
    written_from: str, lines: list[int],
) -> Part:  # fmt: skip
    function = functions[written_from] if written_from else None
    return Part(name, text, frozenset(calls), frozenset(map(tuple, imports)), shaped_by, function, tuple(lines))  # type: ignore[arg-type]


def remember(total: str, parts: list[Part]) -> None:
    """Keep these parts under a sum, whole or not at all; on a full disk they are written again the next time."""
    kept = [
        (
            part.name, part.text, sorted(part.calls), sorted(part.imports), part.shaped_by,
            _name(part.written_from) if part.written_from else "", part.lines,
        )
        for part in parts
    ]  # fmt: skip
    with suppress(OSError):
        file = _file(total)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, suffix=".part", delete=False, encoding="utf-8") as made:
            json.dump(kept, made)
        os.replace(made.name, file)
