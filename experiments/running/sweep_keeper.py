"""Keeping the runs of a sweep: each is written to the store by the process that computed it, the moment it ends.

A run that raises is written down with all its settings, and the next begins: whatever its rules raise, it would raise again.
Only for want of memory or of something that the system refused it is tried once more. What comes back to whoever follows is
how many runs failed, so that ten thousand tasks leave nothing behind in memory.
"""

import traceback
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from policysim.errors import UserError
from policysim.experiments.running.anywhere import FolderError
from policysim.experiments.running.burn_ins import BurnIns
from policysim.experiments.running.content_ids import ids_of
from policysim.experiments.running.job import LostError
from policysim.experiments.running.plan import Task, one_by_one
from policysim.experiments.running.pool import TRIES
from policysim.experiments.running.progress import RunStoppedError, Tell, untold
from policysim.experiments.running.seed import Begin, Observer, live, start_of
from policysim.experiments.running.sweep_store import SweepStore
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime

PASSING = (MemoryError, OSError)
"""What may not happen again."""


class Keeper(Observer):
    """Writes each run of a task to a store as it ends, and notes what was raised."""

    def __init__(self, store: SweepStore, task: Task):
        self.store, self.task = store, task
        self.kept: set[str] = set()
        self.raised: dict[str, Exception] = {}

    @cached_property
    def ids(self) -> dict[tuple[str, int], str]:
        """Of the runs of the task, by regime and seed."""
        return ids_of(self.task.scenario, self.task.regimes, [self.task.seed])

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        """Keep the years of the run."""
        years = model.outcomes.years(model.one_in, model.burn_in_weeks)
        self.store.keep(self.ids[regime.id, self.task.seed], self.task, regime, years)
        self.kept.add(regime.id)
        self.raised.pop(regime.id, None)

    def failed(self, regime: Regime, error: Exception) -> None:
        """Note it; the other regimes go on."""
        self.raised[regime.id] = error


def keep(store: SweepStore, burn_ins: BurnIns | None, task: Task, tell: Tell = untold) -> int:
    """Live a seed at a point of a sweep under its regimes and keep the runs; returns how many failed.

    burn_ins: where starts lie that several tasks share, if any do.
    """
    keeper = Keeper(store, task)
    _lived(keeper, task, tell, start_of if burn_ins is None else burn_ins.start_of)
    again = tuple(regime for regime in task.regimes if isinstance(keeper.raised.get(regime.id), PASSING))
    if again:
        _lived(keeper, replace(task, regimes=again), untold)
    for regime in task.regimes:
        error = keeper.raised.get(regime.id)
        if error is not None:
            said = "out of memory; simulate fewer people" if isinstance(error, MemoryError) else _in_a_line(error)
            log = "".join(traceback.format_exception(error))
            store.fail(task, regime, said, log, 1 + (regime in again))
            tell(0, 1)
    return len(keeper.raised)


def _lived(keeper: Keeper, task: Task, tell: Tell, begin: Begin = start_of) -> None:
    """Live it; what one cannot go on after is raised, and all else noted."""
    try:
        live(task, keeper, tell, begin)
    except (FolderError, RunStoppedError):
        raise
    except UserError as error:  # numbers of this point that the model cannot take together
        for regime in task.regimes:
            if regime.id not in keeper.kept:
                keeper.raised.setdefault(regime.id, error)


def lose(store: SweepStore, task: Task, error: LostError) -> int:
    """Write down the runs of a task that no process lived to the end of."""
    left = [regime for one in store.missing([task]) for regime in one.regimes]
    for regime in left:
        store.fail(task, regime, str(error), str(error), TRIES)
    return len(left)


def left_of(store: SweepStore, tasks: Sequence[Task]) -> list[Task]:
    """The runs of tasks that were lost which are not there yet, a task for each."""
    return store.missing(one_by_one(tasks)) if tasks else []


def _in_a_line(error: Exception) -> str:
    told = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
    return " ".join(told.split())
