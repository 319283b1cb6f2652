"""What is published of the effect of a lever: one row a lever and outcome of `configs/evidence/effects.csv`.

A row says what was measured (`measure`), on whom and over what time, and how it becomes a difference of a run's count:

    ratio                   of the count of the whole place: the count times (value - 1)
    relative change         of the count of the whole place: the count times the value
    per delivered           of each one delivered: the value times how many more of `reached` the run delivers
    ratio of those reached  of the rate of those reached to that of the `others`: as many people of `reached` more as the
                            run has change from one rate to the other

The count is the status quo's, of the outcome itself or of the `base`. `horizon` is `any` for what holds over any time,
otherwise years. A lever of which nothing can be set beside a run has one row that says why in `why_none`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from policysim.errors import UserError, nearest
from policysim.evidence.figures import evidence
from policysim.reading import read_table

COLUMNS = (
    "lever", "outcome", "measure", "value", "low", "high", "evidence", "population", "horizon", "base", "reached", "others",
    "carried", "why_none",
)  # fmt: skip
MEASURES = {
    "ratio": (), "relative change": (), "per delivered": ("reached",), "ratio of those reached": ("reached", "others"),
}  # fmt: skip
"""What can be measured, and the outcomes that each must name."""
ANY = "any"
TABLE = "effects.csv"


@dataclass(frozen=True)
class Published:
    """What is published of a lever's effect on an outcome, or why nothing is."""

    lever: str
    outcome: str
    measure: str
    value: float
    low: float
    high: float
    evidence: tuple[str, ...]
    population: str
    horizon: str
    base: str
    reached: str
    others: str
    carried: str
    why_none: str

    def fits(self, years: int) -> bool:
        """Whether it holds over so many years."""
        return self.horizon == ANY or int(self.horizon) == years

    def difference(self, value: float, usual: Mapping[str, float], more: Mapping[str, float]) -> float:
        """The difference of the outcome that a value of it makes.

        usual: the status quo's outcomes over the run. more: how far each lies from that with the lever.
        """
        count = usual[self.base or self.outcome]
        if self.measure == "ratio":
            return count * (value - 1)
        if self.measure == "relative change":
            return count * value
        if self.measure == "per delivered":
            return value * more[self.reached]
        at_risk = usual[self.others] + value * usual[self.reached]
        return (value - 1) * count / at_risk * more[self.reached] if at_risk > 0 else math.nan


@cache
def published_effects() -> dict[str, tuple[Published, ...]]:
    """What is published, by lever; as shipped."""
    return read_effects(files("policysim.configs.evidence").joinpath(TABLE))


def read_effects(path: Path | Traversable) -> dict[str, tuple[Published, ...]]:
    """What a table of published effects says, by lever; raises UserError."""
    found: dict[str, tuple[Published, ...]] = {}
    for line, row in read_table(path, COLUMNS, key=["lever", "outcome"]):
        said = _read({name: cell.strip() for name, cell in row.items()}, f"{path}, line {line}")
        found[said.lever] = (*found.get(said.lever, ()), said)
    for lever, rows in found.items():
        if len(rows) > 1 and any(row.why_none and not row.outcome for row in rows):
            raise UserError(f"{path}: {lever} has a published effect and a row that says why it has none")
    return found


def _read(row: dict[str, str], where: str) -> Published:
    """One row, checked."""
    if not row["lever"]:
        raise UserError(f"{where}: the row names no lever")
    if row["why_none"]:
        other = next((name for name in COLUMNS[2:-1] if row[name]), "")
        if other:
            raise UserError(f"{where}: a row that says why nothing is published has no {other}")
    else:
        _check(row, where)
    try:
        value, low, high = (float(row[name]) if row[name] else math.nan for name in ("value", "low", "high"))
    except ValueError:
        raise UserError(f"{where}: value, low and high must be numbers or empty") from None
    if not (row["why_none"] or math.isfinite(value)):
        raise UserError(f"{where}: the value is missing")
    if not (math.isnan(low) or low <= value <= high):
        raise UserError(f"{where}: the value {value:g} lies outside its interval {low:g} to {high:g}")
    ids = tuple(filter(None, row["evidence"].split(";")))
    return Published(**row | {"value": value, "low": low, "high": high, "evidence": ids})  # type: ignore[arg-type]


def _check(row: Mapping[str, str], where: str) -> None:
    """Whether a row says all that is needed to set it beside a run."""
    if row["measure"] not in MEASURES:
        said = f"there is no measure {row['measure']!r}{nearest(row['measure'], MEASURES)}"
        raise UserError(f"{where}: {said} (measures are {', '.join(MEASURES)})")
    for name in ("outcome", "evidence", "population", "horizon", "carried", *MEASURES[row["measure"]]):
        if not row[name]:
            raise UserError(f"{where}: a published effect by the measure {row['measure']!r} needs its {name}")
    if row["horizon"] != ANY and not (row["horizon"].isdecimal() and int(row["horizon"]) > 0):
        raise UserError(f"{where}: the horizon must be a whole number of years or {ANY!r}, not {row['horizon']!r}")
    for id in row["evidence"].split(";"):
        if id not in evidence():
            raise UserError(f"{where}: there is no evidence {id!r}{nearest(id, evidence())}")
