"""Tasks in other processes: a pool of workers that any number of jobs share.

A piece of work is any callable that can be pickled; it is given one task and a `Tell`, and what it returns comes back.
"""

import gc
import os
import pickle
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import SIG_IGN, signal
from typing import Any

from policysim.engine.loading import without_looking_for_garbage
from policysim.errors import UserError
from policysim.experiments.running.board import Board
from policysim.experiments.running.job import Job, LostError, R, Work
from policysim.experiments.running.plan import Task
from policysim.experiments.running.progress import Progress
from policysim.interrupts import STOPPING, held
from policysim.scenarios.own_classes import files_needed, load_again

GRACE_SECONDS = 1.0
"""How long workers may take to notice that they should stop; files appear whole or not at all, so none is lost."""
MOMENT_SECONDS = 0.005
"""Between two looks at whether a worker that was killed has ended."""
FOLLOW_SECONDS = 1.0
"""Between two looks of a worker at whether its parent is still there."""
UNSTARTED = (
    "worker processes cannot start: in a script of your own, begin under `if __name__ == '__main__':`; every run that was "
    "finished is kept"
)
AHEAD = 4
"""Tasks for each worker that are given away before one ends, so that nobody waits for the next."""
TRIES = 3
"""How often a task is begun whose worker is ended from outside, before it is given up."""


@dataclass
class Errand:
    """Something to do, how often it has been begun, and who waits for it."""

    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    answer: Future
    tries: int = 0

    def __call__(self) -> Any:
        """Do it here."""
        return self.work(*self.arguments)

    def __reduce__(self) -> tuple[Any, ...]:
        """To be called in another process, where what cannot be read is an answer and not the end of the worker."""
        pickled = pickle.dumps((self.work, self.arguments))
        return partial, (do, pickled, files_needed(pickled))


def do(pickled: bytes, files: dict[str, Path]) -> Any:
    """Run an errand; `files` are those of classes of one's own that it needs."""
    with without_looking_for_garbage():
        load_again(files)
        work, arguments = pickle.loads(pickled)
    _stay()
    return work(*arguments)


@cache  # once: later there is garbage too
def _stay() -> None:
    """What a worker has loaded stays, and need not be looked through whenever models past are freed."""
    gc.freeze()


class Worker:
    """One process and its queue. Alone in it, so that when it is ended from outside we know at what."""

    def __init__(self) -> None:
        self.executor = ProcessPoolExecutor(1, get_context("spawn"), begin_worker)
        self.process: BaseProcess | None = None
        self.ready: Future | None = None

    def submit(self, errand: Errand) -> Future:
        """Begin something; the process is started for the first."""
        if self.ready is None:
            self.ready = self.executor.submit(os.getpid)
            self.process = next(iter((self.executor._processes or {}).values()), None)  # it has no public name
        return self.executor.submit(errand)

    def why_lost(self, tries: int) -> UserError:
        """Whether it was ended from outside, or could not even begin."""
        code = self._exit_code()
        began = self.ready is not None and self.ready.done() and self.ready.exception() is None
        return LostError(tries, code) if began or (code is not None and code < 0) else UserError(UNSTARTED)

    def end(self) -> None:
        """Let it go at once, whatever it is at; it leaves requests to end to this process, so it is not asked."""
        if self.process is not None:
            self.process.kill()
            self._exit_code()
        thread: Any = self.executor._executor_manager_thread  # it has no public name either
        self.executor.shutdown(wait=False, cancel_futures=True)
        if thread is not None:  # left alone it may close what Python, at its own end, is about to write to, and says so
            thread.join(GRACE_SECONDS)

    def _exit_code(self) -> int | None:
        """How its process ended, waiting for that a while; None where it has not, or never began.

        `join` does not do: it returns before the end is known where the executor's own thread is first to hear of it.
        """
        late = time.monotonic() + GRACE_SECONDS
        while self.process is not None and self.process.exitcode is None and time.monotonic() < late:
            time.sleep(MOMENT_SECONDS)
        return None if self.process is None else self.process.exitcode


class Pool:
    """Worker processes that leave requests to end to this one, and end when it does, however that ended.

    What a worker had in hand that was ended from outside is begun again in a new one, `tries` times in all.
    """

    def __init__(self, workers: int, tries: int = TRIES):
        self.workers, self.tries = workers, tries
        _start_tracker()
        self._all = {Worker() for _ in range(workers)}
        self._free = list(self._all)
        self._waiting: deque[Errand] = deque()
        self._ended = False
        self._lock = threading.RLock()  # an answer that is there at once is taken inside `_hand_out`

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future:
        """Give something to do to whichever worker is free first; a worker may be started for it."""
        errand = Errand(work, arguments, Future())
        with self._lock:
            self._waiting.append(errand)
            self._hand_out()
        return errand.answer

    def _hand_out(self) -> None:
        """Give what waits to whoever is free, the first of both first, so that every worker is used."""
        while self._waiting and self._free and not self._ended:
            errand = self._waiting.popleft()
            if errand.tries == 0 and not errand.answer.set_running_or_notify_cancel():
                continue
            worker = self._free.pop(0)
            errand.tries += 1
            try:
                found = worker.submit(errand)
            except BrokenProcessPool:  # it was ended from outside while it had nothing to do
                worker = self._instead_of(worker)
                found = worker.submit(errand)
            found.add_done_callback(partial(self._came_back, worker, errand))

    def _came_back(self, worker: Worker, errand: Errand, found: Future) -> None:
        """Pass on what came of an errand, and let the worker, or another in its place, have the next."""
        error = CancelledError() if found.cancelled() else found.exception()
        if isinstance(error, BrokenProcessPool):
            error = worker.why_lost(errand.tries)
            worker = self._instead_of(worker)
        with self._lock:
            again = isinstance(error, LostError) and errand.tries < self.tries and not self._ended
            if again:
                self._waiting.appendleft(errand)
        if not again and error is not None:
            errand.answer.set_exception(error)
        elif not again:
            errand.answer.set_result(found.result())
        with self._lock:
            self._free.append(worker)
            self._hand_out()

    def _instead_of(self, worker: Worker) -> Worker:
        """Another in the place of one that has ended."""
        other = Worker()
        with self._lock:
            self._all = self._all - {worker} | {other}
        return other

    def begin(self, work: Work[R], tasks: Sequence[Task]) -> Job[R]:
        """Give the workers a task each, and the next as one is free."""
        return Job(self.submit, work, tasks, Board.of(len(tasks)))

    def _begin_some(self, work: Work[R], tasks: Sequence[Task]) -> Job[R]:
        """The same for whoever follows the job to its end: the next task is given as one ends."""
        return Job(self.submit, work, tasks, Board.of(len(tasks)), ahead=self.workers * AHEAD)

    def run(
        self, work: Work[R], tasks: Sequence[Task], told: Callable[[Progress], None],
        lost: Callable[[Task, LostError], R] | None = None,
    ) -> list[R]:  # fmt: skip
        """What comes of every task; if one fails or an end is asked for, nothing goes on when this raises."""
        job = None
        try:
            with held():  # workers inherit this and leave interrupts to this process
                job = self._begin_some(work, tasks)
            results = job.follow(told, lost)
            job.stop()
        except BaseException:
            with held():  # whoever presses twice does not cut this short
                self._give_up(job)
            raise
        self._close()
        return results

    def _close(self) -> None:
        """Let idle workers go, and begin nothing more."""
        with self._lock:
            self._ended = True
            workers = list(self._all)
        for worker in workers:
            worker.executor.shutdown(cancel_futures=True)

    def _give_up(self, job: Job | None) -> None:
        """Let the workers stop by themselves, and end those of them that do not."""
        with self._lock:
            self._ended = True
        if job is not None:
            job.stop()
            wait(list(job.futures.values()), timeout=GRACE_SECONDS)
        if job is None or not job.done:
            self.end()
        self._close()

    def end(self) -> None:
        """Let the workers go at once, whatever they are at, and begin nothing more."""
        with self._lock:
            self._ended = True
            workers, waiting = list(self._all), list(self._waiting)
            self._waiting.clear()
        for errand in waiting:
            errand.answer.cancel()
        for worker in workers:
            worker.end()


def _start_tracker() -> None:
    """Python's own process that tidies up after pools, begun where it inherits that a closing terminal (HUP) waits.

    By itself it ignores Ctrl-C and TERM only, and dies of HUP before the workers are gone, with tracebacks.
    """
    if os.name == "posix":
        with held():
            resource_tracker.ensure_running()


def begin_worker() -> None:
    """A worker leaves requests to end to the process that started it, and ends when that does, however that ended."""
    for number in STOPPING:
        signal(number, SIG_IGN)
    parent = parent_process()

    def follow() -> None:
        if parent is not None:
            while parent.is_alive() and (os.name != "posix" or os.getppid() == parent.pid):
                parent.join(FOLLOW_SECONDS)  # and a look, lest another process keeps the parent's pipe open
            os._exit(0)

    threading.Thread(target=follow, daemon=True).start()
