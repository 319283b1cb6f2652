"""Running a plan: one task per seed, on as many processes as there are processors; results do not depend on that."""

import pickle
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from typing import cast

from policysim.engine.loading import what_is_there_staying
from policysim.experiments.running.job import Job, LostError, R, Work
from policysim.experiments.running.notebook_bar import followed
from policysim.experiments.running.plan import Task, amount_of, one_by_one
from policysim.experiments.running.pool import TRIES, Pool, do
from policysim.experiments.running.progress import Pace, Progress, Tell, continued
from policysim.experiments.running.seed import compile_rules
from policysim.interrupts import remembered
from policysim.scenarios.own_classes import files_needed

AHEAD = 1000
"""Tasks that somebody else's workers are given before one ends: as many as any cluster has processors, and few to hold."""
FEW = 8
"""Runs that were lost by somebody else's workers which are tried again one after another at once."""


def run(
    work: Work[R],
    tasks: Sequence[Task],
    workers: int = 1,
    progress: Callable[[Progress], None] | None = None,
    executor: Executor | None = None,
    lost: Callable[[Task, LostError], R] | None = None,
    tries: int = TRIES,
    ahead: int = AHEAD,
) -> list[R]:
    """What `work` makes of each task, in the order of the tasks; raises what it raises, or KeyboardInterrupt.

    workers: processes on this machine; with one, everything happens in this process. executor: somebody else's workers
    instead, as of a cluster, which are left to their owner. progress: called with how far it is; without it a notebook
    shows a bar. lost: what stands for a task whose worker was ended from outside, or lost with the way to it, `tries` times;
    without it that is raised.
    Tasks may be a sequence that makes each when it is asked for: few are held at a time. ahead: how many an executor is given at
    a time.
    """
    if not tasks:
        return []
    weeks, runs = amount_of(tasks)
    with followed(progress) as told, remembered():
        told(Progress(0, weeks, 0, runs, 0.0))
        if executor is not None:
            return _elsewhere(work, tasks, executor, told, lost, tries, ahead)
        compile_rules(tasks[0])
        if workers == 1 or not _can_start_workers():
            tell = _Here(tasks, told)
            with what_is_there_staying():
                return [work(task, tell) for task in tasks]
        return Pool(workers, tries).run(work, tasks, told, lost)


def _can_start_workers() -> bool:
    """Not where the program was read from standard input: a new process looks for its file, and there is none."""
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    return file is None or getattr(main, "__spec__", None) is not None or Path(file).exists()


def _elsewhere(
    work: Work[R], tasks: Sequence[Task], executor: Executor, told: Callable[[Progress], None],
    lost: Callable[[Task, LostError], R] | None, tries: int, ahead: int,
) -> list[R]:  # fmt: skip
    """Their results from workers that belong to somebody else; what has not begun is called off if this ends early."""
    job = Job(partial(_submit, executor), work, tasks, ahead=ahead, tries=tries)
    try:
        return job.follow(told, lost)
    finally:
        job.stop()


def _submit(executor: Executor, work: Work[R], task: Task, tell: Tell) -> "Future[R]":
    """Give a task away; with the files of classes of one's own, where it needs any, which are loaded there first."""
    if not task.scenario.own_classes:
        return executor.submit(work, task, tell)
    pickled = pickle.dumps((work, (task, tell)))
    return executor.submit(do, pickled, files_needed(pickled))


def run_each(
    work: Work[R], tasks: Sequence[Task], workers: int = 1, progress: Callable[[Progress], None] | None = None,
    executor: Executor | None = None, lost: Callable[[Task, LostError], R] | None = None, tries: int = TRIES,
    left: Callable[[Sequence[Task]], Sequence[Task]] = one_by_one,
) -> list[R]:  # fmt: skip
    """What `work` makes of each task, in no order to go by; a run that ends the process it is in takes no other with it.

    Of a task whose worker is ended from outside each run is tried again apart from the others, `tries` times in all. left: the
    tasks, of a run each, that are to be tried again of those that were lost. Of somebody else's workers nobody can tell which of
    the tasks that a worker had was the one that ended it: what they lose again is at last given to them one by one.
    """
    results: list[R] = []
    begun, tried, todo, told = time.monotonic(), 0, tasks, progress
    away: list[Task] = []

    def again(task: Task, error: LostError) -> None:
        away.append(task)

    while tried == 0 or (executor is not None and tried < tries - 1 and len(todo) > FEW):
        found = run(cast("Work[R | None]", work), todo, workers, told, executor, lost=again, tries=1)
        results += [result for result in found if result is not None]
        todo, tried = left(away), tried + 1
        if not todo:
            return results
        if progress is not None:
            (weeks, runs), (weeks_left, runs_left) = amount_of(tasks), amount_of(todo)
            told = continued(progress, weeks - weeks_left, runs - runs_left, time.monotonic() - begun)
        away.clear()
        workers = min(workers, max(2, len(todo)))  # never in this process, which would end with them
    given_up = None if lost is None else partial(_lost_at_last, lost, tried)
    return results + run(work, todo, workers, told, executor, given_up, tries - tried, ahead=1)


def _lost_at_last(lost: Callable[[Task, LostError], R], tried: int, task: Task, error: LostError) -> R:
    return lost(task, error.after(tried))


class _Here:
    """Adds up the weeks and runs of tasks in this process, and passes the sums on now and then."""

    def __init__(self, tasks: Sequence[Task], told: Callable[[Progress], None]):
        self.told, self.pace, self.begun = told, Pace(), time.monotonic()
        self.weeks = self.runs = 0
        self.all_weeks, self.all_runs = amount_of(tasks)

    def __call__(self, weeks: int, runs: int) -> None:
        self.weeks, self.runs = self.weeks + weeks, self.runs + runs
        if runs or self.pace.is_due():
            seconds = time.monotonic() - self.begun
            self.told(Progress(self.weeks, self.all_weeks, self.runs, self.all_runs, seconds))
