"""Workers on other machines: those of a Dask scheduler, as an executor like any other.

What is particular to Dask stays here. Its own executor counts calls with equal arguments as one unless it is told not to, takes
arguments such as `priority` for itself, and says nothing where nobody is left to compute; and an error that comes back from a
cluster and is not one of policysim's own sentences is one of the cluster's: nothing that a run raises comes back as an exception.
"""

import asyncio
import logging
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from policysim.errors import UserError
from policysim.experiments.running.job import LOST, LOST_ELSEWHERE, LostError
from policysim.experiments.running.progress import RunStoppedError
from policysim.model.sources import model_hash

CONNECT_SECONDS = 15.0
"""How long a scheduler may take to answer, at first and again after the way to it was lost."""
WATCH_SECONDS = 2.0
"""Between two looks at whether the scheduler and its workers are still there."""
FORGOTTEN_LOOKS = 3
"""Looks in a row at which something is awaited of which the scheduler will never tell, until it counts as gone."""
ENDED_THERE = ("memory", "erred")
"""States of a task at the scheduler of which whoever awaits it is told at once."""
ALONE_SECONDS = 20.0
"""How long there may be no worker before it is said; those of a batch system may come and go."""
LIBRARIES = ("distributed", "tornado")
ADDRESS = re.compile(r"((tcp|tls)://)?(\[[0-9a-fA-F:.]+\]|[^\s/:]+):\d{1,5}/?")
"""Of a scheduler: a host or an address, and a port."""
MISSING = "--scheduler needs dask.distributed, which is not installed: pip install 'policysim[cluster]'"
NOBODY = "there are no workers at {}: waiting for some to come (Ctrl-C stops; every run that was finished is kept)"
KILLED = "ended from outside, perhaps for want of memory: simulate fewer people, or run fewer tasks on each machine"
THREADS = "{} of {} workers at {} run several tasks in one process, which is slower: start them with --nworkers N --nthreads 1"


class Cluster(Executor):
    """The workers of a scheduler; closed, they are left to whoever started them, and what has not begun is called off."""

    def __init__(self, client: Any, address: str, given: str = ""):
        self.client, self.address = client, address
        self.given = given or address
        self._given = client.get_executor(pure=False)
        self._waiting: set[Future] = set()
        self._lock, self._leaving = threading.Lock(), threading.Lock()
        self._ended, self._left = threading.Event(), False
        self._most = 0
        threading.Thread(target=self._watch, name="policysim-cluster", daemon=True).start()

    @property
    def workers(self) -> int:
        """How many tasks were computed at once, at most, so far."""
        return self._most

    def _threads(self) -> list[int]:
        """Of each worker that is there now."""
        found = list(self._asked("ncores", workers=None).values())
        self._most = max(self._most, sum(found))
        return found

    def _asked(self, what: str, **given: Any) -> Any:
        """What the scheduler answers; raises after a while, for the library waits for good once its client was closed."""
        question = getattr(self.client.scheduler, what)
        return self.client.sync(question, callback_timeout=CONNECT_SECONDS, **given)

    def look(self) -> None:
        """Raises UserError where a worker has another build of the model; says where their threads are many."""
        try:
            found = self.client.run(model_hash, on_error="return")
            several = [count for count in self._threads() if count > 1]
        except Exception as error:  # noqa: BLE001 - whatever a library of networks raises
            raise UserError(f"the scheduler {self.address} does not answer: {_in_a_line(error)}") from None
        for name, build in found.items():
            check_build(build, f"the worker {name}")
        if several:
            warnings.warn(THREADS.format(len(several), len(found), self.address), stacklevel=2)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        """Give something to whichever worker is free."""
        called = partial(fn, **kwargs) if kwargs else fn  # the library takes some names of arguments for itself
        given = self._given.submit(called, *args)
        answer: Future = Future()
        with self._lock:
            self._waiting.add(answer)
        answer.add_done_callback(self._ended_with)
        given.add_done_callback(partial(self._pass_on, answer))
        if self._left:  # while it was given away
            self._lose_all()
        return answer

    def _ended_with(self, answer: Future) -> None:
        with self._lock:
            self._waiting.discard(answer)

    def _pass_on(self, answer: Future, given: Future) -> None:
        """What came of it, unless somebody has called it off."""
        if answer.done():
            return
        error = ConnectionError("the way to it was lost") if given.cancelled() else given.exception()
        if error is None:
            answer.set_result(given.result())
        else:
            answer.set_exception(self._told(error))

    def _told(self, error: BaseException) -> BaseException:
        if type(error).__name__ == "KilledWorker":
            return LostError(getattr(error, "allowed_failures", 0) + 1, told=KILLED)
        ours = isinstance(error, (UserError, RunStoppedError, *LOST)) or type(error).__name__ in LOST_ELSEWHERE
        if ours:
            return error
        return UserError(
            f"{self.address} could not run a task: {_in_a_line(error)}; the scheduler and every worker need "
            "the same policysim and the same libraries as this process"
        )

    def _watch(self) -> None:
        """See that nobody waits for what cannot come."""
        alone, forgotten = 0.0, [set[str]()] * FORGOTTEN_LOOKS
        while not self._ended.wait(WATCH_SECONDS):
            if self.client.status in ("closed", "closing"):
                self._leave()
                return
            with suppress(Exception):  # the next look may be luckier
                forgotten = [*forgotten[1:], self._forgotten()]
                if set.intersection(*forgotten):  # once may be between a reconnection and what follows it
                    self._leave()
                    return
                alone = 0.0 if self._threads() else alone + WATCH_SECONDS
                if alone >= ALONE_SECONDS:
                    alone = -float("inf")  # said once, until there are some again
                    warnings.warn(NOBODY.format(self.address), stacklevel=2)

    def _forgotten(self) -> set[str]:
        """Keys of what is awaited though the scheduler will tell nothing of it, now or ever.

        After a silence, or when it was asked to, a scheduler may forget a client, and take it up again with what it is given
        next: of what was given before, it knows nothing. Or it knows of all, and not whom to tell.
        """
        awaited = [key for key, state in list(self.client.futures.items()) if state.status == "pending"]
        return never_told(self._asked("get_task_status", keys=awaited)) if awaited else set()

    def _lose_all(self) -> None:
        with self._lock:
            waiting = list(self._waiting)
        for answer in waiting:
            with suppress(Exception):  # it has just ended
                answer.set_exception(ConnectionError(f"the scheduler {self.address} is gone"))

    def _leave(self) -> None:
        """Let the scheduler go, which calls off what has not begun; one at a time, for the library's loop ends with it."""
        with self._leaving:
            with suppress(Exception):  # the scheduler may be gone
                self.client.close(timeout=CONNECT_SECONDS)
            self._left = True
        self._lose_all()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the workers to themselves; what has not begun is called off, and what has goes on to its end."""
        if self._ended.is_set():
            return
        self._ended.set()
        self._leave()


def never_told(states: dict[str, str | None]) -> set[str]:
    """Of what is awaited, the keys of which nobody will be told; `states` at the scheduler, in the order in which it was given.

    What it does not know may be on its way to it still, but not where it knows what was given later; where it knows nothing
    at all, all may be on its way or all forgotten.
    """
    keys = list(states)
    known = [k for k, key in enumerate(keys) if states[key] is not None]
    there = known[-1] if known else len(keys)
    return {key for k, key in enumerate(keys) if states[key] in ENDED_THERE or (states[key] is None and k < there)}


@contextmanager
def workers_of(scheduler: str) -> Iterator[Cluster]:
    """The workers of a scheduler by its address, or by the file that it writes of itself; raises UserError."""
    address = _address_in(scheduler)
    if find_spec("distributed") is None:
        raise UserError(MISSING)
    import distributed  # noqa: F401 - which sets up its log

    with _quiet():
        found = Cluster(_client_of(address), address, scheduler)
        try:
            found.look()
            yield found
        finally:
            found.shutdown()


def _address_in(scheduler: str) -> str:
    """An address as it was given, or as it stands in a scheduler's file."""
    if not scheduler.endswith(".json"):
        if not ADDRESS.fullmatch(scheduler):
            raise UserError(
                f"--scheduler must be an address such as tcp://10.0.0.1:8786, or a scheduler's .json file, not {scheduler}"
            )
        return scheduler
    import json

    try:
        return str(json.loads(Path(scheduler).read_text(encoding="utf-8"))["address"])
    except FileNotFoundError:
        raise UserError(
            f"there is no file {scheduler}: 'dask scheduler --scheduler-file {scheduler}' writes it"
        ) from None
    except (OSError, ValueError, LookupError, TypeError):
        raise UserError(
            f"{scheduler} does not say where a scheduler is: 'dask scheduler --scheduler-file' writes it"
        ) from None


def _client_of(address: str) -> Any:
    from distributed import Client

    try:
        asyncio.run(_tried(address))  # a client that never found its scheduler would say so for long after
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        why = "nobody answers there" if isinstance(error, OSError) else _in_a_line(error)
        raise UserError(
            f"the scheduler {address} cannot be reached: {why} ('dask scheduler' prints the address to give)"
        ) from None


async def _tried(address: str) -> None:
    from distributed import Security
    from distributed.comm import connect

    comm = await connect(address, timeout=CONNECT_SECONDS, **Security().get_connection_args("client"))
    await comm.close()


def check_build(build: Any, who: str) -> None:
    """Raises UserError where somebody has another build of the model than this process, or none."""
    if build == model_hash():
        return
    has = f"has another build of the model ({build}; here it is {model_hash()})"
    if not isinstance(build, str):
        has = f"has no policysim that can be used ({_in_a_line(build)})"
    raise UserError(f"{who} {has}: install the same version of policysim on every machine")


@contextmanager
def _quiet() -> Iterator[None]:
    """The library's own log says in many lines what is said here in one."""
    found = logging.root.manager.loggerDict.items()
    logs = [log for name, log in found if isinstance(log, logging.Logger) and name.partition(".")[0] in LIBRARIES]
    before = [(log, log.level) for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for log, level in before:
            log.setLevel(level)


def _in_a_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
