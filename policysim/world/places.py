"""The places that can be simulated, and every name by which people call them.

A place is a police force area, a local authority, a nation, or England and Wales together: one or more of the local
authorities of `policysim.world.authorities`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from policysim.errors import UserError, nearest
from policysim.world.authorities import Authority, authorities_file, read_authorities

WHOLE = "england-and-wales"
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
    if not isinstance(name, str):
        raise UserError(f"a place is given by its name or id, not as {name!r}")
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
