"""The runs of a sweep as one table, partitioned by place and regime, and that table joined with the points of the design.

    DIR/results.parquet/place=PLACE/regime=REGIME/part-0.parquet    run, replicate, seed, year, and every outcome

A few runs at a time are held in memory, in the order of the design: the same runs give the same bytes, whatever the order and
the machines on which they were computed. Any tool that reads a folder of Parquet reads it as one table.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pads
import pyarrow.parquet as pq

from policysim.counts.outcomes import COLUMNS, OUTCOMES
from policysim.errors import UserError
from policysim.experiments.running.content_ids import is_whole
from policysim.experiments.running.run_file import DAMAGED, outcomes_in, years_in

if TYPE_CHECKING:
    from policysim.experiments.running.sweep_store import SweepStore

RESULTS = "results.parquet"
MARK = "gathered.json"
"""Which runs are gathered. It lies beside the table: Polars reads no folder in which a file has another ending."""
RUNS_TOGETHER = 200
"""Runs that are held in memory at a time; they make a row group."""
ROWS_TOGETHER = 16384
FIELDS = [
    pa.field("run", pa.string()), pa.field("replicate", pa.int32()), pa.field("seed", pa.int64()), pa.field("year", pa.int32()),
]  # fmt: skip
KEYS = ("place", "regime", "replicate", "seed", "run", "year")
PARTITIONS = pads.partitioning(pa.schema([("place", pa.string()), ("regime", pa.string())]), flavor="hive")


def gather(store: "SweepStore") -> list[str]:
    """Put together the runs that are asked for and there, unless they are; returns the names of files that were damaged.

    Those are removed, and the table is not finished before their runs have been computed anew.
    """
    wanted = _wanted(store)
    mark = _mark(wanted)
    if is_gathered(store, mark):
        return []
    store.folder.remove(MARK)
    damaged: list[str] = []
    written = {}
    for (place, regime), part in wanted.groupby(["place", "regime"], sort=True):
        name = f"{RESULTS}/place={quote(str(place), safe='')}/regime={quote(str(regime), safe='')}/part-0.parquet"
        written[name] = _write_part(store, name, part, damaged)
    for name in store.folder.names(RESULTS):
        if name not in written:
            store.folder.remove(name)
    if not damaged:
        store.folder.write(MARK, json.dumps({"runs": mark, "bytes": written}, indent=1).encode())
    return damaged


def is_gathered(store: "SweepStore", mark: str | None = None) -> bool:
    """Whether the table is of just the runs that are asked for and there."""
    content = store.folder.read(MARK)
    try:
        told = json.loads(content) if content else {}
    except ValueError:
        return False
    if not told or told.get("runs") != (mark or _mark(_wanted(store))):
        return False
    there = store.folder.names(RESULTS)
    return {name: size for name, size in there.items() if name != MARK} == told["bytes"]


def _parts_told(mark: bytes | None) -> dict[str, int] | None:
    """The parts of the table that the mark names, with their sizes; nothing where there is no mark, or half of one."""
    try:
        return dict(json.loads(mark or b"")["bytes"])
    except (ValueError, KeyError, TypeError):
        return None


def _wanted(store: "SweepStore") -> pd.DataFrame:
    """The runs to gather, each once, with the names of their files."""
    files = store.files()
    asked = store.asked().drop_duplicates("run")
    return asked[asked["run"].isin(files)].assign(file=lambda found: [files[run] for run in found["run"]])


def _mark(wanted: pd.DataFrame) -> str:
    """A name for what is gathered, and in which order."""
    told = wanted[["place", "regime", "replicate", "seed", "file"]].to_csv(index=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _write_part(store: "SweepStore", name: str, part: pd.DataFrame, damaged: list[str]) -> int:
    """Write the runs of one place and regime; returns how many bytes they are."""
    beside = store.folder.here if store.folder.is_local else Path(tempfile.gettempdir())
    path = beside / f".{name.replace('/', '-')}.{os.getpid()}.part"
    try:
        schema = pa.schema([*FIELDS, *(pa.field(one, pa.float64()) for one in _counted(store, part["file"]))])
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for first in range(0, len(part), RUNS_TOGETHER):
                table = _together(store, part.iloc[first : first + RUNS_TOGETHER], damaged, schema)
                if table.num_rows:
                    writer.write_table(table)
        size = path.stat().st_size
        store.folder.take(path, name)
        return size
    finally:
        path.unlink(missing_ok=True)


def _counted(store: "SweepStore", files: pd.Series) -> tuple[str, ...]:
    """The outcomes of these runs, of which one design has the same in all: those of the first that can be read."""
    for name in files:
        try:
            return outcomes_in(store.folder.read(name) or b"")
        except DAMAGED:
            continue
    return COLUMNS


def _together(store: "SweepStore", part: pd.DataFrame, damaged: list[str], schema: pa.Schema) -> pa.Table:
    """A few runs as one table; what is no longer as it was written is removed, and left out."""
    outcomes = len(schema) - len(FIELDS)
    found: list[np.ndarray] = []
    sound: list[int] = []
    for k, (name, content) in enumerate(store.folder.read_each(part["file"].tolist())):
        if content is None or not is_whole(name, content):
            store.folder.remove(name)
            damaged.append(name)
            continue
        found.append(years_in(content, outcomes))
        sound.append(k)
    part, years = part.iloc[sound], [len(one) for one in found]
    numbers = np.concatenate(found) if found else np.empty((0, outcomes))
    columns = [np.repeat(part[name].to_numpy(), years) for name in ("run", "replicate", "seed")]
    columns.append(np.concatenate([np.arange(n) for n in years]) if years else np.empty(0, int))
    columns += list(np.ascontiguousarray(numbers.T))
    return pa.Table.from_arrays(
        [pa.array(one, field.type) for one, field in zip(columns, schema, strict=True)], schema=schema
    )


# ---------------------------------------------------------------- reading it


def outcomes_there(store: "SweepStore") -> tuple[str, ...]:
    """The outcomes that are columns of the gathered table, one's own last."""
    for files in _files(store):
        return tuple(name for name in files.schema.names if name not in KEYS)
    return COLUMNS


def parts_of(store: "SweepStore", outcomes: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
    """The gathered table joined with the points, a part at a time; columns as of `table_of`."""
    names = list(outcomes_there(store) if outcomes is None else outcomes)
    made_of = {name: list(OUTCOMES[name].columns) if name in OUTCOMES else [name] for name in names}
    needed = list(dict.fromkeys(column for columns in made_of.values() for column in columns))
    points, asked = store.points(), store.asked()
    paths = [path for path in points.columns if path not in ("point", *KEYS)]
    asked = asked[["point", "run"]].merge(points[["point", *paths]], on="point", sort=False)
    for batch in _batches(store, needed):
        part = asked.merge(batch, on="run", sort=False)
        for name in names:
            if name not in part:
                part[name] = part[made_of[name]].sum(axis=1)
        yield part[["point", *paths, *KEYS, *names]]


def gathered_mark(store: "SweepStore") -> str:
    """What is said of the gathered table, which changes with it; raises UserError where there is none."""
    content = store.folder.read(MARK)
    if content is None or _parts_told(content) is None:
        raise UserError(
            f"the results of {store.folder} are not gathered: 'policysim sweep' does that at its end, and "
            f"'policysim results {store.folder} export FILE' now"
        )
    return content.decode()


def runs_of(store: "SweepStore", outcome: str) -> pd.DataFrame:
    """A row for each run that is asked for, in the order of the design, with one outcome over all of its years.

    Columns: `point`, `place`, `regime`, `replicate`, the columns that the outcome is made of, and `year`, the last. Added up
    column by column while the table is read, so that a million rows cost little more than those of the runs.
    """
    columns, how = OUTCOMES[outcome].columns, "mean" if OUTCOMES[outcome].stock else "sum"
    found = []
    for files in _files(store):
        table = files.to_table(columns=["run", "year", *columns])
        by_run = table.group_by("run").aggregate([("year", "max"), *((name, how) for name in columns)])
        found.append(by_run.select(["run", "year_max", *(f"{name}_{how}" for name in columns)]))
    whole = pa.concat_tables(found).rename_columns(["run", "year", *columns])
    asked = store.asked()
    at = pc.index_in(pa.array(asked["run"], pa.string()), value_set=whole["run"])
    there = asked.loc[at.is_valid().to_numpy(zero_copy_only=False), ["point", "place", "regime", "replicate"]]
    numbers = whole.select([*columns, "year"]).take(at.drop_null())
    return there.reset_index(drop=True).assign(**{name: numbers[name].to_numpy() for name in numbers.column_names})


def _files(store: "SweepStore") -> Iterator[pads.Dataset]:
    """The parts of the gathered table."""
    system, root = (None, str(store.folder.here)) if store.folder.is_local else store.folder.found_at
    there = store.folder.names(RESULTS)
    for name, size in sorted((_parts_told(gathered_mark(store).encode()) or {}).items()):
        if there.get(name) != size:
            raise UserError(
                f"{store.folder.told(name)} is not there or was changed: 'policysim results {store.folder} export FILE' gathers "
                "the results anew"
            )
        yield pads.dataset(
            [f"{root}/{name}"],
            format="parquet",
            filesystem=system,
            partitioning=PARTITIONS,
            partition_base_dir=f"{root}/{RESULTS}",
        )


def _batches(store: "SweepStore", columns: list[str]) -> Iterator[pd.DataFrame]:
    for files in _files(store):
        for batch in files.to_batches(columns=[*KEYS, *columns], batch_size=ROWS_TOGETHER):
            if batch.num_rows:
                yield batch.to_pandas()


def table_of(store: "SweepStore", outcomes: Sequence[str] | None = None) -> pd.DataFrame:
    """All of it in the order of the design: `point`, what varies, `KEYS`, and these outcomes, or all."""
    parts = list(parts_of(store, outcomes))
    if not parts:
        return pd.DataFrame(columns=["point", *KEYS, *(outcomes_there(store) if outcomes is None else outcomes)])
    found = pd.concat(parts, ignore_index=True)
    order: dict[str, Any] = {run: k for k, run in enumerate(store.asked()["run"].drop_duplicates())}
    found = found.assign(_order=found["run"].map(order)).sort_values(
        ["point", "_order", "year"], kind="stable", ignore_index=True
    )
    return found.drop(columns="_order")
