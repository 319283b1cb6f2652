"""How precisely each point knows an outcome, and how many replicates a wanted precision takes: Stein's rule, point by point."""

import math
from collections.abc import Mapping

import pandas as pd

from policysim.counts.outcomes import OUTCOMES, Outcome
from policysim.experiments.analysis.estimates import Estimate, estimate, replicates_for
from policysim.experiments.analysis.precision import ENOUGH_REPLICATES
from policysim.experiments.analysis.sweeps.frames import PLACE, outcome_named, totals
from policysim.scenarios.regime import STATUS_QUO

LEAPS = 3
"""So many times the replicates at hand are asked for at most at once: what few seeds plan is often far too many."""
COLUMNS = ("point", PLACE, "regime", "mean", "half", "base", "reach", "replicates")


def precisions(table: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """A row for each point and place: the regime with the widest 95% interval, and how far that reaches.

    Of the paired differences from the status quo, set against the status quo's number there; without one of the levels, set
    against themselves. Columns: `mean`, `half` (how far the interval reaches to either side), `base`, `reach` (half over base;
    nan where the seeds show no interval, the base is nothing, or runs failed that a difference takes), `replicates` at hand.
    """
    regimes = set(table["regime"])
    paired = STATUS_QUO in regimes and len(regimes) > 1
    rows = []
    for (point, place), runs in totals(table, [outcome]).groupby(["point", PLACE]):
        by_seed = runs.pivot(index="replicate", columns="regime", values=outcome.id)
        regime, widest, base = _widest(by_seed, paired)
        known = widest.has_interval and base > 0
        reach = widest.half / base if known else float("nan")
        rows.append((point, place, regime, widest.mean, widest.half, base, reach, widest.seeds))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _widest(by_seed: pd.DataFrame, paired: bool) -> tuple[str, Estimate, float]:
    """Of one point: the regime that is known least, its estimate, and what it is set against; nothing known without a pair."""
    names = [str(name) for name in by_seed.columns if not paired or name != STATUS_QUO]
    if paired and (STATUS_QUO not in by_seed.columns or not names):
        return (names or [STATUS_QUO])[0], Estimate(math.nan, math.nan, math.nan, len(by_seed)), math.nan
    found = {
        name: estimate((by_seed[name] - by_seed[STATUS_QUO] if paired else by_seed[name]).dropna().tolist())
        for name in names
    }
    name = max(found, key=lambda one: found[one].half if found[one].has_interval else -1.0)
    base = float(by_seed[STATUS_QUO].mean()) if paired else found[name].mean
    return name, found[name], base


def needed(found: pd.DataFrame, share: float) -> pd.Series:
    """How many replicates each point of `precisions` takes for an interval that reaches no further than this share.

    Missing where nothing can be planned: seeds that are all equal, or one alone, or runs that failed.
    """
    plans = []
    for row in found.to_dict("records"):
        estimated = Estimate(row["mean"], row["mean"] - row["half"], row["mean"] + row["half"], int(row["replicates"]))
        plans.append(replicates_for(estimated, share * row["base"]) if row["base"] > 0 else 0)
    return pd.Series([plan or None for plan in plans], index=found.index, dtype="Int64")


def more_replicates(
    table: pd.DataFrame, wanted: Mapping[str, float], most: int, among: Mapping[str, Outcome] = OUTCOMES
) -> int:
    """How many replicates in all every point is to have next; as many as there are once each outcome is precise enough.

    wanted: by outcome the share of the status quo (of the regime itself where there is none) that its 95% interval is to reach
    to either side, at every point; most: no more than so many; among: every outcome by id. The next number is what Stein's
    rule plans for the point that needs most, but no more than three times what there is: a plan from more seeds is a better
    one. Points that show no interval (all seeds equal, as where nobody dies) ask for no more than the few from which a plan
    can be made.
    """
    have = int(table["replicate"].nunique()) if len(table) else 0
    if have < ENOUGH_REPLICATES:
        return max(have, min(most, ENOUGH_REPLICATES))
    plans = [needed(precisions(table, outcome_named(name, among)), share).dropna() for name, share in wanted.items()]
    want = max([have, *(int(plan) for of_one in plans for plan in of_one)])
    return max(have, min(want, LEAPS * have, most))
