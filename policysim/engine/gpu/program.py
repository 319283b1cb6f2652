"""The whole program for a card, kernels by name: made of the rules of a week once, and kept beside what is compiled of them."""

import hashlib
import inspect
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import llvmlite
import numba
import numpy as np
from numba import types

from policysim.engine import exact as compiled_exact
from policysim.engine.cache import PREFIX, cache_folder, is_own
from policysim.engine.entries import shaping, types_within
from policysim.engine.gpu import adding, kernels, ptx, remainder, written
from policysim.engine.gpu.kernels import NO_KEY
from policysim.engine.gpu.ptx import Kernel, ptx_of
from policysim.engine.gpu.written import LIVE_ONE, WORDS, parts_on_card, types_of_one, words_drawn
from policysim.engine.parts import Part, Types, assembling
from policysim.vocabulary import exact

SEALED = "// policysim "
"""How a kept program begins: its checksum follows, of all that comes after this line."""


class Program(NamedTuple):
    """What a card runs for the rules of one week."""

    ptx: str
    shared_key: int  # the place among the keys of the week of the key of words that all draw; NO_KEY for none
    own_key: int


def program_of(module: ModuleType, layouts: tuple[np.dtype, ...]) -> Program:
    """The program of a compiled week: from disk, or made now. Raises UserError for a rule that no card can run."""
    parts = parts_on_card(module.PARTS)
    drawn = words_drawn(module.PARTS)
    path = cache_folder() / f"{PREFIX}{_sum_of_all(parts, layouts)[:24]}.ptx"
    text = _kept(path)
    if text is None:
        text = _made(parts, layouts)
        _keep(path, text)
    return Program(text, *(drawn.get(word, NO_KEY) for word in WORDS))


def unit_of(record: np.dtype) -> int:
    """How many bytes a card copies at a time of records of this type."""
    return 8 if record.itemsize % 8 == 0 else 1


def kernels_of(live_one: Any, layouts: Sequence[np.dtype]) -> list[Kernel]:
    """All kernels of a program."""
    people, whole = types_of_one(layouts)[2], types.int64
    notes, rows, wholes = (types.Array(kind, 1, "C") for kind in (types.int8, types.int32, types.int64))
    words, columns = types.Array(types.uint64, 1, "C"), types.Array(types.int16, 1, "C")
    table = types.Array(types.uint64 if unit_of(layouts[0]) == 8 else types.uint8, 1, "C")
    through = (whole, notes, whole, whole, whole, wholes)
    return [
        Kernel(LIVE_ONE, live_one, types_of_one(layouts)),
        Kernel("find", kernels.find_one, (whole, people, columns, words, words, whole, whole, whole, notes, notes)),
        Kernel("count", kernels.count_one_stretch, through),
        Kernel("place", kernels.place_one_stretch, (*through, rows)),
        Kernel("gather", kernels.gather_one, (whole, table, whole, rows, whole, table)),
        Kernel("scatter", kernels.scatter_one, (whole, table, whole, rows, whole, table)),
    ]


def _made(parts: list[Part], layouts: tuple[np.dtype, ...]) -> str:
    entries = {LIVE_ONE: types_of_one(layouts)}
    within = types_within([part for part in parts if part.name != LIVE_ONE], layouts, False)
    with assembling(parts, shaping(layouts, False), list(entries), lambda: Types(entries, within)) as whole:
        pass
    return ptx_of(kernels_of(whole.live_one, layouts))


def _sum_of_all(parts: list[Part], layouts: Sequence[np.dtype]) -> str:
    """A sum of all that shapes a program."""
    shaped = [f"{part.text}\n{part.shaped_by}\n{part.person!r}" for part in parts]
    sources = map(inspect.getsource, (adding, kernels, ptx, remainder, written, exact, compiled_exact))
    versions = [numba.__version__, llvmlite.__version__, *(str(dtype.descr) for dtype in layouts)]
    return hashlib.sha256("\n".join([*shaped, *sources, *versions]).encode()).hexdigest()


def _seal_of(text: str) -> str:
    return f"{SEALED}{hashlib.sha256(text.encode()).hexdigest()}\n"


def _kept(path: Path) -> str | None:
    """What lies there, if it is the user's own and whole."""
    with suppress(OSError, UnicodeDecodeError):
        if is_own(path):
            seal, _, text = path.read_text(encoding="utf-8").partition("\n")
            return text if f"{seal}\n" == _seal_of(text) else None
    return None


def _keep(path: Path, text: str) -> None:
    """On a full disk it is made again."""
    with suppress(OSError):
        _write(path, _seal_of(text) + text)


def _write(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8") as file:
        file.write(text)
    os.replace(file.name, path)
