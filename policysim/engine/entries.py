"""With what the compiled functions of a week are called: the Numba types of their arguments."""

from functools import lru_cache

import numba
import numpy as np
from numba.np.numpy_support import from_dtype

from policysim.engine.debugging import NOTE
from policysim.engine.luck import LUCK
from policysim.engine.rest import Rest


@lru_cache(maxsize=32)
def entries_of(layouts: tuple[np.dtype, ...], decisions: tuple[str, ...], debug: bool, rests: bool) -> dict[str, tuple]:
    """The Numba types of what `live`, `catch_up` and the decisions are called with (policysim/engine/week.py)."""
    records = [np.zeros(1, dtype) for dtype in layouts]
    notes = [np.zeros(1, NOTE)] if debug else []
    whole, wholes, rows, words = 0, np.zeros(1, np.int64), np.zeros(1, np.int32), np.zeros((1, 1), np.uint64)
    counts, of_rest = np.zeros((1, 1), np.int64), Rest(1, 1, 1, 1).columns()
    live = [
        *records[:2], records[1], records[2], *of_rest, words, wholes, whole, wholes, whole, whole, True,
        rows, rows, np.zeros((1, 2), np.int64), counts, counts, *notes,
    ]  # fmt: skip
    called: dict[str, list] = {"live": live}
    called |= {"catch_up": [*records, *of_rest, whole, wholes, True]} if rests else {}
    decided = [*records, whole, whole, wholes, wholes, *notes]
    called |= {f"decide_{name}": decided for name in decisions}
    return {name: tuple(map(numba.typeof, values)) for name, values in called.items()}


def types_of_a_rule(layouts: tuple[np.dtype, ...], debug: bool) -> tuple:
    """The Numba types of what `live` gives each rule: person, here, world and luck."""
    return tuple(map(from_dtype, (*layouts, LUCK, *([NOTE] if debug else []))))
