"""Tasks under way on workers of whatever kind: how far they are, what came of them, and an end to them."""

import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from functools import partial
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from policysim.errors import UserError
from policysim.experiments.running.board import Board
from policysim.experiments.running.plan import Task, amount_of
from policysim.experiments.running.progress import Pace, Progress, RunStoppedError, Tell, untold
from policysim.interrupts import held, raise_if_interrupted

LOOK_SECONDS = 0.2
"""Between two looks at a job from this process, for requests to end and for progress."""
GONE = (
    "{}, in which runs in other processes write how far they are, was removed from outside while they ran, and they stopped; "
    "every run that was finished is kept, and the same again goes on from there"
)
NOWHERE = (
    "the workers can no longer be given anything ({}); every run that was finished is kept, and the same again goes on from "
    "there"
)
R = TypeVar("R")
Work = Callable[[Task, Tell], R]
"""What is done with a task; in another process it must be found by name: a function of a module, or a partial of one."""
Submit = Callable[..., Future]
"""The `submit` of any `concurrent.futures.Executor`."""


LOST: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError, ConnectionError, EOFError)
LOST_ELSEWHERE = (
    "KilledWorker",
    "CommClosedError",
    "FutureCancelledError",
    "FuturesCancelledError",
    "CancelledError",
    "StreamClosedError",
)
"""What libraries of clusters raise where a worker or the way to it is lost; they are not loaded for their names."""


class LostError(UserError):
    """The workers that had a task were ended from outside each time, as the system does when memory runs out."""

    def __init__(self, tries: int, code: int | None = None, told: str = ""):
        times = "once" if tries == 1 else f"{tries} times"
        if told:
            super().__init__(f"the worker that had it was lost {times} ({told})")
            return
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        super().__init__(
            f"its process was ended from outside {times} ({how}), perhaps for want of memory: simulate fewer people, or "
            "give fewer --threads"
        )


class Job(Generic[R]):
    """Tasks under way: how far they are, what came of them, and an end to them.

    Workers on this machine report to a board and stop when it goes. Without one, for executors whose workers may be
    elsewhere, progress is that of the tasks that have ended, and a task that has begun is not stopped.

    ahead: how many tasks are given away at a time, by default all; whoever follows the job then gives the next as one ends, so
    that of ten thousand tasks a few are held. tries: how often one is given whose workers, or the way to them, were lost.
    """

    def __init__(
        self, submit: Submit, work: Work[R], tasks: Sequence[Task], board: Board | None = None, ahead: int | None = None,
        tries: int = 1,
    ):  # fmt: skip
        self.submit, self.work, self.tasks, self.board, self.tries = submit, work, tasks, board, tries
        self.begun, self.stopped = time.monotonic(), False
        self.all_weeks, self.all_runs = amount_of(tasks)
        self.weeks = self.runs = 0  # of tasks that have ended, where there is no board
        if board is not None:  # also when nobody holds the job any more, and when the process ends
            self._forget = weakref.finalize(self, Path(board.path).unlink, missing_ok=True)
        self.futures: dict[int, Future] = {}
        self.ended: SimpleQueue[int] = SimpleQueue()  # asking ten thousand futures each time would take long
        self._left = iter(range(len(tasks)))
        self._given: dict[int, int] = {}
        for k in islice(self._left, ahead):
            self._give(k)

    def _give(self, k: int) -> None:
        """Give a task away."""
        self._given[k] = self._given.get(k, 0) + 1
        tell = untold if self.board is None else self.board.line(k)
        try:
            future = self.submit(self.work, self.tasks[k], tell)
        except Exception as error:
            if self.board is not None or isinstance(error, UserError):
                raise
            raise UserError(NOWHERE.format(_why_lost(error))) from None
        self.futures[k] = future
        future.add_done_callback(partial(_note, self.ended, k))

    @property
    def done(self) -> bool:
        """Whether every task that was given away has ended, well or badly."""
        return all(future.done() for future in self.futures.values())

    @property
    def progress(self) -> Progress:
        """How far the tasks are together."""
        weeks, runs = (self.weeks, self.runs) if self.board is None else self.board.totals()
        return Progress(weeks, self.all_weeks, runs, self.all_runs, time.monotonic() - self.begun)

    def results(self) -> list[R]:
        """What came of each task, in their order, when all have ended; raises what one of them raised."""
        return [self._result(future) for future in self.futures.values()]

    def follow(self, told: Callable[[Progress], None], lost: Callable[[Task, LostError], R] | None = None) -> list[R]:
        """Wait for the results, saying how far the tasks are; raises what the first that fails raises, at once.

        lost: what stands for a task whose workers were ended from outside; the others then go on.
        """
        found: dict[int, R] = {}
        pace = Pace(LOOK_SECONDS)
        while len(found) < len(self.tasks):
            k = _next(self.ended)
            raise_if_interrupted()  # lost while a library cleared what was raised
            if k is not None and not self._given_again(k):
                found[k] = self._taken(k, lost)
                with held():  # a worker that is begun for it leaves interrupts to this process
                    for following in islice(self._left, 1):
                        self._give(following)
            if len(found) < len(self.tasks) and pace.is_due():
                told(self.progress)
        told(self.progress)
        return [found[k] for k in range(len(self.tasks))]

    def _given_again(self, k: int) -> bool:
        """Whether a task was lost on its way, and somebody else has it now."""
        again = _is_lost(self.futures[k]) and self._given[k] < self.tries and not self.stopped
        if again:
            self._give(k)
        return again

    def _taken(self, k: int, lost: Callable[[Task, LostError], R] | None) -> R:
        """What came of a task that has ended, which is then let go."""
        future = self.futures[k]
        error = future.exception() if not future.cancelled() else None
        if _is_lost(future) and not isinstance(error, LostError):
            error = LostError(self._given[k], told=_why_lost(error))
        if isinstance(error, LostError):
            if lost is None:
                raise error
            result = lost(self.tasks[k], error)
        else:
            result = self._result(future)
        if self.board is None:
            weeks, runs = amount_of([self.tasks[k]])
            self.weeks, self.runs = self.weeks + weeks, self.runs + runs
        del self.futures[k], self._given[k]
        return result

    def _result(self, future: "Future[R]") -> R:
        try:
            return future.result()
        except RunStoppedError:
            if self.stopped or self.board is None:
                raise
            raise UserError(GONE.format(self.board.path)) from None

    def stop(self) -> None:
        """End the tasks wherever they are; safe to call twice."""
        self.stopped = True
        for future in list(self.futures.values()):
            future.cancel()
        if self.board is not None:
            self.board.take_down()
            self._forget.detach()


def _note(ended: "SimpleQueue[int]", k: int, future: Future) -> None:
    """Say that a task has ended; it holds no job, so that one which nobody holds is forgotten."""
    ended.put(k)


def _next(ended: "SimpleQueue[int]") -> int | None:
    """Whoever ends within a moment."""
    try:
        return ended.get(timeout=LOOK_SECONDS)
    except Empty:
        return None


def _is_lost(future: Future) -> bool:
    """Whether it was not the task that failed, but its worker or the way to it."""
    if future.cancelled():
        return True
    error = future.exception()
    return isinstance(error, (LostError, *LOST)) or type(error).__name__ in LOST_ELSEWHERE


def _why_lost(error: BaseException | None) -> str:
    return "it was called off" if error is None else " ".join(f"{type(error).__name__}: {error}".split())
