"""A comparison under way, and those that several sessions ask for alike: computed once, watched by whoever wants it."""

import json
import threading
import time
from collections import OrderedDict
from dataclasses import replace
from functools import partial

from policysim.errors import UserError
from policysim.experiments.running import pool
from policysim.experiments.running.board import Board
from policysim.experiments.running.burn_ins import staggered, start_ids
from policysim.experiments.running.dispatches import Dispatches
from policysim.experiments.running.job import LostError
from policysim.experiments.running.plan import Task, draws_of, one_by_one, plan
from policysim.experiments.running.progress import Progress, RunStoppedError
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.filming.film import Cast, Reel
from policysim.viz.app.filming.reels import Reels
from policysim.viz.app.running.camera import prepare, run_seed
from policysim.viz.app.running.found import Found
from policysim.viz.app.running.workers import Workers

KEPT = 40
"""Finished comparisons that are kept for whoever asks again, the last that were asked for."""
LOST = (
    "The run was broken off: the process that was at it was ended from outside {} times, perhaps for want of memory. Close other "
    "programs, or look less closely (under “Change”), and press Run again."
)
APART = 0.2
"""Seconds between two looks at what has come in: those who watch the same share one."""


class Comparison:
    """Every seed of a scenario, and then every set of drawn numbers, in the workers; what came in so far is in `found`.

    version: changes whenever something came in. fault: one sentence, where the runs failed.
    """

    def __init__(self, scenario: Scenario, workers: Workers):
        self.scenario, self.workers = scenario, workers
        self.found, self.reels = Found(scenario), Reels()
        self.begun, self.seconds = time.monotonic(), 0.0
        self.version, self.fault, self.done = 0, "", False
        self.watchers = 0
        self._dispatches = Dispatches()
        self._lock = threading.Lock()
        self._looked = 0.0
        seeds = shared_out(with_starts(plan(scenario).tasks), workers.number)
        tasks = [*seeds, *plan(scenario, draws_of(scenario)).tasks]
        work = partial(run_seed, desk=self._dispatches.desk, starts=workers.starts)
        self._job: pool.Job[None] = pool.Job(workers.turns.of(id(self)), work, tasks, Board.of(len(tasks)))

    def look(self, apart: float = 0.0) -> int:
        """Take in what has come, unless somebody did within so many seconds; returns the version."""
        with self._lock:
            if self.done or time.monotonic() - self._looked < apart:
                return self.version
            self._looked = time.monotonic()
            ended = self._job.done
            came = self._dispatches.new()
            for piece in came:
                if isinstance(piece, Cast):
                    self.reels.cast = self.reels.cast or piece  # of tasks that share a seed each sends the same
                elif isinstance(piece, Reel):
                    self.reels.take(piece)
                else:
                    self.found.take(piece)
            if ended:
                self._end()
            self.version += bool(came) or ended
            return self.version

    def _end(self) -> None:
        self.done, self.seconds = True, time.monotonic() - self.begun
        try:
            self._job.results()
        except RunStoppedError:
            self.fault = "The run was stopped."
        except LostError as error:
            self.fault = LOST.format(error.tries)
        except UserError as error:
            self.fault = str(error)
        except Exception as error:  # noqa: BLE001 - whatever a worker raised is told in the page
            self.fault = f"The run failed: {error}"
        self._job.stop()
        self._dispatches.close()

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._job.progress

    @property
    def ahead(self) -> int | None:
        """How many others are served before it is; None once it is at work."""
        return self.workers.turns.ahead_of(id(self))

    def stop(self) -> None:
        """End it wherever it is; safe to call twice."""
        self._job.stop()
        self._dispatches.close()


def with_starts(tasks: list[Task]) -> list[Task]:
    """The same tasks, each with the name of what it begins from, under which the workers share it."""
    return [replace(task, start=start_ids(task.scenario)[task.seed]) for task in tasks]


def shared_out(tasks: list[Task], workers: int) -> list[Task]:
    """The same runs: seeds that are left when each worker has had as many as the others go to all of them, regime by regime."""
    whole = len(tasks) - len(tasks) % workers
    return [*tasks[:whole], *staggered(one_by_one(tasks[whole:]), lambda task: task.start, workers)]


class Prepared:
    """Seeds burnt in before anybody asks for them, after all that is asked for."""

    def __init__(self, scenario: Scenario, workers: Workers):
        tasks = with_starts(plan(scenario).tasks)
        work = partial(prepare, starts=workers.starts)
        self._job: pool.Job[None] = pool.Job(workers.turns.of(id(self), last=True), work, tasks, Board.of(len(tasks)))

    def hand_over(self) -> None:
        """Whoever asks now burns in the rest; what is at work goes on, for it is what they need first."""
        for future in self._job.futures.values():
            future.cancel()

    def stop(self) -> None:
        """It is not wanted any more; safe to call twice."""
        self._job.stop()


class Comparisons:
    """Those that are under way or were lately finished: whoever asks for the same sees the same.

    Nothing of a session is in them: the same scenario and seeds give the same numbers to everybody.
    """

    def __init__(self, workers: Workers):
        self.workers = workers
        self._known: OrderedDict[str, Comparison] = OrderedDict()
        self._lock = threading.Lock()

    def prepare(self, scenario: Scenario) -> Prepared:
        """Begin what a comparison of this begins with; whoever asked stops it."""
        return Prepared(scenario, self.workers)

    def watch(self, scenario: Scenario) -> Comparison:
        """The comparison of a scenario, begun now if nobody has; whoever watches leaves it again. Raises UserError."""
        key = json.dumps(scenario.model_dump(mode="json"), sort_keys=True)
        with self._lock:
            found = self._known.get(key)
            if found is None or found.fault:
                found = self._known[key] = Comparison(scenario, self.workers)
            self._known.move_to_end(key)
            found.watchers += 1
            self._forget_old()
            return found

    @property
    def watchers(self) -> int:
        """How many sessions look at one of them."""
        with self._lock:
            return sum(one.watchers for one in self._known.values())

    def leave(self, comparison: Comparison) -> None:
        """Nobody of this session looks any more; a comparison that nobody waits for is stopped and forgotten."""
        with self._lock:
            comparison.watchers -= 1
            comparison.look()
            if comparison.watchers or comparison.done:
                return
            comparison.stop()
            for key, known in list(self._known.items()):
                if known is comparison:
                    del self._known[key]

    def _forget_old(self) -> None:
        unwatched = [key for key, known in self._known.items() if not known.watchers]
        for key in unwatched[: max(len(self._known) - KEPT, 0)]:
            del self._known[key]
