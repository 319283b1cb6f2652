"""With what the compiled functions of a week are called, the Numba types of their arguments; and what shapes them all."""

import inspect
import os
import sys
from functools import lru_cache

import llvmlite.binding
import numba
import numpy as np
from numba import types
from numba.np.numpy_support import from_dtype

from policysim.engine import debugging, jit
from policysim.engine import exact as compiled_exact
from policysim.engine import luck as luck_module
from policysim.engine import rest as rest_module
from policysim.engine.debugging import NOTE
from policysim.engine.fields import known
from policysim.engine.luck import LUCK
from policysim.engine.parts import Part
from policysim.engine.rest import Rest
from policysim.engine.resting import CONCERNS, SETTLE
from policysim.vocabulary import exact


@lru_cache(maxsize=32)
def entries_of(layouts: tuple[np.dtype, ...], decisions: tuple[str, ...], debug: bool, rests: bool) -> dict[str, tuple]:
    """The Numba types of what the functions of the module that others call are called with (policysim/engine/week.py)."""
    records = [np.zeros(1, dtype) for dtype in layouts]
    notes = [np.zeros(1, NOTE)] if debug else []
    whole, wholes, rows, words = 0, np.zeros(1, np.int64), np.zeros(1, np.int32), np.zeros((2, 1, 1), np.uint64)
    counts, of_rest = np.zeros((1, 1), np.int64), Rest(1, 1, 1, 1).columns()
    live = [
        *records[:2], records[1], records[2], *of_rest, words, wholes, whole, wholes, whole, whole, True,
        rows, rows, np.zeros((1, 2), np.int64), counts, counts, *notes,
    ]  # fmt: skip
    called: dict[str, list] = {"live": live}
    if rests:
        called |= {"catch_up": [*records, *of_rest, whole, wholes, True]}
        called |= {"wake_concerned": [records[0], of_rest[0], wholes, wholes]}
    decided = [*records, whole, whole, wholes, wholes, *notes]
    called |= {f"decide_{name}": decided for name in decisions}
    return {name: tuple(map(numba.typeof, values)) for name, values in called.items()}


def types_within(parts: list[Part], layouts: tuple[np.dtype, ...], debug: bool) -> dict[str, tuple]:
    """The Numba types of what `live` gives each part that is kept: person, here, world and luck, if it is a rule."""
    here, world, luck, *notes = map(from_dtype, (*layouts[1:], LUCK, *([NOTE] if debug else [])))
    people = {members: from_dtype(known(members)) for members in {part.person for part in parts}}
    bars, counts = types.Array(types.uint64, 1, "C"), types.Array(types.int64, 2, "C")
    others = {
        "count_one": (here, counts, counts, types.int64),
        "pass_time": (here, world, luck, types.int64),
        SETTLE: (here, world, bars, bars, types.int64),
        CONCERNS: (types.int64,),
    }
    rule = (here, world, luck, *notes)
    kept = [part for part in parts if part.is_kept]
    return {part.name: (people[part.person], *others.get(part.name.rstrip("0123456789"), rule)) for part in kept}


def shaping(layouts: tuple[np.dtype, ...], debug: bool) -> list[str]:
    """What decides of every part what becomes of it: versions, the processor, what surrounds people, and what it takes in."""
    found = [
        numba.__version__,
        np.__version__,
        sys.version,
        llvmlite.binding.get_host_cpu_name(),
        *(os.environ.get(f"NUMBA_CPU_{what}", "") for what in ("NAME", "FEATURES")),  # Numba may be told of another
        *(str(dtype.descr) for dtype in layouts[1:]),
        *map(inspect.getsource, (jit, luck_module, rest_module, exact, compiled_exact)),
    ]
    return [*found, inspect.getsource(debugging)] if debug else found
