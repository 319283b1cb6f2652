"""How well the status quo lands on published figures: targets, stylised facts, and a verdict on each.

Misses stay in the table.
"""

from collections.abc import Callable
from dataclasses import asdict

import numpy as np
from scipy import stats

from policysim.evidence.targets import Target, targets
from policysim.experiments.measures.targeted import measure
from policysim.experiments.running.plan import available_threads, plan
from policysim.experiments.running.progress import Progress
from policysim.experiments.running.runner import run
from policysim.scenarios.means import threads_given
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario


def calibration(
    scenario: Scenario, threads: int | None = None, progress: Callable[[int, int], None] | None = None
) -> list[dict]:
    """One row per target and stylised fact, over the seeds of a scenario's status quo; raises UserError.

    Columns: target, kind, year, source, published, low, high, model, model_low, model_high, verdict, cause (of a miss, as
    believed). The verdict is pass if the model's mean lies in low .. high, no data where either side has no figure, miss
    otherwise. threads: processors to use, by default all. progress: called with the seeds that have ended, and how many.
    """
    processors = available_threads() if threads is None else threads_given(threads)
    tasks, at_once = plan(scenario.model_copy(update={"regimes": [STATUS_QUO]}), threads=processors)
    found = [by_regime[STATUS_QUO] for by_regime in run(measure, tasks, at_once, _seeds(progress))]
    return [beside(target, found) for target in targets(scenario.place, scenario.where.population)]


def _seeds(told: Callable[[int, int], None] | None) -> Callable[[Progress], None] | None:
    """Progress for somebody who counts seeds: each has one run."""
    if told is None:
        return None
    return lambda state: told(state.runs, state.all_runs)


def beside(target: Target, found: list[dict[str, float]]) -> dict:
    """The row of a target: what the seeds found of it, and the verdict."""
    values = np.array([run.get(target.measure, np.nan) for run in found])
    values = values[np.isfinite(values)]
    row = {k: v for k, v in asdict(target).items() if k != "measure"}
    row |= {"model": None, "model_low": None, "model_high": None, "verdict": "no data", "cause": ""}
    if target.published is None or target.low is None or target.high is None or values.size == 0:
        return row
    mean, half = float(values.mean()), 0.0
    if values.size > 1:
        half = float(stats.t.ppf(0.975, values.size - 1) * values.std(ddof=1) / values.size**0.5)
    row |= {"model": mean, "model_low": mean - half, "model_high": mean + half}
    row["verdict"] = "pass" if target.low <= mean <= target.high else "miss"
    row["cause"] = target.cause if row["verdict"] == "miss" else ""
    return row
