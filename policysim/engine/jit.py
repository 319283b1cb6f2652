"""How functions beside the rules are compiled: with nothing that nobody uses, which takes longer to compile than they do."""

import hashlib
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from numba import njit

from policysim.engine.turns import take_turns

inlined: Any = njit(forceinline=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
"""A function that becomes part of the week that calls it: without a call, and without counting references."""
inner: Any = njit(_nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
"""A function that only compiled ones call, and that makes and returns no array."""
_kept: Any = njit(cache=True, nogil=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]

PACKAGE = Path(__file__).parents[1]
IMPORTED = re.compile(rf"^from {PACKAGE.name}\.([\w.]+) import ([\w, ]*)", re.MULTILINE)


def outer(function: Callable) -> Any:
    """A function that Python calls, compiled and kept on disk until its file or one that it takes anything from is edited.

    Numba by itself looks at the file of the function alone, and would go on using a number or a function of another file as
    it was.
    """
    compiled = _kept(function)
    take_turns(compiled)
    if hasattr(compiled, "_cache"):  # not where compiling is switched off
        files = taken_from(Path(sys.modules[function.__module__].__file__ or ""))
        compiled._cache._cache_file._source_stamp = hashlib.sha256(b"".join(map(_read, sorted(files)))).digest()
    return compiled


def taken_from(file: Path) -> set[Path]:
    """The files of the package that a file takes anything from, itself and those that these take from among them."""
    found, left = set(), [file]
    while left:
        file = left.pop()
        if file not in found:
            found.add(file)
            left += _imports_of(file)
    return found


@cache
def _imports_of(file: Path) -> list[Path]:
    candidates = []
    for name, what in IMPORTED.findall(_read(file).decode("utf-8")):
        module = PACKAGE.joinpath(*name.split("."))
        within = [module / f"{each}.py" for each in re.findall(r"\w+", what)]  # a module itself may be what is imported
        candidates += [module.with_suffix(".py"), module / "__init__.py", *within]
    return [path for path in candidates if path.is_file()]


@cache
def _read(file: Path) -> bytes:
    return file.read_bytes()
