"""What is to be run: the runs of a scenario, gathered into tasks of one seed each."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from policysim.scenarios.changes import LIKE_TODAY, Budgets
from policysim.scenarios.regime import Regime
from policysim.scenarios.scenario import Scenario


@dataclass(frozen=True)
class Run:
    """One regime with one seed; `draw` is the number of the set of drawn parameters, 0 for the scenario's own numbers."""

    regime: str
    replicate: int
    seed: int
    draw: int = 0

    @property
    def name(self) -> str:
        """Name of its file, without an ending."""
        return f"{self.seed}-{self.draw}-{self.regime}" if self.draw else f"{self.seed}-{self.regime}"


def runs_of(scenario: Scenario) -> list[Run]:
    """Every run of a scenario, regime by regime."""
    return [Run(regime.id, k, seed) for regime in scenario.regimes for k, seed in enumerate(scenario.seeds)]


def draws_of(scenario: Scenario) -> list[Run]:
    """Every run of a scenario with drawn parameters, regime by regime: each set once, all with the first seed.

    One seed for all sets: luck that all of them share cancels out of how they differ, so the spread over sets holds as
    little of chance as it can; with another seed for each set it would hold all of it.
    """
    draws = range(1, scenario.uncertainty + 1)
    return [Run(regime.id, 0, scenario.seed, draw) for regime in scenario.regimes for draw in draws]


@dataclass(frozen=True)
class Task:
    """One seed of a scenario, to be burnt in once and then lived under each of these regimes; and by what means.

    `draw` is the number of the set of parameters with which that is done; 0 stands for the scenario's own. `carried` are
    the numbers of the set by id, once they are drawn: they go where a place has no figure of its own.

    Neither engine nor threads (processors within the model) change a result.
    """

    scenario: Scenario
    replicate: int
    regimes: tuple[Regime, ...]
    engine: str = "compiled"
    threads: int = 1
    draw: int = 0
    carried: Mapping[str, float] = field(default_factory=dict)
    budgets: Budgets | None = None
    """What the status quo of this seed spends, once it is known, where the scenario gives each purse that."""
    start: str = ""
    """Name of what stands at the end of the burn-in, where other tasks begin from the same; see `burn_ins`."""

    @property
    def seed(self) -> int:
        """The seed of this replicate."""
        return self.scenario.seeds[self.replicate]

    @property
    def weeks(self) -> int:
        """Weeks to compute, burn-in included, and the status quo where its spending must be known first."""
        return self.scenario.burn_in_weeks + self.scenario.weeks * (len(self.regimes) + int(self.is_like_today))

    @property
    def is_like_today(self) -> bool:
        """Whether every purse has what the status quo spends."""
        return self.scenario.budgets == LIKE_TODAY

    def run_under(self, regime: Regime) -> Run:
        """The run of this seed under a regime."""
        return Run(regime.id, self.replicate, self.seed, self.draw)


class Amount(NamedTuple):
    """How much there is to compute."""

    weeks: int
    runs: int


def amount_of(tasks: Sequence[Task]) -> Amount:
    """Weeks and runs of tasks together; those that are made one by one know it of themselves."""
    known = getattr(tasks, "amount", None)
    if isinstance(known, Amount):
        return known
    return Amount(sum(task.weeks for task in tasks), sum(len(task.regimes) for task in tasks))


class Plan(NamedTuple):
    """Tasks, and how many of them to compute at once."""

    tasks: list[Task]
    workers: int


def plan(
    scenario: Scenario, runs: Iterable[Run] | None = None, engine: str = "compiled", threads: int = 1
) -> Plan:  # fmt: skip
    """A task for each seed and each set of parameters of these runs (by default all of the scenario's own numbers).

    Processors that no task needs become models' threads.
    """
    by_id = {regime.id: regime for regime in scenario.regimes}
    wanted: dict[tuple[int, int], list[Regime]] = {}
    for run in runs_of(scenario) if runs is None else runs:
        wanted.setdefault((run.draw, run.replicate), []).append(by_id[run.regime])
    workers = max(1, min(len(wanted), threads))
    each = max(1, threads // workers)
    tasks = [Task(scenario, k, tuple(found), engine, each, draw) for (draw, k), found in sorted(wanted.items())]
    return Plan(tasks, workers)


def one_by_one(tasks: Iterable[Task]) -> list[Task]:
    """The same runs, a task for each."""
    return [replace(task, regimes=(regime,)) for task in tasks for regime in task.regimes]


def available_threads() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
