"""The places that can be simulated, and every name by which people call them.

A place is a police force area, a local authority, a county council's area, a region of England, a nation, or England and
Wales together: one or more of the local authorities of `policysim.world.authorities`. Which of them make up a county, a
region or a council of 2023 stands in ``configs/places/groups.csv``; other names, codes, and names of what is no place
here, in ``configs/places/names.csv``. A table of one's own takes the place of all three.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from policysim.errors import UserError
from policysim.reading import read_table
from policysim.world import naming
from policysim.world.authorities import Authority, authorities_file, merged, read_authorities, read_shipped
from policysim.world.naming import OtherName
from policysim.world.spelling import authority_slug, force_slug, key_of, slug, upright, without_titles

WHOLE = "england-and-wales"
KINDS = ("whole", "nation", "force", "authority", "county", "region", "former")
"""Kinds of place; where several have a name, it is the first kind's."""
GROUP_COLUMNS = ("kind", "code", "name", "since", "authorities", "source")


@dataclass(frozen=True, repr=False)
class Place:
    """Somewhere that can be simulated; `kind` is one of `KINDS`, `code` that of the Office for National Statistics."""

    id: str
    name: str
    kind: str
    authorities: tuple[Authority, ...]
    code: str = ""
    note: str = ""
    """What whoever chooses the place should know."""
    parts: tuple[str, ...] = ()
    """Codes of the districts whose place a council has taken."""

    def __repr__(self) -> str:
        return f"<Place {self.id}: {self.name}, {self.residents_10_64:,} residents aged 10 to 64>"

    @cached_property
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

    @property
    def bare_id(self) -> str:
        """The id without the kind that stands before it."""
        return self.id.rpartition(":")[2]


@dataclass(frozen=True)
class Gazetteer:
    """The places of one table of authorities, found by any name that people use."""

    places: tuple[Place, ...]
    others: tuple[OtherName, ...] = ()
    """Names that lead to places without being theirs, or to none."""

    def find(self, name: str) -> Place:
        """The place of this name; raises UserError that says where the name leads, or what is nearest."""
        key = key_of(name)
        for spelling in (key, *without_titles(key)):
            if spelling in self._known:
                return self._known[spelling]
        said = self._said_of(key)
        if said:
            raise UserError(f"{naming.quoted(name)} {said}")
        ids = [(place.kind, place.id, self.shortest(place)) for place in self.places]
        listing = "'policysim places' lists them all" if self.others else f"the table has {self._some_ids()}"
        raise UserError(f"there is no place {naming.quoted(name)}{naming.meant(name, ids)} ({listing})")

    def shortest(self, place: Place) -> str:
        """The id without its kind where that is understood as this place."""
        return place.bare_id if self._known.get(key_of(place.bare_id)) is place else place.id

    def namesakes(self, place: Place) -> list[str]:
        """Other places of the same name, by id."""
        return [other.id for other in self.places if other.bare_id == place.bare_id and other is not place]

    @cached_property
    def _known(self) -> dict[str, Place]:
        """Every spelling that is understood; the first that has it keeps it."""
        known = {key_of(place.id): place for place in self.places}
        by_id = {place.id: place for place in self.places}
        for other in self.others:
            if other.kind == "also" and len(other.places) == 1:
                known.setdefault(key_of(other.name), by_id[other.places[0]])
        for place in self.places:
            for spelling in {place.name, upright(place.name), place.bare_id}:
                known.setdefault(key_of(spelling), place)
                known.setdefault(key_of(f"{place.kind}:{spelling}"), place)
            if place.code:
                known.setdefault(key_of(place.code), place)
        return known

    @cached_property
    def _elsewhere(self) -> dict[str, str]:
        """Names that are no place's own, and what is to be said of each."""
        return {key_of(other.name): other.told for other in self.others if other.told}

    def _said_of(self, key: str) -> str:
        """What is to be said of a name that is no place's own; empty if nothing is known of it."""
        bare = key.rpartition(":")[2]
        nation = naming.ABSENT_CODES.get(bare[:1]) if naming.CODE.match(bare.upper()) and self.others else None
        return naming.absent(nation) if nation else self._elsewhere.get(key) or self._elsewhere.get(bare, "")

    def _some_ids(self) -> str:
        return naming.some([place.id for place in self.places])


def find_place(name: str, places: str | Path | tuple[Authority, ...] | None = None) -> Place:
    """Return the place called `name`, forgiving of case, spaces, hyphens, accents, '&' and word order.

    A bare name is the whole or a nation, else a police force area, else an authority, a county, a region ('dorset' is
    the force area, 'authority:dorset' the council, 'birmingham' the council as no force bears the name). The prefixes
    ``force:``, ``authority:``, ``county:``, ``region:`` and ``nation:`` choose. ONS codes are names too. `places` is a
    table of one's own, a CSV file with the columns of ``configs/places``, whose places alone are then known. Raises
    UserError.
    """
    if not isinstance(name, str):
        raise UserError(f"a place is given by its name or id, not as {name!r}")
    return gazetteer(places).find(name)


def gazetteer(places: str | Path | tuple[Authority, ...] | None = None) -> Gazetteer:
    """The shipped places, or those of a table of one's own; raises UserError."""
    if not places:
        return _shipped()
    return _own(places if isinstance(places, tuple) else read_authorities(Path(places)))


def places() -> tuple[Place, ...]:
    """Every shipped place: the whole, nations, police force areas, authorities, counties, regions, former districts."""
    return _shipped().places


def table(known: Gazetteer | None = None) -> list[dict[str, Any]]:
    """One row for every place, for listings: who lives there and how many authorities and neighbourhoods."""
    known = known or _shipped()
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
            "code": place.code,
            "note": place.note,
        }
        for place in known.places
    ]


@lru_cache(maxsize=8)
def _own(authorities: tuple[Authority, ...]) -> Gazetteer:
    return Gazetteer(tuple(_by_kind(_of_table(authorities))))


@cache
def _shipped() -> Gazetteer:
    everywhere = read_shipped(authorities_file())
    others = naming.read_other_names(_file("names.csv"))
    found = [Place(WHOLE, "England and Wales", "whole", everywhere), *_of_table(everywhere)]
    groups, former = _groups(everywhere)
    found = [former.get(place.code, place) for place in found] + groups
    codes = {other.places[0]: other.name for other in others if other.kind == "also" and naming.CODE.match(other.name)}
    coded = [replace(place, code=place.code or codes.get(place.id, "")) for place in found]
    return Gazetteer(tuple(_by_kind(coded)), others)


def _file(name: str) -> Traversable:
    return files("policysim.configs") / "places" / name


def _by_kind(found: Iterable[Place]) -> list[Place]:
    """In the order of `KINDS`; authorities by name, the others as they stand in their tables."""
    by_name = ("authority", "former")
    return sorted(found, key=lambda p: (KINDS.index(p.kind), p.bare_id if p.kind in by_name else ""))


def _of_table(authorities: tuple[Authority, ...]) -> list[Place]:
    """The nations, police force areas and authorities of a table."""
    nations = [
        Place(f"nation:{slug(nation)}", nation, "nation", tuple(a for a in authorities if a.nation == nation))
        for nation in dict.fromkeys(a.nation for a in authorities)
    ]
    forces = [
        Place(force_slug(force), force, "force", tuple(a for a in authorities if a.force == force))
        for force in dict.fromkeys(a.force for a in authorities)
    ]
    return [*nations, *forces, *(_one(authority) for authority in authorities)]


def _one(authority: Authority) -> Place:
    return Place(
        f"authority:{authority_slug(authority.name)}", authority.name, "authority", (authority,), authority.code
    )


def _groups(everywhere: tuple[Authority, ...]) -> tuple[list[Place], dict[str, Place]]:
    """The places that are put together of several authorities, and, by code, the authorities that exist no longer.

    A county or a region keeps the authorities of the table, each with services of its own; a council that has taken the
    place of several is one authority.
    """
    by_code = {authority.code: authority for authority in everywhere}
    groups, former = [], {}
    for line, row in read_table(_file("groups.csv"), GROUP_COLUMNS, key=["code"]):
        parts = tuple(by_code[code] for code in row["authorities"].split() if code in by_code)
        if len(parts) != len(row["authorities"].split()) or not parts:
            raise UserError(f"{_file('groups.csv')}, line {line}: {row['name']} names a code that no authority has")
        if row["kind"] != "authority":
            groups.append(Place(f"{row['kind']}:{slug(row['name'])}", row["name"], row["kind"], parts, row["code"]))
            continue
        new = replace(
            _one(merged(row["code"], row["name"], parts)),
            note=naming.made_of(parts, row["since"]),
            parts=tuple(part.code for part in parts),
        )
        groups.append(new)
        for part in parts:
            note = naming.part_of(new.id, row["since"])
            former[part.code] = replace(_one(part), kind="former", note=note)
    return groups, former
