"""The one estimate of an answer: a mean over seeds with its 95% t-interval, and differences paired by seed.

Every regime of a seed lives through the same luck, so differences are taken seed by seed and their intervals are much
narrower than those of the totals. They show chance alone: what nobody knows about the parameters is not in them.
Seeds that all gave the same show nothing of chance, and have no interval, as one seed has none: counts are coarse, and a
few runs may each have one death fewer by chance. The summary, the report and the page all read these.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from scipy.special import stdtrit

from policysim.counts.outcomes import Outcome
from policysim.scenarios.regime import STATUS_QUO

CONFIDENCE = 0.95
ALIKE = 1e-9
"""Values that differ by no more than this share of their mean are equal but for the rounding of sums."""


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with its interval; one seed alone has none, nor have seeds that all gave the same (nan)."""

    mean: float
    low: float
    high: float
    seeds: int = 1

    @property
    def has_interval(self) -> bool:
        """Whether there were seeds that differed."""
        return not math.isnan(self.low)

    @property
    def half(self) -> float:
        """How far the interval reaches to either side."""
        return (self.high - self.low) / 2

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out zero: for a difference, more than chance alone would make."""
        return self.low > 0 or self.high < 0


UNKNOWN = Estimate(math.nan, math.nan, math.nan, 0)


def estimate(values: Sequence[float]) -> Estimate:
    """Mean and 95% t-interval. Sums are exact (`fsum`), so the order of the seeds does not matter."""
    n = len(values)
    if n == 0:
        return UNKNOWN
    mean = math.fsum(values) / n
    if max(values) - min(values) <= ALIKE * abs(mean):
        return Estimate(mean, math.nan, math.nan, n)
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    half = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * math.sqrt(variance / n)
    return Estimate(mean, mean - half, mean + half, n)


def replicates_for(found: Estimate, half: float) -> int:
    """How many seeds an interval takes that reaches no further than `half` to either side, planned from those at hand.

    Stein's rule (Annals of Mathematical Statistics 16, 1945, 243-258): the quantile of Student's t for the seeds at
    hand, times their standard deviation, over `half`, squared. A mean over so many lies within `half` of the true one in
    95 of 100 plans, however far the standard deviation of the few lies from the true one, where values are normal: so
    few seeds at hand ask for more than many would. 0 where nothing can be planned from them.
    """
    if not found.has_interval or not half > 0:
        return 0
    return max(found.seeds, math.floor(found.seeds * (found.half / half) ** 2) + 1)


def over(weeks: pd.DataFrame, outcome: Outcome) -> float:
    """An outcome over these weeks of one run: events and money added up, people averaged."""
    total = math.fsum(value for column in outcome.columns for value in weeks[column])
    return total / len(weeks) if outcome.stock else total


def estimates(values: pd.DataFrame) -> pd.DataFrame:
    """From a row for each seed and a column for each regime: the columns of `row_of` for each regime, paired by seed.

    Index: regime. Without a status quo the differences are nan, and they are nan for the status quo itself.
    """
    rows = {}
    for regime in values.columns:
        gap = UNKNOWN
        if STATUS_QUO in values.columns and regime != STATUS_QUO:
            gap = estimate((values[regime] - values[STATUS_QUO]).dropna().tolist())
        rows[regime] = row_of(estimate(values[regime].dropna().tolist()), gap)
    return pd.DataFrame.from_dict(rows, orient="index")


def row_of(level: Estimate, gap: Estimate) -> dict[str, float]:
    """A level and a difference as they stand in tables, and how many seeds they are of."""
    return {
        "mean": level.mean, "low": level.low, "high": level.high,
        "difference": gap.mean, "difference_low": gap.low, "difference_high": gap.high, "seeds": level.seeds,
    }  # fmt: skip


def level_in(row: Mapping[str, Any] | pd.Series) -> Estimate:
    """The level of a row of a table."""
    return Estimate(float(row["mean"]), float(row["low"]), float(row["high"]), int(row.get("seeds", 1)))


def gap_in(row: Mapping[str, Any] | pd.Series) -> Estimate:
    """The difference of a row of a table."""
    return Estimate(
        float(row["difference"]), float(row["difference_low"]), float(row["difference_high"]), int(row.get("seeds", 1))
    )
