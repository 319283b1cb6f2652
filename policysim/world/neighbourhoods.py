"""The neighbourhoods of a place: how many, where, how deprived, and which lie near which.

They are synthetic: only their number and how many residents live in each deprivation quintile are published figures.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from policysim.errors import UserError
from policysim.world.authorities import Authority
from policysim.world.places import Place

NEIGHBOURHOOD = np.dtype(
    [("authority", "i4"), ("quintile", "i1"), ("residents", "f8"), ("share", "f8"), ("x", "f8"), ("y", "f8")]
)
"""authority: index into `Place.authorities`; quintile: 0 (most deprived) to 4; residents: aged 10 to 64;
share: of the place's residents aged 10 to 64; x, y: kilometres east and north of the place's centre."""

MOST_NEIGHBOURHOODS = 2**15
"""So many have an index of two bytes, which everybody keeps; England and Wales have 7,201."""
SPACING_KM = 0.8
"""Radius of an authority's disc per root of its neighbourhoods: 2 square kilometres each, as in a city."""
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
KM_PER_DEGREE = 111.2
"""Length of a degree of latitude (and of longitude at the equator) on a sphere of the Earth's mean radius."""


def neighbourhoods(place: Place) -> NDArray[np.void]:
    """Lay out the neighbourhoods of a place: a record (see `NEIGHBOURHOOD`) for each.

    **Positions and mix are synthetic.** Published are an authority's number of middle-layer areas and how
    many residents live in each deprivation quintile. From these: neighbourhoods are shared among quintiles
    in proportion (largest remainder, at least one for each quintile with residents); residents of a
    quintile are spread evenly over its neighbourhoods, with the authority's age mix; the neighbourhoods
    fill a disc around the authority's centre along a sunflower spiral, deprived ones nearest the centre.
    No neighbourhood stands for a real one. The same place always gives the same records, to the bit.
    """
    if place.neighbourhood_count > MOST_NEIGHBOURHOODS:
        raise UserError(
            f"{place.name} has {place.neighbourhood_count:,} neighbourhoods and can have {MOST_NEIGHBOURHOODS:,} at most"
        )
    total = place.residents_10_64
    origin = _centre(place)
    rows: list[tuple[int, int, float, float, float, float]] = []
    for index, authority in enumerate(place.authorities):
        east, north = _project(authority, origin)
        counts = share_out(authority.neighbourhoods, authority.residents_by_quintile)
        quintiles = [quintile for quintile, count in enumerate(counts) for _ in range(count)]
        for step, quintile in enumerate(quintiles):
            living = authority.residents_10_64 * authority.residents_by_quintile[quintile]
            residents = living / (authority.population * counts[quintile])
            x, y = _sunflower(step)
            spot = (round(east + x, 3), round(north + y, 3))  # to the metre, below which libraries may differ
            rows.append((index, quintile, residents, residents / total, *spot))
    return np.array(rows, dtype=NEIGHBOURHOOD)


def share_out(seats: int, weights: tuple[int, ...]) -> tuple[int, ...]:
    """Share whole `seats` in proportion to `weights` (largest remainder; ties to the first), in integers.

    Every positive weight gets at least one, taken from whoever has most; there must be seats enough.
    """
    total = sum(weights)
    given = [seats * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(seats * weights[i] % total))
    for i in by_remainder[: seats - sum(given)]:
        given[i] += 1
    for i, weight in enumerate(weights):
        if weight and not given[i]:
            given[given.index(max(given))] -= 1
            given[i] = 1
    return tuple(given)


def _centre(place: Place) -> tuple[float, float]:
    """Longitude and latitude of the place's centre, weighted by population."""
    people = place.population
    longitude = math.fsum(a.longitude * a.population for a in place.authorities) / people
    latitude = math.fsum(a.latitude * a.population for a in place.authorities) / people
    return longitude, latitude


def _project(authority: Authority, origin: tuple[float, float]) -> tuple[float, float]:
    """Kilometres east and north of `origin`: true near it, within a tenth across England and Wales."""
    longitude, latitude = origin
    east = (authority.longitude - longitude) * KM_PER_DEGREE * math.cos(math.radians(latitude))
    return east, (authority.latitude - latitude) * KM_PER_DEGREE


def _sunflower(step: int) -> tuple[float, float]:
    """Kilometres from the centre of the disc to its `step`-th point: evenly dense, no two alike."""
    radius = SPACING_KM * math.sqrt(step + 0.5)
    return radius * math.cos(step * GOLDEN_ANGLE), radius * math.sin(step * GOLDEN_ANGLE)


def neighbours(areas: NDArray[np.void], k: int = 6) -> NDArray[np.int32]:
    """For each neighbourhood, the indices of the `k` nearest others, nearest first; ties to the lower index.

    Where a place has too few neighbourhoods the row is filled up with the neighbourhood's own index.
    """
    n = len(areas)
    nearest_ones = np.repeat(np.arange(n, dtype=np.int32)[:, None], k, axis=1)
    found = min(k, n - 1)
    if found < 1:
        return nearest_ones
    # Positions are whole metres, so distances are exact integers; distance * n + index orders ties too.
    x = np.rint(areas["x"] * 1000).astype(np.int64)
    y = np.rint(areas["y"] * 1000).astype(np.int64)
    for start in range(0, n, 256):  # in blocks, to hold a few megabytes at a time
        block = np.arange(start, min(start + 256, n))
        across, up = x[block, None] - x, y[block, None] - y
        rank = (across * across + up * up) * n + np.arange(n)
        rank[np.arange(len(block)), block] = np.iinfo(np.int64).max
        chosen = np.sort(np.partition(rank, found - 1, axis=1)[:, :found], axis=1)
        nearest_ones[block, :found] = chosen % n
    return nearest_ones
