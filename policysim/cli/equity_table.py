"""Who meets what, by group of people: as tables in the window, as rows for a program, as a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from policysim.cli import terminal

if TYPE_CHECKING:
    from policysim.experiments.analysis.equity import Axis, ByGroup

HEADS = {
    "use": "Use / 1,000", "searches": "Searches / 1,000", "searches_of_use": "Searches / 1,000 who use",
    "arrests": "Drug arrests / 1,000", "arrests_of_use": "Drug arrests / 1,000 who use", "deaths": "Deaths / 100,000",
}  # fmt: skip
"""Of the columns of exposure, short enough for a narrow window."""
OF_HEADS = (
    "Use: people who use drugs, at a time. Searches (of anyone), drug arrests and expected misuse deaths: a year. / 1,000: for "
    "every 1,000 residents in the model, or people who use drugs. Each is a mean over seeds."
)
READING = (
    "A ratio is the rate of the first group over that of the second, with its 95% interval over seeds; × is what a regime makes "
    "of it, as a multiple of the ratio under the status quo, paired by seed. Ratios describe and explain nothing: police of this "
    "model search some groups more because published searches do, and ethnic groups differ in heroin and crack as those in "
    "treatment do."
)


def print_equity(found: "ByGroup", outcomes: tuple[str, ...], axes: tuple["Axis", ...]) -> None:
    """For each axis exposure to policing beside use and deaths, then the ratios of every regime; then how to read them."""
    from policysim.experiments.analysis.wording import plural, scale_of, seeds_of

    scenario, out = found.scenario, terminal.console()
    wide = min(out.width, terminal.READABLE)
    out.print(f"{scenario.where.name}, {plural(scenario.years, 'year')}: who meets what\n", style="bold", width=wide)
    for axis in axes:
        _print_exposure(found, axis)
        _print_ratios(found, axis, outcomes)
    for note in (
        OF_HEADS,
        READING,
        *_of_few(),
        f"Estimates of a simulation: {scale_of(scenario)}, {plural(scenario.replicates, 'replicate')} ({seeds_of(scenario)}); "
        "intervals over seeds show chance alone. It says nothing about any one person.",
    ):
        out.print(note, width=wide)


def _of_few() -> tuple[str, ...]:
    """How counts of few people are dealt with, in sentences."""
    from policysim.experiments.analysis.equity import NO_RATE, NO_SOURCE, TOO_FEW, WHY
    from policysim.experiments.analysis.hiding import SMALL, WHY_BESIDE

    return (
        f"{SMALL}: counts under five are not told by group, of residents over the horizon, the mean over seeds; {WHY_BESIDE}. "
        f"No ratio is made of either. {TOO_FEW.capitalize()}: {WHY[TOO_FEW]}. {NO_RATE.capitalize()}: {WHY[NO_RATE]}. "
        f"{NO_SOURCE.capitalize()}: {WHY[NO_SOURCE]}.",
    )


def _print_exposure(found: "ByGroup", axis: "Axis") -> None:
    """A row for each group under the status quo, or the first regime."""
    from policysim.experiments.analysis.equity_tables import EXPOSURES, exposed
    from policysim.experiments.analysis.numbers import number
    from policysim.scenarios.regime import STATUS_QUO

    regime = STATUS_QUO if STATUS_QUO in found.regimes else found.regimes[0]
    rows = []
    for group, name in axis.names.items():
        residents = found.row(axis, "population", regime)[group]
        row = {axis.label: name, "Residents": residents.hidden or number(residents.count)}
        for what in EXPOSURES:
            told = exposed(found, axis, group, regime, what)
            row[HEADS[what.id]] = told.why or number(told.found.mean)
        rows.append(row)
    title = f"{axis.label}: exposure to policing beside use and deaths, {_name(found, regime)}"
    terminal.print_rows(rows, list(rows[0]), title)


def _print_ratios(found: "ByGroup", axis: "Axis", outcomes: tuple[str, ...]) -> None:
    """A row for each outcome and group, a column for each regime."""
    from policysim.experiments.analysis.equity_tables import change_lines, group_over, ratio_lines

    rows = []
    for name in outcomes:
        for group in axis.others:
            row = {"Outcome": found.outcomes[name].label, "Ratio": group_over(axis, group)}
            for regime in found.regimes:
                told, change = found.ratio(axis, name, group, regime)
                row[_name(found, regime)] = "\n".join(
                    _on_a_line(lines) for lines in (ratio_lines(told), change_lines(change)) if lines
                )
            rows.append(row)
    terminal.print_rows(rows, list(rows[0]), f"{axis.label}: ratios to the rate of {axis.against}")


def _on_a_line(lines: tuple[str, ...]) -> str:
    return f"{lines[0]} ({'; '.join(lines[1:])})" if len(lines) > 1 else lines[0]


def _name(found: "ByGroup", regime: str) -> str:
    return next(one.name for one in found.scenario.regimes if one.id == regime)


def print_json(found: "ByGroup", outcomes: tuple[str, ...], axes: tuple["Axis", ...]) -> None:
    """Every row of rates and ratios, and the rows of exposure."""
    from policysim.experiments.analysis.equity_tables import exposure_rows, ratio_rows

    terminal.print_json(list(ratio_rows(found, outcomes, axes)), exposure=list(exposure_rows(found, axes)))


def write_table(found: "ByGroup", outcomes: tuple[str, ...], axes: tuple["Axis", ...], path: Path) -> None:
    """The rows of rates and ratios as a .csv; raises UserError where it cannot be written."""
    import pandas as pd

    from policysim.experiments.analysis.equity_tables import COLUMNS, ratio_rows
    from policysim.experiments.running.files import RUNS_ARE_KEPT, whole_or_not

    table = pd.DataFrame(ratio_rows(found, outcomes, axes), columns=list(COLUMNS))
    with whole_or_not(path, also=RUNS_ARE_KEPT) as part:
        table.to_csv(part, index=False, lineterminator="\n")
