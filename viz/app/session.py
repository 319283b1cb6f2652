"""What belongs to one browser session: its choices, the comparison it looks at, and how far the page shows it."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import solara

from policysim.errors import UserError
from policysim.scenarios.regime import Regime
from policysim.viz.app.choices import Choices
from policysim.viz.app.running.comparison import Comparison, Comparisons
from policysim.viz.app.running.workers import workers

LOOK = 0.25
"""Seconds between two looks at what has come in."""
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


@cache
def comparisons() -> Comparisons:
    """Those of this server; they hold nothing of any session."""
    return Comparisons(workers())


def first_look(known: Comparisons) -> None:
    """Begin what every visit shows first, so that it is there; it is kept as long as the server runs."""
    known.watch(Choices().scenario())


class Session:
    """The state of one visit. Components read its `solara.Reactive`s; nothing of it is shared with another visit."""

    def __init__(self, known: Callable[[], Comparisons] = comparisons):
        self._known = known
        self.choices = solara.reactive(Choices())
        self.own: solara.Reactive[dict[str, Regime]] = solara.reactive({})
        """Regimes of the session's own by id."""
        self.comparison: solara.Reactive[Comparison | None] = solara.reactive(None)
        self.version = solara.reactive(0)
        """Changes whenever something came in."""
        self.clock = solara.reactive(Clock())
        self.fault = solara.reactive("")
        self.kept: dict[str, Any] = {}
        """What rooms keep of their own while others are open, by room."""
        self.closed = False

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
        self.comparison.value = begun
        self.version.value = begun.look()
        speed = self.clock.value.speed
        self.clock.value = Clock(speed=speed) if not begun.done or speed else Clock(begun.found.years, True, speed)

    def stop(self) -> None:
        """Wait for it no longer; what has come in stays."""
        now = self.comparison.value
        if now is not None and not now.done:
            self._leave()
            self.comparison.value = None

    def close(self) -> None:
        """The visit is over."""
        self.closed = True
        self._leave()

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
            await asyncio.sleep(LOOK)
            now, seconds = time.monotonic(), time.monotonic() - last
            last = now
            try:
                self.look(seconds)
            except Exception:  # the page goes on; whoever serves it reads why
                logging.getLogger(__name__).exception("a look at a comparison failed")

    def look(self, seconds: float) -> None:
        """Take in what came, and show so many seconds more."""
        comparison = self.comparison.value
        if comparison is None:
            return
        self.version.value = comparison.look()
        self.clock.value = self.clock.value.after(seconds, comparison.found.years)

    def pause(self) -> None:
        """Hold the picture where it is."""
        self.clock.value = replace(self.clock.value, playing=False, years=float(int(self.clock.value.years)))

    def play(self) -> None:
        """Go on; from the beginning, where the end was shown."""
        comparison, clock = self.comparison.value, self.clock.value
        ended = comparison is not None and clock.years >= comparison.scenario.years
        self.clock.value = replace(clock, playing=True, years=0.0 if ended else clock.years)

    def step(self) -> None:
        """One year more, and hold."""
        there = 0 if self.comparison.value is None else self.comparison.value.found.years
        self.clock.value = replace(
            self.clock.value, playing=False, years=float(min(int(self.clock.value.years) + 1, there))
        )

    def reset(self) -> None:
        """Back to the beginning, and hold."""
        self.clock.value = replace(self.clock.value, playing=False, years=0.0)

    def set_speed(self, name: str) -> None:
        """One of SPEEDS by its name."""
        self.clock.value = replace(self.clock.value, speed=SPEEDS[name])
