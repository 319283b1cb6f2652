"""The headline outcomes of every week, for Mesa's own tools: `DataCollector`, `batch_run`, `SolaraViz`."""

from functools import partial
from typing import Any

from policysim.counts.outcomes import OUTCOMES, Shown, headlines
from policysim.engine.light_mesa import mesa
from policysim.errors import UserError, nearest


def headline_collector() -> mesa.DataCollector:
    """Collects the seed, the week that was lived and the headline outcomes of it, scaled to residents."""
    outcomes = {outcome.id: partial(of_last_week, outcome.id) for outcome in headlines(Shown.MESA)}
    return mesa.DataCollector(model_reporters={"run_seed": "run_seed", "week_of_run": _week_lived, **outcomes})


def of_last_week(name: str, model: Any) -> float:
    """One outcome of the week last counted, everywhere, scaled to residents; usable as a reporter with `partial`.

    Raises UserError where no outcome has that name.
    """
    if name not in OUTCOMES:
        raise UserError(
            f"there is no outcome {name!r}{nearest(str(name), OUTCOMES)} (policysim.counts.outcomes.OUTCOMES lists them)"
        )
    return float(model.outcomes.last(OUTCOMES[name]) * model.one_in)


def _week_lived(model: Any) -> int:
    return int(model.week_of_run) - 1
