"""Fitting: the numbers that no page gives are moved, round by round, until the status quo meets their targets.

Each is tied to one measure (configs/evidence/fits.csv). All are moved together in every round, as far as each of their
targets asks and no further than could be believed; what a number cannot reach stays as a miss in the calibration table.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from policysim.evidence.fits import Fit, fits
from policysim.evidence.targets import Target, targets
from policysim.experiments.measures.targeted import measure
from policysim.experiments.running.plan import available_threads, plan
from policysim.experiments.running.runner import run
from policysim.scenarios.means import threads_given
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario

ROUNDS = 6
DIGITS = 4
"""Of a fitted number: more would be noise."""


def fit(
    scenario: Scenario, rounds: int = ROUNDS, threads: int | None = None,
    progress: Callable[[int, int], None] | None = None, rows: tuple[Fit, ...] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """The fitted numbers as the status quo of a scenario wants them; nothing is written. Raises UserError.

    Columns: parameter, unit, before, after, low, high (the values that would bring the measure to the ends of its
    target), measure, published, model (as last measured, before the last move). progress: rounds that have ended.
    """
    chosen = fits() if rows is None else rows
    wanted = {target.measure: target for target in targets(scenario.place, scenario.where.population)}
    before = {one.parameter.id: scenario.parameters.get(one.parameter.id, one.parameter.value) for one in chosen}
    values = dict(before)
    for k in range(rounds):
        tried, found = values, _measured(scenario, values, threads)
        values = {one.parameter.id: _moved(one, tried, found, wanted, "published") for one in chosen}
        if progress is not None:
            progress(k + 1, rounds)
    return [_row(one, before, tried, found, wanted) for one in chosen]


def _measured(scenario: Scenario, values: dict[str, float], threads: int | None) -> dict[str, float]:
    """Means of every measure over the seeds of a scenario in which these numbers are changed."""
    changed = {"regimes": [STATUS_QUO], "parameters": dict(scenario.parameters) | values}
    processors = available_threads() if threads is None else threads_given(threads)
    tasks, at_once = plan(scenario.model_copy(update=changed), threads=processors)
    runs = [by_regime[STATUS_QUO] for by_regime in run(measure, tasks, at_once)]
    return {name: _mean([one[name] for one in runs]) for name in runs[0]}


def _mean(values: list[float]) -> float:
    """Over the seeds in which there was anything to measure."""
    seen = [value for value in values if np.isfinite(value)]
    return float(np.mean(seen)) if seen else np.nan


def _moved(
    one: Fit, values: Mapping[str, float], found: Mapping[str, float], wanted: Mapping[str, Target], to: str
) -> float:  # fmt: skip
    figure = getattr(wanted.get(one.measure), to, None)
    value = values[one.parameter.id]
    if figure is None or not np.isfinite(found.get(one.measure, np.nan)):
        return value
    return float(f"{one.moved(value, found[one.measure], figure):.{DIGITS}g}")


def _row(
    one: Fit, before: Mapping[str, float], tried: Mapping[str, float], found: Mapping[str, float],
    wanted: Mapping[str, Target],
) -> dict[str, Any]:  # fmt: skip
    target = wanted.get(one.measure)
    ends = sorted(_moved(one, tried, found, wanted, end) for end in ("low", "high"))
    return {
        "parameter": one.parameter.id, "unit": one.parameter.unit, "before": before[one.parameter.id],
        "after": _moved(one, tried, found, wanted, "published"), "low": ends[0], "high": ends[1], "measure": one.measure,
        "published": target.published if target else None, "model": found.get(one.measure),
    }  # fmt: skip
