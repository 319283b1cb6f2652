"""Tasks in other processes: a job of them, followed from here, and a pool of workers that any number of jobs share.

A piece of work is any callable that can be pickled; it is given one task and a `Tell`, and what it returns comes back.
"""

import os
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Empty, SimpleQueue
from signal import SIG_IGN, SIGINT, signal
from typing import Any, Generic, TypeVar

from policysim.experiments.running.board import Board
from policysim.experiments.running.plan import Task
from policysim.experiments.running.progress import Pace, Progress, Tell, untold
from policysim.interrupts import held, raise_if_interrupted

GRACE_SECONDS = 1.0
"""How long workers may take to notice that they should stop; files appear whole or not at all, so none is lost."""
LOOK_SECONDS = 0.2
"""Between two looks at a job from this process, for Ctrl-C and for progress."""

R = TypeVar("R")
Work = Callable[[Task, Tell], R]
"""What is done with a task; in another process it must be found by name: a function of a module, or a partial of one."""
Submit = Callable[..., Future]
"""The `submit` of any `concurrent.futures.Executor`."""


class Job(Generic[R]):
    """Tasks under way: how far they are, what came of them, and an end to them.

    Workers on this machine report to a board and stop when it goes. Without one, for executors whose workers may be
    elsewhere, progress is that of the tasks that have ended, and a task that has begun is not stopped.
    """

    def __init__(self, submit: Submit, work: Work[R], tasks: Sequence[Task], board: Board | None = None):
        self.tasks, self.board, self.begun = tasks, board, time.monotonic()
        self.all_weeks, self.all_runs = sum(task.weeks for task in tasks), sum(len(task.regimes) for task in tasks)
        if board is not None:  # also when nobody holds the job any more, and when the process ends
            self._forget = weakref.finalize(self, Path(board.path).unlink, missing_ok=True)
        self.futures: list[Future] = [
            submit(work, task, untold if board is None else board.line(k)) for k, task in enumerate(tasks)
        ]

    @property
    def done(self) -> bool:
        """Whether every task has ended, well or badly."""
        return all(future.done() for future in self.futures)

    @property
    def progress(self) -> Progress:
        """How far the tasks are together."""
        if self.board is not None:
            weeks, runs = self.board.totals()
        else:
            ended = [task for task, future in zip(self.tasks, self.futures, strict=True) if future.done()]
            weeks, runs = sum(task.weeks for task in ended), sum(len(task.regimes) for task in ended)
        return Progress(weeks, self.all_weeks, runs, self.all_runs, time.monotonic() - self.begun)

    def results(self) -> list[R]:
        """What came of each task, in their order, when all have ended; raises what one of them raised."""
        return [future.result() for future in self.futures]

    def follow(self, told: Callable[[Progress], None]) -> list[R]:
        """Wait for the results, saying how far the tasks are; raises what the first that fails raises, at once."""
        ended: SimpleQueue[Future] = SimpleQueue()  # asking ten thousand futures each time would take long
        for future in self.futures:
            future.add_done_callback(ended.put)
        left, pace = len(self.futures), Pace(LOOK_SECONDS)
        while left:
            future_or_none = _next(ended)
            raise_if_interrupted()  # lost while a library cleared what was raised
            if future_or_none is not None:
                future_or_none.result()
                left -= 1
            if left and pace.is_due():
                told(self.progress)
        told(self.progress)
        return self.results()

    def stop(self) -> None:
        """End the tasks wherever they are; safe to call twice."""
        for future in self.futures:
            future.cancel()
        if self.board is not None:
            self.board.take_down()
            self._forget.detach()


def _next(ended: "SimpleQueue[Future]") -> Future | None:
    """Whoever ends within a moment."""
    try:
        return ended.get(timeout=LOOK_SECONDS)
    except Empty:
        return None


class Pool:
    """Worker processes that leave Ctrl-C to this one, and end when it does, however that ended."""

    def __init__(self, workers: int):
        self.workers = workers
        self._mine: set[BaseProcess] = set()
        self._executor = ProcessPoolExecutor(workers, get_context("spawn"), begin_worker)

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future:
        """Give something to do to whichever worker is free first; a worker may be started for it."""
        if len(self._mine) == self.workers:
            return self._executor.submit(work, *arguments)
        before = set(active_children())
        future = self._executor.submit(work, *arguments)
        self._mine |= set(active_children()) - before
        return future

    def begin(self, work: Work[R], tasks: Sequence[Task]) -> Job[R]:
        """Give the workers a task each, and the next as one is free."""
        return Job(self.submit, work, tasks, Board.of(len(tasks)))

    def run(self, work: Work[R], tasks: Sequence[Task], told: Callable[[Progress], None]) -> list[R]:
        """What comes of every task; if one fails or Ctrl-C is pressed, nothing goes on when this raises."""
        job = None
        try:
            with held():  # workers inherit this and leave interrupts to this process
                job = self.begin(work, tasks)
            results = job.follow(told)
            job.stop()
        except BaseException:
            with held():  # whoever presses twice does not cut this short
                self._give_up(job)
            raise
        self._executor.shutdown()
        return results

    def _give_up(self, job: Job | None) -> None:
        """Let the workers stop by themselves, and end those of them that do not."""
        if job is not None:
            job.stop()
            wait(job.futures, timeout=GRACE_SECONDS)
        if job is None or not job.done:
            self.end()
        self._executor.shutdown(cancel_futures=True)

    def end(self) -> None:
        """Let the workers go at once, whatever they are at."""
        for worker in self._mine:
            worker.terminate()
        for worker in self._mine:
            worker.join(GRACE_SECONDS)
        self._executor.shutdown(wait=False, cancel_futures=True)


def begin_worker() -> None:
    """A worker leaves Ctrl-C to the process that started it, and ends when that does, however that ended."""
    signal(SIGINT, SIG_IGN)
    parent = parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(0)

    threading.Thread(target=follow, daemon=True).start()
