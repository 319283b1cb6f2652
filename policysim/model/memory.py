"""Memory of models that nobody holds any more.

A Mesa model and its agents hold each other, so Python frees them when it looks for such circles, and it looks after so
many new objects, whatever their size. A model is few objects and large arrays: in a loop over many, memory would grow
for long before anyone looked.
"""

import ctypes
import gc

LOOK_AFTER = 32 * 2**20
"""Bytes of arrays in models made since the last look."""

TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""The C library of Linux keeps what is freed in the midst of what is held; others have no such function."""

_made = 0


def make_room(size: int) -> None:
    """Called for a new model whose arrays take `size` bytes: free those of models past once enough have been made.

    What the making of a large one needed on the way goes back to the system.
    """
    global _made
    _made += size
    if _made > LOOK_AFTER:
        gc.collect()
        _made = size
    if size > LOOK_AFTER and TRIM is not None:
        TRIM(0)
