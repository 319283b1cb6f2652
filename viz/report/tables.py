"""The tables of the report, as rows of text: headline, numbers behind a chart, regimes, trade-offs, assumptions."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from policysim.counts.outcomes import OUTCOMES, Outcome, burdens
from policysim.evidence.contested import Reading
from policysim.evidence.registry import Parameter, beyond_range, registry
from policysim.experiments.analysis.contested import Tried, verdict
from policysim.experiments.analysis.estimates import level_in
from policysim.experiments.analysis.numbers import UNDER_FEW, span
from policysim.experiments.analysis.precision import WANTED, precision, reach
from policysim.experiments.analysis.standing import times
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS, Spread
from policysim.experiments.analysis.wording import (
    NO_DIFFERENCE,
    NO_INTERVAL,
    NOISE,
    Difference,
    count_or_said,
    difference,
    level,
    listed,
    lower_case,
    no_interval,
    plural,
    scale_of,
    seeds_of,
    sentence_case,
    taken_as,
    years_of,
)
from policysim.levers.lever import Lever
from policysim.scenarios.changes import BudgetsOfScenario
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario
from policysim.viz.blocks import Cell, Table
from policysim.viz.charts import Look, Panel
from policysim.viz.digest import Digest, spreads, totals
from policysim.viz.screening import HEADS, MAIN, strongest
from policysim.viz.words import settings_of
from policysim.world.status_quo import own_and_carried

ASKED = WANTED[:5]
"""The precisions of the table of replicates."""
SHORT = 240
"""Letters up to which a regime's summary is told as it is."""
LEAST = 0.01
"""Smaller relative differences are left out of the table of burdens."""


# --- differences ------------------------------------------------------------------------------------------------------
def headline(digest: Digest, shown: Sequence[Outcome]) -> Table:
    """Totals under the status quo and each regime's difference from it; without a status quo every regime's totals.

    Where parameters were drawn a regime has two intervals: see `both_intervals`.
    """
    if digest.draws:
        return both_intervals(digest, shown).of_kind("both")
    caption = f"Totals over {plural(digest.scenario.years, 'year')}"
    caption += (
        ", with 95% intervals over seeds" if digest.scenario.replicates > 1 else " of one seed, so without intervals"
    )
    caption += "; people: mean of the horizon"
    if digest.has_comparator and digest.others:
        caption += ". Under the other regimes: difference against the status quo, paired by seed"
    table = Table(caption, ["Outcome", *digest.names.values()])
    for outcome in shown:
        found = totals(digest, outcome)
        cells = [Cell(outcome.label, tuple(filter(None, (taken_as(outcome),))))]
        for name in digest.regimes:
            is_level = name == STATUS_QUO or not digest.has_comparator
            cells.append(level_cell(found, name, outcome) if is_level else difference_cell(found, name, outcome))
        table.rows.append(cells)
    return table


def both_intervals(digest: Digest, shown: Sequence[Outcome]) -> Table:
    """The same where parameters were drawn: a row for each regime, and a column for each of the two intervals."""
    draws = plural(digest.draws, "draw")
    paired = digest.has_comparator and bool(digest.others)
    beside = "under the others the difference from it, paired by seed" if paired else "under each regime"
    table = Table(
        f"Totals over {plural(digest.scenario.years, 'year')} (people: mean of the horizon): the status quo, and {beside}",
        [
            "Outcome and regime",
            "Number",
            f"95% interval {OVER_SEEDS}",
            f"Interval {OVER_UNKNOWNS}",
            f"Ranks first, of {draws}",
        ],
    )
    for outcome in shown:
        found, over_draws = totals(digest, outcome), spreads(digest, outcome)
        if not paired:
            table.rows.append(
                [Cell(outcome.label, tuple(filter(None, (taken_as(outcome),)))), *(Cell() for _ in range(4))]
            )
        for name in digest.regimes:
            is_level = name == STATUS_QUO or not digest.has_comparator
            head = Cell(digest.names[name], inner=True)
            if paired and is_level:
                head = Cell(outcome.label, tuple(filter(None, (lower_case(digest.names[name]), taken_as(outcome)))))
            table.rows.append([head, *_interval_cells(found, over_draws[name], name, outcome, is_level)])
    return table


def _interval_cells(table: pd.DataFrame, spread: Spread, regime: str, outcome: Outcome, is_level: bool) -> list[Cell]:
    """A number, its two intervals, and how often the regime ranks first."""
    if is_level:
        text, *limits = level(level_in(table.loc[regime]), outcome)
        over_seeds, quiet = (limits or [NO_INTERVAL])[0], False
    else:
        one = difference(table, regime, outcome)
        quiet = one.is_none or one.is_noise
        share = NOISE if one.is_noise else one.share
        text = NO_DIFFERENCE if one.is_none else f"{one.signed} ({share})" if share else one.signed
        over_seeds = "" if one.is_none else one.limits or NO_INTERVAL
    low, high = (spread.low, spread.high) if is_level else (spread.gap_low, spread.gap_high)
    first = times(spread.first, spread.draws) if spread.draws and spread.first == spread.first else ""
    cells = (text, over_seeds, span(low, high, outcome.money, signs=not is_level), first)
    return [Cell(cell, quiet=quiet) for cell in cells]


def level_cell(table: pd.DataFrame, regime: str, outcome: Outcome) -> Cell:
    """A mean over its interval."""
    text, *under = level(level_in(table.loc[regime]), outcome)
    return Cell(text, tuple(under))


def difference_cell(table: pd.DataFrame, regime: str, outcome: Outcome) -> Cell:
    """A difference over its interval and per cent; one inside its interval is said to be within noise."""
    found = difference(table, regime, outcome)
    text, *under = found.lines()
    return Cell(text, tuple(under), quiet=found.is_none or found.is_noise)


def precisions(digest: Digest, shown: Sequence[Outcome]) -> Table:
    """How precisely each outcome is known, and the replicates that a wanted precision would take."""
    against = "of the status quo" if digest.has_comparator and digest.others else "of the mean"
    table = Table(
        f"Replicates for a 95% interval that reaches no further than so many per cent {against}",
        ["Outcome", f"Now, with {digest.scenario.replicates}", *(reach(share) for share in ASKED)],
    )
    for outcome in shown:
        found = precision(totals(digest, outcome), outcome)
        none = NO_DIFFERENCE if found.paired and found.widest.mean == 0 else no_interval(found.widest)
        now = found.now if found.is_known else none or "nothing to compare with"
        cells = [Cell(found.replicates(share) if found.is_known else "not known") for share in ASKED]
        table.rows.append([Cell(outcome.label), Cell(now), *cells])
    return table


# --- numbers behind charts --------------------------------------------------------------------------------------------
def yearly_table(table: pd.DataFrame, outcome: Outcome, look: Look, differences: bool) -> Table:
    """Year by year, a column for each regime: the mean and, beneath it, its interval or the difference's."""
    caption = f"{outcome.label} by year ({outcome.unit}{', mean' if outcome.stock else ''})"
    caption += "; beneath, the difference against the status quo with its 95% interval" if differences else ""
    found = Table(caption, ["Year", *look.names.values()])
    for year, rows in table.groupby("year"):
        by_regime = rows.set_index("regime")
        cells = [Cell(str(look.start_year + int(year)))]
        for name in look.names:
            cell = level_cell(by_regime, name, outcome)
            if differences and name != STATUS_QUO:
                cell = Cell(cell.text, (difference(by_regime, name, outcome).signed_with_limits,))
            cells.append(cell)
        found.rows.append(cells)
    return found


def group_table(panel: Panel, look: Look, what: str) -> Table:
    """One panel of a chart by group: mean a year with its interval; few over the horizon are not shown."""
    found = Table(f"{panel.title}, {panel.unit}; counts {UNDER_FEW} are not told", [what, *look.names.values()])
    for group, rows in panel.table.groupby("group", sort=False):
        by_regime = rows.set_index("regime")
        cells = [Cell(panel.name_of(str(group)))]
        for name in look.names:
            mean, *limits = count_or_said(level_in(by_regime.loc[name]), str(by_regime.at[name, "hidden"]))
            cells.append(Cell(mean, tuple(limits)))
        found.rows.append(cells)
    return found


# --- regimes and their price ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Described:
    """What one regime does: its summary and its levers; `lead` is what is read first of a long summary."""

    name: str
    summary: str
    lead: str
    levers: Table


def _purse(name: str) -> str:
    """A purse as it is written: letters that stand for words are capitals."""
    return name.upper() if name == "nhs" else name


def regimes_described(scenario: Scenario) -> list[Described]:
    """Each regime with its levers: settings, path, who pays, whether it is lawful today."""
    found = []
    for regime in scenario.regimes:
        table = Table(f"Levers of {regime.name}", ["Lever", "Setting", "How it acts", "Who pays", "Lawful today"])
        for lever in regime.levers.values():
            settings = Cell(items=tuple(sentence_case(text) for text in settings_of(lever)))
            path, payer = sentence_case(lever.path), sentence_case(listed([_purse(name) for name in lever.purses()]))
            table.rows.append([Cell(lever.title), settings, Cell(path), Cell(payer), Cell(sentence_case(lever.lawful))])
        found.append(Described(regime.name, regime.summary, _lead(regime.summary, list(regime.levers.values())), table))
    return found


def _lead(summary: str, levers: Sequence[Lever]) -> str:
    """A summary as it is; of a long one how it begins, and how many levers of each group are pulled."""
    if len(summary) <= SHORT:
        return summary
    head, colon, _ = summary.partition(":")
    groups: dict[str, int] = {}
    for lever in levers:
        groups[lever.group] = groups.get(lever.group, 0) + 1
    counted = f"{plural(len(levers), 'lever')}: {listed([f'{name} {count}' for name, count in groups.items()])}."
    return f"{head}. {counted}" if colon and len(head) <= SHORT else counted


def trade_offs(digest: Digest) -> Table:
    """For each regime what it makes worse and what better, where the difference is more than noise."""
    caption = f"Differences against the status quo that are beyond noise and at least {LEAST:.0%}"
    found = Table(caption, ["Regime", "Heavier burdens", "Lighter burdens"])
    tables = [(outcome, totals(digest, outcome)) for outcome in burdens()]
    for regime in digest.others:
        worse: list[str] = []
        better: list[str] = []
        for outcome, table in tables:
            change = difference(table, regime, outcome)
            if change.gap.is_clear and abs(change.gap.mean) >= LEAST * change.base:
                gains = (change.gap.mean > 0) == (outcome.more_is == "better")
                (better if gains else worse).append(_change(change))
        found.rows.append(
            [Cell(digest.names[regime]), *(Cell(items=tuple(part) or ("none",)) for part in (worse, better))]
        )
    return found


def _change(change: Difference) -> str:
    share = f" ({change.share})" if change.share else ""
    return f"{change.outcome.label} {change.signed}{share}"


def cautions(scenario: Scenario) -> list[tuple[str, str]]:
    """For each lever that any of the regimes pulls, what to bear in mind; in the order of the regimes."""
    used = {lever.title: lever.caution for regime in scenario.regimes for lever in regime.levers.values()}
    return [(title, caution) for title, caution in used.items() if caution]


def contested(tried: Sequence[Tried]) -> Table:
    """The contested questions that bear on these regimes: both readings, the one taken, and whether the ranking turns on it."""
    found = Table(
        "Questions to which published work gives two answers; each reading holds for all regimes alike",
        ["Question", "Bears on", "Reading taken", "The other reading", "Does the ranking of regimes turn on it?"],
    )
    for one in tried:
        usual = ", the usual one" if one.is_usual else ", not the usual one"
        taken, other = (
            Cell(sentence_case(reading.says), (f"{reading.id}{said}", _what_stands_for(reading)))
            for reading, said in ((one.taken, usual), (one.other, ""))
        )
        found.rows.append([Cell(one.switch.question), Cell(items=one.regimes), taken, other, Cell(verdict(one))])
    return found


def _what_stands_for(reading: Reading) -> str:
    told = f"evidence {', '.join(reading.evidence)}" if reading.evidence else ""
    return "; ".join(filter(None, (told, reading.source)))


# --- what nobody knows ---
def carriers(screening: pd.DataFrame, names: dict[str, str]) -> Table:
    """The uncertain numbers with the strongest pull on differences in the main answer, as a screening found them."""
    outcome = OUTCOMES[MAIN]
    found = strongest(screening, outcome.id, names)
    caption = f"The {len(found)} uncertain numbers with the strongest pull on differences in {outcome.noun}"
    return Table(caption, HEADS, [[Cell(text, quiet=row[-1] == "no") for text in row] for row in found])


# --- assumptions ------------------------------------------------------------------------------------------------------
def of_the_place(scenario: Scenario) -> tuple[Table, str]:
    """The figures that the place has of its own, and the numbers that are carried over to it, in words."""
    own, carried = own_and_carried(scenario.where)
    table = Table("Figures of this place", ["Number", "Value", "Unit", "Of", "Year", "How good", "Source"])
    for row in own:
        if row["parameter"] not in scenario.numbers:
            cells = (
                row["parameter"],
                f"{row['value']:g}",
                row["unit"],
                row["of"],
                row["year"],
                row["status"],
                row["source"],
            )
            table.rows.append([Cell(text) for text in cells])
    return table, ", ".join(f"{row['parameter']} ({row['value']:g})" for row in carried)


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


def _changed(key: str, value: float) -> str:
    """A number of a scenario's own, and where it lies beyond the registry's range that one too."""
    row = registry()[key]
    return f"{key} = {value:g}" + (
        f" (beyond its range {row.low:g} to {row.high:g})" if beyond_range(row, value) else ""
    )


def _extent(values: list[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def place_of(scenario: Scenario) -> str:
    """The place, how many live there, and what whoever reads of it should know."""
    where = scenario.where
    own = "from a table of its own, kept in scenario.toml" if scenario.places else ""
    told = (f"{where.name} ({where.id})", f"{where.residents_10_64:,} residents aged 10 to 64", where.note, own)
    return ", ".join(filter(None, told))


def _budgets(budgets: BudgetsOfScenario) -> str:
    """What each purse has."""
    if isinstance(budgets, str):
        return "each purse has, in each year, what the status quo of the same seed spends of it"
    return ", ".join(
        f"{name} £{budget:,.0f} a year"
        if not isinstance(budget, tuple)
        else f"{name} {', '.join(f'£{year:,.0f}' for year in budget)} by year"
        for name, budget in budgets.items()
    )


def provenance(digest: Digest) -> list[tuple[str, str]]:
    """Where these numbers come from: version, seeds, scale, replicates, changed numbers."""
    scenario, stamp = digest.scenario, digest.provenance
    burn_in = plural(scenario.burn_in_years, "year")
    people = scenario.where.residents_10_64 / scenario.scale
    rows = [
        ("policysim", str(stamp.get("policysim", "version not recorded"))),
        ("Place", place_of(scenario)),
        (
            "Scale",
            f"{scale_of(scenario)}: about {people:,.0f} people at the start",
        ),
        ("Replicates", f"{scenario.replicates} ({seeds_of(scenario)}), each under every regime"),
        ("Time", f"{years_of(scenario)} in weeks, after {burn_in} under the status quo"),
        ("Numbers changed", ", ".join(_changed(key, value) for key, value in scenario.parameters.items()) or "none"),
        (
            "Readings of contested evidence",
            ", ".join(f"{k}: {v}" for k, v in scenario.readings.items()) or "the usual ones",
        ),
        (
            "Budgets",
            _budgets(scenario.budgets) or "none: every purse pays what is asked",
        ),
    ]
    versions = stamp.get("versions", {})
    if versions:
        rows.append(("Made with", ", ".join(f"{name} {version}" for name, version in versions.items())))
    marks = [f"{name} {stamp[name]}" for name in ("scenario", "model") if name in stamp]
    if marks:
        rows.append(("Marks of content", ", ".join(marks)))
    return rows
