"""What the institutions of a kind decide together: people of the whole place are asked once, each authority chooses its own."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from policysim.engine.heaps import first_in_groups
from policysim.engine.who import Who
from policysim.vocabulary.rows import NOBODY, joined


def by_authority(institutions: Sequence[Any], number: Callable[[Any], float]) -> np.ndarray:
    """A number of each of these institutions, shape (authorities,); 0 where none of them serves."""
    found = [0.0] * len(institutions[0].model.areas_of)
    for each in institutions:
        found[each.area] = number(each)
    return np.array(found, float)


def due(institutions: Sequence[Any], name: str, weeks: str, week: int) -> np.ndarray:
    """Of the people whom each of these institutions remembers by a name those whose week it is, one institution after another.

    Each remembers their weeks by another name. The calendar of all of them is made anew where one of them remembers others.
    """
    first, kept = institutions[0], [each.memory[weeks] for each in institutions]
    noted = first.noted.get(name)
    if noted is None or any(mine is not theirs for mine, theirs in zip(noted[0], kept, strict=True)):
        when, rows = np.concatenate(kept), np.concatenate([each.memory[name] for each in institutions])
        order = np.argsort(when, kind="stable")
        different, firsts = np.unique(when[order], return_index=True)
        calendar = dict(zip(different.tolist(), np.split(rows[order], firsts[1:]), strict=False))
        noted = first.noted[name] = kept, calendar
    found: np.ndarray = noted[1].get(week, NOBODY)
    return found


def keep_those(institutions: Sequence[Any], name: str, who: Who) -> None:
    """Of the people whom each of these institutions remembers by a name it goes on remembering those of whom something holds."""
    model, kept = institutions[0].model, [each.memory[name] for each in institutions]
    everyone, first = np.concatenate(kept), 0
    if not everyone.size:
        return
    holds = who.among(model.records, everyone)
    if holds.all():
        return
    for each, rows in zip(institutions, kept, strict=True):
        each.memory[name] = rows[holds[first : first + rows.size]]
        first += rows.size


def go_on_with(institutions: Sequence[Any], name: str, rows: np.ndarray) -> None:
    """Each of these institutions remembers by a name those of the rows, too, who live where it serves; in person order."""
    if not rows.size:
        return
    areas = institutions[0].model.area_of_row(rows)
    served = set(areas.tolist())
    for each in institutions:
        if each.area in served:
            each.memory[name] = joined(each.memory[name], rows[areas == each.area])


def first_in_each(areas: np.ndarray, most: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    """Of people who live in these authorities no more than so many in each: their places, in no order.

    In each authority those with the least of the last key, of equals of the one before, and so on, of equals the first.
    """
    if not areas.size:
        return NOBODY
    return np.asarray(first_in_groups(areas, np.asarray(most, float), np.array(keys, float)))
