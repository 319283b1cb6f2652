"""What a card does for each person beside the rules: who lives this week, and which rows are such and such, in their order.

Every function is one thread's part of a kernel: its first argument is the number of the thread. No thread waits for another,
and what comes out does not depend on which of them comes first.
"""

from typing import Any

import numpy as np
from numba import int64, uint64

from policysim.engine.jit import inlined, inner
from policysim.engine.luck import DRAWS_A_WEEK, philox
from policysim.engine.rest import BETWEEN_OWN, BETWEEN_SHARED

STRETCH = 256
"""Rows that one thread looks through, one after another."""
NO_KEY = -1
"""In place of the key of words that no rule draws."""
MARKED, FOLLOWED = 1, 2
"""What is noted of somebody who has lived the week, a bit each."""


@inlined
def word_of(key: int, person: int, week: int) -> Any:
    """The first word of one key in one week for a person, as `draw_words` draws it."""
    return philox(np.uint32(key), np.uint32(person), np.uint32(week * DRAWS_A_WEEK))


@inlined
def _below(word: Any, between: Any, bars: Any) -> bool:
    """Whether any lot of a word lies below its bar (policysim/engine/rest.py)."""
    return (~((word | between) - bars) & between) != uint64(0)


@inner
def find_one(
    t: int, people: np.ndarray, wakes: np.ndarray, bars: np.ndarray, own_bars: np.ndarray, week: int, shared_key: int,
    own_key: int, due: np.ndarray, noted: np.ndarray,
) -> Any:  # fmt: skip
    """Whether a person lives this week, as `find_due` finds it: their role and one more, 0 for those who rest on."""
    lives = wakes[t] <= week
    if not lives and bars[t] != uint64(0) and shared_key != NO_KEY:
        lives = _below(word_of(shared_key, t, week), uint64(BETWEEN_SHARED), bars[t])
    if not lives and own_bars[t] != uint64(0) and own_key != NO_KEY:
        lives = _below(word_of(own_key, t, week), uint64(BETWEEN_OWN), own_bars[t])
    due[t] = 1 + people[t].role if lives else 0
    noted[t] = 0
    return int64(0)


@inner
def count_one_stretch(t: int, notes: np.ndarray, rows: int, mask: int, value: int, counts: np.ndarray) -> Any:
    """How many rows of a stretch have these bits noted of them."""
    found = 0
    for i in range(t * STRETCH, min((t + 1) * STRETCH, rows)):
        found += int64(notes[i] & mask == value)
    counts[t] = found
    return int64(0)


@inner
def place_one_stretch(
    t: int, notes: np.ndarray, rows: int, mask: int, value: int, begins: np.ndarray, placed: np.ndarray
) -> Any:
    """The same rows themselves, in person order; those of the t-th stretch end where the next one's begin."""
    found = begins[t]
    for i in range(t * STRETCH, min((t + 1) * STRETCH, rows)):
        if notes[i] & mask == value:
            placed[found] = i
            found += 1
    return int64(0)


@inner
def gather_one(t: int, table: np.ndarray, width: int, rows: np.ndarray, first: int, packed: np.ndarray) -> Any:
    """One number of a row's record, copied to where the records of all these rows lie side by side."""
    packed[t] = table[rows[first + t // width] * width + t % width]
    return int64(0)


@inner
def scatter_one(t: int, packed: np.ndarray, width: int, rows: np.ndarray, first: int, table: np.ndarray) -> Any:
    """The way back."""
    table[rows[first + t // width] * width + t % width] = packed[t]
    return int64(0)
