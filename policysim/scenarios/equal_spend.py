"""Equal spend: how much public money a year every regime is to spend, and a regime that is scaled to it.

A regime is scaled by its coverage alone: every lever reaches so many times as much as described, none more than all. Unit
costs, limits of capacity and weeks to begin stay what they are, so that what money buys is found by running it.
"""

import math
import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator

from policysim.scenarios.changes import LIKE_TODAY
from policysim.scenarios.faults import at_key
from policysim.scenarios.regime import Regime
from policysim.vocabulary.reasons import shown

SUFFIX, OF_NAME = "-at-equal-spend", " at equal spend"
"""What is added to the id and the name of a regime that has been scaled."""
MORE = re.compile(rf"{LIKE_TODAY}\s*\+\s*(.+)")
WAYS = f"GBP a year for the whole place, '{LIKE_TODAY}', or '{LIKE_TODAY}+' and GBP a year more"


def _money(value: Any) -> float | None:
    """A number of pounds, also as text; None for anything else."""
    try:
        found = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError, OverflowError):  # the last for whole numbers beyond what pounds can be
        return None
    return found if math.isfinite(found) else None


def _given(value: Any) -> Any:
    """Pounds a year, or so many more than the status quo spends; raises a fault."""
    more = MORE.fullmatch(value.strip()) if isinstance(value, str) else None
    pounds = _money(more[1] if more else value)
    if value is None or (isinstance(value, str) and value.strip() == LIKE_TODAY):
        return value and LIKE_TODAY
    if pounds is None or pounds < 0:
        raise at_key(f"equal_spend must be {WAYS}, not {shown(value)}")
    return f"{LIKE_TODAY}+{pounds:.15g}" if more else pounds


if TYPE_CHECKING:
    EqualSpend = float | str | None
else:
    EqualSpend = Annotated[Any, BeforeValidator(_given)]


def wanted(asked: float | str, today: float) -> float:
    """GBP a year that every regime is to spend, where the status quo spends `today`."""
    if not isinstance(asked, str):
        return asked
    more = MORE.fullmatch(asked)
    return today + (float(more[1]) if more else 0.0)


def most(regime: Regime) -> float:
    """The scale at which every lever of a regime that reaches anybody reaches all."""
    return max((1 / lever.coverage for lever in regime.levers.values() if lever.coverage > 0), default=1.0)


def at_scale(regime: Regime, scale: float, id: str = "", name: str = "") -> Regime:
    """The regime with its levers at so many times their coverage, at most all."""
    levers = {
        key: lever.model_copy(update={"coverage": min(lever.coverage * scale, 1.0)})
        for key, lever in regime.levers.items()
    }
    return Regime(
        id=id or regime.id + SUFFIX, name=name or regime.name + OF_NAME, summary=regime.summary, levers=levers,
        contested=regime.contested, people_classes=regime.people_classes,
    )  # fmt: skip
