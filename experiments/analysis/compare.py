"""What the runs of a comparison say: totals with 95% t-intervals over seeds, paired differences, a table to read.

Every regime of a seed lives through the same luck, so differences are taken seed by seed and their intervals are much
narrower than those of the totals. They show chance alone: what nobody knows about the parameters is not in them.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from scipy.special import stdtrit

from policysim.counts.outcomes import COST_OUTCOMES, OUTCOMES, is_stock, unit_of
from policysim.evidence.registry import registry
from policysim.experiments.running.store import Run
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario

CONFIDENCE = 0.95
COLUMNS = ("regime", "outcome", "unit", "mean", "low", "high", "difference", "difference_low", "difference_high")

HEADLINES: dict[str, str] = {
    "expected_deaths": "Misuse deaths, expected",
    "deaths": "Misuse deaths, counted",
    "opiate_deaths": "  of these naming an opiate",
    "overdoses": "Overdoses, fatal or not",
    "arrests": "Arrests for drug offences",
    "imprisoned": "Sent to prison",
    "treatment_entries": "New treatment entries",
    "in_agonist_treatment": "In agonist treatment, mean",
}
"""The outcomes a commissioner asks for first."""

MEASURE = "expected_deaths"
"""The outcome that the sentence under the table is about."""
NOISE = "within noise"
ENOUGH_REPLICATES = 4
FEW = "With so few replicates the intervals are themselves a matter of chance: run more before relying on them."
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with its interval; one seed alone has none (nan)."""

    mean: float
    low: float
    high: float

    @property
    def has_interval(self) -> bool:
        """Whether there was more than one seed."""
        return not math.isnan(self.low)

    @property
    def spans_zero(self) -> bool:
        """Whether the interval holds zero: chance alone could have made the difference."""
        return self.has_interval and self.low <= 0 <= self.high


def estimate(values: Sequence[float]) -> Estimate:
    """Mean and 95% t-interval. Sums are exact (`fsum`), so the order of the seeds does not matter."""
    n = len(values)
    mean = math.fsum(values) / n
    if n < 2:
        return Estimate(mean, math.nan, math.nan)
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    half = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * math.sqrt(variance / n)
    return Estimate(mean, mean - half, mean + half)


def totals(runs: Iterable[tuple[Run, pd.DataFrame]]) -> pd.DataFrame:
    """A row for each run: flows and money added up over the horizon, stocks averaged over its weeks."""
    rows = []
    for run, weeks in runs:
        row: dict[str, object] = {"regime": run.regime, "replicate": run.replicate, "seed": run.seed}
        for outcome in (*OUTCOMES, *COST_OUTCOMES):
            total = math.fsum(weeks[outcome])
            row[outcome] = total / len(weeks) if is_stock(outcome) else total
        rows.append(row)
    return pd.DataFrame(rows)


def summarise(per_run: pd.DataFrame) -> pd.DataFrame:
    """The columns of summary.csv by regime and outcome; differences are paired by seed against the status quo."""
    by_regime = {str(regime): rows.set_index("seed") for regime, rows in per_run.groupby("regime", sort=False)}
    rows = []
    for regime, runs in by_regime.items():
        for outcome in (*OUTCOMES, *COST_OUTCOMES):
            level, gap = estimate(runs[outcome].tolist()), Estimate(math.nan, math.nan, math.nan)
            if regime != STATUS_QUO and STATUS_QUO in by_regime:
                gap = estimate((runs[outcome] - by_regime[STATUS_QUO][outcome]).tolist())
            rows.append(
                (regime, outcome, unit_of(outcome), level.mean, level.low, level.high, gap.mean, gap.low, gap.high)
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


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
    found = {(row.regime, row.outcome): row for row in summary.itertuples(index=False)}
    ids = [regime.id for regime in scenario.regimes]
    paired = STATUS_QUO in ids
    rows = tuple(
        (label, *(_cell(found[regime, outcome], paired and regime != STATUS_QUO) for regime in ids))
        for outcome, label in HEADLINES.items()
    )
    return Headlines(
        title=f"{scenario.where.name}, {plural(scenario.years, 'year')} from {scenario.start_year}"
        + (": the status quo, and how far each regime lies from it" if paired and len(ids) > 1 else ""),
        columns=("", *(regime.name for regime in scenario.regimes)),
        rows=rows,
        reading=_reading(found, scenario),
        notes=notes(scenario),
    )


def _cell(row: Any, as_difference: bool) -> str:
    """A number over its interval, one above the other; a difference inside noise says so."""
    if not as_difference:
        return _with_interval(
            Estimate(row.mean, row.low if math.isnan(row.low) else max(row.low, 0.0), row.high), number
        )  # nothing counted is below 0
    gap = Estimate(row.difference, row.difference_low, row.difference_high)
    text = _with_interval(gap, signed)
    return f"{text}\n{NOISE}" if gap.spans_zero and gap.mean else text


def _with_interval(value: Estimate, write: Callable[[float], str]) -> str:
    if not value.has_interval or value.low == value.high:
        return write(value.mean)
    return f"{write(value.mean)}\n{write(value.low)} to {write(value.high)}"


def number(value: float) -> str:
    """A count of people or events as it is printed: thousands marked, decimals only where there is little else."""
    digits = 1 if abs(value) < 10 and round(value, 1) % 1 else 0
    text = f"{value:,.{digits}f}"
    return "0" if text == "-0" else text.replace("-", MINUS)


def signed(value: float) -> str:
    """A difference with its sign."""
    text = number(value)
    return text if value < 0 or text == "0" else f"+{text}"


def plural(count: int, thing: str) -> str:
    """`1 year`, `3 years`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def _reading(found: dict, scenario: Scenario) -> str:
    """One sentence on deaths: which regimes lower them, which raise them, which cannot be told from chance."""
    others = [regime for regime in scenario.regimes if regime.id != STATUS_QUO]
    if len(others) == len(scenario.regimes) or not others:
        return "Without the status quo and another regime there is no difference to read."
    if scenario.replicates < 2:
        return "One replicate shows no interval: differences may be chance, so run several."
    groups: dict[str, list[str]] = {"fewer": [], "more": [], "level": []}
    for regime in others:
        row = found[regime.id, MEASURE]
        gap = Estimate(row.difference, row.difference_low, row.difference_high)
        if gap.spans_zero or number(gap.mean) == "0":
            groups["level"].append(regime.name)
        else:
            word = "fewer" if gap.mean < 0 else "more"
            ends = sorted((abs(gap.low), abs(gap.high)))
            groups[word].append(f"{number(abs(gap.mean))} ({number(ends[0])} to {number(ends[1])}) under {regime.name}")
    parts = [f"{word}: {_listed(groups[word])}" for word in ("fewer", "more") if groups[word]]
    if groups["level"]:
        parts.append(f"no difference beyond noise: {_listed(groups['level'])}")
    few = f" {FEW}" if scenario.replicates < ENOUGH_REPLICATES else ""
    return f"Expected misuse deaths against the status quo (95% interval): {'; '.join(parts)}.{few}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def notes(scenario: Scenario) -> tuple[str, ...]:
    """What a reader has to know before using the numbers."""
    rows = registry().values()
    count = {quality: sum(row.quality == quality for row in rows) for quality in ("assumed", "fitted")}
    first, last = scenario.start_year, scenario.start_year + scenario.years - 1
    span = f"{first} to {last}" if last > first else f"{first}"
    seeds = f"seeds {scenario.seeds[0]} to {scenario.seeds[-1]}" if scenario.replicates > 1 else f"seed {scenario.seed}"
    changed = f" {plural(len(scenario.parameters), 'parameter')} changed." if scenario.parameters else ""
    scale = (
        "every resident" if scenario.scale == 1 else f"one simulated person for every {scenario.scale:,.4g} residents"
    )
    return (
        f"{scenario.where.name} ({scenario.place}), residents aged 10 to 64, {span} after "
        f"{plural(scenario.burn_in_years, 'year')} of burn-in; {scale}, counts scaled up; "
        f"{plural(scenario.replicates, 'replicate')} ({seeds}).{changed}",
        "Estimates of a simulation. Intervals are 95%, over replicates: they show chance alone, not what nobody knows. "
        f"Of {len(registry()):,} parameters {count['assumed']} are assumed and {count['fitted']} fitted "
        "('policysim parameters' lists them with their sources).",
        "For exploring policies in the aggregate; it says nothing about any one person.",
    )
