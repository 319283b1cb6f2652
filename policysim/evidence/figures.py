"""Published figures by the id of their row in `configs/evidence/evidence.csv`."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import nan

from policysim.reading import read_table

COLUMNS = (
    "id", "group", "quantity", "value", "low", "high", "unit", "year", "place", "source", "url", "status",
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One published figure: value and interval as published (nan where there is none)."""

    id: str
    value: float
    low: float
    high: float
    year: str
    what: str


@cache
def evidence() -> dict[str, dict[str, str]]:
    """Every row of `evidence.csv` by id, as it is written there."""
    path = files("policysim.configs.evidence").joinpath("evidence.csv")
    return {row["id"]: row for _, row in read_table(path, COLUMNS, key=["id"])}


@cache
def published() -> dict[str, Figure]:
    """The published figures that are numbers, by id of their row in `evidence.csv`; percentages as shares."""
    found = {}
    for row in evidence().values():
        try:
            scale = 0.01 if row["unit"].startswith("%") else 1.0
            value, low, high = (float(row[key]) * scale if row[key] else nan for key in ("value", "low", "high"))
        except ValueError:
            continue
        found[row["id"]] = Figure(row["id"], value, low, high, row["year"], row["quantity"])
    return found
