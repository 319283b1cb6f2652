"""A sweep's folder as its analyses take it: the table, every point of the design, and what they go by."""

import math
import tomllib
from typing import Any

import pandas as pd

from policysim.errors import UserError
from policysim.experiments.analysis.cost_effectiveness import Numbers, numbers_of
from policysim.experiments.analysis.sweeps.frames import Gathered
from policysim.experiments.analysis.sweeps.value import NumbersAt
from policysim.experiments.designs.points import shares_of
from policysim.experiments.running.gathering import runs_of
from policysim.experiments.running.sweep_store import SWEEP, SweepStore
from policysim.scenarios.faults import NOWHERE, Source
from policysim.scenarios.own_classes import beside
from policysim.scenarios.paths import target_of
from policysim.scenarios.spans import Span, Varied
from policysim.scenarios.sweep import CUBES, Sweep, sweep_from

USUAL = "usual"
"""What stands where a point of a list says nothing of a path that others move by words."""


def sweep_in(url: str) -> Sweep:
    """The design that a folder's sweep was asked for by last; raises UserError."""
    store = SweepStore.found(url)
    text = store.folder.read(SWEEP)
    if text is None:
        raise UserError(f"{url} holds no {SWEEP}")
    with beside(Source(str(store.folder.here / SWEEP)) if store.folder.is_local else NOWHERE):  # files of one's own
        return sweep_from(tomllib.loads(text.decode()))


def gathered_in(url: str, sweep: Sweep | None = None) -> Gathered:
    """What a folder holds of the sweep that was asked for last; raises UserError where there is nothing yet."""
    sweep = sweep or sweep_in(url)
    store = SweepStore.found(url)
    return _of_store(sweep, store, store.table())


def briefly_in(url: str, outcome: str, sweep: Sweep | None = None) -> Gathered:
    """The same of one outcome, with a row for each run over all of its years; for folders of a million rows."""
    sweep = sweep or sweep_in(url)
    store = SweepStore.found(url)
    return _of_store(sweep, store, runs_of(store, outcome))


def _of_store(sweep: Sweep, store: SweepStore, table: pd.DataFrame) -> Gathered:
    if table.empty:
        raise UserError(f"{store.folder} holds no finished run of the sweep yet")
    points = store.points().set_index("point").sort_index()
    for path in points.columns:
        if not pd.api.types.is_numeric_dtype(points[path]):
            points[path] = points[path].fillna(USUAL).astype(str)
    return of_sweep(sweep, table, points)


def of_sweep(sweep: Sweep, table: pd.DataFrame, points: pd.DataFrame) -> Gathered:
    """The same from a table that is at hand."""
    over = {path: sweep.vary[path] for path in sweep.paths if path in sweep.vary}
    shares = None
    if sweep.design in CUBES:
        shares = pd.DataFrame(shares_of(sweep), index=points.index, columns=list(sweep.paths))
    return Gathered(
        table=table, points=points, design=sweep.design, size=sweep.points or len(points), second_order=sweep.second_order,
        levels=sweep.levels, shares=shares, seed=sweep.design_seed,
        logs=frozenset(path for path, span in over.items() if isinstance(span, Span) and span.log),
        choices=frozenset(path for path, span in over.items() if not isinstance(span, Span) or _is_few(sweep, path, span)),
        names={regime.id: regime.name for regime in sweep.scenario.regimes},
        moves={path: move for path, span in over.items() if (move := _move(sweep, path, span, points)) is not None},
        units={path: target_of(path, sweep.scenario, kept=True).unit for path in sweep.paths}, question=sweep.question,
    )  # fmt: skip


def _is_few(sweep: Sweep, path: str, span: Span) -> bool:
    """Whether a range of whole numbers has no more of them than Morris's levels: a step then goes from one to another."""
    return target_of(path, sweep.scenario).whole and span.high - span.low < sweep.levels


def _move(sweep: Sweep, path: str, span: Varied, points: pd.DataFrame) -> float | None:
    """Which share of a range of a few whole numbers every move of Morris passes; None where moves differ."""
    if sweep.design != "morris" or not isinstance(span, Span) or not _is_few(sweep, path, span):
        return None
    lengths = points[path].diff().abs()[points.index % (len(sweep.paths) + 1) > 0]
    passed = set(lengths[lengths > 0])
    return passed.pop() / (math.floor(span.high) - math.ceil(span.low)) if len(passed) == 1 else None


def numbers_at(sweep: Sweep, points: pd.DataFrame) -> NumbersAt:
    """What turns a point's runs into QALYs: the numbers of its own scenario."""
    found: dict[int, Numbers] = {}

    def at(number: int) -> Numbers:
        if number not in found:
            values = {str(path): _plain(value) for path, value in points.loc[number].items() if value == value}
            found[number] = numbers_of(sweep.scenario_at({path: v for path, v in values.items() if v != USUAL}))
        return found[number]

    return at


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
