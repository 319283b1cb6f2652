"""Which regime holds up in most worlds: how often each is best, and what is regretted where it is not.

Regret (Savage, Journal of the American Statistical Association 46, 1951, 55-67) is how much worse a regime does at a point than
the best of all there. EMA Workbench 2.5 has no measure of it. Every number is of means over the seeds of a point, so that the
best is partly the luckiest: `clearly_best` counts the points at which it is ahead of every other by more than chance would make.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from policysim.counts.outcomes import Outcome
from policysim.errors import UserError
from policysim.experiments.analysis.estimates import ALIKE, CONFIDENCE
from policysim.experiments.analysis.sweeps.frames import PLACE, Gathered, totals
from policysim.experiments.analysis.unknowns import shares_first
from policysim.scenarios.regime import STATUS_QUO

MOST_BUT_TENTH = 0.9


@dataclass(frozen=True)
class Ranking:
    """A row for each regime, the least regretted first; and the regret of each at every point (index: point, place)."""

    outcome: Outcome
    rows: pd.DataFrame
    regret: pd.DataFrame
    points: int
    left_out: int


def ranking(swept: Gathered, outcome: Outcome) -> Ranking:
    """Over all points and places at which every regime was run.

    Columns: `regime`; `best`, the share of points at which it is the best (ties share one); `clearly_best`, beyond chance;
    `no_worse`, the share at which it does no worse than the status quo; `rank`, its mean rank; `regret_mean`, `regret_90`
    (nine points in ten have no more) and `regret_max`, in the unit of the outcome; `worst`, its mean number at the point where
    that is worst. Raises UserError.
    """
    if outcome.more_is == "neither":
        raise UserError(f"nobody would say whether more {outcome.noun} is better: regimes cannot be ranked by it")
    if len(swept.regimes) < 2:
        raise UserError("a ranking needs two regimes")
    found = totals(swept.table, [outcome])
    means = found.groupby(["point", PLACE, "regime"])[outcome.id].mean().unstack("regime")
    whole = means.dropna()
    if whole.empty:
        raise UserError("there is no point at which every regime was run")
    burden = whole if outcome.more_is == "worse" else -whole
    regret = burden.sub(burden.min(axis=1), axis=0)
    first = shares_first(whole, outcome)
    clear = _clear(found, outcome).reindex(whole.index)
    ranks = burden.rank(axis=1).mean()
    rows = []
    for regime in swept.regimes:
        of = regret[regime]
        rows.append({
            "regime": regime, "best": first[regime], "clearly_best": float((clear == regime).mean()),
            "no_worse": float((burden[regime] <= burden[STATUS_QUO]).mean()) if STATUS_QUO in burden else np.nan,
            "rank": float(ranks[regime]), "regret_mean": float(of.mean()), "regret_90": float(of.quantile(MOST_BUT_TENTH)),
            "regret_max": float(of.max()), "worst": float(whole.loc[burden[regime].idxmax(), regime]),
        })  # fmt: skip
    table = pd.DataFrame(rows).sort_values(["regret_max", "regret_mean"], kind="stable", ignore_index=True)
    return Ranking(outcome, table, regret, len(whole), len(means) - len(whole))


def _clear(found: pd.DataFrame, outcome: Outcome) -> pd.Series:
    """Of each point the regime that is ahead of each other one by a paired difference beyond chance; nobody where none is.

    As `estimate` says it of each pair, of all points at once: a large sweep has tens of thousands.
    """
    sign = 1 if outcome.more_is == "worse" else -1
    runs = found.set_index(["point", PLACE, "replicate", "regime"])[outcome.id].unstack("regime").dropna() * sign
    if runs.empty:
        return pd.Series(dtype=object)
    at = runs.index.droplevel("replicate")
    best = runs.groupby(["point", PLACE]).mean().idxmin(axis=1)
    ahead = runs.to_numpy()[np.arange(len(runs)), runs.columns.get_indexer(best.reindex(at))]
    clear = pd.Series(True, index=best.index)
    for other in runs.columns:
        gap = pd.Series(ahead - runs[other].to_numpy(), index=at).groupby(level=[0, 1])
        n, mean = gap.size(), gap.mean()
        alike = gap.max() - gap.min() <= ALIKE * mean.abs()
        half = stdtrit((n - 1).clip(lower=1), (1 + CONFIDENCE) / 2) * gap.std() / np.sqrt(n)
        clear &= (best == other) | (~alike & (n > 1) & (mean + half < 0))
    return best.where(clear, "").astype(object)
