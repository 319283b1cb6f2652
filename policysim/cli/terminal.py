"""What the commands print: tables for a person, JSON for a program, progress on the side.

Results go to standard output and nothing else does; progress and messages go to standard error.
"""

import json
import math
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policysim.experiments.analysis.compare import Headlines
    from policysim.experiments.running.progress import Progress

Row = dict[str, Any]
READABLE = 110
"""Columns of a line of text at most."""
GAP = 3
"""Columns between two columns of a table."""
NARROWEST = 40
"""Columns below which nothing is squeezed."""
WIDE = 200
"""Columns of a table that is not printed to a terminal."""
PREPARING = "Preparing (rules are compiled the first time)"
LINES_EVERY = 10.0
"""Seconds between two lines of progress where no bar can be drawn."""


def say(message: str) -> None:
    """A message to the person at the terminal."""
    print(message, file=sys.stderr, flush=True)


def print_json(rows: Sequence[Row], **more: Any) -> None:
    """`{"rows": [...]}`; what is not a number (an interval from one seed) is null."""
    print(json.dumps({"rows": _plain(list(rows))} | _plain(more), indent=1, ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    """Values as JSON knows them."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_rows(rows: Sequence[Row], columns: Sequence[str], title: str = "") -> None:
    """Some columns of the rows as a table, or one below the other where there is no room to leave every word whole."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    numeric = {name for name in columns if rows and all(isinstance(row.get(name), int | float | None) for row in rows)}
    out = console()
    table = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    cells = [[_cell(row.get(name)) for name in columns] for row in rows]
    by_column = [list(column) for column in zip(columns, *cells, strict=True)]
    widths = _widths(by_column, out.width - GAP * len(columns))
    if any(
        len(word) > width for column, width in zip(by_column, widths, strict=True) for word in " ".join(column).split()
    ):
        if title:
            out.print(f"{title}\n", style="italic")
        return _print_blocks(cells, columns, out.width)
    for name, wide in zip(columns, widths, strict=True):
        table.add_column(name, justify="right" if name in numeric else "left", overflow="fold", width=wide)
    for row_cells in cells:
        table.add_row(*row_cells)
    out.print(table)


def _print_blocks(rows: Sequence[Sequence[str]], columns: Sequence[str], wide: int) -> None:
    """The first cell of each row, and the others beneath it by name: an id stays whole in the narrowest window."""
    names = max(len(name) for name in columns[1:]) + 4
    brief = [
        "; ".join(f"{name}: {cell}" for name, cell in zip(columns[1:], row[1:], strict=True) if cell) for row in rows
    ]
    if max(map(len, brief)) <= 2 * (wide - 8):  # a line or two for each row, as of places
        for row, text in zip(rows, brief, strict=True):
            print(_whole(row[0], wide))
            print(textwrap.fill(text, max(wide, NARROWEST), initial_indent="  ", subsequent_indent="  "))
        return
    for row in rows:
        print(_whole(row[0], wide))
        for name, cell in zip(columns[1:], row[1:], strict=True):
            if cell:
                first = f"  {name}".ljust(names)
                print(textwrap.fill(cell, max(wide, NARROWEST), initial_indent=first, subsequent_indent=" " * names))
        print()


def _whole(head: str, wide: int) -> str:
    """What stands above a row, in lines that end between words: an id is one word, and stays so."""
    return textwrap.fill(head, max(wide, NARROWEST), break_long_words=False, break_on_hyphens=False)


def _widths(columns: list[list[str]], room: int) -> list[int]:
    """Widths at which no word (a path, an id) is broken, or where there is no room for that only the longest are."""
    words = [max(len(word) for cell in column for word in [*cell.split(), "-"]) for column in columns]
    lines = [max(len(line) for cell in column for line in [*cell.splitlines(), "-"]) for column in columns]
    longest = next((k for k in range(max(words), 1, -1) if sum(min(word, k) for word in words) <= room), 1)
    widths = [min(word, longest) for word in words]
    for _ in range(min(room, sum(lines)) - sum(widths)):  # what is left goes to whichever is squeezed most
        squeezed = [line / width if width < line else 0 for line, width in zip(lines, widths, strict=True)]
        widths[squeezed.index(max(squeezed))] += 1
    return widths


def print_listing(rows: Sequence[Row], columns: Sequence[str], as_json: bool, wholly: bool = False) -> None:
    """What was looked up: as JSON, every column of each row, or some columns as a table."""
    if as_json:
        print_json(rows)
    elif wholly:
        for k, row in enumerate(rows):
            if k:
                print()
            print_record(row)
    else:
        print_rows(rows, columns)


def print_record(row: Row) -> None:
    """One row wholly, a line for each of its columns."""
    width = max(len(name) for name in row)
    for name, value in row.items():
        text = (
            "\n".join(f"{key}: {_cell(item)}" for key, item in value.items())
            if isinstance(value, dict)
            else _cell(value)
        )
        print(f"{name:{width}}  " + text.replace("\n", "\n" + " " * (width + 2)))


WRITTEN_OUT = 1e15
"""Numbers smaller than this are written out."""


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_cell(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_cell(item) for item in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    told = f"{value:,.4g}"
    # Pounds and people are read by their thousands, not as powers of ten.
    return f"{float(told):,.0f}" if "e+" in told and abs(value) < WRITTEN_OUT else told


def print_headlines(table: "Headlines", contested: Sequence[str] = ()) -> None:
    """The comparison's table with how to read it, what turns on contested evidence, and notes."""
    from rich.table import Table

    out = console()
    lines = min(out.width, READABLE)
    drawn = Table(box=None, padding=(0, 0, 0, 1 if out.width < READABLE else 3), pad_edge=False)
    for k, name in enumerate(table.columns):
        drawn.add_column(
            name.replace("-", "-\n") if out.width < READABLE else name,
            justify="right" if k else "left",
            overflow="fold",
        )
    for k, row in enumerate(table.rows):
        if not k or not row[0].startswith(" "):  # a row that belongs to the one above it stands close beneath
            drawn.add_row("")
        drawn.add_row(*row)
    out.print(table.title + "\n", style="bold", width=lines)
    out.print(drawn)
    out.print("\n" + table.reading + "\n", width=lines)
    for sentence in contested:
        out.print(sentence + "\n", width=lines)
    for note in table.notes:
        out.print(note, style="dim", width=lines)


def console() -> Any:
    """Where tables are printed: as wide as the terminal, or wide enough to be read in a file."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, width=width(otherwise=WIDE))


def width(otherwise: int) -> int:
    """Columns to print in: those of the terminal or of COLUMNS where it is set, otherwise so many."""
    return max(NARROWEST, get_terminal_size((otherwise, 0)).columns)


# ---------------------------------------------------------------- progress


@contextmanager
def progress(quiet: bool = False) -> Iterator[Callable[["Progress"], None] | None]:
    """Something to tell how far a computation is: a bar with the time left, or a line now and then."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar() as tell:
            yield tell
    else:
        yield _lines()


@contextmanager
def _bar() -> Iterator[Callable[["Progress"], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[left]}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(PREPARING, total=None, left="")

        def tell(state: "Progress") -> None:
            description = state.runs_told if state.weeks else PREPARING
            bar.update(
                task, total=state.all_weeks, completed=state.weeks, description=description, left=state.left_told
            )

        yield tell


def _lines() -> Callable[["Progress"], None]:
    told = time.monotonic()

    def tell(state: "Progress") -> None:
        nonlocal told
        if time.monotonic() - told >= LINES_EVERY and state.all_weeks:
            told = time.monotonic()
            share = state.weeks / state.all_weeks
            say(", ".join(filter(None, (f"{share:4.0%}", state.runs_told, state.left_told))))

    return tell


def weeks_of_one_run(tell: Callable[["Progress"], None] | None) -> Callable[[int, int], None] | None:
    """The same teller for one run that says `(weeks lived, of all)`."""
    if tell is None:
        return None
    from policysim.experiments.running.progress import Progress

    begun = time.monotonic()
    return lambda done, of: tell(Progress(done, of, 0, 1, time.monotonic() - begun))


def steps(tell: Callable[["Progress"], None] | None) -> Callable[[int, int], None] | None:
    """The same teller for a computation that only says `(done, of)`."""
    if tell is None:
        return None
    from policysim.experiments.running.progress import Progress

    begun = time.monotonic()
    return lambda done, of: tell(Progress(done, of, done, of, time.monotonic() - begun))
