"""What gives a regime away among others: the outcomes in which it differs from each, counted in standard errors."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import stdtrit

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.estimates import CONFIDENCE, estimate
from policysim.experiments.analysis.numbers import number
from policysim.experiments.analysis.wording import Difference
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.viz.app.running.found import Found

MANY = 100.0
"""Standard errors beyond which no number is told."""
READING = (
    "A standard error is how far chance alone usually moves such a difference. With {} runs and {} figures to look at, only a "
    "difference of {} or more is taken for one."
)


@dataclass(frozen=True)
class Clue:
    """How far a regime lies from another in one outcome; the difference is from the other, seed by seed."""

    other: Regime
    found: Difference
    errors: float
    """The difference in standard errors; 0 where all seeds gave the same, which shows nothing of chance."""

    @property
    def size(self) -> str:
        """`12 standard errors`."""
        return f"more than {MANY:.0f} standard errors" if self.errors > MANY else _in_errors(self.errors)

    @property
    def words(self) -> str:
        """`40 fewer arrests (12 standard errors)`."""
        return f"{self.found.amount} {self.found.outcome.noun} ({self.size})"


def _in_errors(count: float) -> str:
    return f"{number(count)} standard errors"


def clues(found: Found, regime: str, outcome: Outcome) -> list[Clue]:
    """How far it lies from each other regime that can be picked, the nearest first."""
    totals = found.by_seed(outcome, found.scenario.years)
    made = []
    for other in found.scenario.regimes:
        if other.id not in (regime, STATUS_QUO):
            gap = estimate((totals[regime] - totals[other.id]).tolist())
            error = gap.half / float(stdtrit(gap.seeds - 1, (1 + CONFIDENCE) / 2))
            errors = abs(gap.mean) / error if gap.has_interval and error > 0 else 0.0
            made.append(Clue(other, Difference(outcome, gap, math.nan), errors))
    return sorted(made, key=lambda clue: clue.errors)


def enough(found: Found, outcomes: int) -> float:
    """Standard errors from which a difference is more than chance would make in any of so many outcomes (95%, Bonferroni)."""
    return float(stdtrit(found.scenario.replicates - 1, 1 - (1 - CONFIDENCE) / 2 / outcomes))


def telling(found: Found, regime: str, outcomes: Sequence[Outcome]) -> list[Clue]:
    """For each regime that can be told from it the outcome in which they lie furthest apart."""
    least = enough(found, len(outcomes))
    widest = _widest([clues(found, regime, outcome) for outcome in outcomes])
    return [clue for clue in widest if clue.errors >= least]


def told_apart(found: Found, regime: str, outcomes: Sequence[Outcome]) -> list[str]:
    """What gave the regime away: the outcome in which it stands out from all others, then what tells it from each."""
    least = enough(found, len(outcomes))
    nearest = max((clues(found, regime, outcome)[0] for outcome in outcomes), key=lambda clue: clue.errors)
    told = []
    if nearest.errors >= least:
        told.append(
            f"It stands out most in {nearest.found.outcome.noun}: even “{nearest.other.name}”, the nearest to it there, is "
            f"{nearest.size} away."
        )
    told += [f"Against “{clue.other.name}” it has {clue.words}." for clue in telling(found, regime, outcomes)]
    return [*told, READING.format(found.scenario.replicates, len(outcomes), _in_errors(least))] if told else []


def alike(found: Found, regime: str, outcomes: Sequence[Outcome]) -> str:
    """A caution, where there are regimes that none of these outcomes tells from it."""
    least = enough(found, len(outcomes))
    widest = _widest([clues(found, regime, outcome) for outcome in outcomes])
    names = " or ".join(f"“{clue.other.name}”" for clue in widest if clue.errors < least)
    if not names:
        return ""
    return (
        f"With {found.scenario.replicates} runs and {len(outcomes)} figures to look at it cannot be told for certain from "
        f"{names}: chance alone may make such differences. That was a good pick too."
    )


def _widest(by_outcome: Sequence[Sequence[Clue]]) -> list[Clue]:
    """For each other regime the outcome in which it lies furthest from the one that is asked about."""
    best: dict[str, Clue] = {}
    for clue in (one for several in by_outcome for one in several):
        if clue.other.id not in best or clue.errors > best[clue.other.id].errors:
            best[clue.other.id] = clue
    return sorted(best.values(), key=lambda clue: -clue.errors)
