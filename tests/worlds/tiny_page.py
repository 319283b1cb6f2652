"""A tiny comparison for the page, run in this process, and stand-ins for the workers."""

from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.running.turns import Turns

TINY = Scenario.model_validate(
    {"place": "dorset", "regimes": [STATUS_QUO, "harm-reduction"], "years": 2, "people": 2000, "replicates": 2,
     "burn_in_years": 0, "uncertainty": 2}
)  # fmt: skip


def at_once(work: Any, *arguments: Any) -> Future:
    """Runs in this process what the page gives to its workers."""
    future: Future = Future()
    try:
        future.set_result(work(*arguments))
    except Exception as error:  # noqa: BLE001  (a future keeps whatever was raised)
        future.set_exception(error)
    return future


def never(work: Any, *arguments: Any) -> Future:
    """Begins nothing."""
    return Future()


def workers_of(submit: Any, at_a_time: int = 1) -> Any:
    """What stands for the workers: whose turn it is, and no shared starts."""
    return SimpleNamespace(number=at_a_time, turns=Turns(submit, at_a_time), starts=None)


def words_of(widget: Any) -> str:
    """Every word that a widget and those within it show."""
    own = [getattr(widget, name, "") for name in ("label", "hint", "unsafe_innerHTML")]
    inner = getattr(widget, "children", ())
    within = [child if isinstance(child, str) else words_of(child) for child in inner]
    return " ".join(part for part in [*own, *within] if isinstance(part, str))
