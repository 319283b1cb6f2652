"""What each lever alone does, as a page of text that docs can hold."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from textwrap import fill

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.effects import Row, holding_nothing
from policysim.experiments.analysis.numbers import number, signed, span
from policysim.experiments.analysis.wording import plural, scale_of
from policysim.experiments.designs.effects import Effects
from policysim.experiments.running.files import whole_or_not
from policysim.model.sources import model_hash

WIDE = 118
DEATHS = "expected_deaths"
COLUMNS = {DEATHS: "misuse deaths, expected", "arrests": "arrests", "treatment_entries": "treatment entries"}
"""Outcomes that every lever has a column for, with their heads."""


def write_page(found: Effects, path: Path, on: date) -> None:
    """Write the table as Markdown with its date and the build of the model; raises UserError."""
    lines = [*_head(found, on), *_groups(found.rows), *_otherwise(found), *_published(found.rows)]
    text = (
        "\n".join(line if line.startswith("|") else fill(line, WIDE, break_on_hyphens=False) for line in lines) + "\n"
    )
    with whole_or_not(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def _head(found: Effects, on: date) -> list[str]:
    scenario = found.comparison.scenario
    return [
        "# What each lever does alone",
        "",
        f"Written on {on.isoformat()} by `policysim effects` with `--page` (model {model_hash()}); `make effects` "
        f"writes it anew. {scenario.where.name}, {plural(scenario.years, 'year')} after "
        f"{plural(scenario.burn_in_years, 'year')} of burn-in, {scale_of(scenario)}, "
        f"{plural(scenario.replicates, 'seed')}.",
        "",
        "Each lever at its documented coverage, nothing else changed, as a difference from the status quo over all those years; "
        "in brackets the 95% interval over seeds that share their luck with the status quo. It shows chance, not what nobody "
        "knows. *Delivered* is the outcome that shows that the lever was there; *bought for* is the one that its page names, "
        "with the way it is expected to go by the evidence. *Pays* is what the purse that pays for it then spends more, or less.",
        "",
        *[line for said in holding_nothing(found.rows) for line in (said, "")],
    ]


def _groups(rows: Sequence[Row]) -> list[str]:
    lines: list[str] = []
    for group, of_group in groupby(rows, key=lambda row: row.group):
        lines += [
            f"## {group[0].upper()}{group[1:]}",
            "",
            f"| lever | delivered | bought for | {' | '.join(COLUMNS.values())} | pays |",
            f"| --- | --- | --- | {' | '.join(['---:'] * len(COLUMNS))} | ---: |",
        ]
        lines += [_line(list(of_lever)) for _, of_lever in groupby(of_group, key=lambda row: row.lever)]
        lines.append("")
    return lines


def _line(rows: Sequence[Row]) -> str:
    by_outcome = {row.outcome: row for row in rows}
    delivered = next(row for row in rows if row.role.startswith("delivery"))
    bought = next(row for row in rows if row.role.endswith("purpose"))
    cells = [
        f"`{delivered.lever}`",
        _named(delivered),
        f"{'the same' if bought is delivered else _named(bought)}; expected: {bought.expected}",
        *(_told(by_outcome[outcome]) for outcome in COLUMNS),
        _paid(delivered),
    ]
    return f"| {' | '.join(cells)} |"


def _named(row: Row) -> str:
    return f"{OUTCOMES[row.outcome].noun}: {_told(row)}"


def _told(row: Row) -> str:
    around = span(row.low, row.high, signs=True)
    return f"{signed(row.difference)}{f' ({around})' if around else ''}"


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
    taken = {row.lever: list(of_lever) for row, of_lever in _by_lever(found.rows)}
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
            f"| `{lever}` | {OUTCOMES[row.outcome].noun} | {_told(row)} | {signed(row.published)} "
            f"({span(row.published_low, row.published_high, signs=True)}) | {', '.join(row.evidence)}: {row.carried} |"
            for row in known
        ]
        if not known:
            lines.append(f"| `{lever}` |  |  | none | {told[0].why_none} |")
    return lines
