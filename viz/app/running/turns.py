"""Whose turn it is: the workers are few and the sessions may be thirty, so each is served one task at a time, in turn."""

import threading
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any

from policysim.experiments.running.job import Submit


class Turns:
    """Hands tasks to workers, the next always of whoever has fewest of them there and has waited longest.

    submit: of the workers. at_once: how many tasks they are given at a time; what waits, waits here, where it can be overtaken.
    """

    def __init__(self, submit: Submit, at_once: int):
        self._submit, self._at_once = submit, at_once
        self._waiting: dict[Hashable, deque[tuple[Future, Callable[..., Any], tuple[Any, ...]]]] = {}
        self._there: dict[Hashable, int] = {}
        self._served: dict[Hashable, int] = {}
        self._last: set[Hashable] = set()
        self._turn = 0
        self._lock = threading.RLock()  # an answer that is there at once is taken inside `_hand_out`

    def of(self, whom: Hashable, last: bool = False) -> Submit:
        """The `submit` of one who takes turns; last: whom nobody waits for, and who is served after everybody else."""
        if last:
            with self._lock:
                self._last.add(whom)
        return partial(self._take, whom)

    def ahead_of(self, whom: Hashable) -> int | None:
        """How many others are served before the first task of somebody is; None where one of theirs is at work."""
        with self._lock:
            if self._there.get(whom) or whom not in self._waiting:
                return None
            return self._order().index(whom)

    def _take(self, whom: Hashable, work: Callable[..., Any], *arguments: Any) -> Future:
        answer: Future = Future()
        with self._lock:
            self._waiting.setdefault(whom, deque()).append((answer, work, arguments))
            self._hand_out()
        return answer

    def _order(self) -> list[Hashable]:
        """Those who wait, the next first."""
        return sorted(
            self._waiting,
            key=lambda whom: (whom in self._last, self._there.get(whom, 0), self._served.get(whom, 0)),
        )  # and is stable

    def _hand_out(self) -> None:
        while self._waiting and sum(self._there.values()) < self._at_once:
            whom = self._order()[0]
            if whom in self._last and self._there.keys() & self._last:
                break  # one at a time, so that somebody is free for whoever presses Run
            waiting = self._waiting[whom]
            answer, work, arguments = waiting.popleft()
            if not waiting:
                del self._waiting[whom]
            if not answer.set_running_or_notify_cancel():
                continue
            self._there[whom] = self._there.get(whom, 0) + 1
            self._turn += 1
            self._served[whom] = self._turn
            try:
                found = self._submit(work, *arguments)
            except Exception as error:  # noqa: BLE001 - whoever waits is told of it
                self._let_go(whom)
                answer.set_exception(error)
                continue
            found.add_done_callback(partial(self._came_back, whom, answer))

    def _came_back(self, whom: Hashable, answer: Future, found: Future) -> None:
        error = CancelledError() if found.cancelled() else found.exception()
        with self._lock:
            self._let_go(whom)
            self._hand_out()
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(found.result())

    def _let_go(self, whom: Hashable) -> None:
        self._there[whom] -= 1
        if not self._there[whom]:
            del self._there[whom]
            if whom not in self._waiting:
                self._served.pop(whom, None)
                self._last.discard(whom)
