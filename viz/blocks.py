"""What a report is made of, whoever sets it on a page or on paper: sections of text, lists, tables, charts and code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from matplotlib.figure import Figure

from policysim.viz.charts.frame import as_svg


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: text, smaller lines beneath it, a list, and whether to set it back as noise."""

    text: str = ""
    under: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    quiet: bool = False
    inner: bool = False
    """Whether it is the head of a row that belongs to the one above it."""


@dataclass(frozen=True)
class Table:
    """A table: caption, column heads, and rows of which the first cell is the row's head.

    `kind`: words of the style sheet, such as `headline`, `words` (text, not numbers) and `small`.
    """

    caption: str
    columns: Sequence[str]
    rows: list[list[Cell]] = field(default_factory=list)
    kind: str = ""

    def of_kind(self, kind: str) -> "Table":
        """The same in another style."""
        return replace(self, kind=kind)


@dataclass(frozen=True)
class Text:
    """A paragraph; `quiet` sets it back."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Item:
    """A point of a list, with or without a head in bold."""

    head: str
    text: str


@dataclass(frozen=True)
class Items:
    """A list of points; `terms` sets each head on a line of its own."""

    items: Sequence[Item]
    terms: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True)
class Code:
    """Commands or a file, to be taken as they are."""

    text: str


@dataclass(frozen=True)
class Chart:
    """A figure, its text for those who cannot see it, caption, and the numbers behind it."""

    figure: Figure | None
    alt: str
    caption: str
    tables: list[Table] = field(default_factory=list)
    label: str = ""

    @cached_property
    def svg(self) -> str:
        """The figure as a document of its own, drawn once for page and paper."""
        return as_svg(self.figure) if self.figure is not None else ""


@dataclass(frozen=True)
class Fold:
    """What is closed on a screen until it is asked for; on paper it is open, or with `paper` False left out."""

    title: str
    blocks: "Sequence[Block]"
    paper: bool = True


Block = Text | Items | Heading | Code | Table | Chart | Fold


@dataclass(frozen=True)
class Section:
    """A section of a report, with the name that the contents have for it."""

    id: str
    title: str
    blocks: Sequence[Block]
    short: str = ""

    @property
    def name(self) -> str:
        """What the contents call it."""
        return self.short or self.title


@dataclass(frozen=True)
class Report:
    """A whole report: what stands on the first screen or page, and the sections after it."""

    title: str
    question: str
    answer: Sequence[str]
    """A few sentences."""
    chart: Chart | None
    """The one that is looked at first."""
    note: str
    help_lines: Sequence[tuple[str, str, str]]
    sections: Sequence[Section]
    source: str
    """The line at the foot of every printed page."""
    kicker: str = "policysim: a simulation for exploring policies in the aggregate"


def kept(*blocks: Block | None) -> list[Block]:
    """The blocks without what is not there."""
    return [block for block in blocks if block is not None]


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block, and those inside folds."""
    for block in blocks:
        yield block
        if isinstance(block, Fold):
            yield from walk(block.blocks)
