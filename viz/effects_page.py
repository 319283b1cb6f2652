"""What each lever alone does, as a page of text that docs can hold."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from textwrap import fill

import pandas as pd

from policysim.experiments.analysis.effects import (
    FAR,
    WARNING,
    YOUNG,
    Row,
    at_the_end,
    holding_nothing,
    outcome_of,
    over_more_seeds,
)
from policysim.experiments.analysis.numbers import number, signed, span
from policysim.experiments.analysis.wording import listed, plural, scale_of
from policysim.experiments.designs.effects import Effects
from policysim.experiments.running.files import whole_or_not
from policysim.model.sources import model_hash

WIDE = 118
ROWS = ("lever", "years", "outcome", "role", "expected", "difference", "low", "high")
"""Columns of the rows beside the page, from which docs/sources.md is made."""
DEATHS = "expected_deaths"
COLUMNS = {DEATHS: "misuse deaths, expected", "arrests": "arrests", "treatment_entries": "treatment entries"}
"""Outcomes that every lever has a column for, with their heads; levers that act on children have those of `YOUNG`."""


def write_page(found: Effects, path: Path, on: date) -> None:
    """Write the table as Markdown with its date and the build of the model, and its rows beside it as CSV; raises UserError."""
    usual = found.over(found.comparison.scenario.years)
    lines = [*_head(found, on), *_groups(found), *_otherwise(found), *_published(usual)]
    text = (
        "\n".join(line if line.startswith("|") else fill(line, WIDE, break_on_hyphens=False) for line in lines) + "\n"
    )
    with whole_or_not(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
    with whole_or_not(path.with_suffix(".csv")) as part:
        rows_of_page(found.rows).to_csv(part, index=False, lineterminator="\n")


def rows_of_page(rows: Sequence[Row]) -> pd.DataFrame:
    """What a lever delivers and does to what it is bought for and to what every lever has, by horizon, to six digits."""
    table = pd.DataFrame([{name: getattr(row, name) for name in ROWS} for row in rows], columns=list(ROWS))
    return table.map(lambda value: float(f"{value:.6g}") if isinstance(value, float) else value)


def _head(found: Effects, on: date) -> list[str]:
    scenario = found.comparison.scenario
    return [
        "# What each lever does alone",
        "",
        f"Written on {on.isoformat()} by `policysim effects` with `--page` (model {model_hash()}); `make effects` "
        f"writes it anew. {scenario.where.name}, {listed_years(found.years)} after "
        f"{plural(scenario.burn_in_years, 'year')} of burn-in, {scale_of(scenario)}, "
        f"{plural(scenario.replicates, 'seed')}.",
        "",
        "Each lever at its documented coverage, nothing else changed, as a difference from the status quo over those years "
        "of one run; in brackets the 95% interval over seeds that share their luck with the status quo. It shows chance, not "
        "what nobody knows. *Delivered* is the outcome that shows that the lever was there; *bought for* is the one that its "
        "page names, with the way it is expected to go by the evidence. *Pays* is what the purse that pays for it then spends "
        "more, or less. What is said next of levers of prevention is said of the longest time that they were looked at.",
        "",
        *[line for said in over_more_seeds(found.rows, found.rare) for line in (said, "")],
        *[line for said in holding_nothing(at_the_end(found.rows, scenario.years)) for line in (said, "")],
        *[line for years in found.years if years >= FAR for line in (f"*{WARNING.format(years=years)}*", "")],
    ]


def listed_years(years: Sequence[int]) -> str:
    """`5, 10 and 25 years`."""
    *first, last = map(str, years)
    return f"{', '.join(first)} and {last} years" if first else plural(int(last), "year")


def _groups(found: Effects) -> list[str]:
    """A section for each group: levers in a line each, those that act on children in one for each horizon."""
    years = found.comparison.scenario.years
    earlier = [horizon for horizon in found.years if horizon < years]
    lines: list[str] = []
    for group, of_group in groupby(found.rows, key=lambda row: row.group):
        levers = [list(of_lever) for _, of_lever in groupby(of_group, key=lambda row: row.lever)]
        young = [rows for rows in levers if _is_young(rows)]
        others = [rows for rows in levers if not _is_young(rows)]
        lines += [f"## {group[0].upper()}{group[1:]}", ""]
        if others:
            lines += _table_of(others, years, earlier)
        if young:
            lines += _table_of_young(young, years)
    return lines


def _is_young(rows: Sequence[Row]) -> bool:
    return set(YOUNG) <= {row.outcome for row in rows}


def _table_of(levers: Sequence[Sequence[Row]], years: int, earlier: Sequence[int]) -> list[str]:
    """What each lever does by the end; before it what it is bought for and deaths after fewer years."""
    after = f", {plural(years, 'year')}" if earlier else ""
    early = [f"{what}, {plural(horizon, 'year')}" for horizon in earlier for what in ("bought for", COLUMNS[DEATHS])]
    columns = ["lever", *[f"{head}{after}" for head in ("delivered", "bought for", *COLUMNS.values(), "pays")], *early]
    left = 3
    return [
        f"| {' | '.join(columns)} |",
        f"| {' | '.join(['---'] * left + ['---:'] * (len(columns) - left))} |",
        *(_line(rows, years, earlier) for rows in levers),
        "",
    ]


def _line(rows: Sequence[Row], years: int, earlier: Sequence[int]) -> str:
    by_outcome = {row.outcome: row for row in rows if row.years == years}
    delivered, bought = _roles(list(by_outcome.values()))
    cells = [
        f"`{delivered.lever}`",
        _named(delivered),
        f"{'the same' if bought is delivered else _named(bought)}; expected: {bought.expected}",
        *(_told(by_outcome[outcome]) for outcome in COLUMNS),
        _paid(delivered),
    ]
    for horizon in earlier:
        before = {row.outcome: row for row in rows if row.years == horizon}
        cells += [_told(before[bought.outcome]), _told(before[DEATHS])]
    return f"| {' | '.join(cells)} |"


def _roles(rows: Sequence[Row]) -> tuple[Row, Row]:
    """The row that shows the delivery, and that of what the lever is bought for."""
    delivered = next(row for row in rows if row.role.startswith("delivery"))
    return delivered, next(row for row in rows if row.role.endswith("purpose"))


def _table_of_young(levers: Sequence[Sequence[Row]], years: int) -> list[str]:
    """Levers that act on children, a line for each horizon: deaths peak in the forties, and the table leaves them out."""
    deaths = [row for rows in levers for row in rows if (row.outcome, row.years) == (DEATHS, years)]
    names = [f"`{row.lever}`" for row in deaths if not row.holds_nothing]
    moved = listed(names) if names else "none of them"
    columns = ["lever", "years", "delivered", "bought for", *(outcome_of(name).noun for name in YOUNG), "pays"]
    lines = [
        f"Those whom these reach are children, and deaths peak in the forties: within {plural(years, 'year')} expected misuse "
        f"deaths move beyond noise under {moved}. First use, exclusion, arrests and dependence stand in their place.",
        "",
        f"| {' | '.join(columns)} |",
        f"| --- | ---: | --- | --- | {' | '.join(['---:'] * (len(YOUNG) + 1))} |",
    ]
    for rows in levers:
        for horizon, of_years in groupby(rows, key=lambda row: row.years):
            by_outcome = {row.outcome: row for row in of_years}
            delivered, bought = _roles(list(by_outcome.values()))
            said = "the same" if bought is delivered else _named(bought)
            cells = [f"`{delivered.lever}`", str(horizon), _named(delivered), f"{said}; expected: {bought.expected}"]
            cells += [*(_told(by_outcome[name]) for name in YOUNG), _paid(delivered)]
            lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def _named(row: Row) -> str:
    return f"{outcome_of(row.outcome).noun}: {_told(row)}"


def _told(row: Row) -> str:
    return _with_interval(row.difference, row.low, row.high)


def _with_interval(value: float, low: float, high: float) -> str:
    around = span(low, high, signs=True)
    return f"{signed(value)}{f' ({around})' if around else ''}"


def _paid(row: Row) -> str:
    """The purse, and what it spends more or less."""
    if row.cost != row.cost:
        return row.payer
    amount = number(abs(row.cost), money=True)
    return f"{row.payer} {'+' if row.cost > 0 else '−' if row.cost else ''}{amount}"


def _otherwise(found: Effects) -> list[str]:
    """The levers through which contested questions act, under the reading taken and beneath it under the other one."""
    if not found.otherwise:
        return []
    usual = found.over(found.comparison.scenario.years)
    taken = {row.lever: list(of_lever) for row, of_lever in _by_lever(usual)}
    lines = [
        "## With the other reading of contested evidence",
        "",
        "To these questions published work gives two answers (`policysim contested`). All else on this page takes one of them; "
        "here each question in turn is answered the other way, for the status quo and the lever alike, over the same seeds.",
        "",
        f"| question and reading | lever | bought for | {COLUMNS[DEATHS]} |",
        "| --- | --- | --- | ---: |",
    ]
    for other in found.otherwise:
        numbers = ", ".join(f"{name} = {value:g}" for name, value in other.reading.parameters.items())
        for row, of_lever in _by_lever(other.rows):
            lines += [
                _bought(f"`{other.question}`, as above", taken[row.lever]),
                _bought(f"`{other.question}`, the other: {other.reading.says} ({numbers})", list(of_lever)),
            ]
    return [*lines, ""]


def _by_lever(rows: Sequence[Row]) -> Iterator[tuple[Row, list[Row]]]:
    for _, of_lever in groupby(rows, key=lambda row: row.lever):
        told = list(of_lever)
        yield told[0], told


def _bought(head: str, rows: Sequence[Row]) -> str:
    bought = next(row for row in rows if row.role.endswith("purpose"))
    deaths = next(row for row in rows if row.outcome == DEATHS)
    return f"| {head} | `{bought.lever}` | {_named(bought)}; expected: {bought.expected} | {_told(deaths)} |"


def _published(rows: Sequence[Row]) -> list[str]:
    """Beside each published effect what the run gave, and of every lever without one why there is none."""
    lines = [
        "## Beside what is published",
        "",
        "A published effect is carried over to this place and these years where it is of the same people, time and "
        "outcome. Of the others the table says why nothing can be set beside the run.",
        "",
        "| lever | outcome | this run | published | evidence, or why there is none |",
        "| --- | --- | --- | --- | --- |",
    ]
    for lever, of_lever in groupby(rows, key=lambda row: row.lever):
        told = list(of_lever)
        known = [row for row in told if row.published == row.published]
        lines += [
            f"| `{lever}` | {outcome_of(row.outcome).noun} | {_told(row)} | "
            f"{_with_interval(row.published, row.published_low, row.published_high)} | {', '.join(row.evidence)}: {row.carried} |"
            for row in known
        ]
        if not known:
            lines.append(f"| `{lever}` |  |  | none | {told[0].why_none} |")
    return lines
