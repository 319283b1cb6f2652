"""What there is: places, regimes, levers, rules, helpers, fields and parameters as tables of plain rows, one dictionary a row.

Nothing here is written by hand beside the code it describes: levers speak for themselves, and what a rule reads is
taken from its source. Each listing loads what it describes: places and parameters need neither rules nor institutions.
"""

import inspect
import re
import textwrap
from collections.abc import Callable, Sequence
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


def rules(people: Sequence[type] = ()) -> list[Row]:
    """Every rule of a person's week once: who lives by it, where it stands, what it says, what it reads, and its text.

    `people` are classes of one's own, in place of the roles that they derive from.
    """
    from policysim.agents.roles import roles_with
    from policysim.engine.rules import rules_of

    found: dict[Callable, Row] = {}
    for role in roles_with(people):
        for name, rule in rules_of(role).items():
            if rule not in found:
                found[rule] = {"rule": name, "roles": []} | _rule(rule, role)
            found[rule]["roles"].append(role.__name__)
    return list(found.values())


def _rule(rule: Callable, role: type) -> Row:
    """What is to be said of a rule or helper as this role lives by it (super() may mean another rule for another role)."""
    from policysim.engine.own_helpers import called_by
    from policysim.engine.reads import reads_of

    read = reads_of(rule, role)
    here, world = set(read["here"]["reads"]), set(read["world"]["reads"])
    known = {parameter.name for parameter in registry().values()}
    return _place(rule) | {
        "calls": sorted(each.__name__ for each in called_by(rule, role) if _is_of_the_model(each)),
        "parameters": sorted({part for name in world for part in parameters_of(name)} & known),
        "here": sorted(here),
        "world": sorted(world - known - CURVES.keys()),
        "text": textwrap.dedent(inspect.getsource(rule)).rstrip(),
    }


def _place(function: Callable) -> Row:
    """Where a rule or helper stands and what it says."""
    return {
        "part": Path(function.__code__.co_filename).stem,
        "file": _file_of(function),
        "line": function.__code__.co_firstlineno,
        "says": (inspect.getdoc(function) or "").partition("\n")[0],
    }


def helpers(people: Sequence[type] = ()) -> list[Row]:
    """Every helper of the model that a class of one's own may have in a version of its own, in the order of the alphabet.

    With classes of one's own, as their people live by it: versions of their own and helpers of their files among them.
    """
    from policysim.agents.institutions.own import met_by
    from policysim.agents.roles import roles_with
    from policysim.engine.own_helpers import as_lived, reached
    from policysim.engine.rules import rules_of

    found: dict[Callable, Row] = {}
    roles = roles_with(people)
    decisions = met_by(roles).decisions
    for role in roles:
        decided = {name: as_lived(role, each) for name, each in decisions.items()}
        for kind, callers in (("rules", rules_of(role)), ("decisions", decided)):
            for name, caller in callers.items():
                for each in reached([caller], role):
                    if _is_of_the_model(each):
                        row = found.get(each) or found.setdefault(each, _helper(each, role))
                        row[kind][name] = row["roles"][role.__name__] = None
    listed = [row | {key: list(row[key]) for key in ("rules", "decisions", "roles")} for row in found.values()]
    return sorted(listed, key=lambda row: row["helper"])


def _is_of_the_model(helper: Callable) -> bool:
    """Not of the engine: what is said there of luck is nobody's to replace."""
    return not helper.__module__.startswith("policysim.engine.")


def rule_or_helper(name: str, people: Sequence[type] = ()) -> list[Row]:
    """The rules of a name (roles may live by different ones), or else the helper; raises UserError with the nearest name."""
    from policysim.agents.institutions.own import met_by
    from policysim.agents.roles import roles_with

    rows: list[Row] = [row for row in rules(people) if row["rule"] == name] or [
        row for row in helpers(people) if row["helper"] == name
    ]
    decisions = {} if rows else met_by(roles_with(people)).decisions
    if name in decisions:
        place = _place(decisions[name])
        raise UserError(
            f"{name!r} is no rule but a decision of an institution ({place['file']}, line {place['line']}): a class of yours "
            "may have its own version of a helper that it calls, and not of itself"
        )
    if not rows:
        close = nearest(name, [row["rule"] for row in rules(people)] + [row["helper"] for row in helpers(people)])
        raise UserError(
            f"there is no rule or helper {name!r}{close} ('policysim rules' lists the rules, 'policysim rules --helpers' what "
            "they call)"
        )
    return rows


def _helper(helper: Callable, role: type) -> Row:
    from policysim.engine.returned import gives_something

    name, taken = helper.__name__, inspect.signature(helper)
    replaced = (
        f"@helper def {name}{taken} in a class of yours; 'policysim rules new FILE.py --changes {name}' begins it"
    )
    about = _rule(helper, role)
    told, text = {key: about.pop(key) for key in ("part", "file", "line", "says")}, {"text": about.pop("text")}
    callers: Row = {"rules": {}, "decisions": {}, "roles": {}}
    more = {"replaced": replaced, "module": helper.__module__, "returns_value": gives_something(helper)}
    return {"helper": name, "arguments": str(taken), **told, **callers, **more, **about, **text}


def _file_of(function: Callable) -> str:
    """The file of a rule, as it is called in the repository."""
    file = Path(inspect.getsourcefile(function) or "").resolve()
    return file.relative_to(PACKAGE.parent).as_posix() if file.is_relative_to(PACKAGE.parent) else file.name


# ---------------------------------------------------------------- fields
RECORDS = {"self": "a person", "here": "a neighbourhood", "world": "the whole place"}
"""By what a rule calls it, whose a field is."""


def fields(people: Sequence[type] = ()) -> list[Row]:
    """Every field that a rule may read: of the person (these it may write), of where they live, of the whole place.

    With classes of one's own, what these and the institutions they name declare as well. Numbers of the registry are read as
    `world.NAME` besides: see `parameters`.
    """
    from policysim.agents.institutions.own import met_by
    from policysim.agents.roles import roles_with
    from policysim.engine.fields import fields_of

    roles = roles_with(people)
    met = met_by(roles)
    declared = {"self": fields_of(roles), "here": fields_of([met.here]), "world": fields_of([met.world])}
    return [
        {
            "field": f"{record}.{name}", "whose": RECORDS[record], "meaning": field.meaning, "unit": field.unit,
            "allowed": field.allowed, "states": _states(field), "declared_in": field.owner,
            "type": field.kind + "".join(f" x {n}" for n in field.shape),
        }
        for record, found in declared.items() for name, field in sorted(found.items())
    ]  # fmt: skip


def _states(field: Any) -> dict[str, int]:
    """What may be in it, where that has names: states of which it is one, or marks of which it is a sum."""
    return {one.name: int(one) for one in field.states or getattr(field, "marks", ())}


def fields_about(word: str, people: Sequence[type] = ()) -> list[Row]:
    """The fields of a name (`age` or `self.age`), or else all whose name or meaning has the words; raises UserError."""
    rows = fields(people)
    names = {row["field"].partition(".")[2] for row in rows}
    sought = _words(word)
    found = [row for row in rows if word in (row["field"], row["field"].partition(".")[2])]
    found = found or [row for row in rows if sought and sought <= _words(row["field"], row["meaning"])]
    if not found and word.removeprefix("world.") in {one.name for one in registry().values()}:
        number = word.removeprefix("world.")
        raise UserError(
            f"{number!r} is no field but a number of the registry, which rules read as world.{number} ('policysim parameters "
            f"{number}' tells it)"
        )
    if not found:
        close = nearest(word.rpartition(".")[2], names)
        raise UserError(f"there is no field {word!r}{close} ('policysim fields' lists them)")
    return found


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
