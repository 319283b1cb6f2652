"""What an object shows of itself in a notebook: a short piece of HTML that takes its colours from the page, light or dark.

Everything that goes in is text and is escaped here. No colour of letters or ground is set: lines are grey, which shows on both.
"""

from collections.abc import Iterable, Sequence
from html import escape

MOST = 8
"""Rows of a list that are shown; of what is left out the number is told."""
LINE = "border:0;border-bottom:1px solid rgba(128,128,128,.35)"
CELL = f"{LINE};padding:.25em .9em .25em 0;text-align:left;vertical-align:top;white-space:pre-line"
TABLE = "border-collapse:collapse;margin:.3em 0;background:none;font-size:inherit"
ROW = "background:none"


def card(title: str, rows: Iterable[Sequence[str]], head: Sequence[str] = (), notes: Iterable[str] = ()) -> str:
    """A title, a table whose first column names the rows, with a head where there is one, and sentences beneath."""
    columns = "".join(f'<th scope="col" style="{CELL}">{escape(name)}</th>' for name in head)
    top = f'<thead><tr style="{ROW}">{columns}</tr></thead>' if head else ""
    body = "".join(_row(row) for row in rows)
    table = f'<table style="{TABLE}">{top}<tbody>{body}</tbody></table>' if body else ""
    beneath = "".join(f'<div style="margin:.3em 0">{escape(note)}</div>' for note in notes)
    return f'<div style="max-width:62em;line-height:1.4"><strong>{escape(title)}</strong>{table}{beneath}</div>'


def _row(cells: Sequence[str]) -> str:
    head = f'<th scope="row" style="{CELL};font-weight:600">{escape(cells[0])}</th>'
    rest = "".join(f'<td style="{CELL}">{escape(cell)}</td>' for cell in cells[1:])
    return f'<tr style="{ROW}">{head}{rest}</tr>'


def few(rows: Sequence[tuple[str, str]], most: int = MOST, what: str = "more") -> list[tuple[str, str]]:
    """The first of them, and how many are left out."""
    left = len(rows) - most
    return list(rows) if left <= 0 else [*rows[:most], (f"and {left} {what}", "")]
