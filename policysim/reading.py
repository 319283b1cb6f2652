"""Text files and tables as people save them: read, or refused in one sentence with file, line and column.

Every text that policysim reads comes through here, its own data as well as what a user gives. A byte-order mark and the
line ends of any system are taken as they come; whatever else is not plain UTF-8 is told where it stands.
"""

import codecs
import contextlib
import csv
import io
import os
import re
from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from policysim.errors import UserError, nearest

SAVE_AS = "save the file as UTF-8"
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # UTF-32's little-endian mark begins with the first
ARCHIVE = b"PK\x03\x04"
CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")
"""How Python's own files name an encoding."""
LONGEST_CELL = 80
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read_text(path: Path | Traversable) -> str:
    """What stands in a text file, each line ended by a newline alone; raises UserError."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise no_file(Path(str(path))) from None
    except IsADirectoryError:
        raise UserError(f"{path} is a folder, not a file") from None
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {_reason(error)}") from None
    if raw.startswith(ARCHIVE):
        raise UserError(f"{path} is an archive, as a sheet of Excel is, and no text: save a sheet as CSV in UTF-8")
    if raw.startswith(WIDE_MARKS):
        raise UserError(f"{path} is in UTF-16 or UTF-32, not in UTF-8: {SAVE_AS}")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        raise UserError(f"{path}, {_spot(before)}: {_strange(raw[error.start])}") from None
    if "\0" in text:
        before = text[: text.index("\0")]
        raise UserError(f"{path}, {_spot(before)}: a zero byte, which no text has; is this a text file, and whole?")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check_is_file(path: Path) -> None:
    """Raise UserError where a file that was named is not there, or is a folder."""
    if path.is_dir():
        raise UserError(f"{path} is a folder, not a file")
    if not path.is_file():
        raise no_file(path)


def no_file(path: Path) -> UserError:
    """That a file is not there, and which one beside it may have been meant: the same name with an ending, or one like it."""
    beside = sorted(each.name for each in path.parent.iterdir() if each.is_file()) if path.parent.is_dir() else []
    with_ending = [name for name in beside if Path(name).stem == path.name]
    close = f"; did you mean '{with_ending[0]}'?" if with_ending else nearest(path.name, beside)
    return UserError(f"there is no file {path}{close}")


def without_ending(name: str, ending: str = ".toml") -> str:
    """What to say where a name is not known and a file of that name with an ending is there; else nothing."""
    return f"; the file {name}{ending} is there: name it with its ending" if os.path.isfile(name + ending) else ""


def check_source(path: Path | Traversable) -> None:
    """Raise UserError for a file of Python that is no text: UTF-8, unless its first lines name another encoding."""
    with contextlib.suppress(OSError):
        if any(CODING.match(line) for line in path.read_bytes().splitlines()[:2]):
            return
    read_text(path)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _spot(before: str) -> str:
    """Line and column, counted from 1, of what comes after this text."""
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return f"line {len(lines)}, column {len(lines[-1]) + 1}"


def _strange(byte: int) -> str:
    """A byte that is not UTF-8, and the letter that it is where it was saved by an older Windows program."""
    letter = bytes([byte]).decode("cp1252", errors="ignore")
    meant = f" (in Windows-1252 it is {letter!r})" if letter.strip() else ""
    return f"the byte 0x{byte:02X} is not UTF-8{meant}; {SAVE_AS}"


def read_table(
    path: Path | Traversable, columns: Sequence[str], key: Sequence[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with these columns, in any order, each with the line on which it begins.

    Raises UserError for an empty file, a column that is missing, unknown or named twice, a row that has fewer or more
    cells than the heading, and two rows that have the same in the columns of the `key`.
    """
    text = read_text(path)
    if not text.strip():
        raise UserError(f"{path} is empty")
    rows = _rows(text, str(path))
    first, heading = next(rows)
    heading = [name.strip() for name in heading]
    _check_heading(heading, columns, f"{path}, line {first}")
    found = []
    lines: dict[tuple[str, ...], int] = {}
    for line, cells in rows:
        _check_cells(cells, heading, f"{path}, line {line}")
        row = dict(zip(heading, cells, strict=True))
        name = tuple(row[column] for column in key)
        if key and lines.setdefault(name, line) != line:
            called = " of ".join(repr(part) for part in name if part)
            raise UserError(f"{path}, line {line}: the {key[0]} {called} is already in line {lines[name]}")
        found.append((line, row))
    return found


def _rows(text: str, path: str) -> Iterator[tuple[int, list[str]]]:
    """Each row in which anything stands, with the line on which it begins."""
    reader = csv.reader(io.StringIO(text), strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        told = "a quotation mark is not closed" if "unexpected end" in str(error) else str(error)
        raise UserError(f"{path}, line {begins}: {told}") from None


def check_parted(heading: Sequence[str], where: str) -> None:
    """Raise UserError for a heading of one cell in which other marks than commas part the columns."""
    if len(heading) == 1:
        for mark, called in SEPARATORS.items():
            if mark in heading[0]:
                raise UserError(f"{where}: the columns are parted by {called}; save the file with commas")


def _check_heading(heading: list[str], columns: Sequence[str], where: str) -> None:
    check_parted(heading, where)
    for name in heading:
        if name not in columns:
            close = nearest(name, [column for column in columns if column not in heading])
            raise UserError(f"{where}: there is no column {_short(name)} (columns are {', '.join(columns)}){close}")
        if heading.count(name) > 1:
            raise UserError(f"{where}: the column {name!r} is there twice")
    for name in columns:
        if name not in heading:
            raise UserError(f"{where}: the column {name!r} is missing (columns are {', '.join(columns)})")


def _check_cells(cells: list[str], heading: list[str], where: str) -> None:
    if len(cells) < len(heading):
        raise UserError(
            f"{where}: the row ends after {len(cells)} of {len(heading)} cells, before {heading[len(cells)]!r}"
        )
    if len(cells) > len(heading):
        raise UserError(
            f"{where}: the row has {len(cells)} cells, {len(cells) - len(heading)} more than the heading has columns; "
            "text with a comma in it stands in quotation marks"
        )


def _short(cell: str) -> str:
    return repr(cell if len(cell) <= LONGEST_CELL else cell[:LONGEST_CELL] + "...")
