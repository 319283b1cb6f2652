"""The worker processes of the page, shared by all browser sessions: started once, kept warm, and ended with the page."""

import os
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from policysim.experiments.running import pool
from policysim.experiments.running.burn_ins import BurnIns
from policysim.experiments.running.plan import available_threads, plan
from policysim.experiments.running.seed import compile_rules
from policysim.interrupts import held
from policysim.scenarios.scenario import scenario_from
from policysim.viz.app.running.turns import Turns

MOST_WORKERS = 8
STARTS = 200
"""Places as they stand where regimes part that are kept, a seed each; one of 10,000 people takes some megabytes on the disk."""
NICENESS = 5
"""Workers leave the processor to the page when it has something to say."""


class Workers:
    """Processes, whose turn it is to use them, and the burnt-in places that they share."""

    def __init__(self, number: int):
        self.number = number
        self._pool = pool.Pool(number)
        self._folder = TemporaryDirectory(prefix="policysim-page-", ignore_cleanup_errors=True)
        self.starts = BurnIns(Path(self._folder.name), STARTS)
        self.turns = Turns(partial(self._pool.submit, _aside), number)

    def warm(self) -> None:
        """Compile (or fetch) the rules in each, so that nobody who presses Run waits for it."""
        first = plan(scenario_from({})).tasks[0]
        for k in range(self.number):
            self.turns.of(f"warming {k}")(compile_rules, first)

    def end(self) -> None:
        """Let the workers go, whatever they are at."""
        self._pool.end()
        self._folder.cleanup()


def _aside(work: Any, *arguments: Any) -> Any:
    """Do it, after whatever the page itself has to do."""
    _give_way()
    return work(*arguments)


@cache
def _give_way() -> None:
    if hasattr(os, "nice"):
        os.nice(NICENESS)


@cache
def workers() -> Workers:
    """Those of this process, started on first use."""
    started = Workers(min(available_threads(), MOST_WORKERS))
    try:
        with held():  # workers inherit this and leave interrupts to the page
            started.warm()
    except BaseException:
        started.end()
        raise
    return started


def end_workers() -> None:
    """Let them go, if there are any."""
    if workers.cache_info().currsize:
        workers().end()
        workers.cache_clear()
