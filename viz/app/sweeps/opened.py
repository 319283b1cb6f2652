"""A sweep's folder as the room reads it: what varies, and one outcome of every run, read when it is first asked for."""

from functools import lru_cache

import pandas as pd

from policysim.experiments.analysis.sweeps.frames import PLACE, Gathered
from policysim.experiments.designs.gathered import briefly_in
from policysim.experiments.running.gathering import gathered_mark
from policysim.experiments.running.sweep_store import SWEEP, SweepStore

KEPT = 12
"""Outcomes of folders that are kept at hand, of all visits together; each has a row for every run."""


def opened(url: str, outcome: str) -> Gathered:
    """One outcome of a folder as it stands now; raises UserError."""
    return _read(url, outcome, mark_of(url))


def mark_of(url: str) -> tuple[str, bytes | None]:
    """What changes with what a folder holds; raises UserError."""
    store = SweepStore.found(url)
    return gathered_mark(store), store.folder.read(SWEEP)


@lru_cache(maxsize=KEPT)
def _read(url: str, outcome: str, _mark: tuple[str, bytes | None]) -> Gathered:
    """Read once for whatever the folder holds: it is read again when that has changed."""
    return briefly_in(url, outcome)


def name_of(url: str) -> str:
    """What a folder is called in a list: its last part."""
    return url.rstrip("/").rpartition("/")[2] or url


def is_number(points: pd.DataFrame, path: str) -> bool:
    """Whether what varies is a number, which has a range, and no word."""
    return path != PLACE and bool(pd.api.types.is_numeric_dtype(points[path]))
