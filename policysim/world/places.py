"""The places that can be simulated, and the neighbourhoods they are made of.

A place is a police force area, a local authority, a nation, or England and Wales together. All are
built from one table of local authorities (``configs/places/local_authorities.csv``: mid-2020 residents,
deprivation of 2019, Census 2021; its README gives sources and licence). Neighbourhoods are synthetic:
only their number and how many residents live in each deprivation quintile are published figures.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policysim.errors import UserError, nearest

AGE_BANDS = tuple(f"{low}-{low + 4}" for low in range(10, 65, 5))
ETHNIC_GROUPS = ("white", "asian", "black", "mixed", "other")
QUINTILES = ("q1", "q2", "q3", "q4", "q5")
"""Fifths of a nation's neighbourhoods by deprivation; q1 is the most deprived."""

WHOLE = "england-and-wales"
COMPLETE_TABLE = 331
"""Authorities of England and Wales in the boundaries of 2021: a table with fewer has been cut short."""

NICKNAMES = {
    "london": "metropolitan-police",
    "hull": "authority:kingston-upon-hull",
    "nation:england-and-wales": WHOLE,
}
"""What people say for places that official lists call something else."""

POLICE_SUFFIX = re.compile(r"(police(force)?(area)?|constabulary|forcearea)$")
"""What people add to a force's name, in the form that `_key` gives it."""

INVERTED_NAME = re.compile(r"^(?P<place>.+), (?P<style>(City|County) of)$")
"""Official lists file the city of Bristol under B, as 'Bristol, City of'."""

NEIGHBOURHOOD = np.dtype(
    [("authority", "i4"), ("quintile", "i1"), ("residents", "f8"), ("share", "f8"), ("x", "f8"), ("y", "f8")]
)
"""authority: index into `Place.authorities`; quintile: 0 (most deprived) to 4; residents: aged 10 to 64;
share: of the place's residents aged 10 to 64; x, y: kilometres east and north of the place's centre."""

SPACING_KM = 0.8
"""Radius of an authority's disc per root of its neighbourhoods: 2 square kilometres each, as in a city."""
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
KM_PER_DEGREE = 111.2
"""Length of a degree of latitude (and of longitude at the equator) on a sphere of the Earth's mean radius."""


@dataclass(frozen=True)
class Authority:
    """A local authority: who lives there, by age, deprivation, sex and ethnic group.

    `residents_by_quintile` counts all ages and sums to `population`; `women_share` is that of residents
    aged 15 to 64; `ethnic_shares` follow `ETHNIC_GROUPS`; `neighbourhoods` is the number of middle-layer
    census areas (about 8,000 residents each); the centre is population-weighted, in degrees.
    """

    code: str
    name: str
    force: str
    nation: str
    longitude: float
    latitude: float
    neighbourhoods: int
    population: int
    residents_by_band: tuple[int, ...]
    residents_by_quintile: tuple[int, ...]
    women_share: float
    ethnic_shares: tuple[float, ...]

    @property
    def residents_10_64(self) -> int:
        """Residents aged 10 to 64."""
        return sum(self.residents_by_band)


@dataclass(frozen=True)
class Place:
    """Somewhere that can be simulated; `kind` is force, authority, nation or whole."""

    id: str
    name: str
    kind: str
    authorities: tuple[Authority, ...]

    @property
    def population(self) -> int:
        """Residents of all ages."""
        return sum(authority.population for authority in self.authorities)

    @property
    def residents_10_64(self) -> int:
        """Residents aged 10 to 64."""
        return sum(authority.residents_10_64 for authority in self.authorities)

    @property
    def neighbourhood_count(self) -> int:
        """Number of neighbourhoods of about 8,000 residents."""
        return sum(authority.neighbourhoods for authority in self.authorities)

    @property
    def nation(self) -> str:
        """The nation or nations that the place lies in."""
        return " and ".join(dict.fromkeys(authority.nation for authority in self.authorities))


# ---------------------------------------------------------------- the table of authorities


def authorities_file() -> Traversable:
    """Where the table of local authorities is kept."""
    return files("policysim.configs") / "places" / "local_authorities.csv"


def read_authorities(table: Traversable | Path) -> tuple[Authority, ...]:
    """Read every authority; a file that is missing, cut short or inconsistent is named in the error."""
    try:
        text = table.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise UserError(f"The table of places {table} is missing or unreadable.") from problem
    lines = text.splitlines(keepends=True)
    if len(lines) <= COMPLETE_TABLE or not text.endswith("\n"):
        raise UserError(
            f"The table of places {table} is cut short at line {len(lines)}, where a heading and "
            f"{COMPLETE_TABLE} local authorities are expected; reinstall policysim."
        )
    rows = csv.DictReader(lines)
    return tuple(_authority(row, f"{table}, line {rows.line_num}") for row in rows)


def _authority(row: dict[str, str], where: str) -> Authority:
    try:
        authority = Authority(
            code=row["code"],
            name=row["local_authority"],
            force=row["police_force_area"],
            nation=row["nation"],
            longitude=float(row["longitude"]),
            latitude=float(row["latitude"]),
            neighbourhoods=int(row["neighbourhoods"]),
            population=int(row["population"]),
            residents_by_band=tuple(int(row[f"age_{band.replace('-', '_')}"]) for band in AGE_BANDS),
            residents_by_quintile=tuple(int(row[f"residents_quintile_{number}"]) for number in range(1, 6)),
            women_share=float(row["female_share_working_age"]),
            ethnic_shares=tuple(float(row[f"share_{group}"]) for group in ETHNIC_GROUPS),
        )
    except KeyError as missing:
        raise UserError(f"The table of places ({where}) has no column {missing}.") from missing
    except (TypeError, ValueError) as problem:  # a row cut short gives None for what it lacks
        raise UserError(f"The table of places ({where}) has an unreadable number: {problem}.") from problem
    _check(authority, where)
    return authority


def _check(authority: Authority, where: str) -> None:
    """Refuse a row whose numbers cannot all be true."""
    counts = authority.residents_by_band + authority.residents_by_quintile
    wrong = None
    if not all((authority.code, authority.name, authority.force, authority.nation)):
        wrong = "a code, name, police force area or nation is missing"
    elif min(counts) < 0 or not authority.residents_10_64:
        wrong = "residents must be counted from 0 up, and some must be aged 10 to 64"
    elif sum(authority.residents_by_quintile) != authority.population:
        wrong = "residents by deprivation quintile do not add up to the population"
    elif authority.neighbourhoods < sum(residents > 0 for residents in authority.residents_by_quintile):
        wrong = "there are fewer neighbourhoods than deprivation quintiles with residents"
    elif abs(sum(authority.ethnic_shares) - 1) > 0.001:  # published to four decimals
        wrong = "shares of ethnic groups do not add up to 1"
    if wrong:
        raise UserError(f"The table of places ({where}) cannot be right: {wrong}.")


# ---------------------------------------------------------------- places and their names


@cache
def places() -> tuple[Place, ...]:
    """Every place: England and Wales, the two nations, the police force areas, the authorities."""
    everywhere = read_authorities(authorities_file())
    nations = [
        Place(f"nation:{slug(nation)}", nation, "nation", tuple(a for a in everywhere if a.nation == nation))
        for nation in dict.fromkeys(a.nation for a in everywhere)
    ]
    forces = [
        Place(_force_slug(force), force, "force", tuple(a for a in everywhere if a.force == force))
        for force in dict.fromkeys(a.force for a in everywhere)
    ]
    authorities = [
        Place(f"authority:{_authority_slug(a.name)}", a.name, "authority", (a,))
        for a in sorted(everywhere, key=lambda a: slug(a.name))
    ]
    return (Place(WHOLE, "England and Wales", "whole", everywhere), *nations, *forces, *authorities)


def find_place(name: str) -> Place:
    """Return the place called `name`, forgiving of case, spaces, hyphens, '&' and word order.

    A bare name is the whole or a nation, else a police force area, else an authority ('dorset' is the
    force area, 'authority:dorset' the council, 'birmingham' the council as no force bears the name).
    The prefixes ``force:``, ``authority:`` and ``nation:`` choose. An authority's ONS code is a name too.
    """
    known = _names()
    key = _key(name)
    place = known.get(key) or known.get(POLICE_SUFFIX.sub("", key))
    if place is not None:
        return place
    raise UserError(f"there is no place '{name}'{_nearest_place(name)} ('policysim places' lists them all)")


def table() -> list[dict[str, Any]]:
    """One row for every place, for listings: who lives there and how many authorities and neighbourhoods."""
    return [
        {
            "id": place.id,
            "name": place.name,
            "kind": place.kind,
            "nation": place.nation,
            "residents_10_64": place.residents_10_64,
            "population": place.population,
            "authorities": len(place.authorities),
            "neighbourhoods": place.neighbourhood_count,
        }
        for place in places()
    ]


def slug(name: str) -> str:
    """Lower-case words joined by hyphens: "King's Lynn & West Norfolk" -> ``kings-lynn-and-west-norfolk``."""
    plain = re.sub(r"['’.]", "", name.casefold().replace("&", " and "))
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _authority_slug(name: str) -> str:
    inverted = INVERTED_NAME.match(name)
    return slug(inverted["place"] if inverted else name)


def _force_slug(name: str) -> str:
    """Unlike an authority's, a force's 'City of' stays: 'London' alone would mislead."""
    inverted = INVERTED_NAME.match(name)
    return slug(f"{inverted['style']} {inverted['place']}" if inverted else name)


def _key(spelling: str) -> str:
    """What is left of a name when case, spaces and hyphens are forgiven; the prefix stays apart."""
    prefix, _, rest = spelling.rpartition(":")
    return f"{slug(prefix)}:{slug(rest)}".replace("-", "").removeprefix(":")


def _spellings(place: Place) -> set[str]:
    """The bare names that mean this place, where no place of greater standing has them."""
    names = {place.name, place.id.rpartition(":")[2]}
    inverted = INVERTED_NAME.match(place.name)
    if inverted:
        names.add(f"{inverted['style']} {inverted['place']}")
    if place.kind == "authority":
        names.add(place.authorities[0].code)
    return names


@cache
def _names() -> dict[str, Place]:
    """Every spelling that is understood. places() lists greater standing first; the first keeps the name."""
    known: dict[str, Place] = {}
    for place in places():
        known[_key(place.id)] = place
    for place in places():
        for spelling in _spellings(place):
            known.setdefault(_key(spelling), place)
            known.setdefault(_key(f"{place.kind}:{spelling}"), place)
    for nickname, place_id in NICKNAMES.items():
        known.setdefault(_key(nickname), known[_key(place_id)])
    return known


def _nearest_place(name: str) -> str:
    """Compare within the kind that a prefix names, else bare names; one that holds the word comes first."""
    prefix, _, rest = name.rpartition(":")
    kind, word = slug(prefix), slug(rest)
    bare = [(place.kind, place.id.rpartition(":")[2]) for place in places()]
    if not kind:
        return _most_like(word, word, [place_name for _, place_name in bare])
    prefixed = [f"{place_kind}:{place_name}" for place_kind, place_name in bare]
    of_kind = [full for full in prefixed if full.startswith(f"{kind}:")]
    return _most_like(f"{kind}:{word}", word, of_kind or prefixed)


def _most_like(name: str, word: str, choices: list[str]) -> str:
    holding = [choice for choice in choices if len(word) > 3 and word in choice]
    return nearest(name, [min(holding, key=len)] if holding else choices)


# ---------------------------------------------------------------- neighbourhoods


def neighbourhoods(place: Place) -> NDArray[np.void]:
    """Lay out the neighbourhoods of a place: a record (see `NEIGHBOURHOOD`) for each.

    **Positions and mix are synthetic.** Published are an authority's number of middle-layer areas and how
    many residents live in each deprivation quintile. From these: neighbourhoods are shared among quintiles
    in proportion (largest remainder, at least one for each quintile with residents); residents of a
    quintile are spread evenly over its neighbourhoods, with the authority's age mix; the neighbourhoods
    fill a disc around the authority's centre along a sunflower spiral, deprived ones nearest the centre.
    No neighbourhood stands for a real one. The same place always gives the same records, to the bit.
    """
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
