"""The tables of the report, as rows of text: headline, numbers behind a chart, regimes, trade-offs, assumptions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from policysim.evidence.registry import Parameter, registry
from policysim.experiments.analysis.compare import NOISE, plural
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.charts import Look, Panel
from policysim.viz.digest import Digest, is_clear, totals
from policysim.viz.style import Measure, measure, number, percent, sentence_case, signed, span
from policysim.viz.words import WANTED, settings_of, shown_count

LEAST = 0.01
"""Smaller relative differences are left out of the table of burdens."""
HEADLINES = (
    "expected_deaths", "opiate_deaths", "poisoning_deaths", "overdoses", "arrests", "searches", "imprisoned",
    "treatment_entries", "in_treatment", "offences", "spending",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: text, smaller lines beneath it, a list, and whether to set it back as noise."""

    text: str = ""
    under: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    quiet: bool = False


@dataclass(frozen=True)
class Table:
    """A table: caption, column heads, and rows of which the first cell is the row's head."""

    caption: str
    columns: Sequence[str]
    rows: list[list[Cell]] = field(default_factory=list)


# --- differences ------------------------------------------------------------------------------------------------------
def headline(digest: Digest, names: Iterable[str] = HEADLINES) -> Table:
    """Totals under the status quo and each regime's difference from it; without a status quo every regime's totals."""
    measures = [measure(name) for name in names]
    caption = f"Totals over {plural(digest.scenario.years, 'year')}, with 95% intervals; people: mean of the horizon"
    if digest.has_comparator and digest.others:
        caption += ". Under the other regimes: difference against the status quo, paired by seed"
    table = Table(caption, ["Outcome", *digest.names.values()])
    for item in measures:
        found = totals(digest, item)
        cells = [Cell(item.label, ("mean number at a time",) if item.stock else ())]
        for name in digest.regimes:
            is_level = name == STATUS_QUO or not digest.has_comparator
            cells.append(level_cell(found.loc[name], item) if is_level else difference_cell(found, name, item))
        table.rows.append(cells)
    return table


def _unit_line(item: Measure) -> str:
    return "GBP" if item.money else f"{item.unit}, mean" if item.stock else item.unit


def level_cell(row: pd.Series, item: Measure) -> Cell:
    """A mean over its interval, which cannot reach below nothing."""
    return Cell(number(row["mean"], item.money), (span(max(row["low"], 0), row["high"], item.money),))


def difference_cell(table: pd.DataFrame, regime: str, item: Measure) -> Cell:
    """A difference over its interval and per cent; one inside its interval is said to be within noise."""
    row, base = table.loc[regime], table.at[STATUS_QUO, "mean"]
    value, low, high = row["difference"], row["difference_low"], row["difference_high"]
    if value == low == high == 0:
        return Cell("no difference", quiet=True)
    share = percent(value / base) if base > 0 else ""
    under = (span(low, high, item.money, signs=True),)
    if low == low and not is_clear(low, high):
        return Cell(signed(value, item.money), (*under, NOISE), quiet=True)
    return Cell(signed(value, item.money), (*under, share) if share else under)


# --- numbers behind charts --------------------------------------------------------------------------------------------
def yearly_table(table: pd.DataFrame, item: Measure, look: Look, differences: bool) -> Table:
    """Year by year, a column for each regime: the mean and, beneath it, its interval or the difference's."""
    caption = f"{item.label} by year ({_unit_line(item)})"
    caption += "; beneath, the difference against the status quo with its 95% interval" if differences else ""
    found = Table(caption, ["Year", *look.names.values()])
    for year, rows in table.groupby("year"):
        by_regime = rows.set_index("regime")
        cells = [Cell(str(look.start_year + int(year)))]
        for name in look.names:
            row = by_regime.loc[name]
            under = span(max(row["low"], 0), row["high"], item.money)
            if differences and name != STATUS_QUO:
                limits = span(row["difference_low"], row["difference_high"], item.money, signs=True)
                under = f"{signed(row['difference'], item.money)} ({limits})"
            cells.append(Cell(number(row["mean"], item.money), (under,)))
        found.rows.append(cells)
    return found


def group_table(panel: Panel, look: Look, what: str) -> Table:
    """One panel of a chart by group: mean a year with its interval; fewer than five over the horizon are not shown."""
    found = Table(f"{panel.title}, {panel.unit}; counts under 5 are shown as <5", [what, *look.names.values()])
    for group, rows in panel.table.groupby("group", sort=False):
        by_regime = rows.set_index("regime")
        cells = [Cell((panel.names or {}).get(str(group), str(group)))]
        for name in look.names:
            row = by_regime.loc[name]
            known = row["mean"] == row["mean"]
            cells.append(Cell(shown_count(row["mean"]), (span(max(row["low"], 0), row["high"]),) if known else ()))
        found.rows.append(cells)
    return found


# --- regimes and their price ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Described:
    """What one regime does: its summary and its levers."""

    name: str
    summary: str
    levers: Table


def regimes_described(digest: Digest) -> list[Described]:
    """Each regime with its levers: settings, path, who pays, whether it is lawful today."""
    found = []
    for regime in digest.scenario.regimes:
        table = Table(f"Levers of {regime.name}", ["Lever", "Setting", "How it acts", "Who pays", "Lawful today"])
        for lever in regime.levers.values():
            settings = Cell(items=tuple(sentence_case(text) for text in settings_of(lever)))
            path, payer = sentence_case(lever.path), sentence_case(lever.payer)
            table.rows.append([Cell(lever.title), settings, Cell(path), Cell(payer), Cell(sentence_case(lever.lawful))])
        found.append(Described(regime.name, regime.summary, table))
    return found


def trade_offs(digest: Digest) -> Table:
    """For each regime what it makes worse and what better, where the difference is more than noise."""
    caption = f"Differences against the status quo that are beyond noise and at least {LEAST:.0%}"
    found = Table(caption, ["Regime", "Heavier burdens", "Lighter burdens"])
    tables = {name: totals(digest, measure(name)) for name in WANTED}
    for regime in digest.others:
        worse: list[str] = []
        better: list[str] = []
        for name, table in tables.items():
            row, base = table.loc[regime], table.at[STATUS_QUO, "mean"]
            if not is_clear(row["difference_low"], row["difference_high"]) or abs(row["difference"]) < LEAST * base:
                continue
            text = _change(measure(name), row["difference"], base)
            (better if row["difference"] * WANTED[name] > 0 else worse).append(text)
        found.rows.append(
            [Cell(digest.names[regime]), *(Cell(items=tuple(part) or ("none",)) for part in (worse, better))]
        )
    return found


def _change(item: Measure, value: float, base: float) -> str:
    share = f" ({percent(value / base)})" if base > 0 else ""
    return f"{item.label} {signed(value, item.money)}{share}"


def cautions(digest: Digest) -> list[tuple[str, str]]:
    """For each lever that any of the regimes pulls, what to bear in mind; in the order of the regimes."""
    used = {lever.title: lever.caution for regime in digest.scenario.regimes for lever in regime.levers.values()}
    return [(title, caution) for title, caution in used.items() if caution]


# --- assumptions ------------------------------------------------------------------------------------------------------
def parameters_of(quality: str) -> Table:
    """The parameters of one quality; those of a table that share a meaning stand in one row with the span of values."""
    grouped: dict[tuple[str, str, str], list[Parameter]] = {}
    for parameter in registry().values():
        if parameter.quality == quality:
            grouped.setdefault((parameter.name, parameter.meaning, parameter.unit), []).append(parameter)
    table = Table(f"Parameters that are {quality}", ["Parameter", "Value", "Range", "Unit", "Meaning"])
    for (name, meaning, unit), rows in grouped.items():
        head = rows[0].id if len(rows) == 1 else f"{name}, {len(rows)} values"
        lows = [row.low for row in rows if row.low is not None]
        highs = [row.high for row in rows if row.high is not None]
        cells = [
            head,
            _extent([row.value for row in rows]),
            _extent([*lows, *highs]) if lows and highs else "none",
            unit,
            meaning,
        ]
        table.rows.append([Cell(text) for text in cells])
    return table


def _extent(values: list[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def provenance(digest: Digest) -> list[tuple[str, str]]:
    """Where these numbers come from: version, seeds, scale, replicates, changed numbers."""
    scenario, stamp = digest.scenario, digest.provenance
    first, burn_in = scenario.start_year, plural(scenario.burn_in_years, "year")
    seeds = f"seeds {scenario.seeds[0]} to {scenario.seeds[-1]}" if scenario.replicates > 1 else f"seed {scenario.seed}"
    people = scenario.where.residents_10_64 / scenario.scale
    rows = [
        ("policysim", str(stamp.get("policysim", "version not recorded"))),
        (
            "Place",
            f"{scenario.where.name} ({scenario.place}), {scenario.where.residents_10_64:,} residents aged 10 to 64",
        ),
        (
            "Scale",
            f"one simulated person for every {scenario.scale:,.4g} residents: about {people:,.0f} people at the start",
        ),
        ("Replicates", f"{scenario.replicates} ({seeds}), each under every regime"),
        ("Time", f"{first} to {first + scenario.years - 1} in weeks, after {burn_in} under the status quo"),
        ("Numbers changed", ", ".join(f"{k} = {v:g}" for k, v in scenario.parameters.items()) or "none"),
        (
            "Budgets",
            ", ".join(f"{k} £{v:,.0f} a year" for k, v in scenario.budgets.items())
            or "none: every purse pays what is asked",
        ),
    ]
    versions = stamp.get("versions", {})
    if versions:
        rows.append(("Made with", ", ".join(f"{name} {version}" for name, version in versions.items())))
    marks = [f"{name} {stamp[name]}" for name in ("scenario", "model") if name in stamp]
    if marks:
        rows.append(("Marks of content", ", ".join(marks)))
    return rows
