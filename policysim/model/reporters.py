"""The headline outcomes of every week, for Mesa's own tools: `DataCollector`, `batch_run`, `SolaraViz`."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from policysim.counts.outcomes import OUTCOMES, Shown, headlines
from policysim.engine.light_mesa import mesa
from policysim.errors import UserError, nearest


class HeadlineCollector(mesa.DataCollector):
    """Mesa's collector of plain numbers of the model, which need not be copied; what else is asked of it, Mesa collects."""

    def collect(self, model: Any) -> None:
        """Ask every reporter about the week that was lived."""
        of_agents = self.agent_reporters or self.agenttype_reporters
        if of_agents or not all(map(_gives_a_number, self.model_reporters.values())):
            super().collect(model)
            return
        for name, reporter in self.model_reporters.items():
            self.model_vars[name].append(reporter(model))


def headline_collector(own: Iterable[str] = ()) -> HeadlineCollector:
    """Collects the seed, the week that was lived, the headline outcomes of it and one's own, scaled to residents."""
    names = (*(outcome.id for outcome in headlines(Shown.MESA)), *own)
    outcomes = {name: partial(of_last_week, name) for name in names}
    return HeadlineCollector(model_reporters={"run_seed": _seed, "week_of_run": _week_lived, **outcomes})


def of_last_week(name: str, model: Any) -> float:
    """One outcome of the week last counted, everywhere, scaled to residents; usable as a reporter with `partial`.

    Raises UserError where no outcome has that name.
    """
    known = {**OUTCOMES, **model.outcomes.own} if name not in OUTCOMES else OUTCOMES
    if name not in known:
        raise UserError(
            f"there is no outcome {name!r}{nearest(str(name), known)} (policysim.counts.outcomes.OUTCOMES lists them)"
        )
    return float(model.outcomes.last(known[name]) * model.one_in)


def _gives_a_number(reporter: Any) -> bool:
    """Whether this is a reporter of this module."""
    return getattr(reporter, "func", reporter) in (of_last_week, _week_lived, _seed)


def _seed(model: Any) -> int:
    return int(model.run_seed)


def _week_lived(model: Any) -> int:
    return int(model.week_of_run) - 1
