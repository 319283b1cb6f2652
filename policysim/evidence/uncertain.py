"""What nobody knows: how each number of the registry that has a range may be drawn from it.

Rows of one table that run along age or deprivation rise and fall together, as one curve: they are one uncertainty. Every
other row is an uncertainty of its own. Nothing is drawn that is so by definition, nor what the model is only held against.

An uncertainty is moved by one number from 0 to 1. A half is the registry's own value, whatever the quality: each draw is
as likely to lie below it as above, or ranges that reach further up than down would make another model of the middle. On
either side what is assumed, or was never looked up, lies anywhere as far as the end of the range with equal chance; what
has a source, or was fitted, lies the less often the further out (a slope to either end). Rates and ratios of which the
upper end is more than four times the lower are spread over factors, not over differences, so that a halving is as likely
as a doubling.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from policysim.evidence.registry import QUALITIES, Parameter, axis_of, registry
from policysim.evidence.relations import RELATIONS, Order
from policysim.vocabulary.exact import exp, log

CURVES = ("age", "quintile")
"""Axes along which a table is one curve."""
LIKE_GUESSES = frozenset({"assumed", "unverified"})
FACTORS = frozenset({"per year", "per week", "per 1000 per year", "ratio"})
"""Units of rates and ratios."""
WHOLE = frozenset({"count", "years", "weeks"})
"""Units of what is counted, where value, low and high are whole numbers."""
WIDE = 4.0
NO_MODEL = "targets.csv"
"""The file of numbers that no run reads."""


@dataclass(frozen=True)
class Uncertainty:
    """Numbers of the registry that are drawn together."""

    id: str
    rows: tuple[Parameter, ...]

    @property
    def name(self) -> str:
        """Name of the table, or of the one number."""
        return self.rows[0].name

    @property
    def low(self) -> float:
        """The least that any of its numbers may be, in the registry's own unit."""
        return min(_ends(row)[0] for row in self.rows)

    @property
    def high(self) -> float:
        """The most that any of them may be."""
        return max(_ends(row)[1] for row in self.rows)

    @property
    def quality(self) -> str:
        """The quality of its worst number: what is assumed in part is assumed."""
        return max((row.quality for row in self.rows), key=_worse)

    def at(self, share: float) -> dict[str, float]:
        """The numbers, by id, where this share of the range is passed (0 to 1)."""
        return {row.id: quantile(row, share) for row in self.rows}


def _worse(quality: str) -> int:
    order = [name for name in QUALITIES if name not in LIKE_GUESSES]
    return len(order) + (quality == "assumed") if quality in LIKE_GUESSES else order.index(quality)


def is_uncertain(row: Parameter) -> bool:
    """Whether a number may be drawn: it has a range, it is no definition, and runs read it."""
    has_range = row.low is not None and row.high is not None and row.low < row.high
    return has_range and row.quality != "definition" and not row.place.startswith(NO_MODEL)


def uncertainties(fixed: Collection[str] = ()) -> tuple[Uncertainty, ...]:
    """Every uncertainty of the registry in its order; numbers whose ids are `fixed` are known, and not among them."""
    grouped: dict[str, list[Parameter]] = {}
    for row in registry().values():
        if is_uncertain(row) and row.id not in fixed:
            grouped.setdefault(_id_of(row), []).append(row)
    return tuple(Uncertainty(name, tuple(rows)) for name, rows in grouped.items())


def _id_of(row: Parameter) -> str:
    """The id without the keys along which its table is one curve."""
    keys = [key for key in row.keys if axis_of(key) not in CURVES]
    return f"{row.name}[{','.join(keys)}]" if keys else row.name


def _ends(row: Parameter) -> tuple[float, float]:
    return (row.value if row.low is None else row.low), (row.value if row.high is None else row.high)


def quantile(row: Parameter, share: float) -> float:
    """The value below which a number lies with this chance; in the registry's own unit, never outside its range."""
    low, high = _ends(row)
    over_factors = row.unit in FACTORS and low > 0 and high / low > WIDE
    onto, back = (log, exp) if over_factors else (float, float)
    least, most, middle = onto(low), onto(high), onto(min(max(row.value, low), high))
    out = abs(2 * share - 1)  # how far from the middle, of all that there is on that side
    if row.quality not in LIKE_GUESSES:
        out = 1 - math.sqrt(1 - out)
    value = min(max(back(middle + out * ((most if share > 1 / 2 else least) - middle)), low), high)
    return float(round(value)) if is_whole(row) else value


@cache
def is_whole(row: Parameter) -> bool:
    """Whether a number is counted: its value and both ends of its range are whole."""
    return row.unit in WHOLE and all(float(number).is_integer() for number in (row.value, *_ends(row)))


def contradicting(values: Mapping[str, float]) -> set[str]:
    """Names of numbers that contradict one another in a set of all numbers, by id; empty where all go together."""
    found: set[str] = set()
    for relation in RELATIONS:
        if any(True for _ in relation.faults(values)):
            names = (relation.lower, relation.upper) if isinstance(relation, Order) else (relation.one, relation.other)
            found |= set(names)
    return found


def usual_values(changed: Mapping[str, float]) -> dict[str, float]:
    """Every number of the registry by id, with those that are changed."""
    return {key: row.value for key, row in registry().items()} | dict(changed)


def put_together(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Several uncertainties' numbers as one table."""
    return {key: value for part in parts for key, value in part.items()}
