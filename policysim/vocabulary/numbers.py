"""NumPy's and pandas' numbers are numbers: each door takes them as the plain Python number of the same value."""

from sys import float_info
from typing import Any

import numpy as np

DEEPEST = 8
"""Tables within tables as deep as any setting lies, so that a list that holds itself ends too."""


def is_finite(value: Any) -> bool:
    """Whether it is a number, and no larger than a float holds; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= float_info.max


def plain(value: Any, depth: int = DEEPEST) -> Any:
    """The value with NumPy's scalars and 0-d arrays in it as Python's own, inside lists and tables too.

    A float of fewer bits than Python's is read as it is written: np.float32(0.1) is 0.1, not 0.10000000149011612.
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, np.floating):
        return float(value) if value.itemsize >= 8 else float(str(value))
    if isinstance(value, np.generic):
        return value.item()
    if depth and isinstance(value, dict):
        return {plain(key, 0): plain(inside, depth - 1) for key, inside in value.items()}
    if depth and type(value) in (list, tuple):
        return type(value)(plain(inside, depth - 1) for inside in value)
    return value
