"""The headline outcomes of every week, for Mesa's own tools: `DataCollector`, `batch_run`, `SolaraViz`."""

from functools import partial
from typing import Any

from mesa import DataCollector

from policysim.counts.outcomes import OUTCOMES

REPORTED = (
    "expected_deaths", "deaths", "overdoses", "treatment_entries", "in_agonist_treatment", "searches", "arrests",
    "imprisoned", "opiate_or_crack_users", "first_use", "population",
)  # fmt: skip


def headline_collector() -> DataCollector:
    """Collects the seed, the week that was lived and the headline outcomes of it, scaled to residents."""
    outcomes = {name: partial(of_last_week, name) for name in REPORTED}
    return DataCollector(model_reporters={"run_seed": "run_seed", "week_of_run": _week_lived, **outcomes})


def of_last_week(name: str, model: Any) -> float:
    """One outcome of the week last counted, everywhere, scaled to residents; usable as a reporter with `partial`."""
    outcome, counted = OUTCOMES[name], model.outcomes
    if outcome.kind == "flow":
        count = sum(counted.last_flow(mark) for mark in outcome.parts)
    elif outcome.kind == "stock":
        count = counted.last_stock(outcome.parts[0])
    else:
        count = counted.sums[counted.week, :, outcome.parts[0]].sum() if counted.week >= 0 else 0
    return float(count * model.one_in)


def _week_lived(model: Any) -> int:
    return int(model.week_of_run) - 1
