"""Published figures by the id of their row in `configs/evidence/evidence.csv`."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import nan


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
def published() -> dict[str, Figure]:
    """The published figures that are numbers, by id of their row in `evidence.csv`; percentages as shares."""
    text = files("policysim.configs.evidence").joinpath("evidence.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        try:
            scale = 0.01 if row["unit"].startswith("%") else 1.0
            value, low, high = (float(row[key]) * scale if row[key] else nan for key in ("value", "low", "high"))
        except ValueError:
            continue
        found[row["id"]] = Figure(row["id"], value, low, high, row["year"], row["quantity"])
    return found
