"""What a QALY and a death averted cost over the points of a sweep, and how often each regime is worth most.

Each run is valued as in a comparison (`cost_effectiveness`), with the quality of life and the discount rate of its own point.
The mean over the seeds of a point is one world; the worlds stand where a comparison has its draws.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from policysim.errors import UserError
from policysim.experiments.analysis.cost_effectiveness import (
    NEEDED,
    Finding,
    Measure,
    Numbers,
    Point,
    acceptability,
    findings,
    of_run,
)
from policysim.experiments.analysis.sweeps.frames import PLACE, Gathered
from policysim.scenarios.regime import STATUS_QUO

Points = dict[str, list[Point]]
GOOD_VALUE = (20_000.0, 30_000.0)
"""GBP for a QALY that is generally good value for the NHS (L5.13)."""
NumbersAt = Callable[[int], Numbers]
"""By the number of a point, what turns its runs into QALYs."""


@dataclass(frozen=True)
class Value:
    """Every regime beside the status quo: prices over seeds and worlds, and a point for each world."""

    found: list[Finding]
    worlds: Points
    rows: pd.DataFrame
    """By regime: `cost`, `qalys` and `deaths_averted` (means over worlds), `net_20000` and `net_30000` (net benefit in GBP
    where a QALY is worth so much), and the shares of worlds in which it is worth most at either, `most_20000`, `most_30000`."""

    @property
    def points(self) -> int:
        """Worlds."""
        return len(next(iter(self.worlds.values()), ()))


def valued(swept: Gathered, numbers: NumbersAt) -> Value:
    """The value of every regime over the points; raises UserError."""
    if STATUS_QUO not in swept.regimes or len(swept.regimes) < 2:
        raise UserError("what a regime is worth needs the status quo and another regime in the sweep")
    missing = [name for name in NEEDED if name not in swept.table.columns]
    if missing:
        raise UserError(f"the sweep's table has no column {missing[0]}, which prices are made of")
    worlds, seeds = _points(swept, numbers)
    if not next(iter(worlds.values())):
        raise UserError("there is no point at which every regime was run with one seed")
    found = list(findings(seeds, worlds))
    return Value(found, worlds, _rows(worlds))


def _points(swept: Gathered, numbers: NumbersAt) -> tuple[Points, Points]:
    """By regime: of each world the mean over its seeds, and of each seed the mean over the worlds."""
    others = [name for name in swept.regimes if name != STATUS_QUO]
    worlds: Points = {name: [] for name in others}
    by_seed: dict[str, dict[int, list[Point]]] = {name: {} for name in others}
    for number, runs in _whole(swept, others):
        used = numbers(number)
        here: Points = {name: [] for name in others}
        for replicate, of_seed in runs:
            of = {str(name): of_run(years.sort_values("year"), used) for name, years in of_seed.groupby("regime")}
            cost, lost = of[STATUS_QUO]
            for name in others:
                point = Point(of[name][0] - cost, {one: lost[one] - of[name][1][one] for one in Measure})
                here[name].append(point)
                by_seed[name].setdefault(replicate, []).append(point)
        for name in others:
            worlds[name].append(_mean(here[name]))
    seeds = {name: [_mean(by_seed[name][k]) for k in sorted(by_seed[name])] for name in others}
    return worlds, seeds


def _whole(swept: Gathered, others: Sequence[str]) -> Iterator[tuple[int, list[tuple[int, pd.DataFrame]]]]:
    """The runs of each point and place, of the seeds that every regime has there."""
    columns = ["point", PLACE, "regime", "replicate", "year", *NEEDED]
    for (point, _), runs in swept.table[columns].groupby(["point", PLACE]):
        seeds = [
            (int(replicate), of_seed)
            for replicate, of_seed in runs.groupby("replicate")
            if of_seed["regime"].nunique() == len(others) + 1
        ]
        if seeds:
            yield int(point), seeds


def _mean(points: Sequence[Point]) -> Point:
    gained = {one: float(np.mean([point.gained[one] for point in points])) for one in Measure}
    return Point(float(np.mean([point.cost for point in points])), gained)


def _rows(worlds: Points) -> pd.DataFrame:
    shares = acceptability(worlds, GOOD_VALUE)
    rows = []
    for regime, most in shares.items():
        points = worlds.get(regime, [])
        cost, qalys, deaths = (
            float(np.mean([read(one) for one in points])) if points else 0.0
            for read in (
                lambda one: one.cost,
                lambda one: one.gained[Measure.QALY],
                lambda one: one.gained[Measure.DEATH],
            )
        )
        row: dict[str, object] = {"regime": regime, "cost": cost, "qalys": qalys, "deaths_averted": deaths}
        row |= {f"net_{pounds:.0f}": pounds * qalys - cost for pounds in GOOD_VALUE}
        rows.append(row | {f"most_{pounds:.0f}": share for pounds, share in zip(GOOD_VALUE, most, strict=True)})
    return pd.DataFrame(rows)
