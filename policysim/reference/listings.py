"""What there is: places, regimes, levers, rules and parameters as tables of plain rows, one dictionary a row.

Nothing here is written by hand beside the code it describes: levers speak for themselves, and what a rule reads is
taken from its source. Each listing loads what it describes: places and parameters need neither rules nor institutions.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from policysim.errors import UserError, nearest
from policysim.evidence.contested import switches
from policysim.evidence.curves import CURVES, parameters_of
from policysim.evidence.registry import registry
from policysim.scenarios.regime import regimes as shipped_regimes
from policysim.scenarios.scenario import Scenario
from policysim.world.places import gazetteer
from policysim.world.places import table as table_of_places
from policysim.world.status_quo import own_and_carried

Row = dict[str, Any]
PACKAGE = Path(__file__).resolve().parent.parent


def places(name: str | None = None, own: Path | None = None) -> list[Row]:
    """Every place that can be simulated; or the one of a name, with others of the same, its own figures and carried ones.

    Of the shipped places or of those of a table of one's own.
    """
    known = gazetteer(own)
    rows = table_of_places(known)
    if name is None:
        return rows
    found = known.find(name)
    row = next(row for row in rows if row["id"] == found.id)
    figures, carried = own_and_carried(found)
    return [row | {"of_the_same_name": known.namesakes(found), "own_figures": figures, "carried": carried}]


def regimes() -> list[Row]:
    """The shipped regimes and the levers they pull."""
    return [
        {
            "id": regime.id,
            "name": regime.name,
            "summary": regime.summary,
            "contested": list(regime.contested),
            "levers": {key: lever.model_dump() for key, lever in regime.levers.items()},
        }
        for regime in shipped_regimes().values()
    ]


def levers() -> list[Row]:
    """What a regime can switch on: all that is known of each lever."""
    from policysim.levers.catalogue import LEVERS
    from policysim.reference.levers import lever_row

    return [lever_row(lever) for lever in LEVERS.values()]


def contested() -> list[Row]:
    """The contested questions: both readings with the numbers they set and what stands for them, and who names them."""
    from policysim.reference.levers import figures_of

    shipped = shipped_regimes().values()
    return [
        {
            "id": switch.id,
            "question": switch.question,
            "usual": switch.usual.id,
            "other": switch.other.id,
            "readings": [
                {"id": one.id, "says": one.says, "parameters": dict(one.parameters), "evidence": list(one.evidence)}
                | {"figures": figures_of(one.evidence), "source": one.source}
                for one in switch.readings
            ],
            "levers": list(switch.levers),
            "regimes": [regime.id for regime in shipped if switch.id in regime.contested],
        }
        for switch in switches().values()
    ]


def parameters() -> list[Row]:
    """The registry: every number that shapes behaviour, with its range, unit, quality and source."""
    return [asdict(row) | {"evidence": list(row.evidence)} for row in registry().values()]


def about(rows: list[Row], word: str) -> list[Row]:
    """Parameters by one name, or a table of them, or all whose id, meaning or source has the words, or this evidence."""
    if any(word in (row["id"], row["id"].partition("[")[0]) for row in rows):
        return one(rows, word, "id", "parameter", "parameters")
    sought = _words(word)
    found = [
        row
        for row in rows
        if word in row["evidence"] or (sought and sought <= _words(row["id"], row["meaning"], row["source"]))
    ]
    return found or one(rows, word, "id", "parameter", "parameters")


def _words(*texts: str | None) -> set[str]:
    """The words of some texts; an underscore parts words too."""
    return set(re.findall(r"[a-z0-9]+", " ".join(text or "" for text in texts).casefold()))


def one(rows: list[Row], name: str, key: str, what: str, command: str) -> list[Row]:
    """The rows of one name, or of all the entries of a table (`death_rate` for `death_rate[men,40-44]`)."""
    found = [row for row in rows if row[key] == name] or [row for row in rows if row[key].partition("[")[0] == name]
    if not found:
        close = nearest(name, [row[key] for row in rows])
        raise UserError(f"there is no {what} {name!r}{close} ('policysim {command}' lists them)")
    return found


# ---------------------------------------------------------------- rules


def rules() -> list[Row]:
    """Every rule of a person's week once: who lives by it, where it stands, what it says and what it reads."""
    from policysim.agents.roles import ROLES
    from policysim.engine.rules import rules_of

    found: dict[Callable, Row] = {}
    for role in ROLES:
        for name, rule in rules_of(role).items():
            if rule not in found:
                found[rule] = {"rule": name, "roles": []} | _rule(rule, role)
            found[rule]["roles"].append(role.__name__)
    return list(found.values())


def _rule(rule: Callable, role: type) -> Row:
    """What is to be said of a rule as this role lives by it (super() may mean another rule for another role)."""
    from policysim.engine.reads import reads_of

    read = reads_of(rule, role)
    here, world = set(read["here"]["reads"]), set(read["world"]["reads"])
    known = {parameter.name for parameter in registry().values()}
    return {
        "part": rule.__module__.rpartition(".")[2],
        "file": _file_of(rule),
        "line": rule.__code__.co_firstlineno,
        "says": (inspect.getdoc(rule) or "").partition("\n")[0],
        "parameters": sorted({part for name in world for part in parameters_of(name)} & known),
        "here": sorted(here),
        "world": sorted(world - known - CURVES.keys()),
    }


def _file_of(function: Callable) -> str:
    """The file of a rule, as it is called in the repository."""
    file = Path(inspect.getsourcefile(function) or "").resolve()
    return file.relative_to(PACKAGE.parent).as_posix() if file.is_relative_to(PACKAGE.parent) else file.name


# ---------------------------------------------------------------- networks


def network(scenario: Scenario) -> list[Row]:
    """Measures of the peer network of a scenario's place and first seed at week 0 beside published figures."""
    from policysim.model import DrugPolicyModel
    from policysim.network.measures import table

    model = DrugPolicyModel(
        scenario.where,
        seed=scenario.seed,
        one_in=scenario.scale,
        years=1,
        parameters=scenario.numbers,
        beyond_ranges=scenario.beyond_ranges,
    )
    try:
        figures = [{key: _text(value) for key, value in row.items()} for row in parameters()]
        return table(model.peers.ties, model.people, figures, model.peers.using)
    finally:
        model.close()


def _text(value: Any) -> str:
    """As it stands in the registry's files."""
    return "" if value is None else str(value)
