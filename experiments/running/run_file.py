"""The file of one run of a sweep: a row per year and outcome, what shaped it as columns in front, all its settings beside.

Written the same to the byte for the same run: it says nothing of when, where or for which design it was run. It is long and not
wide: a column of Parquet takes longer to write and read than all the numbers of a run, and there are 270 outcomes.
"""

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from policysim.counts.outcomes import COLUMNS
from policysim.experiments.running.settings import Column, Settings, flat
from policysim.scenarios.scenario import Scenario

MARK = b"policysim"
"""The key in a file's own metadata under which all settings of the run stand."""
KEYS = ("run", "place", "regime", "seed")
TYPES: dict[type, pa.DataType] = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
DAMAGED = (OSError, pa.ArrowException, KeyError, ValueError, TypeError)
OUTCOME_FIELDS = [pa.field(name, pa.float64()) for name in COLUMNS]
OF_SCALE = ("one_in", "people")


def unusual(settings: Settings) -> dict[str, Column]:
    """What a run has otherwise than an ordinary scenario, as columns: `parameters.NAME`, `budgets.PURSE`, `years`."""
    own = {name: value for name, value in settings.items() if name not in ("place", "regime", "places")}
    usual = {name: field.default for name, field in Scenario.model_fields.items()}
    return {
        name: value
        for name, value in flat(own).items()
        if name in OF_SCALE or name not in usual or usual[name] != value
    }


def as_bytes(run: str, seed: int, settings: Settings, made_by: dict[str, Any], yearly: pd.DataFrame) -> bytes:
    """The file of a run from its years, as `Outcomes.yearly` gives them."""
    first = {"run": run, "place": settings["place"], "regime": settings["regime"]["id"], "seed": seed}
    told = first | unusual(settings)
    years, rows = len(yearly), len(yearly) * len(COLUMNS)
    if list(yearly.columns[1:]) != list(COLUMNS):
        yearly = yearly[["year", *COLUMNS]]
    columns: dict[str, pa.Array] = {
        name: pa.repeat(pa.scalar(value, TYPES[type(value)]), rows) for name, value in told.items()
    }
    columns["year"] = pa.array(np.repeat(yearly["year"].to_numpy(np.int32), len(COLUMNS)))
    columns["outcome"] = pa.DictionaryArray.from_arrays(
        np.tile(np.arange(len(COLUMNS), dtype=np.int16), years), list(COLUMNS)
    )
    columns["value"] = pa.array(yearly.to_numpy(dtype=float)[:, 1:].ravel())
    mark = json.dumps(made_by | {"settings": settings}, sort_keys=True, separators=(",", ":"))
    table = pa.table(columns).replace_schema_metadata({MARK: mark.encode()})
    sink = pa.BufferOutputStream()
    pq.write_table(
        table, sink, compression="zstd", use_dictionary=[name for name in columns if name != "value"], write_statistics=False,
        store_schema=False,
    )  # fmt: skip
    return sink.getvalue().to_pybytes()


def years_in(content: bytes) -> np.ndarray:
    """Every outcome of a run's file, shape (years, outcomes), in the order of `COLUMNS`; raises one of `DAMAGED`."""
    return read_bytes(content, ["value"])["value"].to_numpy().reshape(-1, len(COLUMNS))


def read_bytes(content: bytes, columns: list[str] | None = None) -> pa.Table:
    """The table of a run's file; raises one of `DAMAGED`."""
    return pq.ParquetFile(pa.BufferReader(content)).read(columns=columns, use_threads=False)
