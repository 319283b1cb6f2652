"""Memory of models that nobody holds any more.

A Mesa model and its agents hold each other, so Python frees them when it looks for such circles, and it looks after so
many new objects, whatever their size. A model is few objects and large arrays: in a loop over many, memory would grow
for long before anyone looked.
"""

import gc

LOOK_AFTER = 32 * 2**20
"""Bytes of arrays in models made since the last look."""

_made = 0


def make_room(size: int) -> None:
    """Called for a new model whose arrays take `size` bytes: free those of models past once enough have been made."""
    global _made
    _made += size
    if _made > LOOK_AFTER:
        gc.collect()
        _made = size
