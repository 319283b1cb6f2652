"""A report on paper: an A4 document with text that can be searched, vector charts, contents and page numbers; no browser.

The letters are DejaVu Sans, which comes with matplotlib and has −, ≤ and £. Equal reports give equal bytes.
"""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from policysim.viz.blocks import Block, Chart, Code, Fold, Heading, Items, Report, Section, Table, Text
from policysim.viz.paper.pictures import letters_shared
from policysim.viz.paper.sheet import BODY, NOTE, Sheet
from policysim.viz.paper.table import begins_with, set_table
from policysim.viz.style import QUIET, TEXT

MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""What stands in the file as its date: a real one would make equal reports unequal."""
NARROW = 18.5
"""Millimetres of paper for an inch of a chart at most: one drawn for a phone is not blown up."""


def as_pdf(report: Report) -> bytes:
    """The report as a PDF; folds that are for paper stand at its end, as appendices."""
    sheet = Sheet(report.title, report.source, MADE)
    sheet.add_page()
    _first_page(sheet, report)
    appendices = list(_appendices(report.sections))
    contents = _room_for_contents(sheet, len(report.sections) + len(appendices))
    pages: list[tuple[str, int, int]] = []
    for section in report.sections:
        sheet.keep_together(_led_to(sheet, section.blocks) + 18)
        pages.append((section.name, *sheet.begin(section.title)))
        _set_all(sheet, section.blocks, appendices)
    for letter, fold in appendices:
        pages.append((f"{letter}  {fold.title}", *sheet.begin(f"Appendix {letter}: {fold.title}", level=0)))
        _set_all(sheet, fold.blocks, [])
    _fill_contents(sheet, contents, pages)
    sheet.number_pages()
    return bytes(sheet.output())


def _appendices(sections: Sequence[Section]) -> Iterator[tuple[str, Fold]]:
    """Folds that hold tables or code, with a letter each; those of charts stay where they are."""
    found = [
        block for section in sections for block in section.blocks if isinstance(block, Fold) and _is_appendix(block)
    ]
    yield from zip(map(_letter, range(len(found))), found, strict=True)


def _is_appendix(fold: Fold) -> bool:
    return fold.paper and not any(isinstance(block, Chart) for block in fold.blocks)


def _letter(k: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    return (_letter(k // 26 - 1) if k >= 26 else "") + chr(ord("A") + k % 26)


def _first_page(sheet: Sheet, report: Report) -> None:
    sheet.paragraph(report.kicker, NOTE, colour=QUIET, after=1)
    sheet.paragraph(report.title, 19, "B", after=2)
    sheet.paragraph(report.question, 11.5, colour=QUIET, after=3)
    for text in report.answer:
        sheet.paragraph(text, 10.5, after=2)
    if report.chart is not None:
        _chart(sheet, report.chart)
    lines = ", ".join(f"{name} {telephone} ({what})" for name, telephone, what in report.help_lines)
    sheet.boxed(f"{report.note} {lines}.", NOTE)


def _room_for_contents(sheet: Sheet, count: int) -> tuple[int, float]:
    """Where the contents will stand, once the pages are known; their height is kept free."""
    height = 9 + 4.6 * -(-count // 2)
    sheet.keep_together(height)
    page, top = sheet.page, sheet.get_y()
    sheet.set_y(top + height)
    return page, top


def _fill_contents(sheet: Sheet, at: tuple[int, float], pages: Sequence[tuple[str, int, int]]) -> None:
    """In two columns, each line a link to its page."""
    last, bottom = sheet.page, sheet.get_y()
    sheet.turn_to(at[0])
    sheet.write_at(sheet.l_margin, at[1] + 5, "Contents", 10.5, "B")
    rows, half = -(-len(pages) // 2), (sheet.epw - 8) / 2
    for k, (name, page, link) in enumerate(pages):
        x, y = sheet.l_margin + (k // rows) * (half + 8), at[1] + 10 + 4.6 * (k % rows)
        sheet.write_at(x, y, sheet.cut(name, half - 8, NOTE), NOTE)
        sheet.write_at(x + half - sheet.width_of(str(page), NOTE), y, str(page), NOTE)
        sheet.link(x, y - 3.5, half, 4.6, link)
    sheet.turn_to(last)
    sheet.set_y(bottom)


def _set_all(sheet: Sheet, blocks: Sequence[Block], appendices: Sequence[tuple[str, Fold]]) -> None:
    for k, block in enumerate(blocks):
        if isinstance(block, Heading):
            sheet.keep_together(_led_to(sheet, blocks[k + 1 :]) + 12)
        _set(sheet, block, appendices)


def _led_to(sheet: Sheet, blocks: Sequence[Block]) -> float:
    """How high the chart, or the beginning of the table, is that a heading leads to; it stands on the same page."""
    first = next((block for block in blocks if not isinstance(block, Heading)), None)
    if isinstance(first, Table):
        return begins_with(sheet, first)
    return sum(_size(sheet, first)[1:]) if isinstance(first, Chart) and first.figure is not None else 0.0


def _set(sheet: Sheet, block: Block, appendices: Sequence[tuple[str, Fold]]) -> None:
    match block:
        case Text():
            sheet.paragraph(block.text, BODY, colour=QUIET if block.quiet else TEXT, after=2.5)
        case Heading():
            sheet.heading(block.text, 11)
        case Items():
            for item in block.items:
                _item(sheet, item.head, item.text, block.terms)
            sheet.ln(1.5)
        case Code():
            sheet.code(block.text)
        case Table():
            set_table(sheet, block)
        case Chart():
            _chart(sheet, block)
        case Fold() if block.paper:
            letter = next((letter for letter, fold in appendices if fold is block), "")
            if letter:
                sheet.paragraph(f"{block.title}: appendix {letter}.", BODY, colour=QUIET, after=2)
                return
            sheet.keep_together(_led_to(sheet, block.blocks) + 12)
            sheet.heading(block.title, 10.5)
            _set_all(sheet, block.blocks, [])
        case Fold():
            pass


def _item(sheet: Sheet, head: str, text: str, terms: bool) -> None:
    if terms:
        sheet.heading(head, BODY, before=0.5)
        sheet.paragraph(text, BODY, after=2)
    else:
        sheet.bullet(head, text)


def _size(sheet: Sheet, chart: Chart) -> tuple[float, float, float]:
    """Width and height of a chart and the height of its caption: as wide as the page unless it was drawn narrow."""
    assert chart.figure is not None
    wide, high = chart.figure.get_size_inches()
    caption = sheet.height_of(chart.caption, NOTE) if chart.caption else 0.0
    width = min(sheet.epw, wide * NARROW, (sheet.eph - caption - 12) * wide / high)
    return width, width * high / wide, caption


def drawable(svg: str) -> str:
    """The same picture for the library of the PDF, which turns groups and leaves images unturned: a group around each."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    return re.sub(r'(<image\b[^>]*?) (transform="[^"]*")([^>]*/>)', r"<g \2>\1\3</g>", svg)


def _chart(sheet: Sheet, chart: Chart) -> None:
    """The chart, never cut, and its caption with it."""
    if chart.figure is None:
        return
    width, height, caption = _size(sheet, chart)
    sheet.keep_together(height + caption + 3)
    picture = io.BytesIO(drawable(chart.svg).encode())
    with letters_shared():
        sheet.image(picture, x=sheet.l_margin, y=sheet.get_y(), w=width, h=height, alt_text=chart.alt)
    sheet.set_y(sheet.get_y() + height + 1)
    if chart.caption:
        sheet.paragraph(chart.caption, NOTE, colour=QUIET, after=3)
