"""The table of local authorities, of which every place is made.

It stands in ``configs/places/local_authorities.csv`` (mid-2020 residents, deprivation of 2019, Census 2021; its README
gives sources and licence). A table that is missing, cut short or inconsistent is refused with the line at fault.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from policysim.errors import UserError
from policysim.vocabulary.groups import ETHNIC_GROUPS, QUINTILES, RESIDENT_BANDS

COMPLETE_TABLE = 331
"""Authorities of England and Wales in the boundaries of 2021: a table with fewer has been cut short."""
ROUNDING = 0.001
"""How far shares of ethnic groups, published to four decimals, may be from adding up to 1."""


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
            residents_by_band=tuple(int(row[f"age_{band.replace('-', '_')}"]) for band in RESIDENT_BANDS),
            residents_by_quintile=tuple(
                int(row[f"residents_quintile_{number}"]) for number in range(1, len(QUINTILES) + 1)
            ),
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
    elif abs(sum(authority.ethnic_shares) - 1) > ROUNDING:
        wrong = "shares of ethnic groups do not add up to 1"
    if wrong:
        raise UserError(f"The table of places ({where}) cannot be right: {wrong}.")
