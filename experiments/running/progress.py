"""How far a computation is, and how it is told to stop."""

import time
from collections.abc import Callable
from dataclasses import dataclass

MANY = 50
"""Runs from which on it is told how fast they come."""
LOOK_SECONDS = 0.1
"""Between two looks at how far a task is, and at whether it should stop."""

Tell = Callable[[int, int], None]
"""Told by a task of the weeks and runs it has done since the last time; may raise RunStoppedError."""


class RunStoppedError(Exception):
    """Nobody waits for this run any more."""


def untold(weeks: int, runs: int) -> None:
    """For a task whose progress nobody follows."""


@dataclass(frozen=True)
class Progress:
    """How far a computation is: weeks and runs of this call, seconds since it began."""

    weeks: int
    all_weeks: int
    runs: int
    all_runs: int
    seconds: float

    @property
    def rate(self) -> float | None:
        """Runs a second so far; None before there are any."""
        return self.runs / self.seconds if self.runs and self.seconds else None

    @property
    def seconds_left(self) -> float | None:
        """Estimate from the weeks so far; None before a fiftieth is done: rules may still have been compiled."""
        if self.weeks * 50 < self.all_weeks:
            return None
        return self.seconds * (self.all_weeks - self.weeks) / self.weeks

    @property
    def runs_told(self) -> str:
        """How many runs there are of all; of many, how fast they come."""
        told = f"{self.runs:,} of {self.all_runs:,} runs"
        rate = self.rate if self.all_runs >= MANY else None
        if rate is None:
            return told
        return f"{told}, {rate:.2g} a second" if rate >= 1 else f"{told}, {60 * rate:.2g} a minute"

    @property
    def left_told(self) -> str:
        """The time left in words; nothing where it cannot be told yet."""
        if self.seconds_left is None:
            return ""
        minutes, seconds = divmod(round(self.seconds_left), 60)
        if minutes >= 90:
            return f"about {minutes / 60:.1f} hours left"
        return f"about {minutes} min {seconds:02d} s left" if minutes else f"about {seconds} s left"


def continued(told: Callable[[Progress], None], weeks: int, runs: int, seconds: float) -> Callable[[Progress], None]:
    """Tells of a later round as a part of the whole, of which so much was done before it."""
    return lambda state: told(
        Progress(
            weeks + state.weeks,
            weeks + state.all_weeks,
            runs + state.runs,
            runs + state.all_runs,
            seconds + state.seconds,
        )
    )


class Pace:
    """Says whether it is time again for something that would take too long if it were done every week."""

    def __init__(self, seconds: float = LOOK_SECONDS) -> None:
        self.seconds, self.last = seconds, 0.0

    def is_due(self) -> bool:
        """Whether so many seconds have passed since this was last true."""
        now = time.monotonic()
        if now - self.last < self.seconds:
            return False
        self.last = now
        return True
