"""What the runs of a comparison say: the summary of every outcome, and the small table that is read first."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from policysim.counts.outcomes import COLUMNS as OUTCOME_COLUMNS
from policysim.counts.outcomes import OUTCOMES, Outcome, Shown, unit_in_files
from policysim.counts.outcomes import headlines as headline_outcomes
from policysim.errors import UserError
from policysim.evidence.registry import beyond_range, registry
from policysim.experiments.analysis import unknowns
from policysim.experiments.analysis.estimates import estimates_of_many, gap_in, level_in, over
from policysim.experiments.analysis.numbers import span
from policysim.experiments.analysis.precision import ENOUGH_REPLICATES, EQUAL, advice, precision
from policysim.experiments.analysis.standing import over_unknowns, times
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS, coverage, spread_in
from policysim.experiments.analysis.wording import (
    NO_INTERVAL,
    NOISE,
    all_alike,
    answer,
    difference,
    level,
    plural,
    scale_of,
    seeds_of,
    taken_as,
    years_of,
)
from policysim.experiments.running.store import Run
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario
from policysim.world.status_quo import LOCAL, names_of_its_own, names_of_parts

OF_SEEDS = ("mean", "low", "high", "difference", "difference_low", "difference_high")
FIGURES = (*OF_SEEDS, *unknowns.COLUMNS[:-1])
COLUMNS = ("regime", "outcome", "unit", *OF_SEEDS, "seeds", *unknowns.COLUMNS)
ANSWER = OUTCOMES["expected_deaths"]
"""The outcome that the sentence under the table is about."""
NONE: Mapping[str, Outcome] = {}
"""No outcomes of one's own."""
INDENT = "  "
"""Before the head of a row that belongs to the one above it."""
FEW_REPLICATES = (
    "With so few replicates the intervals are themselves a matter of chance: run more before relying on them."
)


def totals(runs: Iterable[tuple[Run, pd.DataFrame]], own: Mapping[str, Outcome] = NONE) -> pd.DataFrame:
    """A row for each run: every outcome of the files over its weeks, `own` being one's own."""
    rows = []
    for run, weeks in runs:
        row: dict[str, object] = {"regime": run.regime, "replicate": run.replicate, "seed": run.seed}
        rows.append(row | {name: over(weeks, outcome) for name, outcome in _counted(own).items()})
    return pd.DataFrame(rows)


def _counted(own: Mapping[str, Outcome]) -> dict[str, Outcome]:
    return {**{name: OUTCOMES[name] for name in OUTCOME_COLUMNS}, **own}


def summarise(
    per_run: pd.DataFrame, by_draw: pd.DataFrame | None = None, own: Mapping[str, Outcome] = NONE
) -> pd.DataFrame:
    """The columns of summary.csv by regime and outcome; differences are paired by seed against the status quo.

    by_draw: the runs with drawn parameters, where there are some; their columns are empty otherwise. own: outcomes of one's own.
    """
    counted = _counted(own)
    spreads: dict[str, dict[str, unknowns.Spread]] = {name: {} for name in counted}
    if by_draw is not None and not by_draw.empty:
        for name, outcome in counted.items():
            spreads[name] = unknowns.spreads(unknowns.drawn_totals(by_draw, outcome), outcome)
    rows = [
        {"regime": regime, "outcome": name, "unit": unit_in_files(name, counted), **estimated}
        | unknowns.row_of(spreads[name].get(regime, unknowns.Spread()))
        for regime, found in estimates_of_many(per_run, list(counted)).items()
        for name, estimated in found.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"seeds": int, "draws": int})


def read_summary(path: Path) -> pd.DataFrame:
    """A summary that was written to a file, to the last bit; raises UserError."""

    def figure(
        text: str,
    ) -> float:  # Python reads exactly the number that was written, not every version of pandas does
        return float(text or "nan")

    try:
        return pd.read_csv(path, converters=dict.fromkeys(FIGURES, figure))
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read as a table of results: {error}") from None


# ---------------------------------------------------------------- the table a commissioner reads


@dataclass(frozen=True)
class Headlines:
    """A small table in words: a row for each headline outcome, a column for each regime, what it says, what to know."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    reading: str
    notes: tuple[str, ...]


def headlines(summary: pd.DataFrame, scenario: Scenario) -> Headlines:
    """The comparison in a few lines; cells of regimes other than the status quo hold differences from it."""
    tables = {str(name): rows.set_index("regime") for name, rows in summary.groupby("outcome", sort=False)}
    ids = [regime.id for regime in scenario.regimes]
    paired = STATUS_QUO in ids and len(ids) > 1
    shown = (*headline_outcomes(Shown.COMMAND), *scenario.own_outcomes.values())
    return Headlines(
        title=f"{scenario.where.name}, {plural(scenario.years, 'year')} from {scenario.start_year}"
        + (": the status quo, and how far each regime lies from it" if paired else ""),
        columns=("", *(regime.name for regime in scenario.regimes)),
        rows=tuple(row for outcome in shown for row in _rows(tables[outcome.id], ids, outcome, scenario.uncertainty)),
        reading=_reading(tables[ANSWER.id], scenario, paired),
        notes=(*of_precision({outcome.id: tables[outcome.id] for outcome in shown}, scenario), *notes(scenario)),
    )


def row_head(outcome: Outcome) -> str:
    """What a row of the table is called; of people it says, beneath, that they are a mean over the horizon."""
    return "\n".join(filter(None, (outcome.label, taken_as(outcome))))


def _rows(table: pd.DataFrame, ids: list[str], outcome: Outcome, draws: int) -> list[tuple[str, ...]]:
    """The row of an outcome; where parameters were drawn, with a row beneath it for each of the two intervals."""
    if not draws:
        return [(row_head(outcome), *("\n".join(_cell(table, regime, outcome)) for regime in ids))]
    parts = [_parts(table, regime, outcome) for regime in ids]
    heads = [row_head(outcome), INDENT + OVER_SEEDS, INDENT + OVER_UNKNOWNS]
    rows = [(head, *cells) for head, *cells in zip(heads, *parts, strict=True)]
    firsts = [spread_in(table.loc[regime]).first for regime in ids]
    if not all(map(math.isnan, firsts)):
        rows.append((f"{INDENT}ranks first, of {plural(draws, 'draw')}", *(times(first, draws) for first in firsts)))
    return rows


def _parts(table: pd.DataFrame, regime: str, outcome: Outcome) -> tuple[str, ...]:
    """A number, its interval over seeds, and that over what nobody knows."""
    spread = spread_in(table.loc[regime])
    if regime == STATUS_QUO or STATUS_QUO not in table.index:
        mean, *limits = level(level_in(table.loc[regime]), outcome)
        return mean, *(limits or [NO_INTERVAL]), span(spread.low, spread.high, outcome.money)
    found = difference(table, regime, outcome)
    number, *more = found.lines()
    share = found.share if found.gap.is_clear else NOISE if found.is_noise else ""
    told = f"{number}\n{share}" if share and more else number
    return told, found.limits or NO_INTERVAL, span(spread.gap_low, spread.gap_high, outcome.money, signs=True)


def _cell(table: pd.DataFrame, regime: str, outcome: Outcome) -> tuple[str, ...]:
    """A number over its interval, one above the other; a difference inside noise says so."""
    if regime == STATUS_QUO or STATUS_QUO not in table.index:
        return level(level_in(table.loc[regime]), outcome)
    return difference(table, regime, outcome).lines()


def _reading(table: pd.DataFrame, scenario: Scenario, paired: bool) -> str:
    """On deaths: which regimes lower them, which raise them, which cannot be told from chance."""
    if not paired:
        return "Without the status quo and another regime there is no difference to read."
    if scenario.replicates < 2:
        return "One replicate shows no interval: differences may be chance, so run several."
    others = {
        regime.name: difference(table, regime.id, ANSWER) for regime in scenario.regimes if regime.id != STATUS_QUO
    }
    few = FEW_REPLICATES if scenario.replicates < ENOUGH_REPLICATES else ""
    spreads = {regime.name: spread_in(table.loc[regime.id]) for regime in scenario.regimes if regime.id in table.index}
    findings = {name: (found, spreads[name]) for name, found in others.items()}
    return " ".join(filter(None, (answer(others, scenario.years), few, over_unknowns(findings))))


def of_precision(tables: Mapping[str, pd.DataFrame], scenario: Scenario) -> tuple[str, ...]:
    """Where these outcomes, by id, have no intervals, and what a finer one of the answer would take."""
    found = [one for table in tables.values() for _, row in table.iterrows() for one in (level_in(row), gap_in(row))]
    equal = EQUAL if any(all_alike(one) and one.mean for one in found) else ""
    return tuple(filter(None, (equal, advice(precision(tables[ANSWER.id], ANSWER), scenario.replicates))))


def notes(scenario: Scenario) -> tuple[str, ...]:
    """What a reader has to know before using the numbers."""
    rows = registry().values()
    count = {quality: sum(row.quality == quality for row in rows) for quality in ("assumed", "fitted")}
    return (
        f"{scenario.where.name} ({scenario.place}), residents aged 10 to 64, {years_of(scenario)} after "
        f"{plural(scenario.burn_in_years, 'year')} of burn-in; {scale_of(scenario)}, counts scaled up; "
        f"{plural(scenario.replicates, 'replicate')} ({seeds_of(scenario)}).{_changed(scenario)}",
        f"Estimates of a simulation. Intervals {OVER_SEEDS} are 95% and show chance alone. {_drawn(scenario)} "
        f"Of {len(registry()):,} parameters {count['assumed']} are assumed and {count['fitted']} fitted "
        "('policysim parameters' lists them with their sources).",
        _of_the_place(scenario),
        "For exploring policies in the aggregate; it says nothing about any one person.",
    )


def _of_the_place(scenario: Scenario) -> str:
    """How much of what is usual there is the place's own figure."""
    names, parts = (found(scenario.where) - set(scenario.numbers) for found in (names_of_its_own, names_of_parts))
    told = f"{len(names) or 'none'} {'is' if len(names) == 1 else 'are'}"
    told += f", and {len(parts)} {'is' if len(parts) == 1 else 'are'} in parts of it" if parts else ""
    return (
        f"Of {len(LOCAL)} numbers that a place can have of its own {told}; the others are carried over from national figures "
        "('policysim places' with its name shows them)."
    )


def _drawn(scenario: Scenario) -> str:
    """Whether what nobody knows was looked at, and how the interval over it is to be read."""
    draws = scenario.uncertainty
    if not draws:
        return "What nobody knows is not in them; --uncertainty 6 draws the numbers of the model from their ranges."
    inside = f"another draw would lie inside with a chance of about {coverage(draws):.0%}"
    return (
        f"Intervals {OVER_UNKNOWNS} are of {plural(draws, 'draw')} of every uncertain parameter from its range, each run "
        f"once under every regime with {seeds_of(scenario).split(' to ')[0].replace('seeds', 'seed')}: {inside}."
    )


def _changed(scenario: Scenario) -> str:
    """How many parameters are not the registry's, and how many of them lie beyond their ranges."""
    if not scenario.parameters:
        return ""
    beyond = sum(bool(beyond_range(registry()[key], value)) for key, value in scenario.parameters.items())
    told = f", {beyond} beyond {'its range' if beyond == 1 else 'their ranges'}" if beyond else ""
    return f" {plural(len(scenario.parameters), 'parameter')} changed{told}."
