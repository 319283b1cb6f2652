"""Over what a path of a sweep varies: a range of numbers, or a list of values to choose among.

Both are passed by a share from 0 to 1, so that every design works in the unit cube alone.
"""

import math
from typing import Any

from policysim.errors import UserError, nearest
from policysim.scenarios.settings import Settings
from policysim.vocabulary.exact import exp, log
from policysim.vocabulary.numbers import is_finite
from policysim.vocabulary.reasons import shown

KEYS = ("low", "high", "log")
Choices = tuple[float | int | str, ...]


class Span(Settings):
    """A range, passed evenly; with `log` evenly over factors, so that a halving is as likely as a doubling."""

    low: float
    high: float
    log: bool = False

    def at(self, share: float, whole: bool = False) -> float:
        """The number where this share of the range is passed; of whole numbers each is as likely as any other."""
        if whole and not self.log:
            first, last = math.ceil(self.low), math.floor(self.high)
            return min(first + int(share * (last - first + 1)), last)
        if not self.log:
            return min(max(self.low + share * (self.high - self.low), self.low), self.high)
        least, most = log(self.low), log(self.high)
        value = (
            min(max(exp(least + share * (most - least)), self.low), self.high) if 0 < share < 1 else self._end(share)
        )
        return min(max(round(value), math.ceil(self.low)), math.floor(self.high)) if whole else value

    def _end(self, share: float) -> float:
        return self.high if share >= 1 else self.low


Varied = Span | Choices


def at_share(varied: Varied, share: float, whole: bool = False) -> float | int | str:
    """The value where this share is passed: a number of the range, or one of the choices, each as likely."""
    if isinstance(varied, Span):
        return varied.at(share, whole)
    return varied[min(int(share * len(varied)), len(varied) - 1)]


def varied_from(value: Any, usual: tuple[float, float] | None, path: str) -> Varied:
    """A range or a list as a file has them; `usual` is the range that an empty table stands for. Raises UserError."""
    if isinstance(value, Span):
        return value
    if isinstance(value, list | tuple):
        return _choices(tuple(value), path)
    if not isinstance(value, dict):
        raise UserError(f"{path} varies over a range, as in {{ low = 1, high = 2 }}, or a list, not {shown(value)}")
    for key in value:
        if key not in KEYS:
            raise UserError(f"a range has no key {key!r} (keys are {', '.join(KEYS)}){nearest(key, KEYS)}")
    low, high = (_number(value, key, k, usual, path) for k, key in enumerate(("low", "high")))
    by_factors = value.get("log", False)
    if not isinstance(by_factors, bool):
        raise UserError(f"log must be true or false, not {shown(by_factors)}")
    if low >= high:
        raise UserError(f"low = {low:g} of {path} must be below high = {high:g}")
    if by_factors and low <= 0:
        raise UserError(f"log needs a range above zero, and low of {path} is {low:g}")
    return Span(low=low, high=high, log=by_factors)


def _number(value: dict[str, Any], key: str, end: int, usual: tuple[float, float] | None, path: str) -> float:
    if key not in value:
        if usual is None:
            raise UserError(f"{path} has no range of its own: give it low and high, or a list of values")
        return usual[end]
    found = value[key]
    if not is_finite(found):
        raise UserError(f"{key} must be a number, not {shown(found)}")
    return float(found)


def _choices(values: tuple[Any, ...], path: str) -> Choices:
    if not values:
        raise UserError(f"{path} has no values to take")
    for k, value in enumerate(values):
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise UserError(f"a value of {path} must be a number or a name, not {shown(value)}")
        if value in values[:k]:
            raise UserError(f"{path} has the value {value!r} twice")
    return values
