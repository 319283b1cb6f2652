"""What the institutions of a kind decide together: people of the whole place are asked once, each authority chooses its own."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def by_authority(institutions: Sequence[Any], number: Callable[[Any], float]) -> np.ndarray:
    """A number of each of these institutions, shape (authorities,); 0 where none of them serves."""
    found = np.zeros(len(institutions[0].model.areas_of))
    for each in institutions:
        found[each.area] = number(each)
    return found


def first_in_each(areas: np.ndarray, most: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    """Of people who live in these authorities no more than so many in each: their places, in no order.

    In each authority those with the least of the last key, of equals of the one before, and so on, of equals the first.
    """
    order = np.lexsort((*keys, areas))
    where = areas[order]
    numbers = np.bincount(areas, minlength=most.size)
    rank = np.arange(order.size) - (np.cumsum(numbers) - numbers)[where]
    return order[rank < most[where]]
