"""The settings of a lever as controls: label, unit, limits, who asks for which value, and what a person types read as a value."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from policysim.errors import UserError
from policysim.experiments.analysis.numbers import percent
from policysim.experiments.analysis.wording import listed, sentence_case
from policysim.levers.lever import Lever
from policysim.reference.lever_words import COMMON, Row, number
from policysim.reference.levers import TODAY
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.regimes.card import row_of
from policysim.viz.words import what_is_set
from policysim.vocabulary.time import WEEKS_PER_YEAR

START_YEAR: int = Scenario.model_fields["start_year"].default
"""The calendar year in which the page's regimes part."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
RAMPS = {
    0: "at once",
    13: "over 3 months",
    26: "over half a year",
    52: "over a year",
    104: "over 2 years",
    260: "over 5 years",
}
"""Weeks from a lever's beginning to its full delivery, as they are chosen."""


@dataclass(frozen=True)
class Fault:
    """What somebody typed that cannot be, and why."""

    typed: str
    why: str


def first_week(month: int) -> int:
    """The week of a year in which a month begins (0 is January)."""
    return round(month * WEEKS_PER_YEAR / len(MONTHS))


def month_of(week: int) -> int:
    """The month in which a week of the run lies (0 is January)."""
    return max(month for month in range(len(MONTHS)) if first_week(month) <= week % WEEKS_PER_YEAR)


def when(week: int, start_year: int) -> str:
    """`September 2026`."""
    return f"{MONTHS[month_of(week)]} {start_year + week // WEEKS_PER_YEAR}"


def fields(lever: Lever, faults: Mapping[str, Fault]) -> list[dict[str, Any]]:
    """A lever's own settings and its coverage, as controls; `faults` by setting."""
    said = row_of(lever.id)["settings"]
    names = [name for name in said if name not in COMMON] + ["coverage"]
    controls = [_field(lever, name, said[name]) for name in names]
    return [one | _wrong(faults.get(one["name"]), one["unit"]) for one in controls]


def _wrong(fault: Fault | None, unit: str) -> dict[str, Any]:
    """What stands in a field whose value cannot be: what was typed, and why not."""
    if fault is None:
        return {"fault": ""}
    return {"fault": fault.why, "value": fault.typed} | ({"unit": ""} if unit.endswith("%") and unit != "%" else {})


def _field(lever: Lever, name: str, said: Row) -> dict[str, Any]:
    share, value = said["unit"] == "share", getattr(lever, name)
    label = "coverage" if name == "coverage" else what_is_set(name, type(lever).model_fields[name])
    rest = said["meaning"] if name == "coverage" else said["meaning"].removeprefix(label).lstrip(":;, ")
    unit = percent(value) if said["unit"] == "ratio" and value is not None else said["unit"]
    return {
        "name": name,
        "label": sentence_case(label),
        "meaning": rest and f"{sentence_case(rest)}.",
        "value": "" if value is None else _typed(value, share),
        "low": _typed(said["low"], share),
        "high": _typed(said["high"], share),
        "step": 1 if share or _is_whole(lever, name) else "any",
        "unit": "%" if share else unit,
        "empty": optional(lever, name),
        "limits": _limits(said, share),
        "who": _who(lever.id, name, share),
    }


def optional(lever: Lever, name: str) -> bool:
    """Whether a setting may be left as it is today."""
    return type(None) in get_args(type(lever).model_fields[name].annotation)


def _is_whole(lever: Lever, name: str) -> bool:
    return type(lever).model_fields[name].annotation is int


def _typed(value: float, share: bool) -> str:
    """A number as it stands in a field: shares in hundredths."""
    return f"{value * 100 if share else value:.10g}"


def _limits(said: Row, share: bool) -> str:
    """`From 0% to 100%; usually 90%; changes nothing at today's value.`"""
    told = [f"From {_told(said['low'], share)} to {_told(said['high'], share)}"]
    told.append("usually as it is today" if said["default"] == TODAY else f"usually {_told(said['default'], share)}")
    if said["null"] is not None:
        told.append(f"changes nothing at {_told(said['null'], share)}")
    return "; ".join(told) + "."


def _told(value: Any, share: bool) -> str:
    if isinstance(value, str):
        return value
    return f"{value * 100:.10g}%" if share else number(value)


def _who(id: str, name: str, share: bool) -> str:
    """The shipped regimes that set it, and how."""
    given = [
        f"{one['name']} {_told(one['settings'][name], share)}"
        for one in row_of(id)["regimes"]
        if one["settings"].get(name) is not None
    ]
    return f"Set by {listed(given)}." if given else ""


def read(lever: Lever, name: str, typed: Any) -> float | int | None:
    """What somebody typed into the field of a setting; raises UserError."""
    said = row_of(lever.id)["settings"][name]
    share, text = said["unit"] == "share", str(typed).strip().removesuffix("%").replace(",", "")
    within = f"a number from {_told(said['low'], share)} to {_told(said['high'], share)}"
    if not text:
        if optional(lever, name):
            return None
        raise UserError(f"It is missing: give {within}.")
    try:
        value = float(text) / (100 if share else 1)
    except ValueError:
        raise UserError(f"“{text[:40]}” is no number: give {within}.") from None
    if not (math.isfinite(value) and said["low"] <= value <= said["high"]):
        raise UserError(f"{text[:40]}{'%' * share} is beyond its limits: give {within}.")
    if _is_whole(lever, name):
        if value != int(value):
            raise UserError(f"{text[:40]} is no whole number: give {within.replace('a number', 'a whole number')}.")
        return int(value)
    return value
