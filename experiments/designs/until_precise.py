"""A sweep that goes on until its outcomes are known as precisely as wanted: more replicates of every point, as planned."""

from collections.abc import Callable, Mapping
from typing import Any

from policysim.experiments.analysis.sweeps.precision import more_replicates
from policysim.experiments.designs.sweep import Swept, run_sweep
from policysim.scenarios.sweep import Sweep

MOST_REPLICATES = 100


def run_until(
    sweep: Sweep,
    wanted: Mapping[str, float],
    most: int = MOST_REPLICATES,
    told: Callable[[int, int], None] | None = None,
    **how: Any,
) -> Swept:
    """Run a sweep, and again with more replicates until each outcome is known to the wanted share at every point.

    wanted: by outcome how far its 95% interval may reach, as a share of the status quo; most: replicates at the most; told: is
    given the replicates there are and those that come next; how: what `run_sweep` takes. What was run is not run again.
    """
    outcomes = sweep.scenario.outcomes
    columns = [column for name in wanted for column in outcomes[name].columns]
    while True:
        found = run_sweep(sweep, **how)
        have = sweep.scenario.replicates
        more = more_replicates(found.table(list(dict.fromkeys(columns))), wanted, most, outcomes)
        if more <= have or found.left:
            return found
        if told:
            told(have, more)
        sweep = with_replicates(sweep, more)


def with_replicates(sweep: Sweep, replicates: int) -> Sweep:
    """The same sweep with so many replicates of every point."""
    return sweep.model_copy(update={"scenario": sweep.scenario.model_copy(update={"replicates": replicates})})
