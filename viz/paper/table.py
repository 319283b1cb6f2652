"""A table on paper: columns as wide as their words ask for, rows that are not cut, heads that come again on each page."""

from collections.abc import Sequence
from dataclasses import dataclass

from policysim.viz.blocks import Cell, Table
from policysim.viz.paper.sheet import LEADING, NOTE, POINT, SMALL, Sheet, rgb
from policysim.viz.style import FAINT, QUIET, TEXT

GAP, PAD = 2.6, 0.9
"""Millimetres between columns, and above and beneath what stands in a row."""
FAIR = 55.0
"""Millimetres beyond which a column of words asks for no more room than others."""


@dataclass(frozen=True)
class _Line:
    text: str
    size: float
    style: str
    colour: str

    @property
    def step(self) -> float:
        return self.size * LEADING * 0.94 * POINT


def set_table(sheet: Sheet, table: Table) -> None:
    """The whole table, over as many pages as it takes."""
    words = table.kind.split()
    size = SMALL if "small" in words else NOTE - 0.5
    heads = [Cell(name) for name in table.columns]
    rows = [[_parts(cell, size, first=k == 0) for k, cell in enumerate(row)] for row in table.rows]
    head = [_parts(cell, size, first=True) for cell in heads]
    widths = _widths(sheet, head, rows)
    if {"headline", "prices"} & set(words):  # what stands side by side to be compared has equal room
        widths[1:] = [sum(widths[1:]) / len(widths[1:])] * len(widths[1:])
    left = "words" in words
    inner = [row[0].inner for row in table.rows]
    heights = [_height(_broken(sheet, row, widths)) for row in rows]
    groups = [_whole_group(heights, inner, k) for k in range(len(rows))]
    sheet.keep_together(min(_top(sheet, table, head, widths) + (groups[0] if groups else 0.0), sheet.eph))
    sheet.paragraph(table.caption, NOTE, colour=QUIET, after=1)
    _row(sheet, head, widths, left, strong=True)
    for k, row in enumerate(rows):
        if sheet.room < groups[k] < sheet.eph - 20:
            sheet.add_page()
            _row(sheet, head, widths, left, strong=True)
        _row(sheet, row, widths, left, head=head, ruled=k + 1 == len(rows) or not inner[k + 1])
    sheet.set_y(sheet.get_y() + 3)


def _top(sheet: Sheet, table: Table, head: Sequence[list[_Line]], widths: Sequence[float]) -> float:
    return sheet.height_of(table.caption, NOTE) + 2 + _height(_broken(sheet, head, widths))


def begins_with(sheet: Sheet, table: Table) -> float:
    """How high a table is as far as its first rows that belong together: a heading stands on the same page."""
    size = SMALL if "small" in table.kind.split() else NOTE - 0.5
    rows = [[_parts(cell, size, first=k == 0) for k, cell in enumerate(row)] for row in table.rows]
    head = [_parts(Cell(name), size, first=True) for name in table.columns]
    widths = _widths(sheet, head, rows)
    heights = [_height(_broken(sheet, row, widths)) for row in rows]
    first = _whole_group(heights, [row[0].inner for row in table.rows], 0) if rows else 0.0
    return min(_top(sheet, table, head, widths) + first, sheet.eph - 30)


def _whole_group(heights: Sequence[float], inner: Sequence[bool], k: int) -> float:
    """How high a row is with those that belong to it, which stand on the same page."""
    ends = next((n for n in range(k + 1, len(heights)) if not inner[n]), len(heights))
    return heights[k] if inner[k] else sum(heights[k:ends])


def _parts(cell: Cell, size: float, first: bool) -> list[_Line]:
    """What stands in a cell, not yet broken into lines."""
    colour = QUIET if cell.quiet else TEXT
    text = f"\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{cell.text}" if cell.inner else cell.text
    lines = [_Line(text, size, "B" if first and not cell.inner else "", colour)] if cell.text else []
    lines += [_Line(f"• {item}", size, "", colour) for item in cell.items]
    return lines + [_Line(text, size - 0.5, "", QUIET) for text in cell.under]


def _widths(sheet: Sheet, head: Sequence[Sequence[_Line]], rows: Sequence[Sequence[Sequence[_Line]]]) -> list[float]:
    """Room for each column: at least its longest word, and beyond that by how much it has to say; a head may break."""
    columns = len(head)
    least, asked = [6.0] * columns, [6.0] * columns
    broken = [
        [_Line(word, line.size, line.style, "") for line in lines for word in line.text.split(" ")] for lines in head
    ]
    for row in [broken, *rows]:
        for k, lines in enumerate(row):
            for line in lines:
                words = line.text.split(" ")
                longest = max(sheet.width_of(word, line.size, line.style) for word in words)
                least[k] = max(least[k], min(longest, 32.0))
                asked[k] = max(asked[k], min(sheet.width_of(line.text, line.size, line.style), FAIR * 2.2))
    free = sheet.epw - GAP * (columns - 1)
    if sum(asked) <= free:
        more = (free - sum(asked)) / columns
        return [width + more for width in asked]
    if sum(least) >= free:
        return [width * free / sum(least) for width in least]
    spare, wish = free - sum(least), [most - low for most, low in zip(asked, least, strict=True)]
    return [low + spare * want / sum(wish) for low, want in zip(least, wish, strict=True)]


def _broken(sheet: Sheet, row: Sequence[Sequence[_Line]], widths: Sequence[float]) -> list[list[_Line]]:
    return [
        [_Line(text, line.size, line.style, line.colour)
         for line in lines for text in sheet.lines(line.text, width, line.size, line.style)]
        for lines, width in zip(row, widths, strict=False)
    ]  # fmt: skip


def _height(cells: Sequence[Sequence[_Line]]) -> float:
    return max((sum(line.step for line in lines) for lines in cells), default=0.0) + 2 * PAD


def _row(
    sheet: Sheet, row: Sequence[Sequence[_Line]], widths: Sequence[float], left: bool, strong: bool = False,
    head: Sequence[Sequence[_Line]] | None = None, ruled: bool = True,
) -> None:  # fmt: skip
    """One row and, if it is ruled off, the rule beneath it; one that is higher than a page goes on on the next."""
    cells = _broken(sheet, row, widths)
    while True:
        fits = [_that_fit(lines, sheet.room - 2 * PAD) for lines in cells]
        _draw(sheet, [lines[:count] for lines, count in zip(cells, fits, strict=True)], widths, left)
        cells = [lines[count:] for lines, count in zip(cells, fits, strict=True)]
        if not any(cells):
            break
        sheet.add_page()
        if head is not None:
            _row(sheet, head, widths, left, strong=True)
    if not ruled:
        return
    sheet.set_draw_color(*rgb(TEXT if strong else FAINT))
    sheet.set_line_width(0.35 if strong else 0.15)
    sheet.line(sheet.l_margin, sheet.get_y(), sheet.w - sheet.r_margin, sheet.get_y())


def _that_fit(lines: Sequence[_Line], room: float) -> int:
    count, filled = 0, 0.0
    for line in lines:
        filled += line.step
        if filled > room:
            break
        count += 1
    return count


def _draw(sheet: Sheet, cells: Sequence[Sequence[_Line]], widths: Sequence[float], left: bool) -> None:
    top, x = sheet.get_y(), sheet.l_margin
    for k, (lines, width) in enumerate(zip(cells, widths, strict=False)):
        y = top + PAD
        for line in lines:
            push = 0.0 if left or k == 0 else width - sheet.width_of(line.text, line.size, line.style)
            sheet.write_at(x + push, y + line.step * 0.78, line.text, line.size, line.style, line.colour)
            y += line.step
        x += width + GAP
    sheet.set_y(top + _height(cells))
