"""Published figures that the status quo is held against: targets of the fit, and stylised facts.

Whatever was used to set or fit a number of the model is a target; the others are tests.
"""

import csv
from dataclasses import dataclass
from importlib.resources import files

from policysim.evidence.registry import registry

TOLERANCE = 0.15
"""Half the interval around a figure that was published without one, as a share of it."""
BASES = {"residents of England and Wales": 59_700_000, "residents of England": 56_500_000, "residents": 1}
"""Populations of mid-2020, as in configs/places, from which a national count is carried to a place."""


@dataclass(frozen=True)
class Target:
    """One published figure and the measure of the model beside it; a target without a figure stays, with no data."""

    target: str
    kind: str  # own, carried or fact: the place's own figure, a carried national rate, a stylised fact
    year: str
    source: str
    published: float | None
    low: float | None
    high: float | None
    measure: str


def targets(place: str, population: int) -> list[Target]:
    """Targets and stylised facts for a place, by its id and the number of its residents.

    Its own figures where there are some, carried national rates elsewhere.
    """
    found: dict[str, Target] = {}
    for name, row in _rows(place).items():
        factor = 1.0
        if row["base"] in BASES:
            factor = population / BASES[row["base"]]
        elif row["base"]:
            factor = found[row["base"]].published or 0.0
        if row["measure"] == "deaths":
            factor *= 1 - registry()["target_share_outside_ages"].value
        published, low, high = (float(row[k]) * factor if row[k] else None for k in ("published", "low", "high"))
        if published is not None and low is None:
            low, high = published * (1 - TOLERANCE), published * (1 + TOLERANCE)
        found[name] = Target(name, row["kind"], row["year"], row["source"], published, low, high, row["measure"])
    return list(found.values())


def _rows(place: str) -> dict[str, dict[str, str]]:
    text = files("policysim.configs.evidence").joinpath("targets.csv").read_text(encoding="utf-8")
    rows: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["place"] in ("", place):
            rows[row["target"]] = row  # a place's own row comes after the general one and takes its position
    return rows
