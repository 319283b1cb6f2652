"""How precisely each point knows an outcome, and how many replicates a wanted precision takes: Stein's rule, point by point."""

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
    nan where the seeds show no interval or the base is nothing), `replicates` at hand.
    """
    rows = []
    for (point, place), runs in totals(table, [outcome]).groupby(["point", PLACE]):
        by_seed = runs.pivot(index="replicate", columns="regime", values=outcome.id)
        regime, widest, base = _widest(by_seed)
        known = widest.has_interval and base > 0
        reach = widest.half / base if known else float("nan")
        rows.append((point, place, regime, widest.mean, widest.half, base, reach, widest.seeds))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _widest(by_seed: pd.DataFrame) -> tuple[str, Estimate, float]:
    """Of one point: the regime that is known least, its estimate, and what it is set against."""
    others = [name for name in by_seed.columns if name != STATUS_QUO]
    paired = STATUS_QUO in by_seed.columns and bool(others)
    found = {
        str(name): estimate((by_seed[name] - by_seed[STATUS_QUO] if paired else by_seed[name]).dropna().tolist())
        for name in (others if paired else by_seed.columns)
    }
    name = max(found, key=lambda one: found[one].half if found[one].has_interval else -1.0)
    base = float(by_seed[STATUS_QUO].mean()) if paired else found[name].mean
    return name, found[name], base


def needed(found: pd.DataFrame, share: float) -> pd.Series:
    """How many replicates each point of `precisions` takes for an interval that reaches no further than this share.

    0 where nothing can be planned: seeds that are all equal, or one alone.
    """
    plans = []
    for row in found.to_dict("records"):
        estimated = Estimate(row["mean"], row["mean"] - row["half"], row["mean"] + row["half"], int(row["replicates"]))
        plans.append(replicates_for(estimated, share * row["base"]) if row["base"] > 0 else 0)
    return pd.Series(plans, index=found.index, dtype=int)


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
    plans = [needed(precisions(table, outcome_named(name, among)), share).max() for name, share in wanted.items()]
    want = max([have, *map(int, plans)])
    return max(have, min(want, LEAPS * have, most))
