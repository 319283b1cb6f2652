"""What the runs with drawn parameters say: how far an answer reaches over what nobody knows, and who ranks first.

This is told apart from the intervals over seeds throughout: more seeds make those as narrow as one likes, and leave
these as they are. Each set of parameters is run once under every regime, all with one seed and paired luck; a difference
within one set still holds the chance of that seed, so these intervals are rather too wide than too narrow.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.estimates import Estimate
from policysim.scenarios.regime import STATUS_QUO

OVER_SEEDS, OVER_UNKNOWNS = "over seeds", "over what nobody knows"
"""The names of the two intervals, wherever one is printed."""
WANTED = 0.95
ENOUGH_DRAWS = 39
"""Sets from which on the interval holds a further set 95 times in 100; with fewer it is all that was found."""
COLUMNS = (
    "uncertainty_low", "uncertainty_high", "difference_uncertainty_low", "difference_uncertainty_high",
    "share_below", "ranks_first", "draws",
)  # fmt: skip
"""What is added to a row of the summary."""


@dataclass(frozen=True)
class Spread:
    """A regime over the sets of parameters; nan where there are none, or nothing to compare with."""

    low: float = math.nan
    high: float = math.nan
    gap_low: float = math.nan
    gap_high: float = math.nan
    below: float = math.nan
    """Share of the sets in which the regime lies below the status quo."""
    first: float = math.nan
    """Share of the sets in which it is the best of all regimes, or of the ties for the best."""
    draws: int = 0

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the difference leaves out zero."""
        return self.gap_low > 0 or self.gap_high < 0

    def agrees(self, gap: Estimate) -> bool:
        """Whether the whole interval lies on the side of zero on which the difference over seeds lies."""
        return self.is_clear and (self.gap_low > 0) == (gap.mean > 0)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The values between which a further set lies 95 times in 100; of few sets, the least and the greatest.

    Without assuming any distribution: of n sets a further one lies between the j-th least and the j-th greatest with the
    chance (n + 1 - 2j) / (n + 1).
    """
    found = sorted(value for value in values if math.isfinite(value))
    if not found:
        return math.nan, math.nan
    j = _cut(len(found))
    return found[j - 1], found[-j]


def _cut(draws: int) -> int:
    return max(1, math.floor((1 - WANTED) / 2 * (draws + 1) + 1e-9))


def coverage(draws: int) -> float:
    """How often a further set of parameters would lie inside the interval of so many."""
    return max(0.0, (draws + 1 - 2 * _cut(draws)) / (draws + 1))


def drawn_totals(by_draw: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """An outcome over the horizon: a row for each set, a column for each regime."""
    yearly = by_draw[list(outcome.columns)].sum(axis=1)
    runs = yearly.groupby([by_draw["draw"], by_draw["regime"]], sort=False)
    return (runs.mean() if outcome.stock else runs.sum()).unstack("regime")


def spreads(values: pd.DataFrame, outcome: Outcome) -> dict[str, Spread]:
    """From a row for each set and a column for each regime: what each regime's numbers reach over."""
    paired = STATUS_QUO in values.columns
    first = shares_first(values, outcome)
    found = {}
    for regime in values.columns:
        gap = values[regime] - values[STATUS_QUO] if paired and regime != STATUS_QUO else pd.Series(dtype=float)
        below = float((gap < 0).mean()) if gap.size else math.nan
        ends = (*interval(values[regime].tolist()), *interval(gap.tolist()))
        found[str(regime)] = Spread(*ends, below, first.get(str(regime), math.nan), len(values))
    return found


def shares_first(values: pd.DataFrame, outcome: Outcome) -> dict[str, float]:
    """How often each regime is the best, where more of an outcome is better or worse; ties are shared out."""
    if outcome.more_is == "neither" or len(values.columns) < 2 or values.empty:
        return {}
    best = values.max(axis=1) if outcome.more_is == "better" else values.min(axis=1)
    wins = values.eq(best, axis=0)
    shares = wins.div(wins.sum(axis=1), axis=0).mean()
    return {str(regime): float(share) for regime, share in shares.items()}


def row_of(spread: Spread) -> dict[str, float]:
    """A spread as it stands in the summary."""
    ends = (spread.low, spread.high, spread.gap_low, spread.gap_high)
    return dict(zip(COLUMNS, (*ends, spread.below, spread.first, spread.draws), strict=True))


def spread_in(row: pd.Series) -> Spread:
    """The spread in a row of the summary; one of an earlier summary has none."""
    low, high, gap_low, gap_high, below, first = (float(row.get(name, math.nan)) for name in COLUMNS[:-1])
    draws = row.get("draws", 0)
    return Spread(low, high, gap_low, gap_high, below, first, 0 if pd.isna(draws) else int(draws))


def share_of_chance(gap: Estimate, differences: Sequence[float]) -> float:
    """At most so much of the spread of a difference over sets is the chance of their seed, as a share of its variance."""
    if not gap.has_interval or len(differences) < 2:
        return math.nan
    from scipy.special import stdtrit

    of_seeds = gap.half / float(stdtrit(gap.seeds - 1, (1 + WANTED) / 2)) * math.sqrt(gap.seeds)
    mean = math.fsum(differences) / len(differences)
    variance = math.fsum((value - mean) ** 2 for value in differences) / (len(differences) - 1)
    return min(1.0, of_seeds**2 / variance) if variance > 0 else math.nan
