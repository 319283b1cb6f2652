"""What each lever alone does, as a table in the window and as rows for a program."""

import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from policysim.cli import terminal

if TYPE_CHECKING:
    from policysim.experiments.analysis.effects import Row
    from policysim.experiments.designs.effects import Effects

GAP = "   "
NOTHING = "no seed differs"
NOTES = (
    "Of each lever first what shows that it was delivered, then what it is bought for. Published: the effect that is published, "
    "carried over to this place and these years; where population or time cannot be the same there is none (--json says why). "
    "The purse that pays for a lever spends so much more, or less, in all over those years.",
)


def print_effects(found: "Effects") -> None:
    """The table, and in sentences which intervals hold nothing and what is to be known."""
    from policysim.experiments.analysis.effects import FAR, WARNING, at_the_end, holding_nothing, over_more_seeds
    from policysim.experiments.analysis.wording import plural, scale_of, seeds_of

    scenario = found.comparison.scenario
    out = terminal.console()
    wide = min(out.width, terminal.READABLE)
    for years in found.years:
        title = f"{scenario.where.name}, {plural(years, 'year')}: each lever alone, against the status quo"
        out.print(f"{title} (95% intervals over paired seeds)\n", style="bold", width=wide)
        if years >= FAR:
            out.print(f"{WARNING.format(years=years)}\n", width=wide)
        for line in lines_of(found.over(years), wide):
            print(line)
    for other in found.otherwise:
        out.print(f"\nRead the other way, {other.question}: {other.reading.says}", style="bold", width=wide)
        for line in lines_of(other.rows, wide):
            print(line)
    notes = (
        *over_more_seeds(found.rows, found.rare),
        *holding_nothing(at_the_end(found.rows, scenario.years)),
        *NOTES,
        f"Estimates of a simulation: {scale_of(scenario)}, {plural(scenario.replicates, 'replicate')} ({seeds_of(scenario)}); "
        "intervals show chance alone. It says nothing about any one person.",
    )
    for note in notes:
        out.print(note, width=wide)
    print(f"\nTable: {found.folder / 'effects.csv'}")


def lines_of(rows: Sequence["Row"], wide: int) -> list[str]:
    """A head for each lever with what its purse spends, and beneath it a line for each outcome."""
    cells = [_cells(row) for row in rows]
    widths = [max((len(cell[k]) for cell in cells), default=0) for k in range(3)]
    lines = []
    for lever, of_one in groupby(zip(rows, cells, strict=True), key=lambda pair: pair[0].lever):
        told = list(of_one)
        first = told[0][0]
        lines += textwrap.wrap(f"{first.title} ({lever}, {first.group}){_paid(first)}", wide, subsequent_indent="  ")
        for _, (label, difference, limits, published) in told:
            line = f"  {label:{widths[0]}}{GAP}{difference:>{widths[1]}}{GAP}{limits:{widths[2]}}".rstrip()
            said = f"{GAP}published {published}" if published else ""
            beside = len(line) + len(said) <= wide
            lines += [line + said] if beside else [line, f"    {said.strip()}"]
        lines.append("")
    return lines


def _paid(row: "Row") -> str:
    """What the purse that pays spends more or less."""
    from policysim.experiments.analysis.numbers import number

    if row.cost != row.cost:
        return ""
    amount = number(abs(row.cost), money=True)
    spends = "purses spend" if " and " in row.payer else "purse spends"
    return f": the {row.payer} {spends} {amount} {'more' if row.cost > 0 else 'less'}" if row.cost else ""


def _cells(row: "Row") -> tuple[str, str, str, str]:
    from policysim.experiments.analysis.effects import outcome_of
    from policysim.experiments.analysis.numbers import signed, span

    limits = span(row.low, row.high, signs=True) or ("no interval" if row.difference else NOTHING)
    published = ""
    if row.published == row.published:
        around = span(row.published_low, row.published_high, signs=True)
        published = f"{signed(row.published)}{f' ({around})' if around else ''}"
    return outcome_of(row.outcome).label, signed(row.difference), limits, published


def print_json(found: "Effects") -> None:
    """Every row with all that is known of it, last those under the other reading of a contested question."""
    read: list[tuple[Row, dict[str, str]]] = [(row, {}) for row in found.rows]
    read += [(row, {other.question: other.reading.id}) for other in found.otherwise for row in other.rows]
    rows = [asdict(row) | {"holds_nothing": row.holds_nothing, "other_reading": said} for row, said in read]
    terminal.print_json(rows)
