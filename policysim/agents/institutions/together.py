"""What the institutions of a kind decide together: people of the whole place are asked once, each authority chooses its own."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from policysim.engine.who import Who


def by_authority(institutions: Sequence[Any], number: Callable[[Any], float]) -> np.ndarray:
    """A number of each of these institutions, shape (authorities,); 0 where none of them serves."""
    found = np.zeros(len(institutions[0].model.areas_of))
    for each in institutions:
        found[each.area] = number(each)
    return found


def keep_those(institutions: Sequence[Any], name: str, who: Who) -> None:
    """Of the people whom each of these institutions remembers by a name it goes on remembering those of whom something holds."""
    model, kept = institutions[0].model, [each.memory[name] for each in institutions]
    everyone, first = np.concatenate(kept), 0
    if not everyone.size:
        return
    holds = who.among(model.records, everyone)
    for each, rows in zip(institutions, kept, strict=True):
        each.memory[name] = rows[holds[first : first + rows.size]]
        first += rows.size


def first_in_each(areas: np.ndarray, most: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    """Of people who live in these authorities no more than so many in each: their places, in no order.

    In each authority those with the least of the last key, of equals of the one before, and so on, of equals the first.
    """
    order = np.lexsort((*keys, areas))
    where = areas[order]
    numbers = np.bincount(areas, minlength=most.size)
    rank = np.arange(order.size) - (numbers.cumsum() - numbers)[where]
    return order[rank < most[where]]
