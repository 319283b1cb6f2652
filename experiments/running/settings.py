"""What decides a run, told apart from what only chooses runs to stand side by side.

A run is one regime with one seed. All else that shapes it is shared by every run of a scenario. Which regimes and how
many seeds there are is not part of it: scenarios that differ in these alone can use each other's runs.
"""

import hashlib
import json
from typing import Any

from policysim.scenarios.own_classes import named
from policysim.scenarios.scenario import Scenario

Settings = dict[str, Any]
Column = str | int | float
NOT_SHARED = {
    "schema_version", "regimes", "replicates", "seed", "people", "one_in", "beyond_ranges", "uncertainty",
    "equal_spend", "scales",
}  # fmt: skip
"""Keys of a scenario that choose among runs; its scale, which is told both ways instead; a leave that changes no number;
and what regimes at equal spend were scaled to, which stands in their levers."""
MOST_TOLD = 3


def shared_settings(scenario: Scenario) -> Settings:
    """What all runs of a scenario have in common, as plain values. People and one_in are the same number said twice."""
    scale = {"people": round(scenario.where.residents_10_64 / scenario.scale), "one_in": scenario.scale}
    others = scenario.model_dump(mode="json", exclude=NOT_SHARED)
    counted = {"counting": _counting(scenario)} if any(one.people_classes for one in scenario.regimes) else {}
    told = others | counted
    return {"place": scenario.place} | scale | {key: value for key, value in told.items() if value not in (None, [])}


def _counting(scenario: Scenario) -> list[str]:
    """The classes whose own outcomes are counted in every arm, where they are those of one."""
    return [named(kind) for kind in scenario.counting if kind not in (scenario.people_classes or ())]


def run_settings(scenario: Scenario) -> dict[str, Settings]:
    """For each regime of a scenario, by its id, all that decides a run under it but for the seed."""
    shared = shared_settings(scenario)
    return {
        regime.id: shared | {"regime": regime.model_dump(mode="json", exclude={"contested"})}
        for regime in scenario.regimes
    }


def columns_of(settings: Settings, seed: int) -> dict[str, Column]:
    """The settings of a run as columns of its tables: a changed number is `parameters.NAME`, a budget `budgets.PURSE`."""
    first = {"place": settings["place"], "regime": settings["regime"]["id"], "seed": seed}
    others = {name: value for name, value in settings.items() if name not in first}
    if "places" in others:  # a table of one's own, too long for a cell: the same name means the same table
        others["places"] = hashlib.sha256(json.dumps(others["places"]).encode()).hexdigest()[:16]
    return first | flat(others)


def flat(settings: Settings) -> dict[str, Column]:
    """Tables of numbers with each number on its own, named `table.key` as in a scenario's file."""
    found: dict[str, Column] = {}
    for name, value in settings.items():
        if isinstance(value, dict):
            found |= {f"{name}.{key}": item for key, item in flat(value).items()}
        else:
            found[name] = value if isinstance(value, str | int | float) else json.dumps(value, sort_keys=True)
    return found


def difference(there: Settings, here: Settings) -> str:
    """The settings in which two differ, as `years: 10 there, 5 asked for`; empty if none does."""
    one, other = flat(_by_row(there)), flat(_by_row(here))
    names = [name for name in dict.fromkeys((*one, *other)) if one.get(name) != other.get(name)]
    told = [f"{name}: {_brief(one.get(name))} there, {_brief(other.get(name))} asked for" for name in names]
    return "; ".join(told[:MOST_TOLD]) + (f"; and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else "")


def _by_row(settings: Settings) -> Settings:
    """The same with a table of places of one's own by its rows, so that what differs in it can be told."""
    if "places" not in settings:
        return settings
    rows = {f"{k} ({row['local_authority']})": row for k, row in enumerate(settings["places"], start=1)}
    return settings | {"places": rows}


def _brief(value: Column | None) -> str:
    return "none" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
