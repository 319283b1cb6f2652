"""The file of one run of a sweep: a row per year, what shaped it as columns in front, all of its settings beside them.

Written the same to the byte for the same run: it says nothing of when, where or for which design it was run.
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
    rows = len(yearly)
    fields = [pa.field(name, TYPES[type(value)]) for name, value in told.items()]
    columns = [pa.array([value] * rows, field.type) for value, field in zip(told.values(), fields, strict=True)]
    fields.append(pa.field("year", pa.int32()))
    columns.append(pa.array(yearly["year"].to_numpy(), pa.int32()))
    numbers = yearly[list(COLUMNS)].to_numpy(dtype=float)
    columns += [pa.array(np.ascontiguousarray(numbers[:, k])) for k in range(len(COLUMNS))]
    mark = json.dumps(made_by | {"settings": settings}, sort_keys=True, separators=(",", ":"))
    schema = pa.schema([*fields, *OUTCOME_FIELDS], metadata={MARK: mark.encode()})
    sink = pa.BufferOutputStream()
    pq.write_table(  # plain and small: 270 columns of a few numbers, of which no library need learn anything
        pa.Table.from_arrays(columns, schema=schema), sink, compression="none", use_dictionary=False,
        write_statistics=False, store_schema=False,
    )  # fmt: skip
    return sink.getvalue().to_pybytes()


def read_bytes(content: bytes, columns: list[str] | None = None) -> pa.Table:
    """The table of a run's file; raises one of `DAMAGED`."""
    return pq.ParquetFile(pa.BufferReader(content)).read(columns=columns, use_threads=False)


def settings_in(content: bytes) -> dict[str, Any]:
    """What a run's file says of its own making; raises one of `DAMAGED`."""
    return dict(json.loads(pq.read_schema(pa.BufferReader(content)).metadata[MARK]))
