"""The tables by group that are printed, written to files and drawn: exposure to policing beside use and deaths, and ratios."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isnan
from typing import Any

from policysim.counts.outcomes import BY_GROUP, OUTCOMES
from policysim.errors import UserError, nearest
from policysim.experiments.analysis.equity import AXES, NO_RATE, TOLD, TOO_FEW, Axis, ByGroup, Told, unit_of
from policysim.experiments.analysis.estimates import estimate
from policysim.experiments.analysis.hiding import first_hidden, in_words
from policysim.experiments.analysis.numbers import number
from policysim.experiments.analysis.unknowns import OVER_UNKNOWNS
from policysim.experiments.analysis.wording import NO_DIFFERENCE, NOISE, level, no_interval


# --- exposure ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Exposure:
    """A column of the table of exposure: an outcome for every so many of the people in a stock."""

    id: str
    label: str
    unit: str
    outcome: str
    people: str
    per: int


EXPOSURES = (
    Exposure("use", "People who use drugs", "per 1,000 residents", "using_illicit", "population", 1000),
    Exposure("searches", "Searches", "per 1,000 residents a year", "searches", "population", 1000),
    Exposure(
        "searches_of_use", "Searches, of anyone", "per 1,000 who use drugs, a year", "searches", "using_illicit", 1000
    ),
    Exposure("arrests", "Drug arrests", "per 1,000 residents a year", "arrests", "population", 1000),
    Exposure("arrests_of_use", "Drug arrests", "per 1,000 who use drugs, a year", "arrests", "using_illicit", 1000),
    Exposure("deaths", "Expected deaths", "per 100,000 residents a year", "expected_deaths", "population", 100_000),
)
"""Exposure to policing beside use and deaths."""


def exposed(found: ByGroup, axis: Axis, group: str, regime: str, what: Exposure) -> Told:
    """One number of the table of exposure with its interval over seeds, or why there is none."""
    counted, people = (found.row(axis, name, regime)[group] for name in (what.outcome, what.people))
    residents = found.row(axis, "population", regime)[group]
    why = NO_RATE if group in axis.no_rate else first_hidden([counted.hidden, people.hidden, residents.hidden])
    if not why and not all(n > 0 for n in people.counts):
        why = TOO_FEW
    if why:
        return Told(why=why)
    over = (1 if counted.outcome.stock else found.scenario.years) / what.per
    return Told(estimate([n / of / over for n, of in zip(counted.counts, people.counts, strict=True)]))


def exposure_rows(found: ByGroup, axes: Iterable[Axis] = tuple(AXES.values())) -> Iterator[dict[str, Any]]:
    """The table of exposure, a row for each axis, group and regime; a number that is not told has in its place why."""
    for axis in axes:
        for regime in found.regimes:
            for group, name in axis.names.items():
                row: dict[str, Any] = {"axis": axis.id, "group": group, "name": name, "regime": regime}
                residents = found.row(axis, "population", regime)[group]
                row["residents"] = residents.hidden or (NO_RATE if group in axis.no_rate else residents.count)
                for what in EXPOSURES:
                    told = exposed(found, axis, group, regime, what)
                    row |= {
                        what.id: told.why or told.found.mean,
                        f"{what.id}_low": max(told.found.low, 0.0),
                        f"{what.id}_high": told.found.high,
                    }
                yield row


# --- ratios -----------------------------------------------------------------------------------------------------------
COLUMNS = (
    "regime", "outcome", "axis", "group", "reference", "count", "unit", "rate", "rate_low", "rate_high", "rate_unit",
    "ratio", "ratio_low", "ratio_high", "ratio_uncertainty_low", "ratio_uncertainty_high",
    "change", "change_low", "change_high", "change_uncertainty_low", "change_uncertainty_high", "not_told", "seeds", "draws",
)  # fmt: skip
"""Of the table of rates and ratios."""


def ratio_rows(
    found: ByGroup, outcomes: Iterable[str] = TOLD, axes: Iterable[Axis] = tuple(AXES.values())
) -> Iterator[dict[str, Any]]:
    """The table of rates and ratios: a row for each outcome, axis, group and regime.

    `count` holds what stands in place of one that is hidden; of anything else that is not told, `not_told` says why.
    """
    axes = tuple(axes)
    for name in outcomes:
        for axis in axes:
            for regime in found.regimes:
                yield from (_ratio_row(found, name, axis, regime, group) for group in axis.names)


def _ratio_row(found: ByGroup, name: str, axis: Axis, regime: str, group: str) -> dict[str, Any]:
    counted = found.row(axis, name, regime)[group]
    rate = found.rate(axis, counted)
    told, change = Told(), Told()
    if group != axis.reference:
        told, change = found.ratio(axis, name, group, regime)
    values = (
        regime, name, axis.id, group, axis.reference, counted.hidden or counted.count, counted.outcome.unit,
        rate.found.mean, max(rate.found.low, 0.0), rate.found.high, unit_of(counted.outcome), *_ends(told), *_ends(change),
        rate.why or told.why or change.why, len(counted.counts), len(counted.drawn),
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _ends(told: Told) -> tuple[float, ...]:
    return told.found.mean, told.found.low, told.found.high, told.low, told.high


# --- what was asked for -----------------------------------------------------------------------------------------------
def axes_named(names: Iterable[str] | None) -> tuple[Axis, ...]:
    """The axes of these names, all of them for none; raises UserError."""
    if names is None:
        return tuple(AXES.values())
    return tuple(AXES[_known(name, tuple(AXES), "axis")] for name in names)


def outcomes_named(names: Iterable[str] | None, own: Iterable[str] = ()) -> tuple[str, ...]:
    """Outcomes that are counted by group, all of the table for none; `own` are those of one's own. Raises UserError."""
    if names is None:
        return (*TOLD, *own)
    possible = (*BY_GROUP, "in_treatment", *own)
    found = []
    for name in names:
        if name in OUTCOMES and name not in possible:
            raise UserError(f"{name} is counted for the whole place alone: it belongs to no group of people")
        found.append(_known(name, possible, "outcome"))
    return tuple(found)


def _known(name: str, possible: tuple[str, ...], what: str) -> str:
    if name not in possible:
        listed = f"; there are {', '.join(possible)}" if len(possible) < 9 else ""
        raise UserError(f"there is no {what} {name!r}{nearest(name, possible)}{listed}")
    return name


def people_needed(found: ByGroup) -> ByGroup:
    """The same; raises UserError where an earlier policysim counted no residents by group."""
    if not found.has_people:
        raise UserError(
            "these results were written by an earlier policysim, which counted no residents by group: give its "
            "scenario.toml to 'policysim compare' with another folder"
        )
    return found


# --- in words ---------------------------------------------------------------------------------------------------------
def times(value: float) -> str:
    """A ratio: two decimals, or three significant figures from ten on."""
    return f"{value:.2f}" if value < 9.995 else number(value)


def around(low: float, high: float) -> str:
    """An interval of a ratio; nothing where there is none."""
    return f"{times(low)} to {times(high)}" if not (isnan(low) or isnan(high)) else ""


def ratio_lines(told: Told) -> tuple[str, ...]:
    """A ratio and beneath it its intervals, or why there is none."""
    if told.why:
        return (in_words(told.why),)
    limits = around(told.found.low, told.found.high) or no_interval(told.found)
    unknown = around(told.low, told.high)
    return tuple(filter(None, (times(told.found.mean), limits, f"{OVER_UNKNOWNS}: {unknown}" if unknown else "")))


def change_lines(told: Told) -> tuple[str, ...]:
    """What a regime makes of a ratio, as a multiple of it under the status quo, and whether that is noise."""
    if told.why or isnan(told.found.mean):
        return ()
    if told.found.mean == 1 and not told.found.has_interval:
        return (NO_DIFFERENCE,)
    first, *limits = ratio_lines(told)
    noise = [NOISE] if told.found.has_interval and not told.is_clear else []
    return (f"×{first}", *limits, *noise)


def rate_lines(told: Told) -> tuple[str, ...]:
    """A rate and beneath it its interval, or why there is none."""
    return (in_words(told.why),) if told.why else level(told.found, OUTCOMES["searches"])


def group_over(axis: Axis, group: str) -> str:
    """`Black / White`: which rate is divided by which."""
    return f"{axis.names[group]} / {axis.names[axis.reference]}"
