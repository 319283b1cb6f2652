"""Guesses as they are typed, and a result in the same measure: percent of what happens under the status quo."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from statistics import median

from policysim.counts.outcomes import Outcome
from policysim.errors import UserError
from policysim.experiments.analysis.numbers import MINUS
from policysim.viz.app.compare.answers import Answer
from policysim.viz.app.compare.shown import MAIN

LEAST, MOST = -100.0, 300.0
MOST_AT_ONCE = 60
"""Guesses in one line."""
LONGEST = 600
"""Letters of one line."""


def read_line(text: str) -> list[float]:
    """Guesses as a facilitator types them, `-20 -5 0 +10`; raises UserError."""
    if len(text) > LONGEST:
        raise UserError(f"That line is too long: at most {LONGEST} letters.")
    found = [read_one(word) for word in re.split(r"[\s,;]+", text.replace(" %", "%").strip()) if word]
    if len(found) > MOST_AT_ONCE:
        raise UserError(f"At most {MOST_AT_ONCE} guesses fit into a line.")
    return found


def read_one(word: str) -> float:
    """`-20`, `+5%`, `−3.5`; raises UserError."""
    plain = word.strip().replace(MINUS, "-").removesuffix("%")
    if not re.fullmatch(r"[+-]?\d{1,4}(\.\d{1,4})?", plain):
        raise UserError(
            f"“{word[:20]}” is no number: write for instance −20 for a fifth fewer, 0 for the same, 10 for a tenth more."
        )
    value = float(plain)
    if not LEAST <= value <= MOST:
        raise UserError(
            f"{word[:20]} is beyond what can be guessed: from {MINUS}100 (none left) to {MOST:.0f} (four times as many)."
        )
    return value


def read_many(lines: Mapping[str, str]) -> list[tuple[float | None, ...]]:
    """What a facilitator typed, a line for each outcome; raises UserError."""
    read = []
    for outcome in MAIN:
        with _about(outcome):
            read.append(read_line(str(lines.get(outcome.id, ""))))
    if not any(read):
        raise UserError("Type at least one guess first.")
    return [tuple(row) for row in zip_longest(*read)]


def read_single(lines: Mapping[str, str]) -> tuple[float | None, ...]:
    """What one person sent, a number for each outcome, or nothing; raises UserError."""
    typed = [str(lines.get(outcome.id, "")).strip() for outcome in MAIN]
    if not any(typed):
        raise UserError("Give a number for at least one of the three.")
    read: list[float | None] = []
    for outcome, word in zip(MAIN, typed, strict=True):
        with _about(outcome):
            read.append(read_one(word) if word else None)
    return tuple(read)


@contextmanager
def _about(outcome: Outcome) -> Iterator[None]:
    """What was typed about an outcome is read here: it is named where that cannot be."""
    try:
        yield
    except UserError as error:
        raise UserError(f"{outcome.label}: {error}") from None


# --- results ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class InPercent:
    """A difference in percent of the status quo: the mean, chance's interval, and that over what nobody knows (nan: none)."""

    mean: float
    low: float
    high: float
    widest_low: float
    widest_high: float

    @property
    def ends(self) -> list[float]:
        """All that is known of it."""
        return [
            one for one in (self.mean, self.low, self.high, self.widest_low, self.widest_high) if math.isfinite(one)
        ]


def in_percent(answer: Answer) -> InPercent | None:
    """A result as guesses are given; None where the status quo has nothing to compare with."""
    base, gap, spread = answer.found.base, answer.found.gap, answer.spread
    if not base > 0:
        return None
    drawn = (spread.gap_low, spread.gap_high) if spread.draws else (math.nan, math.nan)
    return InPercent(*(100 * value / base for value in (gap.mean, gap.low, gap.high, *drawn)))


def written(value: float) -> str:
    """`−20%`, `+3.5%`, `0%`."""
    text = f"{abs(value):.1f}".removesuffix(".0") if abs(value) < 10 else f"{abs(value):.0f}"
    return f"{'' if float(text) == 0 else MINUS if value < 0 else '+'}{text}%"


def limits(low: float, high: float) -> str:
    """`−30% to −10%`; that there are none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "none yet"
    return f"{written(low)} to {written(high)}"


def count_of(guesses: int) -> str:
    """`1 guess`, `30 guesses`."""
    return "1 guess" if guesses == 1 else f"{guesses} guesses"


def beside(values: Sequence[float], result: InPercent | None) -> str:
    """What the room said, beside what came out, in a sentence or two; nobody is told to have been wrong."""
    if not values:
        return "Nobody guessed."
    room = f"The room’s middle guess was {written(median(values))}, from {written(values[0])} to {written(values[-1])}"
    if result is None or not math.isfinite(result.mean):
        return f"{room} ({count_of(len(values))})."
    low, high = min(result.ends), max(result.ends)
    inside = sum(low <= value <= high for value in values)
    return (
        f"{room}. {inside} of {count_of(len(values))} {'lies' if inside == 1 else 'lie'} "
        "within what the simulation holds possible."
    )
