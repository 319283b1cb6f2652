"""What belongs to one browser session: its choices, the comparison it looks at, and how far the page shows it."""

import asyncio
import logging
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from threading import RLock
from typing import Any

import solara
from solara.server import kernel_context

from policysim.errors import UserError
from policysim.scenarios.regime import Regime
from policysim.viz.app.choices import Choices
from policysim.viz.app.running.comparison import APART, Comparison, Comparisons, Prepared
from policysim.viz.app.running.workers import workers

LOOK = 0.25
"""Seconds between two looks at what has come in, as long as few look."""
LOOKS = 20
"""In a second, of all sessions together: where there are more of them each looks less often, and the page stays quick."""
SPEEDS: dict[str, float | None] = {
    "1 month a second": 1 / 12,
    "1 year a second": 1.0,
    "2 years a second": 2.0,
    "as it comes": None,
}
"""Simulated years that the page shows in a second."""


@dataclass(frozen=True)
class Clock:
    """How far the page shows what is computed: the computation never waits for it.

    years: shown so far, whole ones in curves and tables, weeks in the street. speed: None shows whatever is there.
    """

    years: float = 0.0
    playing: bool = True
    speed: float | None = None

    def after(self, seconds: float, there: int) -> "Clock":
        """The clock so much later, where so many years are there."""
        if not self.playing:
            return self
        return replace(
            self, years=float(there) if self.speed is None else min(self.years + self.speed * seconds, there)
        )


@dataclass(frozen=True)
class Sight:
    """All that the answers show: as long as it is the same, nothing of them is drawn again."""

    comparison: Comparison | None = None
    years: int = 0
    told: Hashable = ()


@dataclass(frozen=True)
class Standing:
    """How far the run is, as told beside the button."""

    comparison: Comparison | None = None
    done: bool = False
    percent: int = 0
    ahead: int | None = None
    seconds_left: int | None = None


@cache
def comparisons() -> Comparisons:
    """Those of this server; they hold nothing of any session."""
    return Comparisons(workers())


def first_look(known: Comparisons) -> None:
    """Begin what every visit shows first, so that it is there; it is kept as long as the server runs."""
    known.watch(Choices().scenario())


@contextmanager
def _alone() -> Iterator[bool]:
    """While what came in is drawn no press is answered, and the reverse: of two drawings at a time one could get lost.

    Says whether it is one's turn; where a press, or the end of the visit, takes long, the look is left for later.
    """
    lock = kernel_context.get_current_context().lock if kernel_context.has_current_context() else RLock()
    got = lock.acquire(timeout=LOOK)
    try:
        yield got
    finally:
        if got:
            lock.release()


class Session:
    """The state of one visit. Components read its `solara.Reactive`s; nothing of it is shared with another visit."""

    def __init__(self, known: Callable[[], Comparisons] = comparisons):
        self._known = known
        self.choices = solara.reactive(Choices())
        self.own: solara.Reactive[dict[str, Regime]] = solara.reactive({})
        """Regimes of the session's own by id."""
        self.comparison: solara.Reactive[Comparison | None] = solara.reactive(None)
        self.version = solara.reactive(0)
        """Changes whenever something came in; whoever shows but a part of that reads `sight`, which changes with it alone."""
        self.sight = solara.reactive(Sight())
        self.standing = solara.reactive(Standing())
        self.clock = solara.reactive(Clock())
        self.fault = solara.reactive("")
        self.projector = solara.reactive(False)
        """Larger type and stronger contrast in all rooms."""
        self.kept: dict[str, Any] = {}
        """What rooms keep of their own while others are open, by room."""
        self.closed = False
        self._prepared: Prepared | None = None

    # --- the comparison
    def run(self) -> None:
        """Begin what is chosen, or join whoever computes the same."""
        self.fault.value = ""
        try:
            begun = self._known().watch(self.choices.value.scenario(self.own.value))
        except UserError as error:
            self.fault.value = str(error)
            return
        self._leave()
        if self._prepared is not None:
            self._prepared.hand_over()
        self.comparison.value = begun
        self.version.value = begun.look()
        speed = self.clock.value.speed
        self.clock.value = Clock(speed=speed) if not begun.done or speed else Clock(begun.found.years, True, speed)
        self._see()

    def stop(self) -> None:
        """Wait for it no longer; what has come in stays."""
        now = self.comparison.value
        if now is not None and not now.done:
            self._leave()
            self.comparison.value = None
            self._see()

    def close(self) -> None:
        """The visit is over; nothing that it looked at is kept for it."""
        if not self.closed:
            self.closed = True
            self._drop_prepared()
            self._leave()

    def prepare(self) -> None:
        """Have the people of what is chosen settle before Run is pressed; what was chosen before is dropped."""
        self._drop_prepared()
        if self.outdated or self.comparison.value is None:
            with suppress(UserError):
                self._prepared = self._known().prepare(self.choices.value.scenario(self.own.value))

    def _drop_prepared(self) -> None:
        if self._prepared is not None:
            self._prepared.stop()
        self._prepared = None

    def _leave(self) -> None:
        if self.comparison.value is not None:
            self._known().leave(self.comparison.value)

    @property
    def running(self) -> bool:
        """Whether more is to come in."""
        return self.comparison.value is not None and not self.comparison.value.done

    @property
    def outdated(self) -> bool:
        """Whether the choices are no longer those of what is shown."""
        now = self.comparison.value
        if now is None or not self.choices.value.complete:
            return False
        try:
            return self.choices.value.scenario(self.own.value) != now.scenario
        except UserError:
            return True

    # --- time
    @property
    def years(self) -> int:
        """Whole years to show."""
        now = self.comparison.value
        return 0 if now is None else min(int(self.clock.value.years), now.found.years)

    async def follow(self) -> None:
        """Look at what comes in, and let the clock run, until the visit is over."""
        last = time.monotonic()
        while not self.closed:
            await asyncio.sleep(max(LOOK, self._known().watchers / LOOKS))
            now, seconds = time.monotonic(), time.monotonic() - last
            last = now
            try:
                with _alone() as turn:
                    if turn and not self.closed:
                        self.look(seconds)
            except Exception:  # the page goes on; whoever serves it reads why
                logging.getLogger(__name__).exception("a look at a comparison failed")

    def look(self, seconds: float) -> None:
        """Take in what came, and show so many seconds more."""
        comparison = self.comparison.value
        if comparison is None:
            return
        self.version.value = comparison.look(APART)
        self.clock.value = self.clock.value.after(seconds, comparison.found.years)
        self._see()

    def _see(self) -> None:
        """Say what is to be shown now; nothing is drawn again where that is what was shown."""
        comparison = self.comparison.value
        if comparison is None:
            self.sight.value, self.standing.value = Sight(), Standing()
            return
        years = self.years
        self.sight.value = Sight(comparison, years, comparison.found.told(years))
        state, ahead = comparison.progress, None if comparison.done else comparison.ahead
        left = state.seconds_left if not comparison.done else None
        self.standing.value = Standing(
            comparison, comparison.done, int(100 * state.weeks / state.all_weeks), ahead,
            None if left is None else round(left),
        )  # fmt: skip

    def pause(self) -> None:
        """Hold the picture where it is."""
        self.clock.value = replace(self.clock.value, playing=False, years=float(int(self.clock.value.years)))
        self._see()

    def play(self) -> None:
        """Go on; from the beginning, where the end was shown."""
        comparison, clock = self.comparison.value, self.clock.value
        ended = comparison is not None and clock.years >= comparison.scenario.years
        self.clock.value = replace(clock, playing=True, years=0.0 if ended else clock.years)
        self._see()

    def step(self) -> None:
        """One year more, and hold."""
        there = 0 if self.comparison.value is None else self.comparison.value.found.years
        self.clock.value = replace(
            self.clock.value, playing=False, years=float(min(int(self.clock.value.years) + 1, there))
        )
        self._see()

    def reset(self) -> None:
        """Back to the beginning, and hold."""
        self.clock.value = replace(self.clock.value, playing=False, years=0.0)
        self._see()

    def set_speed(self, name: str) -> None:
        """One of SPEEDS by its name."""
        self.clock.value = replace(self.clock.value, speed=SPEEDS[name])
        self._see()
