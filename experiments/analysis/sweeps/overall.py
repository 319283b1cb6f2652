"""An outcome over all points of a sweep: the mean with its interval over seeds, and how far points lie apart."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.estimates import ALIKE, CONFIDENCE, Estimate, estimate
from policysim.experiments.analysis.sweeps.frames import PLACE, Gathered, totals
from policysim.scenarios.regime import STATUS_QUO


@dataclass(frozen=True)
class Overall:
    """One regime in one place: differences from the status quo of the same point and seed, or its own numbers.

    `mean` is over all points, with a 95% interval over seeds: chance alone. `median`, `least` and `most` are over points, each a
    mean over its seeds; `fewer` and `more` count those at which the difference is beyond chance. `base`: the status quo.
    """

    outcome: Outcome
    place: str
    regime: str
    paired: bool
    mean: Estimate
    median: float
    least: float
    most: float
    fewer: int
    more: int
    points: int
    base: float

    def row(self) -> dict[str, object]:
        """As it stands in a file; the interval of a number of its own cannot reach below nothing."""
        low = 0.0 if self.mean.low < 0 and not self.paired else self.mean.low
        return {
            "place": self.place, "regime": self.regime, "outcome": self.outcome.id, "difference": self.paired,
            "mean": self.mean.mean, "low": low, "high": self.mean.high, "median": self.median, "least": self.least,
            "most": self.most, "fewer": self.fewer, "more": self.more, "points": self.points, "seeds": self.mean.seeds,
            "base": self.base,
        }  # fmt: skip


def overall(swept: Gathered, outcome: Outcome) -> list[Overall]:
    """By place and regime, the status quo first, with its own numbers; only points at which a regime has its pair count."""
    found = totals(swept.table, [outcome])
    told = []
    for place in swept.places:
        here = found[found[PLACE] == place]
        grids = {
            str(name): of.pivot(index="point", columns="replicate", values=outcome.id)
            for name, of in here.groupby("regime")
        }
        quo = grids.get(STATUS_QUO)
        for regime in swept.regimes:
            if regime not in grids:
                continue
            paired = quo is not None and regime != STATUS_QUO
            values = (grids[regime] - quo if paired else grids[regime]).dropna(how="all")
            if len(values):
                base = quo.loc[values.index.intersection(quo.index)] if quo is not None else grids[regime]
                told.append(_of(outcome, place, regime, paired, values, float(base.to_numpy().mean())))
    return told


def _of(outcome: Outcome, place: str, regime: str, paired: bool, values: pd.DataFrame, base: float) -> Overall:
    whole = values.dropna()
    of_seeds = [math.fsum(whole[seed]) / len(whole) for seed in whole] if len(whole) else []
    means = values.mean(axis=1)
    fewer, more = _beyond_chance(values) if paired else (0, 0)
    return Overall(
        outcome, place, regime, paired, estimate(of_seeds), float(means.median()), float(means.min()), float(means.max()),
        fewer, more, len(values), base,
    )  # fmt: skip


def _beyond_chance(values: pd.DataFrame) -> tuple[int, int]:
    """At how many points there are fewer, and at how many more: as `estimate` says it of each, of all at once."""
    n, mean = values.count(axis=1), values.mean(axis=1)
    known = values.max(axis=1) - values.min(axis=1) > ALIKE * mean.abs()
    half = stdtrit((n - 1).clip(lower=1), (1 + CONFIDENCE) / 2) * values.std(axis=1) / np.sqrt(n)
    return int((known & (mean + half < 0)).sum()), int((known & (mean - half > 0)).sum())
