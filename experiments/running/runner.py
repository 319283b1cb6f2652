"""Running a plan: one task per seed, on as many processes as there are processors; results do not depend on that."""

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TypeVar

from policysim.experiments.running.plan import Task
from policysim.experiments.running.pool import TRIES, Job, LostError, Pool, Work
from policysim.experiments.running.progress import Pace, Progress
from policysim.experiments.running.seed import compile_rules
from policysim.interrupts import remembered

R = TypeVar("R")


def run(
    work: Work[R],
    tasks: Sequence[Task],
    workers: int = 1,
    progress: Callable[[Progress], None] | None = None,
    executor: Executor | None = None,
    lost: Callable[[Task, LostError], R] | None = None,
    tries: int = TRIES,
) -> list[R]:
    """What `work` makes of each task, in the order of the tasks; raises what it raises, or KeyboardInterrupt.

    workers: processes on this machine; with one, everything happens in this process. executor: somebody else's workers
    instead, as of a cluster, which are left to their owner. progress: called with how far it is. lost: what stands
    for a task whose worker was ended from outside `tries` times; without it that is raised.
    """
    if not tasks:
        return []
    told = progress or (lambda state: None)
    told(Progress(0, sum(task.weeks for task in tasks), 0, sum(len(task.regimes) for task in tasks), 0.0))
    with remembered():
        if executor is not None:
            return _elsewhere(work, tasks, executor, told)
        compile_rules(tasks[0])
        if workers == 1 or not _can_start_workers():
            tell = _Here(tasks, told)
            return [work(task, tell) for task in tasks]
        return Pool(workers, tries).run(work, tasks, told, lost)


def _can_start_workers() -> bool:
    """Not where the program was read from standard input: a new process looks for its file, and there is none."""
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    return file is None or getattr(main, "__spec__", None) is not None or Path(file).exists()


def _elsewhere(
    work: Work[R], tasks: Sequence[Task], executor: Executor, told: Callable[[Progress], None]
) -> list[R]:  # fmt: skip
    """Their results from workers that belong to somebody else; what has not begun is called off if this ends early."""
    job = Job(executor.submit, work, tasks)
    try:
        return job.follow(told)
    finally:
        job.stop()


class _Here:
    """Adds up the weeks and runs of tasks in this process, and passes the sums on now and then."""

    def __init__(self, tasks: Sequence[Task], told: Callable[[Progress], None]):
        self.told, self.pace, self.begun = told, Pace(), time.monotonic()
        self.weeks = self.runs = 0
        self.all_weeks, self.all_runs = sum(task.weeks for task in tasks), sum(len(task.regimes) for task in tasks)

    def __call__(self, weeks: int, runs: int) -> None:
        self.weeks, self.runs = self.weeks + weeks, self.runs + runs
        if runs or self.pace.is_due():
            seconds = time.monotonic() - self.begun
            self.told(Progress(self.weeks, self.all_weeks, self.runs, self.all_runs, seconds))
