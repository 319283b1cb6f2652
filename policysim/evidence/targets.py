"""Published figures that the status quo is held against: targets of the fit, and stylised facts.

Whatever was used to set or fit a number of the model is a target; the others are tests.
"""

from dataclasses import dataclass
from importlib.resources import files

from policysim.errors import UserError, nearest
from policysim.evidence.registry import registry
from policysim.reading import read_table

COLUMNS = ("target", "place", "kind", "year", "source", "published", "base", "low", "high", "measure", "cause")
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
    cause: str = ""
    """Why the model is believed to miss it, where it does or might."""


def targets(place: str, population: int) -> list[Target]:
    """Targets and stylised facts for a place, by its id and the number of its residents.

    Its own figures where there are some, carried national rates elsewhere.
    """
    found: dict[str, Target] = {}
    for name, (where, row) in _rows(place).items():
        factor = _factor(row["base"], population, found, where)
        if row["measure"] == "deaths":
            factor *= 1 - registry()["target_share_outside_ages"].value
        published, low, high = (_number(row, key, where, factor) for key in ("published", "low", "high"))
        if published is not None and low is None:
            low, high = published * (1 - TOLERANCE), published * (1 + TOLERANCE)
        found[name] = Target(
            name, row["kind"], row["year"], row["source"], published, low, high, row["measure"], row["cause"]
        )
    return list(found.values())


def _factor(base: str, population: int, before: dict[str, Target], where: str) -> float:
    """What a published number is multiplied by: the place's part of a population, or another target's figure."""
    if base in BASES:
        return population / BASES[base]
    if base and base not in before:
        known = [*BASES, *before]
        raise UserError(f"{where}: there is no base {base!r}, nor a target above of that name{nearest(base, known)}")
    return before[base].published or 0.0 if base else 1.0


def _number(row: dict[str, str], key: str, where: str, factor: float) -> float | None:
    try:
        return float(row[key]) * factor if row[key] else None
    except ValueError:
        raise UserError(f"{where}: {key} must be a number or empty, not {row[key]!r}") from None


def _rows(place: str) -> dict[str, tuple[str, dict[str, str]]]:
    """The rows that speak of a place and where they stand: its own, further down, take a general one's position."""
    path = files("policysim.configs.evidence").joinpath("targets.csv")
    return {
        row["target"]: (f"{path}, line {line}", row)
        for line, row in read_table(path, COLUMNS, key=["target", "place"])
        if row["place"] in ("", place)
    }
