"""What is said of names: names that lead elsewhere, and which place may be meant by one that nobody bears."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from policysim.errors import nearest
from policysim.reading import read_table
from policysim.world.authorities import Authority
from policysim.world.spelling import slug

COLUMNS = ("name", "kind", "place", "since", "source")
CODE = re.compile(r"[EWKSN]\d{8}$")
"""The form of a code of the Office for National Statistics."""
ABSENT_CODES = {"s": "Scotland", "n": "Northern Ireland"}
"""Nations by the first letter of the codes of all that lies in them."""
MOST_NAMED = 8
LONGEST_NAME = 60
SHORTEST_PART = 4
"""Letters of which a part of a name says enough to suggest the name."""


@dataclass(frozen=True)
class OtherName:
    """A name that is no place's own. kind: also (another name), former (a council's that is gone), elsewhere."""

    name: str
    kind: str
    places: tuple[str, ...]
    since: str = ""

    @property
    def told(self) -> str:
        """What follows the name in a sentence, where it does not simply lead to a place."""
        if self.kind == "elsewhere":
            return absent(self.places[0])
        if self.kind == "former":
            return f"has had no council of its own since {day(self.since)}; it lies in {_joined(self.places)}"
        return f"may mean {_joined(self.places, 'or')}" if len(self.places) > 1 else ""


def absent(nation: str) -> str:
    """Why a place of another nation is not there."""
    return (
        f"cannot be simulated: policysim knows the residents and services of England and Wales, not those of {nation} "
        "(a table of your own can be given: --places FILE)"
    )


def read_other_names(path: Traversable | Path) -> tuple[OtherName, ...]:
    """Every name of the table of names; raises UserError."""
    return tuple(
        OtherName(row["name"], row["kind"], tuple(row["place"].split(";")), row["since"])
        for _, row in read_table(path, COLUMNS, key=["name"])
    )


def day(iso: str) -> str:
    """A date as it is read: 1 April 2023."""
    when = date.fromisoformat(iso)
    return f"{when.day} {when:%B %Y}"


def made_of(parts: Sequence[Authority], since: str) -> str:
    """What is to be known of a council that has taken the place of others."""
    return f"one council since {day(since)}, made of {', '.join(part.name for part in parts)}"


def part_of(place: str, since: str) -> str:
    """What is to be known of a council that is gone."""
    return f"a district until {day(since)}; its area is part of {place} now"


def quoted(name: str) -> str:
    """A name as it is quoted in a message, cut off where it is long."""
    return f"'{name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + '...'}'"


def some(names: Sequence[str]) -> str:
    """The first of the names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def meant(name: str, places: Sequence[tuple[str, str, str]]) -> str:
    """The choices, or the one most like, as the end of a sentence; `places` are their kinds, ids and shortest ids.

    A place that has all the words of the name in its own comes first, then one that holds it as a part, then the one
    that is spelt most like it, among those of the kind that a prefix names.
    """
    prefix, _, rest = name.rpartition(":")
    kind, word = slug(prefix), slug(rest)
    if kind:
        prefixed = [f"{kind_of}:{full.rpartition(':')[2]}" for kind_of, full, _ in places]
        choices = [full for full in prefixed if full.startswith(f"{kind}:")] or prefixed
    else:
        choices = [short for _, _, short in places]
    sought = set(word.split("-")) - {""}
    having = [choice for choice in choices if sought and sought <= set(re.split("[:-]", choice.rpartition(":")[2]))]
    if len(having) > 1:
        return f": it may mean {some(having)}"
    holding = having or [choice for choice in choices if len(word) >= SHORTEST_PART and word in choice]
    if holding:
        return nearest(min(holding, key=len), holding)
    bare = {choice.rpartition(":")[2]: choice for choice in reversed(choices)}
    close = nearest(f"{kind}:{word}", choices) if kind else nearest(word, bare)
    return close


def _joined(names: Sequence[str], word: str = "and") -> str:
    return f" {word} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
