"""All that is known of a lever, as one row: itself, its settings, its price, its evidence, who asks for it, who pulls it.

A lever speaks for itself; figures come from the evidence and the registry, by their ids.
"""

import inspect
from collections.abc import Iterable
from typing import Any

from policysim.counts.outcomes import OUTCOMES
from policysim.evidence.contested import switches
from policysim.evidence.documents import documents
from policysim.evidence.figures import evidence
from policysim.evidence.registry import registry
from policysim.levers.catalogue import LEVERS
from policysim.levers.lever import Lever
from policysim.scenarios.regime import regimes

Row = dict[str, Any]
TODAY = "as now"
"""A setting that has no value of its own unless it is given one."""
TIMES = ("start_week", "ramp_weeks")
"""Settings that have no value at which a lever changes nothing."""
SAID = (
    "id", "group", "title", "path", "reach", "outcome", "expected", "lawful", "payer", "cost", "process", "caution",
)  # fmt: skip
FIGURE = ("id", "quantity", "value", "low", "high", "unit", "year", "place", "source", "url", "status")


def lever_row(lever: type[Lever]) -> Row:
    """Everything that `policysim levers` says of a lever."""
    known = documents()
    return {name: getattr(lever, name) for name in SAID} | {
        "payers": list(lever.purses()),
        "scales": [{"id": id, "title": LEVERS[id].title} for id in lever.scales if id in LEVERS],
        "what": inspect.getdoc(lever) or "",
        "outcome_label": _label(lever.outcome),
        "process_label": _label(lever.process),
        "settings": {name: _setting(name, field) for name, field in lever.model_fields.items()},
        "documented": dict(lever.documented),
        "unit_cost": _unit_cost(lever.cost),
        "evidence": list(lever.evidence),
        "figures": figures_of(lever.evidence),
        "contested": [
            {"id": id, "question": switch.question, "usual": switch.usual.says, "other": switch.other.says}
            for id, switch in switches().items()
            if lever.id in switch.levers
        ],
        "sources": list(lever.sources),
        "documents": [{"key": key, "title": known.get(key, "")} for key in lever.sources],
        "regimes": _pulled_by(lever.id),
    }


def figures_of(ids: Iterable[str]) -> list[Row]:
    """What the evidence says under these ids."""
    return [{name: evidence()[id][name] for name in FIGURE} for id in ids if id in evidence()]


def _label(outcome: str) -> str:
    return OUTCOMES[outcome].label if outcome in OUTCOMES else outcome


def _setting(name: str, field: Any) -> Row:
    """One setting: usual value, limits, unit, the value at which it changes nothing, what it is."""
    said = field.json_schema_extra or {}
    limits = {end: getattr(limit, end) for limit in field.metadata for end in ("ge", "le") if hasattr(limit, end)}
    low, high = limits.get("ge"), limits.get("le")
    null = said.get("null")
    return {
        "default": TODAY if field.default is None else field.default,
        "low": low,
        "high": high,
        "range": f"{'' if low is None else low} .. {'' if high is None else high}".strip(),
        "unit": said.get("unit", ""),
        "null": null if null is not None or name in TIMES else "today's value",
        "meaning": field.description or "",
    }


def _unit_cost(id: str) -> Row | None:
    """The row of the registry that says what one of it costs."""
    found = registry().get(id)
    if found is None:
        return None
    return {
        name: getattr(found, name) for name in ("id", "value", "low", "high", "unit", "quality", "source", "meaning")
    }


def _pulled_by(id: str) -> list[Row]:
    """The shipped regimes that pull a lever, each with the settings that it gives it."""
    return [
        {"id": regime.id, "name": regime.name, "settings": regime.levers[id].model_dump(exclude_unset=True)}
        for regime in regimes().values()
        if id in regime.levers
    ]
