"""How precisely a comparison knows an outcome, and how many replicates a wanted precision would take."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.estimates import Estimate, gap_in, level_in, replicates_for
from policysim.experiments.analysis.wording import plural, sentence_case
from policysim.scenarios.regime import STATUS_QUO

WANTED = (0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
"""Precisions that somebody may ask for: how far a 95% interval reaches to either side, as shares of the usual number."""
ENOUGH_REPLICATES = 4
"""From so many on, intervals can be relied on and more replicates be planned."""
RULE = "Stein's rule, which asks for more where there are few replicates to plan from"
EQUAL = "Seeds that are all equal show nothing of chance: more replicates, or more people (a smaller one_in), would."


@dataclass(frozen=True)
class Precision:
    """The widest interval of an outcome among the regimes, and the number that it is set against."""

    outcome: Outcome
    widest: Estimate
    base: float
    paired: bool
    """Whether it is of the differences from the status quo, which is then the number."""

    @property
    def is_known(self) -> bool:
        """Whether there is an interval, and something that it is a share of."""
        return self.widest.has_interval and self.base > 0

    @property
    def now(self) -> str:
        """`±2.1%`: how far the interval reaches now."""
        return reach(self.widest.half / self.base)

    def replicates(self, share: float) -> str:
        """About how many replicates would let the interval reach no further than this share of the number."""
        return f"{rounded_up(replicates_for(self.widest, share * self.base)):,}"

    def finer(self) -> tuple[float, ...]:
        """The next two precisions that this one does not reach yet."""
        return tuple(share for share in WANTED if share * self.base < self.widest.half)[:2]


def precision(table: pd.DataFrame, outcome: Outcome) -> Precision:
    """That of a table of `estimates`: of the differences from the status quo, or without one of the levels."""
    others = [regime for regime in table.index if regime != STATUS_QUO]
    if STATUS_QUO in table.index and others:
        found = [gap_in(table.loc[regime]) for regime in others]
        base = float(table.at[STATUS_QUO, "mean"])
        return Precision(outcome, _widest(found), base, True)
    widest = _widest([level_in(table.loc[regime]) for regime in table.index])
    return Precision(outcome, widest, widest.mean, False)


def _widest(found: Iterable[Estimate]) -> Estimate:
    return max(found, key=lambda one: one.half if one.has_interval else -1.0)


def reach(share: float) -> str:
    """`±2.1%`, `±5%`."""
    return f"±{share * 100:.2g}%" if share < 0.995 else f"±{share * 100:,.0f}%"


def rounded_up(count: int) -> int:
    """To two figures: a plan has no more of them."""
    size = 10 ** max(0, len(str(count)) - 2)
    return math.ceil(count / size) * size


def advice(found: Precision, replicates: int) -> str:
    """How many replicates a finer precision would take, in a sentence; nothing where it has none."""
    if replicates < 2:
        return (
            f"One replicate shows nothing of chance. Run {ENOUGH_REPLICATES}, and how many replicates a wanted precision "
            "takes can be told from them."
        )
    if not found.is_known:
        return ""
    noun = found.outcome.noun
    told = (
        f"Differences in {noun} are known to {found.now} of the status quo"
        if found.paired
        else f"{sentence_case(noun)} are known to {found.now}"
    )
    wants = [f"{reach(share)} would take about {found.replicates(share)} replicates" for share in found.finer()]
    return "; ".join([told, *wants]) + f" (planned from {plural(replicates, 'replicate')} by {RULE})."
