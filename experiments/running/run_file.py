"""The file of one run of a sweep: a row per year and outcome, what shaped it as columns in front, all its settings beside.

Written the same to the byte for the same run: it says nothing of when, where or for which design it was run. It is long and not
wide: a column of Parquet takes longer to write and read than all the numbers of a run, and there are 270 outcomes. Snappy presses
a run into nearly as few bytes as zstd does, whose beginning takes longer than all else that is done here.
"""

import json
from functools import cache
from typing import Any

import numpy as np
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
OF_SCALE = ("one_in", "people")
WHICH = ("year", "outcome")
OF_NUMBERS = [
    pa.field("year", pa.int32()), pa.field("outcome", pa.dictionary(pa.int16(), pa.string())), pa.field("value", pa.float64()),
]  # fmt: skip


def unusual(settings: Settings) -> dict[str, Column]:
    """What a run has otherwise than an ordinary scenario, as columns: `parameters.NAME`, `budgets.PURSE`, `years`."""
    own = {name: value for name, value in settings.items() if name not in ("place", "regime", "places")}
    usual = {name: field.default for name, field in Scenario.model_fields.items()}
    return {
        name: value
        for name, value in flat(own).items()
        if name in OF_SCALE or name not in usual or usual[name] != value
    }


def as_bytes(
    run: str, seed: int, settings: Settings, made_by: dict[str, Any], years: np.ndarray, outcomes: tuple[str, ...] = COLUMNS
) -> bytes:  # fmt: skip
    """The file of a run from its years, shape (years, outcomes), as `Outcomes.years` gives them."""
    told: dict[str, Column] = {"run": run, "place": settings["place"], "regime": settings["regime"]["id"], "seed": seed}
    told |= unusual(settings)
    types = {name: TYPES[type(value)] for name, value in told.items()}
    constant = [pa.repeat(pa.scalar(value, types[name]), years.size) for name, value in told.items()]
    mark = json.dumps(made_by | {"settings": settings}, sort_keys=True, separators=(",", ":"))
    schema = pa.schema([*types.items(), *OF_NUMBERS], {MARK: mark.encode()})
    value = pa.array(np.ascontiguousarray(years, dtype=float).ravel())
    table = pa.Table.from_arrays([*constant, *_which(len(years), outcomes), value], schema=schema)
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink, schema, compression="snappy", use_dictionary=[*told, *WHICH], write_statistics=False, store_schema=False
    ) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


@cache  # a long sweep's runs all have as many
def _which(years: int, outcomes: tuple[str, ...]) -> tuple[pa.Array, pa.Array]:
    """The year and the outcome of each number of so many years."""
    places = np.tile(np.arange(len(outcomes), dtype=np.int16), years)
    return (
        pa.array(np.repeat(np.arange(years, dtype=np.int32), len(outcomes))),
        pa.DictionaryArray.from_arrays(places, list(outcomes)),
    )


def years_in(content: bytes, outcomes: int = len(COLUMNS)) -> np.ndarray:
    """Every outcome of a run's file, shape (years, outcomes), in the order of `outcomes_in`; raises one of `DAMAGED`."""
    return read_bytes(content, ["value"])["value"].to_numpy().reshape(-1, outcomes)


def outcomes_in(content: bytes) -> tuple[str, ...]:
    """The outcomes of a run's file: those of the model, and behind them one's own; raises one of `DAMAGED`."""
    return tuple(dict.fromkeys(read_bytes(content, ["outcome"])["outcome"].to_pylist()))


def read_bytes(content: bytes, columns: list[str] | None = None) -> pa.Table:
    """The table of a run's file; raises one of `DAMAGED`."""
    return pq.ParquetFile(pa.BufferReader(content)).read(columns=columns, use_threads=False)
