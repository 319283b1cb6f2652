"""Local authorities, of which every place is made, and the tables in which they stand.

The shipped table is ``configs/places/local_authorities.csv`` (mid-2020 residents, deprivation of 2019, Census 2021; its
README gives sources and licence). A table of one's own has the same columns. Both are checked line by line.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from policysim.errors import UserError
from policysim.reading import read_table, read_text
from policysim.vocabulary.groups import ETHNIC_GROUPS, QUINTILES, RESIDENT_BANDS
from policysim.world.spelling import slug

COMPLETE_TABLE = 331
"""Authorities of England and Wales in the boundaries of 2021: a shipped table with fewer has been cut short."""
ROUNDING = 0.001
"""How far shares of ethnic groups, published to four decimals, may be from adding up to 1."""
MOST_RESIDENTS = 100_000_000
"""More than live in England and Wales, in one authority: a slip of the keyboard."""

ONE_ROW_EACH = ("code", "local_authority")
NAMES = ("code", "local_authority", "police_force_area", "nation")
BANDS = tuple(f"age_{band.replace('-', '_')}" for band in RESIDENT_BANDS)
FIFTHS = tuple(f"residents_quintile_{number}" for number in range(1, len(QUINTILES) + 1))
SHARES = tuple(f"share_{group}" for group in ETHNIC_GROUPS)
WHOLE_NUMBERS = ("neighbourhoods", "population", *BANDS, *FIFTHS)
FRACTIONS = ("longitude", "latitude", "female_share_working_age", *SHARES)
COLUMNS = (
    *NAMES, "longitude", "latitude", "neighbourhoods", "population", *BANDS, *FIFTHS, "female_share_working_age",
    *SHARES,
)  # fmt: skip
"""Of a table of authorities."""


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


def authorities_file() -> Traversable:
    """Where the shipped table of local authorities is kept."""
    return files("policysim.configs") / "places" / "local_authorities.csv"


def read_authorities(table: Traversable | Path) -> tuple[Authority, ...]:
    """Every authority of a table; raises UserError with the line of the first fault."""
    rows = [(f"{table}, line {line}", row) for line, row in read_table(table, COLUMNS)]
    if not rows:
        raise UserError(f"{table} has a heading and no rows: a row is a local authority")
    return authorities_of(rows)


def read_shipped(table: Traversable | Path) -> tuple[Authority, ...]:
    """Every authority of the shipped table, which must be whole."""
    found = read_authorities(table)
    if len(found) < COMPLETE_TABLE or not read_text(table).endswith("\n"):
        raise UserError(
            f"{table} is cut short: line {len(found) + 1} is its last, of {COMPLETE_TABLE + 1}; reinstall policysim"
        )
    return found


def authorities_of(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[Authority, ...]:
    """Authorities from rows, each with the words for where it stands; raises UserError."""
    found: list[Authority] = []
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for where, row in rows:
        authority = _authority(row, where)
        names = (authority.code, authority.name, authority.force, authority.nation)
        for column, name in zip(NAMES, names, strict=True):
            spelt, there = seen.setdefault((column, slug(name)), (name, where))
            if column in ONE_ROW_EACH and there != where:
                raise UserError(f"{where}: the {column} {name!r} is already in {there}")
            if spelt != name:
                raise UserError(f"{where}: the {column} {name!r} is spelt {spelt!r} in {there}")
        found.append(authority)
    return tuple(found)


def as_row(authority: Authority) -> dict[str, str | int | float]:
    """An authority as its row of a table, by column."""
    values: tuple[str | int | float, ...] = (
        authority.code, authority.name, authority.force, authority.nation, authority.longitude, authority.latitude,
        authority.neighbourhoods, authority.population, *authority.residents_by_band,
        *authority.residents_by_quintile, authority.women_share, *authority.ethnic_shares,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def merged(code: str, name: str, parts: Sequence[Authority]) -> Authority:
    """Authorities that have become one: residents are added up, shares and the centre weighted by residents."""
    people = [part.population for part in parts]
    return Authority(
        code=code, name=name, force=parts[0].force, nation=parts[0].nation,
        longitude=_mean([part.longitude for part in parts], people),
        latitude=_mean([part.latitude for part in parts], people),
        neighbourhoods=sum(part.neighbourhoods for part in parts),
        population=sum(people),
        residents_by_band=tuple(map(sum, zip(*(part.residents_by_band for part in parts), strict=True))),
        residents_by_quintile=tuple(map(sum, zip(*(part.residents_by_quintile for part in parts), strict=True))),
        women_share=_mean([part.women_share for part in parts], [sum(part.residents_by_band[1:]) for part in parts]),
        ethnic_shares=tuple(
            _mean(shares, people) for shares in zip(*(part.ethnic_shares for part in parts), strict=True)
        ),
    )  # fmt: skip


def _mean(values: Sequence[float], weights: Sequence[int]) -> float:
    return math.fsum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)


def _authority(row: Mapping[str, Any], where: str) -> Authority:
    code, name, force, nation = (_name(row[column], column, where) for column in NAMES)
    whole = {column: _whole(row[column], column, where) for column in WHOLE_NUMBERS}
    fractions = {column: _fraction(row[column], column, where) for column in FRACTIONS}
    authority = Authority(
        code, name, force, nation, fractions["longitude"], fractions["latitude"],
        whole["neighbourhoods"], whole["population"], tuple(whole[column] for column in BANDS),
        tuple(whole[column] for column in FIFTHS), fractions["female_share_working_age"],
        tuple(fractions[column] for column in SHARES),
    )  # fmt: skip
    wrong = _contradiction(authority)
    if wrong:
        raise UserError(f"{where}: {authority.name} cannot be right: {wrong}")
    return authority


def _name(value: Any, column: str, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UserError(f"{where}: {column} is missing")
    return value.strip()


def _whole(value: Any, column: str, where: str) -> int:
    try:
        number = int(value) if isinstance(value, str) else value
    except ValueError:
        number = None
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_RESIDENTS:
        raise UserError(f"{where}: {column} must be a whole number from 0 to {MOST_RESIDENTS:,}, not {value!r}")
    return number


def _fraction(value: Any, column: str, where: str) -> float:
    low, high = {"longitude": (-180, 180), "latitude": (-90, 90)}.get(column, (0, 1))
    try:
        number = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not low <= number <= high:  # false for nan too
        raise UserError(f"{where}: {column} must be a number from {low} to {high}, not {value!r}")
    return number


def _contradiction(authority: Authority) -> str:
    """Why the numbers of an authority cannot all be true; empty if they can."""
    occupied = sum(residents > 0 for residents in authority.residents_by_quintile)
    if not all(map(slug, (authority.code, authority.name, authority.force, authority.nation))):
        return "its code, name, police force area and nation need letters from a to z or digits, which make the ids"
    if not authority.residents_10_64:
        return "nobody is aged 10 to 64"
    if authority.residents_10_64 > authority.population:
        return f"{authority.residents_10_64:,} residents aged 10 to 64 are more than its population"
    if sum(authority.residents_by_quintile) != authority.population:
        return (
            f"residents by deprivation quintile are {sum(authority.residents_by_quintile):,} together and do not add "
            f"up to the population of {authority.population:,}"
        )
    if not occupied <= authority.neighbourhoods <= authority.population:
        return f"{authority.neighbourhoods} neighbourhoods for {occupied} deprivation quintiles with residents"
    if abs(sum(authority.ethnic_shares) - 1) > ROUNDING:
        return f"shares of ethnic groups add up to {sum(authority.ethnic_shares):.4f}, not to 1"
    return ""
