"""One lever as a page that somebody who buys services can read."""

import textwrap
from collections.abc import Mapping
from typing import Any

from policysim.cli import terminal
from policysim.reference.lever_words import COMMON, STATUS, Row, limits, number, sentence, told

HEAD = 18
"""Columns of the heads at the left."""


def print_page(row: Row) -> None:
    """The page of a lever, no wider than is read with ease."""
    wide = min(terminal.width(otherwise=terminal.READABLE), terminal.READABLE)
    out = terminal.console()
    out.print(f"{row['title']} ({row['id']})", style="bold", width=wide)
    for head, text in told(row):
        if text:
            print(filled(text, wide, head.ljust(HEAD)))
    own = {name: said for name, said in row["settings"].items() if name not in COMMON}
    common = {name: row["settings"][name] for name in COMMON if name in row["settings"]}
    _print_settings(out, "What it can be set to", own, wide)
    _print_settings(out, "How far, from when and how fast", common, wide)
    if row["figures"]:
        print()
        out.print("Evidence", style="bold")
        print_figures(row["figures"], wide)


def _print_settings(out: Any, title: str, settings: Mapping[str, Row], wide: int) -> None:
    """A line for each setting in columns, and what it is beneath."""
    if not settings:
        return
    heads = ("setting", "usual", "limits", "unit", "changes nothing at")
    rows = [
        (name, number(said["default"]), limits(said), said["unit"], number(said["null"]))
        for name, said in settings.items()
    ]
    widths = [max(len(line[k]) for line in (heads, *rows)) for k in range(len(heads))]
    print()
    out.print(title, style="bold")
    _print_line(heads, widths, wide)
    for line, said in zip(rows, settings.values(), strict=True):
        _print_line(line, widths, wide)
        print(filled(sentence(said["meaning"]), wide, "    "))


def _print_line(cells: tuple[str, ...], widths: list[int], wide: int) -> None:
    """Cells in their columns, or in a sentence where the window has no room for them."""
    line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
    room = sum(widths) + 2 * (len(widths) - 1) <= wide - 2
    print(f"  {line}" if room else filled(", ".join(cells), wide, "  "))


def print_figures(figures: list[Row], wide: int) -> None:
    """The evidence: what was found, where and when, who says so, and how far it was read."""
    column = max(len(one["id"]) for one in figures) + 4
    for one in figures:
        interval = f" ({one['low']} to {one['high']})" if one["low"] and one["high"] else ""
        where = ", ".join(filter(None, (one["place"], one["year"])))
        where += ". " * bool(where)
        unit = "" if one["unit"] == "direction" else f" {one['unit']}"  # a finding in words
        found = f"{one['value']}{interval}{unit}".strip()  # nothing where the finding is in what was looked for
        print(filled(f"{one['quantity']}{': ' if found else ''}{found}", wide, f"  {one['id']}".ljust(column)))
        status = f"{one['status']}: {STATUS[one['status']]}" if one["status"] in STATUS else one["status"]
        print(filled(f"{where}{one['source']} [{status}]", wide, " " * column))


def filled(text: str, wide: int, head: str) -> str:
    """A text beside its head, broken between words."""
    return textwrap.fill(
        text, wide, initial_indent=head + " " * (not head.endswith(" ")), subsequent_indent=" " * len(head),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
