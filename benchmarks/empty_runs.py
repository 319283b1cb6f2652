"""Runs that are not lived, for workers of a scheduler: `dask worker --preload policysim.benchmarks.empty_runs`.

Each stands for ten years that were lived once, so that what is left of a sweep is to hand tasks out, keep runs and gather them.
"""

from functools import cache
from typing import Any

from policysim.experiments.running import sweep_keeper
from policysim.experiments.running.plan import Task
from policysim.experiments.running.progress import Tell, untold
from policysim.model import DrugPolicyModel

PLACE, PEOPLE, YEARS = "authority:rutland", 60, 10


@cache
def lived() -> DrugPolicyModel:
    """The one that was: a small place for ten years."""
    model = DrugPolicyModel(PLACE, people=PEOPLE, years=YEARS, seed=1)
    while model.running:
        model.step()
    return model


def hand_over(task: Task, observer: Any, tell: Tell = untold, begin: Any = None, stride: int | None = None) -> None:
    """In place of living a task: whoever keeps its runs is given that model."""
    for regime in task.regimes:
        observer.ended(regime, lived())
        tell(task.scenario.weeks, 1)


def dask_setup(worker: Any) -> None:
    """What Dask calls when a worker begins."""
    sweep_keeper.live = hand_over
    lived()
