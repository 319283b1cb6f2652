"""The first of each of several groups by some keys, without putting all of them in order: a heap for each group."""

import numpy as np

from policysim.engine.jit import inner, outer


@outer
def first_in_groups(groups, most, keys):
    """Those who come first so far lie in a heap of each group, the last of them on top, whom the next may replace."""
    numbers, held = np.zeros(most.size, np.int64), np.zeros(most.size, np.int64)
    for group in groups:
        numbers[group] += 1
    room = np.minimum(np.maximum(np.ceil(most), 0), numbers).astype(np.int64)
    first = np.cumsum(room) - room
    heaps = np.empty(room.sum(), np.int64)
    for row in range(groups.size):
        group = groups[row]
        start, size = first[group], room[group]
        if held[group] < size:
            heaps[start + held[group]] = row
            held[group] += 1
            if held[group] == size and size < numbers[group]:
                for top in range(size // 2 - 1, -1, -1):
                    _sink(heaps, start, size, top, keys)
        elif size > 0 and _before(row, heaps[start], keys):
            heaps[start] = row
            _sink(heaps, start, size, 0, keys)
    return heaps


@inner
def _sink(heaps, start, size, top, keys):
    """Who lies at this place of a heap sinks until nobody below comes after them."""
    while 2 * top + 1 < size:
        below = 2 * top + 1
        if below + 1 < size and _before(heaps[start + below], heaps[start + below + 1], keys):
            below += 1
        one, other = heaps[start + top], heaps[start + below]
        if not _before(one, other, keys):
            return
        heaps[start + top], heaps[start + below] = other, one
        top = below


@inner
def _before(one, other, keys):
    """Whether one comes before the other."""
    for k in range(len(keys) - 1, -1, -1):
        if keys[k, one] != keys[k, other]:
            return keys[k, one] < keys[k, other]
    return one < other
