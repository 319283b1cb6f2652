"""Text files and tables are read as people save them, or refused in one sentence with file, line and column."""

import codecs
import csv
import errno
import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policysim.errors import UserError
from policysim.reading import read_table, read_text
from policysim.reference.checking import check_file

TABLE = "id,name,share\na,Anne,0.5\nb,Beth,0.25\n"
COLUMNS = ("id", "name", "share")
ROWS = [(2, {"id": "a", "name": "Anne", "share": "0.5"}), (3, {"id": "b", "name": "Beth", "share": "0.25"})]


def saved(tmp_path, content):
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


AS_PEOPLE_SAVE = {
    "plain": TABLE,
    "with a byte-order mark": codecs.BOM_UTF8 + TABLE.encode(),
    "on Windows": TABLE.replace("\n", "\r\n"),
    "on an old Mac": TABLE.replace("\n", "\r"),
    "without an end": TABLE.rstrip("\n"),
    "with empty lines at the end": TABLE + "\n\n",
    "with empty cells below, as spreadsheets leave them": TABLE + ",,\n , ,\n",
    "with quotation marks": TABLE.replace("Anne", '"Anne"'),
    "with a blank in the heading": TABLE.replace("name,", " name ,", 1),
}


@pytest.mark.parametrize("content", AS_PEOPLE_SAVE.values(), ids=AS_PEOPLE_SAVE.keys())
def test_a_table_is_read_as_people_save_it(tmp_path, content):
    assert read_table(saved(tmp_path, content), COLUMNS) == ROWS


def test_columns_may_stand_in_any_order_and_cells_may_hold_commas_and_lines(tmp_path):
    path = saved(tmp_path, 'share,id,name\n1,a,"one, two\nthree"\n\n2,b,B\n')
    assert read_table(path, COLUMNS) == [
        (2, {"share": "1", "id": "a", "name": "one, two\nthree"}), (5, {"share": "2", "id": "b", "name": "B"}),
    ]  # fmt: skip


@pytest.mark.parametrize("letter", ["\u2028", "\x85", "\x0c", "\x1c"])
def test_only_the_ends_of_lines_end_a_row(tmp_path, letter):
    rows = read_table(saved(tmp_path, TABLE.replace("Anne", f"An{letter}ne")), COLUMNS)
    assert rows[0][1]["name"] == f"An{letter}ne"
    assert [line for line, _ in rows] == [2, 3]


REFUSED = {
    "empty": (b"", "table.csv is empty"),
    "blank": (b" \n \n", "table.csv is empty"),
    "a byte of Windows": (
        TABLE.replace("Beth", "Béth").encode("cp1252"),
        r"table.csv, line 3, column 4: the byte 0xE9 is not UTF-8 \(in Windows-1252 it is 'é'\); save the file as UTF-8",
    ),
    "a byte of no alphabet": (
        TABLE.encode() + b"c\x81",
        "table.csv, line 4, column 2: the byte 0x81 is not UTF-8; save",
    ),
    "after a wide letter": ("é".encode() + b"\xe9", "line 1, column 2: the byte 0xE9"),
    "UTF-16": (TABLE.encode("utf-16"), "table.csv is in UTF-16 or UTF-32, not in UTF-8: save the file as UTF-8"),
    "UTF-32": (codecs.BOM_UTF32_LE + TABLE.encode("utf-32-le"), "table.csv is in UTF-16 or UTF-32"),
    "a sheet of Excel": (b"PK\x03\x04 and more", "table.csv is an archive, as a sheet of Excel is, and no text"),
    "a zero byte": (TABLE.replace("Beth", "B\0th"), "table.csv, line 3, column 4: a zero byte"),
    "a missing column": ("id,name\na,Anne\n", "table.csv, line 1: the column 'share' is missing"),
    "a misspelt column": (
        TABLE.replace("share", "shar"),
        "line 1: there is no column 'shar' .*; did you mean 'share'?",
    ),
    "a column too many": (TABLE.replace("share", "share,age"), "line 1: there is no column 'age'"),
    "a column twice": (TABLE.replace("share", "name"), "line 1: the column 'name' is there twice"),
    "semicolons": (TABLE.replace(",", ";"), "line 1: the columns are parted by semicolons; save the file with commas"),
    "tabs": (TABLE.replace(",", "\t"), "line 1: the columns are parted by tabs"),
    "a short row": (TABLE.replace("Anne,0.5", "Anne"), "line 2: the row ends after 2 of 3 cells, before 'share'"),
    "a long row": (
        TABLE.replace("Anne", "Anne, B."),
        "line 2: the row has 4 cells, 1 more than the heading has columns",
    ),
    "an open quotation": (TABLE.replace("Beth", '"Beth'), "line 3: a quotation mark is not closed"),
    "a key twice": (TABLE.replace("b,", "a,"), "table.csv, line 3: the id 'a' is already in line 2"),
}


@pytest.mark.parametrize(("content", "complaint"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_table_is_told_with_its_line(tmp_path, content, complaint):
    path = saved(tmp_path, content)
    with pytest.raises(UserError, match=complaint) as caught:
        read_table(path, COLUMNS, key=["id"])
    assert str(caught.value).startswith(str(path))


def test_what_is_no_file_is_told(tmp_path):
    with pytest.raises(UserError, match="there is no file"):
        read_text(tmp_path / "none.csv")
    with pytest.raises(UserError, match="is a folder, not a file"):
        read_text(tmp_path)
    with pytest.raises(UserError, match="cannot be read: not a directory"):
        read_text(saved(tmp_path, TABLE) / "table.csv")
    with pytest.raises(UserError, match="cannot be read: file name too long"):
        read_text(tmp_path / ("x" * 300))


def test_what_may_not_be_read_is_told(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    path = saved(tmp_path, TABLE)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UserError, match=r"table\.csv cannot be read: permission denied$"):
        read_text(path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"x = 1\n# caf\xe9\n", "line 2, column 6: the byte 0xE9 is not UTF-8"),
        (b"x = 1\n# \0\n", "line 2, column 3: a zero byte"),
        (None, "there is no file"),
    ],
)
def test_a_file_of_rules_that_is_no_text_is_told(tmp_path, content, complaint):
    path = tmp_path / "rules.py"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=complaint):
        check_file(path)


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfx = 1\r\n", b"# -*- coding: cp1252 -*-\nx = 'caf\xe9'\n", b""])
def test_a_file_of_rules_may_name_its_encoding(tmp_path, content):
    path = tmp_path / "rules.py"
    path.write_bytes(content)
    with pytest.raises(UserError, match="holds no class of people"):
        check_file(path)


CELL = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=6)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=4), mark=st.booleans(), end=st.sampled_from(["\n", "\r\n"]))
def test_whatever_cells_hold_is_read_as_it_was_written(tmp_path_factory, rows, mark, end):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    raw = text.getvalue().replace("\n", end).encode()
    path = saved(tmp_path_factory.mktemp("cells"), codecs.BOM_UTF8 + raw if mark else raw)
    found = [tuple(row.values()) for _, row in read_table(path, COLUMNS)]
    assert found == [row for row in rows if any(cell.strip() for cell in row)]


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=80))
def test_any_bytes_are_read_or_told(tmp_path_factory, raw):
    path = saved(tmp_path_factory.mktemp("bytes"), b"id,name,share\n" + raw)
    try:
        read_table(path, COLUMNS, key=["id"])
    except UserError as error:
        assert str(path) in str(error)
