"""A report on paper: pages that hold together, charts drawn, long tables over pages, equal bytes for equal reports."""

import re
import zlib
from contextlib import nullcontext

import pytest
from matplotlib.figure import Figure

from policysim.viz import pdf
from policysim.viz.blocks import Cell, Chart, Code, Fold, Heading, Item, Items, Report, Section, Table, Text
from policysim.viz.paper.sheet import Sheet
from policysim.viz.pdf import as_pdf, drawable


def chart() -> Chart:
    """A new figure each time."""
    figure = Figure(figsize=(5, 3))
    figure.subplots().plot([1, 2], [3, 1])
    return Chart(figure, "A line that falls.", "It falls.")


def report() -> Report:
    """Every kind of block, and a table that is longer than a page."""
    rows = [[Cell(f"row {k}", ("beneath",)), Cell(str(k)), Cell("word " * 30)] for k in range(60)]
    group = [[Cell("Deaths"), Cell("10")], [Cell("Diversion", inner=True), Cell("−1", quiet=True)]]
    blocks = [
        Text("Plain words ≤ £5 – “quoted”."), Items([Item("Head:", "and text"), Item("", "text alone " * 40)]),
        Items([Item("Term", "meaning")], terms=True), Heading("Inner"), chart(), Table("Groups", ["What", "Number"], group),
        Code("policysim compare " + "x" * 300), Fold("Kept on the screen", [Text("unseen on paper")], paper=False),
        Fold("A long table", [Table("All rows", ["Name", "Number", "Words"], rows, "words small")]),
    ]  # fmt: skip
    sections = [Section("one", "The first", blocks, "First"), Section("two", "The second", [Text("end")])]
    return Report(
        "A title", "What happens?", ["This."], chart(), "A note.", [("FRANK", "0300", "help")], sections, "source"
    )


def test_images_of_a_chart_are_turned_with_a_group_of_their_own(caplog: pytest.LogCaptureFixture):
    figure = Figure(figsize=(5, 3))
    ax = figure.subplots()
    mesh = ax.pcolormesh([[1.0, 2.0], [3.0, 4.0]], shading="gouraud", rasterized=True)
    figure.colorbar(mesh)
    mapped = Chart(figure, "A map.", "")
    assert 'height="' in mapped.svg and re.search("<image[^>]* transform=", mapped.svg)
    assert not re.search("<image[^>]* transform=", drawable(mapped.svg))
    assert len(re.findall(r'<g transform="[^"]*"><image', drawable(mapped.svg))) == mapped.svg.count("<image")
    sections = [Section("one", "The first", [mapped], "First")]
    as_pdf(Report("T", "Q", ["A."], None, "N.", [], sections, "source"))
    assert not caplog.records  # of the library, on what it cannot draw


def test_a_heading_stands_on_the_page_of_its_table(monkeypatch: pytest.MonkeyPatch):
    told: list[tuple[int, str]] = []
    text = Sheet.text

    def listen(self: Sheet, x: float, y: float, line: str) -> None:
        told.append((self.page, line))
        text(self, x, y, line)

    monkeypatch.setattr(Sheet, "text", listen)
    rows = [[Cell("first", tuple("beneath" for _ in range(12)))], [Cell("second")]]
    for lines in range(30, 46):
        told.clear()
        blocks = [*(Text(f"line {k}") for k in range(lines)), Heading("Inner"), Table("Rows", ["What"], rows)]
        as_pdf(Report("T", "Q", ["A."], None, "N.", [], [Section("one", "S", blocks, "S")], "source"))
        on = {line: page for page, line in told}
        assert on["Inner"] == on["first"]


def test_equal_reports_have_equal_bytes():
    assert as_pdf(report()) == as_pdf(report())


def test_every_block_is_set_and_every_page_numbered(monkeypatch: pytest.MonkeyPatch):
    told: list[tuple[int, float, float, str]] = []
    text = Sheet.text

    def listen(self: Sheet, x: float, y: float, line: str) -> None:
        told.append((self.page, x + self.get_string_width(line), y, line))
        text(self, x, y, line)

    monkeypatch.setattr(Sheet, "text", listen)
    written = as_pdf(report())
    pages = len(re.findall(rb"/Type /Page\b", written))
    assert pages >= 4
    lines = [line for *_, line in told]
    assert [line for line in lines if re.fullmatch(r"\d+ of \d+", line)] == [
        f"{k} of {pages}" for k in range(1, pages + 1)
    ]
    for words in (
        "Plain words ≤ £5 – “quoted”.",
        "Head:",
        "Term",
        "Inner",
        "It falls.",
        "Appendix A: A long table",
        "Contents",
    ):
        assert words in lines, words
    assert "unseen on paper" not in " ".join(lines)
    assert [f"row {k}" for k in range(60)] == [line for line in lines if re.fullmatch(r"row \d+", line)]
    heads = [page for page, _, _, line in told if line == "Name"]
    assert heads == sorted({page for page, _, _, line in told if re.fullmatch(r"row \d+", line)}), "heads come again"
    assert max(right for _, right, _, _ in told) <= 210 - 18 + 0.5 and max(y for _, _, y, _ in told) < 297 - 9


def test_a_chart_is_drawn_in_lines_and_described():
    written = as_pdf(report())
    drawn = b"".join(
        zlib.decompress(part) for part in re.findall(rb"/FlateDecode.*?stream\n(.*?)\nendstream", written, re.S)
    )
    assert b"/Subtype /Image" not in written and drawn.count(b" l") > 4


def test_a_letter_read_once_is_drawn_as_one_that_is_copied_each_time(monkeypatch: pytest.MonkeyPatch):
    shared = as_pdf(report())
    monkeypatch.setattr(pdf, "letters_shared", nullcontext)
    assert as_pdf(report()) == shared
