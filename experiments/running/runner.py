"""Running a scenario: one task per seed, on as many processes as there are processors; results do not depend on that.

A task burns in one place once, under the status quo, and lets every regime that is missing branch from it. Each run is
written to the store by the process that computed it, the moment it ends: whatever happens later, it is kept.
"""

import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from policysim.agents.institutions.catalogue import DECISIONS
from policysim.errors import UserError
from policysim.experiments.running.store import Run, Store
from policysim.interrupts import held, raise_if_interrupted
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import STATUS_QUO, Regime, find_regime

REPORT_EVERY = 13
"""Weeks between two reports of a worker."""
FEW_PEOPLE = 300
"""Enough for a model that is only compiled."""
GRACE_SECONDS = 1.0
"""How long workers may take to notice that the user wants to stop; files appear whole or not at all, so none is lost."""


@dataclass(frozen=True)
class Task:
    """One seed of a scenario: burn in once, then the regimes that are missing."""

    store: Store
    replicate: int
    regimes: tuple[Regime, ...]
    engine: str
    threads: int

    @property
    def seed(self) -> int:
        """The seed of this replicate."""
        return self.store.scenario.seeds[self.replicate]

    @property
    def weeks(self) -> int:
        """Weeks to compute, burn-in included."""
        scenario = self.store.scenario
        return scenario.burn_in_weeks + scenario.weeks * len(self.regimes)


@dataclass(frozen=True)
class Failure:
    """A run that raised, and why; `log` is the file that says all of it."""

    run: Run
    reason: str
    log: str


@dataclass(frozen=True)
class Progress:
    """How far the computation is: weeks and runs of this call, seconds since it began."""

    weeks: int
    all_weeks: int
    runs: int
    all_runs: int
    seconds: float

    @property
    def seconds_left(self) -> float | None:
        """Estimate from the weeks so far; None before a fiftieth is done: rules may still have been compiled."""
        if self.weeks * 50 < self.all_weeks:
            return None
        return self.seconds * (self.all_weeks - self.weeks) / self.weeks


class StopRequestedError(Exception):
    """Raised in a worker when the user has asked to stop."""


Watch = Callable[[int, int], None]
"""Told of weeks and runs done; may raise StopRequestedError."""


def available_threads() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def plan(store: Store, missing: Sequence[Run], engine: str, threads: int) -> tuple[list[Task], int]:
    """A task for each seed that lacks a run, and the number of processes; spare processors become models' threads."""
    by_id = {regime.id: regime for regime in store.scenario.regimes}
    lacking: dict[int, list[Regime]] = {}
    for run in missing:
        lacking.setdefault(run.replicate, []).append(by_id[run.regime])
    workers = max(1, min(len(lacking), threads))
    each = max(1, threads // workers)
    return [Task(store, k, tuple(regimes), engine, each) for k, regimes in sorted(lacking.items())], workers


def run(tasks: Sequence[Task], workers: int, progress: Callable[[Progress], None] | None = None) -> list[Failure]:
    """Compute the tasks; returns the runs that failed. On KeyboardInterrupt every finished run has been kept."""
    count = _Counter(tasks, progress)
    compile_rules(tasks[0])
    count.begin()
    if workers == 1:
        return [failure for task in tasks for failure in run_replicate(task, count)]
    return _Pool(workers).run(tasks, count)


class _Counter:
    """Adds up weeks and runs and passes the sums on."""

    def __init__(self, tasks: Sequence[Task], progress: Callable[[Progress], None] | None):
        self.progress = progress
        self.state = Progress(0, sum(t.weeks for t in tasks), 0, sum(len(t.regimes) for t in tasks), 0.0)
        self.begin()

    def begin(self) -> None:
        """Time is counted from here."""
        self.begun = time.monotonic()
        self(0, 0)

    def __call__(self, weeks: int, runs: int) -> None:
        state = self.state
        seconds = time.monotonic() - self.begun
        self.state = replace(state, weeks=state.weeks + weeks, runs=state.runs + runs, seconds=seconds)
        if self.progress is not None:
            self.progress(self.state)


# ---------------------------------------------------------------- one seed


def run_replicate(task: Task, watch: Watch) -> list[Failure]:
    """Burn in, branch into each regime, keep each run; a run that raises is written down and the next begins."""
    scenario, failures = task.store.scenario, []
    try:
        burnt = _model(task, find_regime(STATUS_QUO), None)
        _live(burnt, scenario.burn_in_weeks, watch)
    except (UserError, StopRequestedError):
        raise
    except Exception as error:  # noqa: BLE001 - a rule may raise anything, and the other seeds go on
        return [_written_down(task, regime, error) for regime in task.regimes]
    try:
        for regime in task.regimes:
            try:
                _run_regime(task, regime, burnt, watch)
            except (UserError, StopRequestedError):
                raise
            except Exception as error:  # noqa: BLE001 - as above: the other regimes go on
                failures.append(_written_down(task, regime, error))
    finally:
        burnt.close()
    return failures


def _run_regime(task: Task, regime: Regime, burnt: DrugPolicyModel, watch: Watch) -> None:
    scenario = task.store.scenario
    model = _model(task, regime, burnt)
    try:
        _live(model, scenario.weeks, watch)
        areas = [authority.name for authority in scenario.where.authorities]
        weekly = model.outcomes.weekly(areas, model.one_in, scenario.burn_in_weeks)
        groups = model.outcomes.by_group(model.one_in, scenario.burn_in_weeks)
    finally:
        model.close()
    task.store.keep(Run(regime.id, task.replicate, task.seed), weekly, groups)
    watch(0, 1)


def _model(task: Task, regime: Regime, start: DrugPolicyModel | None) -> DrugPolicyModel:
    scenario = task.store.scenario
    return DrugPolicyModel(
        place=scenario.place, regime=regime, seed=task.seed, one_in=scenario.one_in, people=scenario.people,
        years=scenario.years, burn_in_years=scenario.burn_in_years, engine=task.engine, threads=task.threads,
        parameters=scenario.parameters, budgets=scenario.budgets, start=start,
    )  # fmt: skip


def _live(model: DrugPolicyModel, weeks: int, watch: Watch) -> None:
    for week in range(1, weeks + 1):
        model.step()
        if week % REPORT_EVERY == 0 or week == weeks:
            watch((week - 1) % REPORT_EVERY + 1, 0)


def _written_down(task: Task, regime: Regime, error: Exception) -> Failure:
    run = Run(regime.id, task.replicate, task.seed)
    log = task.store.keep_error(run, "".join(traceback.format_exception(error)))
    reason = (
        "out of memory; simulate fewer people" if isinstance(error, MemoryError) else f"{type(error).__name__}: {error}"
    )
    return Failure(run, " ".join(reason.split()), str(log))


def compile_rules(task: Task) -> None:
    """Compile the rules, which may take a while, before the clock runs; every worker finds them on disk then."""
    if task.engine != "compiled":
        return
    model = DrugPolicyModel(task.store.scenario.place, people=FEW_PEOPLE, years=1)
    try:
        model.step()
        nobody = np.empty(0, np.int64)
        for name in DECISIONS:
            model.engine.decide(model.state, name, 0, nobody, nobody)
    finally:
        model.close()


# ---------------------------------------------------------------- many seeds at once


class _Pool:
    """Worker processes that report to this one and stop when it is interrupted."""

    def __init__(self, workers: int):
        context = multiprocessing.get_context("spawn")
        self.reports, self.stop = context.SimpleQueue(), context.Event()
        self.before = set(multiprocessing.active_children())
        self.executor = ProcessPoolExecutor(workers, context, _start_worker, (self.reports, self.stop))

    def run(self, tasks: Sequence[Task], count: _Counter) -> list[Failure]:
        """Run every task; raises the first UserError of a worker once the others have stopped."""
        failures: list[Failure] = []
        pending: set[Future] = set()
        try:
            with held():  # workers inherit this and leave interrupts to the parent
                pending = {self.executor.submit(_work, task) for task in tasks}
            while pending:
                done, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
                self._pass_on(count)
                raise_if_interrupted()  # lost while rules were compiled, say
                for future in done:
                    failures += self._result(future)
            self._pass_on(count)
        except BaseException:
            self.stop.set()
            with held():  # whoever presses twice does not cut this short
                self._end(pending)
            raise
        self.executor.shutdown()
        return sorted(failures, key=lambda failure: (failure.run.replicate, failure.run.regime))

    def _result(self, future: Future) -> list[Failure]:
        try:
            return future.result()
        except BrokenProcessPool:
            raise UserError(
                "a worker process ended abruptly, perhaps for want of memory (simulate fewer people, or give fewer "
                "--threads); in a script of your own, call compare() under `if __name__ == '__main__':`; every run "
                "that was finished is kept"
            ) from None

    def _pass_on(self, count: _Counter) -> None:
        while not self.reports.empty():
            count(*self.reports.get())

    def _end(self, pending: set[Future]) -> None:
        """Let the workers stop by themselves, and end those of them that do not."""
        for future in pending:
            future.cancel()
        wait(pending, timeout=GRACE_SECONDS)
        if any(future.running() for future in pending):
            for child in set(multiprocessing.active_children()) - self.before:
                child.terminate()
        self.executor.shutdown(cancel_futures=True)


_watch: Watch | None = None
"""In a worker process: where it reports to. Set once, when the worker starts; never set in the parent."""


def _start_worker(reports: Any, stop: Any) -> None:
    global _watch
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch(weeks: int, runs: int) -> None:
        if stop.is_set():
            raise StopRequestedError
        reports.put((weeks, runs))

    _watch = watch


def _work(task: Task) -> list[Failure]:
    assert _watch is not None
    try:
        return run_replicate(task, _watch)
    except StopRequestedError:
        return []
