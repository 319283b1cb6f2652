"""Keeping results: each run is written to the store by the process that computed it, the moment it ends.

Whatever happens later, it is kept. A run that raises is written down too, and the next begins.
"""

import traceback
from dataclasses import dataclass, replace
from shlex import quote

from policysim.experiments.running.draws import with_numbers
from policysim.experiments.running.files import SCENARIO
from policysim.experiments.running.plan import Run, Task
from policysim.experiments.running.progress import Tell, untold
from policysim.experiments.running.seed import Observer, live, weekly_table
from policysim.experiments.running.store import Store
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime


@dataclass(frozen=True)
class Failure:
    """A run that raised, and why; `log` is the file that says all of it."""

    run: Run
    reason: str
    log: str


class Keeper(Observer):
    """Writes each run of a task to a store, and why it failed where one does."""

    def __init__(self, store: Store, task: Task):
        self.store, self.task = store, task
        self.failures: list[Failure] = []

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        """Keep the run's tables; of one with drawn parameters only the years of the whole place and its groups."""
        groups = model.outcomes.by_group(model.one_in, model.burn_in_weeks)
        if self.task.draw:
            self.store.keep_drawn(self.task.run_under(regime), weekly_table(model), groups)
            return
        self.store.keep(self.task.run_under(regime), weekly_table(model), groups)

    def failed(self, regime: Regime, error: Exception) -> None:
        """Write down what was raised."""
        run = self.task.run_under(regime)
        log = self.store.keep_error(run, "".join(traceback.format_exception(error)))
        said = f"{type(error).__name__}: {error}"
        reason = "out of memory; simulate fewer people" if isinstance(error, MemoryError) else said
        self.failures.append(Failure(run, " ".join(reason.split()), str(log)))


def keep(store: Store, task: Task, tell: Tell = untold) -> list[Failure]:
    """Live a seed and keep its runs; returns those that failed.

    Runs that are kept already, by a process that was ended from outside before it had done all, are not lived again.
    """
    left = store.missing_of(task)
    done = len(task.regimes) - len(left)
    if done:
        tell(task.scenario.weeks * done, done)
    keeper = Keeper(store, task)
    if left:
        live(with_numbers(replace(task, regimes=left)), keeper, tell)
    return keeper.failures


def lose(store: Store, task: Task, error: Exception) -> list[Failure]:
    """Write down the runs of a task that no process lived to the end of."""
    scenario, failures = store.scenario, []
    for regime in store.missing_of(task):
        run = task.run_under(regime)
        alone = f"its parameters are those of draw {run.draw}" if run.draw else _alone(store, run)
        settings = (
            f"place: {scenario.place}\nseed: {run.seed}\nregime: {run.regime}\npeople: one in {scenario.scale:g}\n"
        )
        log = store.keep_error(run, f"{settings}\n{error}\n{alone}\n")
        failures.append(Failure(run, f"{error}; {alone}", str(log)))
    return failures


def _alone(store: Store, run: Run) -> str:
    """The command that runs it by itself."""
    return (
        f"'policysim compare {quote(str(store.path(SCENARIO)))} --regimes {run.regime} --replicates 1 "
        f"--seed {run.seed} --threads 1 --uncertainty 0 --out {quote(f'{store.folder}-{run.name}')}' runs it alone"
    )
