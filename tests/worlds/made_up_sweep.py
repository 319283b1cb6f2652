"""Sweeps whose runs are made up: each is a pure function of its id, and takes no time, so that what keeps them can be tested."""

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from policysim.counts.outcomes import COLUMNS
from policysim.experiments.running import sweep_keeper
from policysim.experiments.running.content_ids import run_id
from policysim.experiments.running.plan import Task
from policysim.experiments.running.progress import Tell, untold
from policysim.experiments.running.seed import Observer
from policysim.scenarios.regime import Regime
from policysim.scenarios.sweep import Sweep, sweep_from

YEARS = 2


def sweep(points: int = 4, **scenario: Any) -> Sweep:
    """A Latin hypercube of two numbers, two regimes and two seeds."""
    asked = {
        "place": "authority:rutland", "people": 60, "years": YEARS, "burn_in_years": 0, "replicates": 2,
        "regimes": ["status-quo", "harm-reduction"],
    }  # fmt: skip
    vary = {"parameters.fatality_opioid": {}, "parameters.kits_per_100": {}}
    return sweep_from(
        {
            "question": "What if?",
            "design": "latin-hypercube",
            "points": points,
            "scenario": asked | scenario,
            "vary": vary,
        }
    )


def yearly_of(id: str) -> pd.DataFrame:
    """The years of a run that was never lived."""
    luck = np.random.default_rng(int(hashlib.sha256(id.encode()).hexdigest()[:12], 16))
    frame = pd.DataFrame(luck.random((YEARS, len(COLUMNS))), columns=list(COLUMNS))
    frame.insert(0, "year", np.arange(YEARS, dtype=np.int32))
    return frame


class MadeUpModel:
    """Hands over its years as a model does."""

    one_in, burn_in_weeks, own = 1.0, 0, {}

    def __init__(self, id: str):
        self.id, self.outcomes = id, self

    def years(self, one_in: float, first_week: int) -> np.ndarray:
        """Of the run, shape (years, outcomes)."""
        return yearly_of(self.id).drop(columns="year").to_numpy()


class Counted:
    """Lives tasks without a model, and notes the ids of the runs; `before` is called with each, and may raise."""

    def __init__(self, before: Callable[[str], None] = lambda id: None) -> None:
        self.ids: list[str] = []
        self.before = before

    def live(self, task: Task, observer: Observer, tell: Tell = untold, begin: object = None) -> None:
        """In place of the runner's own."""
        for regime in task.regimes:
            self._run(task, regime, observer)
            tell(task.scenario.weeks, 1)

    def _run(self, task: Task, regime: Regime, observer: Observer) -> None:
        id = run_id(task.scenario, regime, task.seed)
        self.ids.append(id)
        try:
            self.before(id)
        except Exception as error:  # noqa: BLE001 - as the runner's own
            observer.failed(regime, error)
        else:
            observer.ended(regime, MadeUpModel(id))  # type: ignore[arg-type]


def made_up(patch: Callable[..., None], before: Callable[[str], None] = lambda id: None) -> Counted:
    """Runs in this process are made up from now on."""
    from policysim.experiments.running import runner

    counted = Counted(before)
    patch(sweep_keeper, "live", counted.live)
    patch(runner, "compile_rules", lambda task: None)
    return counted
