"""How names of places are written: the form in which spellings of one name are equal, and what people add to names."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

INVERTED_NAME = re.compile(r"^(?P<place>.+), (?P<style>(City|County) of)$")
"""Official lists file the city of Bristol under B, as 'Bristol, City of'."""

POLICE = re.compile(r"(police(force|service)?(area)?|constabulary|forcearea)$")
"""What people add to a force's name, in the form that `key_of` gives it."""
COUNCIL = re.compile(r"(county|city|borough|district|metropolitan|unitary)*council$")
"""What people add to a council's name, in that form."""
STYLE = re.compile(r"^(the)?((london|royal)borough|city|county|council)of(the)?")
"""What may stand before a council's name, in that form."""


@lru_cache(maxsize=8192)  # a place is known by many spellings, which share their words
def slug(name: str) -> str:
    """Lower-case words joined by hyphens: "King's Lynn & West Norfolk" -> ``kings-lynn-and-west-norfolk``."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"['’.\u0300-\u036f]", "", plain)))


def authority_slug(name: str) -> str:
    """The slug of an authority's name, the right way round."""
    inverted = INVERTED_NAME.match(name)
    return slug(inverted["place"] if inverted else name)


def force_slug(name: str) -> str:
    """Unlike an authority's, a force's 'City of' stays: 'London' alone would mislead."""
    return slug(upright(name))


def upright(name: str) -> str:
    """A name the right way round: 'London, City of' is the City of London."""
    inverted = INVERTED_NAME.match(name)
    return f"{inverted['style']} {inverted['place']}" if inverted else name


def key_of(spelling: str) -> str:
    """What is left of a name when case, spaces, hyphens and accents are forgiven; the prefix stays apart."""
    prefix, _, rest = spelling.rpartition(":")
    return f"{slug(prefix)}:{slug(rest)}".replace("-", "").removeprefix(":")


def without_titles(key: str) -> list[str]:
    """Other keys that may be meant: without the word police, or as the council that a council's title is of."""
    found = [POLICE.sub("", key)]
    bare = STYLE.sub("", COUNCIL.sub("", key))
    if bare != key and ":" not in key:
        found += [f"county:{bare}", f"authority:{bare}"]
    return found
