"""What goes into a scenario that is called as a function: each path with its range or list, and its number for a sampler.

Samplers draw real numbers. A path that takes whole numbers or one of several values is drawn from half a step below the first
to half a step above the last, so that each is as likely as any other, the ends too.
"""

import math
import re
from dataclasses import dataclass
from typing import Any

from policysim.errors import UserError
from policysim.scenarios.paths import Value, target_of
from policysim.scenarios.spans import Span, Varied
from policysim.scenarios.sweep import Sweep
from policysim.vocabulary.numbers import is_finite
from policysim.vocabulary.reasons import shown

CLOSE = 1e-9
"""Of a range, or of a step: what a sampler's own arithmetic may add or leave out."""
FAILED = "failed"
"""Beside the outcomes that come out: 1.0 where the runs of a point raised, and every outcome is nan; otherwise 0.0."""
UNCERTAIN = ("parameters", "readings")
"""Heads of paths that lead to what nobody knows; the others lead to what somebody decides."""


@dataclass(frozen=True)
class Input:
    """A path, what it varies over, and whether that is whole numbers."""

    path: str
    varied: Varied
    whole: bool

    @property
    def name(self) -> str:
        """The path as a name of Python's: `levers_take_home_naloxone_kits_per_100`."""
        return re.sub(r"\W+", "_", self.path).strip("_")

    @property
    def is_uncertain(self) -> bool:
        """Whether it is what nobody knows, and not what somebody decides."""
        return self.path.partition(".")[0] in UNCERTAIN

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest number; of a list the numbers of the first and the last value."""
        if not isinstance(self.varied, Span):
            return 0, len(self.varied) - 1
        if self.whole:
            return math.ceil(self.varied.low), math.floor(self.varied.high)
        return self.varied.low, self.varied.high

    @property
    def told(self) -> str:
        """Over what it varies, to be read."""
        if not isinstance(self.varied, Span):
            return ", ".join(map(str, self.varied))
        low, high = self.ends
        return (
            f"{low:.6g} to {high:.6g}"
            + (", whole numbers" if self.whole else "")
            + (", by factors" if self.is_log else "")
        )

    @property
    def is_log(self) -> bool:
        """Whether it is drawn evenly over factors."""
        return isinstance(self.varied, Span) and self.varied.log

    @property
    def _by_steps(self) -> bool:
        return not self.is_log and (self.whole or not isinstance(self.varied, Span))

    @property
    def bounds(self) -> tuple[float, float]:
        """Between what a sampler draws."""
        low, high = self.ends
        return (low - 0.5, high + 0.5) if self._by_steps else (float(low), float(high))

    def decoded(self, number: float) -> Value:
        """The value that a sampler's number stands for; raises UserError."""
        low, high = self.bounds
        slack = CLOSE * max(1.0, high - low)
        if not low - slack <= number <= high + slack:
            raise UserError(f"a sample has {number:g} for {self.path}, which was to be drawn from {low:g} to {high:g}")
        if not self._by_steps:
            value = min(max(number, low), high)
            return min(max(round(value), int(low)), int(high)) if self.whole else value
        first, last = (int(end) for end in self.ends)
        step = min(max(math.floor(number + 0.5 + CLOSE), first), last)
        return step if isinstance(self.varied, Span) else self.varied[step]

    def checked(self, value: Any) -> Value:
        """The value, if the function was made for it; raises UserError."""
        if not isinstance(self.varied, Span):
            if isinstance(value, bool) or value not in self.varied:
                told = ", ".join(map(str, self.varied))
                raise UserError(f"{self.path} is one of {told} here, not {shown(value)}")
            return self.varied[self.varied.index(value)]
        low, high = self.ends
        if not is_finite(value):
            raise UserError(f"{self.path} is a number, not {shown(value)}")
        if self.whole and not float(value).is_integer():
            raise UserError(f"{self.path} is a whole number, not {value:g}")
        slack = CLOSE * (high - low)
        if not low - slack <= value <= high + slack:
            raise UserError(f"{self.path} goes from {low:g} to {high:g} here, and {value:g} is beyond")
        return int(value) if self.whole else min(max(float(value), low), high)


def inputs_of(sweep: Sweep) -> tuple[Input, ...]:
    """What varies in a sweep, in its order."""
    found = tuple(Input(path, sweep.vary[path], target_of(path, sweep.scenario).whole) for path in sweep.paths)
    names: dict[str, str] = {}
    for one in found:
        if one.name in names:
            raise UserError(f"{names[one.name]} and {one.path} are both called {one.name}: leave one of them out")
        names[one.name] = one.path
    return found
