"""The tables of the report by group of people: exposure to policing beside use and deaths, and ratios."""

from collections.abc import Sequence

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.equity import AXES, NO_RATE, Axis
from policysim.experiments.analysis.equity_tables import (
    EXPOSURES,
    change_lines,
    exposed,
    group_over,
    rate_lines,
    ratio_lines,
)
from policysim.experiments.analysis.hiding import in_words
from policysim.experiments.analysis.numbers import number
from policysim.viz.blocks import Cell, Table
from policysim.viz.digest import Digest


def exposure_table(digest: Digest, regime: str) -> Table:
    """Every group of every axis under one regime, with 95% intervals over seeds."""
    table = Table(
        f"Exposure to policing beside use and deaths under {digest.names[regime]}, with 95% intervals over seeds",
        ["Group", "Residents in the model", *(f"{what.label}, {what.unit}" for what in EXPOSURES)],
    )
    found = digest.equity
    for axis in AXES.values():
        table.rows.append([Cell(f"By {axis.label.lower()}"), *(Cell() for _ in table.columns[1:])])
        for group, name in axis.names.items():
            if group in axis.no_rate:
                continue
            residents = found.row(axis, "population", regime)[group]
            cells = [Cell(name), Cell(in_words(residents.hidden) or number(residents.count))]
            for what in EXPOSURES:
                text, *under = rate_lines(exposed(found, axis, group, regime, what))
                cells.append(Cell(text, tuple(under)))
            table.rows.append(cells)
    return table


def ratio_table(digest: Digest, axis: Axis, outcomes: Sequence[str]) -> Table:
    """Ratios by outcome and group, a column for each regime; beneath, what the regime makes of the ratio."""
    caption = f"Ratios by {axis.label.lower()}, with 95% intervals over seeds"
    if digest.has_comparator:
        caption += "; beneath, what a regime makes of a ratio, as a multiple of it under the status quo"
    table = Table(caption, ["Ratio of rates", *digest.names.values()])
    for outcome in outcomes:
        for group in axis.others:
            cells = [Cell(OUTCOMES[outcome].label, (group_over(axis, group),))]
            for regime in digest.regimes:
                told, change = digest.equity.ratio(axis, outcome, group, regime)
                text, *under = ratio_lines(told)
                cells.append(Cell(text, (*under, *change_lines(change)), quiet=bool(told.why)))
            table.rows.append(cells)
    return table


def left_out(axis: Axis) -> str:
    """Of which groups no rate is told, in words."""
    if not axis.no_rate:
        return ""
    groups = ", ".join(axis.names[group] for group in axis.no_rate)
    return f" {NO_RATE.capitalize()}: {groups}, of whom only those once dependent are followed."
