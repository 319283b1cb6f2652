"""The results of a sweep as one file for other programs: CSV or Parquet, of which a part at a time is held in memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from policysim.experiments.running.files import whole_or_not

if TYPE_CHECKING:
    from policysim.experiments.running.sweep_store import SweepStore


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
        columns = ["point", "place", "regime", "replicate", "seed", "run", "year"]
        yield pd.DataFrame(columns=[*columns, *(outcomes if wide else ("outcome", "value"))])
