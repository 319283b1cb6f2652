"""What each lever of a regime brings, as tables in the window and as rows for a program."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from math import fsum
from typing import TYPE_CHECKING

from policysim.cli import terminal

if TYPE_CHECKING:
    from policysim.experiments.analysis.attribution import Row
    from policysim.experiments.designs.attribution import Attribution

GAP = "  "
LARGEST = 10
"""Levers that are shown of each outcome even where chance alone could have made their share."""
HEADS = ("", "share", "95% interval", "of all", "alone", "added last")
NOTHING = "no seed differs"
READING = (
    "Share: what a lever's own step brings, on average over orders in which the levers are added; shares add up to the "
    "regime's difference. Alone: added first, without all others. Added last: beside all others, which is what would be lost "
    "without it. Where these two differ, levers overlap or need one another; of those that are named 5% may be chance. Of "
    "all: of the regime's difference; not told where chance alone could have made it."
)


def print_attribution(found: "Attribution") -> None:
    """A table for each outcome, what interacts in it, and what is to be known."""
    from policysim.experiments.analysis.attribution import folded, on_interactions, on_orders
    from policysim.experiments.analysis.wording import plural, scale_of, seeds_of

    scenario = found.scenario
    out = terminal.console()
    wide = min(out.width, terminal.READABLE)
    title = f"{scenario.where.name}, {plural(scenario.years, 'year')}: what each lever of “{found.regime.name}” brings"
    out.print(f"{title}, against the status quo\n", style="bold", width=wide)
    for name in found.outcomes:
        rows = found.of(name)
        out.print(head_of(rows), style="bold", width=wide)
        for line in lines_of(folded(rows), out.width):
            print(line)
        for sentence in on_interactions(rows):
            out.print(sentence, width=wide)
        print()
    notes = (
        READING,
        on_orders(found.rows, found.orders, found.all_orders),
        f"Estimates of a simulation: {scale_of(scenario)}, {plural(scenario.replicates, 'replicate')} ({seeds_of(scenario)}), "
        f"{plural(found.runs, 'run')}. It says what levers do in this model, among just these others; nothing about any person.",
    )
    for note in notes:
        out.print(note, width=wide)
    print(f"\nTable: {found.folder / 'attribution.csv'}")


def head_of(rows: Sequence["Row"]) -> str:
    """The outcome, with the difference that is shared out."""
    from policysim.counts.outcomes import OUTCOMES
    from policysim.experiments.analysis.numbers import number, percent

    whole = rows[0]
    money = OUTCOMES[whole.outcome].money
    share = f"; {percent(whole.value / whole.status_quo)}" if whole.status_quo else ""
    return f"{OUTCOMES[whole.outcome].label}: {_told(whole, ' (', ')')} (status quo {number(whole.status_quo, money)}{share})"


def _told(row: "Row", before: str, after: str) -> str:
    from policysim.counts.outcomes import OUTCOMES
    from policysim.experiments.analysis.numbers import signed

    money = OUTCOMES[row.outcome].money
    limits = row.around(money)
    return signed(row.value, money) + (f"{before}{limits}{after}" if limits else "")


def lines_of(rows: Sequence["Row"], wide: int) -> list[str]:
    """A line for each group and lever, those of little weight together; in a narrow window its numbers stand beneath."""
    cells = [HEADS, *_cells(rows)]
    widths = [max(len(cell[k]) for cell in cells) for k in range(len(HEADS))]
    if sum(widths) + len(GAP) * (len(HEADS) - 1) <= wide:
        return [_line(cell, widths) for cell in cells]
    lines = []
    for name, *numbers in cells[1:]:
        told = ", ".join(f"{head} {text}" for head, text in zip(HEADS[1:], numbers, strict=True) if text)
        indent = " " * (len(name) - len(name.lstrip()) + 4)
        lines += textwrap.wrap(name.strip(), wide, initial_indent=indent[4:], subsequent_indent=indent)
        lines += textwrap.wrap(told, wide, initial_indent=indent, subsequent_indent=indent)
    return lines


def _line(cell: Sequence[str], widths: Sequence[int]) -> str:
    first = f"{cell[0]:{widths[0]}}"
    return GAP.join((first, *(f"{text:>{wide}}" for text, wide in zip(cell[1:], widths[1:], strict=True)))).rstrip()


def _cells(rows: Sequence["Row"]) -> Iterator[tuple[str, ...]]:
    """Of each group of rows its own, then its levers."""
    from policysim.experiments.analysis.coalitions import GROUP, LEVER

    has_groups = any(row.level == GROUP for row in rows)
    levers = sorted((row for row in rows if row.level == LEVER), key=lambda row: -abs(row.value))
    shown = {row.id for row in levers[:LARGEST] if row.value} | {row.id for row in levers if not row.holds_nothing}
    for _, found in groupby(rows[1:], key=lambda row: row.group if has_groups else ""):
        of_group = list(found)
        left = [row for row in of_group if row.level == LEVER and row.id not in shown]
        for row in of_group:
            if row not in left:
                yield _cell(row, has_groups)
        if left:
            yield _others(left, has_groups)


def _cell(row: "Row", indented: bool) -> tuple[str, ...]:
    from policysim.counts.outcomes import OUTCOMES
    from policysim.experiments.analysis.coalitions import LEVER
    from policysim.experiments.analysis.numbers import percent, signed

    money = OUTCOMES[row.outcome].money
    differs = row.value or row.alone or row.leave_one_out
    limits = row.around(money) if differs else NOTHING
    share = "" if row.share != row.share else percent(row.share).lstrip("+")
    group, colon, lever = row.title.partition(": ")
    name = group.upper() + colon + lever if indented and row.level != LEVER else row.title
    alone = "" if row.alone != row.alone else signed(row.alone, money)
    without = "" if row.leave_one_out != row.leave_one_out else signed(row.leave_one_out, money)
    return ("  " * (indented and row.level == LEVER) + name, signed(row.value, money), limits, share, alone, without)


def _others(rows: Sequence["Row"], indented: bool) -> tuple[str, ...]:
    """Several levers as one line, so that the lines too add up."""
    from policysim.counts.outcomes import OUTCOMES
    from policysim.experiments.analysis.numbers import signed
    from policysim.experiments.analysis.wording import plural

    value = fsum(row.value for row in rows)
    told = "within noise" if any(row.value for row in rows) else NOTHING
    name = f"{plural(len(rows), 'other lever')}"
    return ("  " * indented + name, signed(value, OUTCOMES[rows[0].outcome].money), told, "", "", "")


def print_json(found: "Attribution") -> None:
    """Every row with all that is known of it, and what the intervals of the shares are over."""
    rows = [asdict(row) | {"holds_nothing": row.holds_nothing} for row in found.rows]
    over = "seeds" if found.all_orders else "seeds and sampled orders"
    terminal.print_json(
        rows, regime=found.regime.id, by=found.by, orders=found.orders, all_orders=found.all_orders, interval_over=over
    )
