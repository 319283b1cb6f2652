"""Running a plan: one task per seed, on as many processes as there are processors; results do not depend on that."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from policysim.errors import UserError
from policysim.experiments.running.plan import Task
from policysim.experiments.running.pool import Job, Pool, Work
from policysim.experiments.running.progress import Pace, Progress
from policysim.experiments.running.seed import compile_rules
from policysim.interrupts import remembered

R = TypeVar("R")
LOST = (
    "a worker process ended abruptly, perhaps for want of memory (simulate fewer people, or give fewer --threads); in a "
    "script of your own, begin under `if __name__ == '__main__':`; every run that was finished is kept"
)


def run(
    work: Work[R],
    tasks: Sequence[Task],
    workers: int = 1,
    progress: Callable[[Progress], None] | None = None,
    executor: Executor | None = None,
) -> list[R]:
    """What `work` makes of each task, in the order of the tasks; raises what it raises, or KeyboardInterrupt.

    workers: processes on this machine; with one, everything happens in this process. executor: somebody else's workers
    instead, as of a cluster, which are left to their owner. progress: called with how far it is.
    """
    if not tasks:
        return []
    told = progress or (lambda state: None)
    told(Progress(0, sum(task.weeks for task in tasks), 0, sum(len(task.regimes) for task in tasks), 0.0))
    with remembered():
        if executor is not None:
            return _elsewhere(work, tasks, executor, told)
        compile_rules(tasks[0])
        if workers == 1:
            tell = _Here(tasks, told)
            return [work(task, tell) for task in tasks]
        try:
            return Pool(workers).run(work, tasks, told)
        except BrokenProcessPool:
            raise UserError(LOST) from None


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
