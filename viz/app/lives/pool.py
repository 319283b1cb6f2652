"""Lives that workers have found, by comparison: found once, read by every session that looks at the same comparison."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache, partial
from weakref import WeakKeyDictionary

from policysim.experiments.lives.several import Wanted
from policysim.experiments.running.plan import plan
from policysim.viz.app.lives.life import Lives, find_lives
from policysim.viz.app.running.comparison import Comparison, with_starts

AT_FIRST = Wanted(parting=6, at_random=3)
"""Found together, so that another one answers at once."""
MORE_AT_RANDOM = 6


class Pools:
    """What has been asked for; nothing of a session is in it: the same is found for everybody."""

    def __init__(self) -> None:
        self._asked: WeakKeyDictionary[Comparison, dict[Wanted, Future[Lives]]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def ask(self, comparison: Comparison, wanted: Wanted) -> "Future[Lives]":
        """Lives of a comparison's first seed, found in a worker; asked for anew where that failed."""
        with self._lock:
            asked = self._asked.setdefault(comparison, {})
            found = asked.get(wanted)
            if found is None or (found.done() and (found.cancelled() or found.exception() is not None)):
                task = with_starts(plan(comparison.scenario).tasks)[0]
                workers = comparison.workers
                give = workers.turns.of(f"lives of {id(comparison)}")
                found = asked[wanted] = give(partial(find_lives, starts=workers.starts), task, wanted)
            return found


@cache
def pools() -> Pools:
    """Those of this server."""
    return Pools()


Ask = Callable[[Comparison, Wanted], "Future[Lives]"]
