"""The results of a sweep as one file for other programs, CSV, Parquet or Excel's, of which a part is held in memory at a time."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from policysim.errors import UserError
from policysim.experiments.running.files import whole_or_not

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from policysim.experiments.running.sweep_store import SweepStore

NEEDS_OPENPYXL = "a file of Excel needs openpyxl, which is not installed: pip install 'policysim[excel]'"
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""Of a sheet, its heading included; what is beyond is cut off by Excel when it opens a CSV."""


def write_csv(store: "SweepStore", file: Path, outcomes: Sequence[str], wide: bool) -> int:
    """Write a table of these outcomes; returns how many rows it has."""
    rows = 0
    with whole_or_not(file) as part, part.open("w", encoding="utf-8", newline="") as text:
        for table in _tables(store, outcomes, wide):
            table.to_csv(text, index=False, header=not rows, lineterminator="\n")
            rows += len(table)
    return rows


def write_parquet(store: "SweepStore", file: Path, outcomes: Sequence[str], wide: bool) -> int:
    """The same as Parquet."""
    rows, writer = 0, None
    with whole_or_not(file) as part:
        try:
            for frame in _tables(store, outcomes, wide):
                table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
                if writer is None:
                    writer = pq.ParquetWriter(part, table.schema, compression="zstd")
                writer.write_table(table.cast(writer.schema))
                rows += len(frame)
        finally:
            if writer is not None:
                writer.close()
    return rows


def write_excel(store: "SweepStore", file: Path, outcomes: Sequence[str], wide: bool) -> int:
    """The same as a sheet of Excel, in which a run's id is a text: of a CSV's some are taken for numbers.

    Raises UserError where a sheet has no room for it, or openpyxl is not there.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise UserError(NEEDS_OPENPYXL) from None
    book = Workbook(write_only=True)
    with whole_or_not(file) as part:
        with closing(book.create_sheet("results")) as sheet:
            rows = _filled(sheet, _tables(store, outcomes, wide))
        book.save(part)
    return rows


def _filled(sheet: "WriteOnlyWorksheet", tables: Iterator[pd.DataFrame]) -> int:
    """Write the tables into a sheet; returns how many rows they have."""
    rows = 0
    for table in tables:
        if not rows:
            sheet.append(list(table.columns))
        rows += len(table)
        if rows >= MOST_ROWS or len(table.columns) > MOST_COLUMNS:
            raise UserError(
                f"a sheet of Excel has room for {MOST_ROWS - 1:,} rows and {MOST_COLUMNS:,} columns, and the table has more: "
                "export fewer outcomes, or to a .parquet"
            )
        for row in table.astype(object).where(table.notna(), None).itertuples(index=False):
            sheet.append(list(row))
    return rows


def _tables(store: "SweepStore", outcomes: Sequence[str], wide: bool) -> Iterator[pd.DataFrame]:
    """The gathered table joined with the points; a row for each outcome, or a column."""
    some = False
    for part in store.parts(outcomes):
        some = True
        if wide:
            yield part
            continue
        keys = [name for name in part.columns if name not in outcomes]
        long = part.melt(id_vars=keys, value_vars=list(outcomes), var_name="outcome", value_name="value")
        long.index = pd.Index(list(range(len(part))) * len(outcomes))  # melt goes outcome by outcome
        yield long.sort_index(kind="stable")
    if not some:
        columns = [*store.points().columns, "place", "regime", "replicate", "seed", "run", "year"]
        columns = list(dict.fromkeys([*columns, *(outcomes if wide else ("outcome", "value"))]))
        yield pd.DataFrame(columns=columns)
