"""The one estimate of an answer: a mean over seeds with its 95% t-interval, and differences paired by seed.

Every regime of a seed lives through the same luck, so differences are taken seed by seed and their intervals are much
narrower than those of the totals. They show chance alone: what nobody knows about the parameters is not in them.
Seeds that all gave the same show nothing of chance, and have no interval, as one seed has none: counts are coarse, and a
few runs may each have one death fewer by chance. The summary, the report and the page all read these.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
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
    total = math.fsum(chain.from_iterable(weeks[column].tolist() for column in outcome.columns))
    return total / len(weeks) if outcome.stock else total


def estimates(values: pd.DataFrame) -> pd.DataFrame:
    """From a row for each seed and a column for each regime: the columns of `row_of` for each regime, paired by seed.

    Index: regime. Without a status quo the differences are nan, and they are nan for the status quo itself.
    """
    found = _paired({str(regime): values[[regime]].set_axis(["value"], axis=1) for regime in values.columns})
    return pd.DataFrame([rows["value"] for rows in found.values()], index=list(values.columns))


def estimates_of_many(per_run: pd.DataFrame, names: list[str]) -> dict[str, dict[str, dict[str, float]]]:
    """The same of these columns of a row for each run, of which two more are `seed` and `regime`: by regime and column.

    At once, for a comparison has hundreds of outcomes: one by one they take longer than its runs where these are small.
    """
    seeds = per_run.set_index("seed")
    regimes = per_run["regime"].unique()
    return _paired({str(regime): seeds.loc[(seeds["regime"] == regime).to_numpy(), names] for regime in regimes})


def _paired(by_regime: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, dict[str, float]]]:
    """By regime and column the columns of `row_of`, from frames with a row for each seed."""
    found, quo = {}, by_regime.get(STATUS_QUO)
    for regime, levels in by_regime.items():
        gaps = [UNKNOWN] * levels.shape[1]
        if quo is not None and regime != STATUS_QUO:
            gaps = list(map(estimate, _known(levels - quo)))  # nan for a seed that only one of them has
        estimated = zip(levels.columns, map(estimate, _known(levels)), gaps, strict=True)
        found[regime] = {str(name): row_of(level, gap) for name, level, gap in estimated}
    return found


def _known(values: pd.DataFrame) -> list[list[float]]:
    """The numbers of each column but for those that are nan."""
    columns = values.to_numpy(float).T
    return [column[~np.isnan(column)].tolist() for column in columns]


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
