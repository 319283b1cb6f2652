"""Small pieces of HTML that read well to eyes and to screen readers alike: tables with headers, lists, notes."""

from collections.abc import Iterable, Sequence
from html import escape


def rows_of(cells: Iterable[Sequence[str]]) -> str:
    """Body rows; the first cell of each is its header. Cells are HTML already."""
    return "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>' for row in cells
    )


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table with a caption and headers of columns and rows; the cells are HTML already, caption and head are not."""
    columns = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    return (
        f'<div class="ps-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="ps-table {kind}"><caption>{escape(caption)}</caption><thead><tr>{columns}</tr></thead>'
        f"<tbody>{rows_of(rows)}</tbody></table></div>"
    )


def folded(summary: str, inside: str) -> str:
    """Something that opens when asked for."""
    return f'<details class="ps-details"><summary>{escape(summary)}</summary>{inside}</details>'


def bullets(items: Iterable[str]) -> str:
    """A list of plain sentences."""
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
