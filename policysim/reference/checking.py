"""`policysim check`: whether a file of a scenario, a regime, rules, a lever or places can be used, in one line."""

import inspect
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType

from policysim.errors import UserError
from policysim.reading import check_is_file
from policysim.reference.own_files import check_text, classes_in, last_of
from policysim.scenarios.faults import read_toml
from policysim.scenarios.own_classes import load_file
from policysim.scenarios.regime import regime_from
from policysim.scenarios.scenario import Scenario, scenario_from
from policysim.world.places import gazetteer

AGENTS = Path(__file__).resolve().parent.parent / "agents"
DERIVE_PEOPLE, DERIVE_LEVER = "derive one from YoungPerson, Adult or DependentUser", "derive one from Lever"
ONLY_REGIME = {"id", "name", "summary", "levers"}


def check_file(file: Path) -> str:
    """What the file is and that it is sound; raises UserError with its first fault."""
    check_is_file(file)
    if file.suffix == ".py":
        return _check_python(file)
    if file.suffix == ".csv":
        return _check_places(file)
    data, source = read_toml(file)
    of_scenario, of_regime = data.keys() & Scenario.model_fields.keys(), data.keys() & ONLY_REGIME
    if len(of_regime) > len(of_scenario):
        regime = regime_from({"id": file.name.removesuffix(".toml"), **data}, source)
        try:
            Scenario(regimes=(regime,), years=40)  # whether it may go by its id and its name
        except UserError as error:
            raise UserError(source.told(("id",), str(error))) from None
        return f"{file} is a sound regime, {regime.name}, with {_many(len(regime.levers), 'lever')}."
    scenario = scenario_from(data, source)
    counts = (len(scenario.regimes), "regime"), (scenario.years, "year"), (scenario.replicates, "replicate")
    return (
        f"{file} is a sound scenario: {scenario.where.name}, {', '.join(_many(*count) for count in counts)}, "
        f"one simulated person for every {scenario.scale:,.4g} residents{_check_rules_of(scenario)}."
    )


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _check_rules_of(scenario: Scenario) -> str:
    """Check and try the rules of one's own that a scenario names, file by file."""
    by_file: dict[Path, list[type]] = {}
    for kind in scenario.people_classes or ():
        by_file.setdefault(Path(inspect.getfile(kind)), []).append(kind)
    return "".join(f"; rules of {_names(kinds)}{_check_rules(file, kinds)}" for file, kinds in by_file.items())


def _check_places(file: Path) -> str:
    """A table of places of one's own."""
    known = gazetteer(file).places
    count = {kind: sum(place.kind == kind for place in known) for kind in ("authority", "force")}
    residents = sum(place.population for place in known if place.kind == "authority")
    return (
        f"{file} is a sound table of places: local authorities {count['authority']}, police force areas "
        f"{count['force']}, residents {residents:,}."
    )


def _check_python(file: Path) -> str:
    """Rules, institutions or levers, or a file of the model itself."""
    check_text(file)
    from policysim.agents.institutions.institution import Institution  # with all that takes seconds to load
    from policysim.agents.institutions.own import NAMED_IN, own_in
    from policysim.agents.institutions.own_faults import called, check_institution
    from policysim.agents.people.person import Person
    from policysim.agents.roles import YoungPerson
    from policysim.levers.lever import Lever
    from policysim.reference.trying_levers import try_lever

    if file.resolve().is_relative_to(AGENTS):  # a shipped file, edited in place: the roles are made of it already
        return f"{file} is part of the model, whose rules are sound{_check_rules(file, [])}."
    module = load_file(file)
    kinds, levers, institutions = (classes_in(module, kind) for kind in (Person, Lever, Institution))
    kinds = last_of(kinds)
    _check_no_rule_outside(file, module)
    for institution in institutions:
        check_institution(institution)
        if kinds and institution not in own_in(kinds):
            raise UserError(
                f"{called(institution)} is named by no class of people in the file, so that nobody meets it: write "
                f"{NAMED_IN} = ({institution.__name__},) in one"
            )
    pulled = [f"a sound lever: {try_lever(lever, str(file), _known_in(module, Person))}" for lever in levers]
    found = [f"a sound institution: {institution.__name__}" for institution in institutions]
    if kinds:
        found.insert(0, f"sound rules: {_names(kinds)}{_check_rules(file, kinds, levers)}")
    elif institutions:
        _check_rules(file, [type("Everyone", (YoungPerson,), {NAMED_IN: tuple(institutions)})], levers)
    found += pulled
    if not found:
        raise _nothing_in(file, module)
    return f"{file} holds {'; '.join(found)}."


def _known_in(module: ModuleType, kind: type) -> list[type]:
    """The classes of this kind that a file defines or imports, but for the model's own."""
    held = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, kind)]
    return [value for value in held if not value.__module__.startswith("policysim.")]


def _check_rules(file: Path, kinds: list[type], levers: Sequence[type] = ()) -> str:
    """Check and try the rules; returns what is to be said of how far the trial came."""
    from policysim.reference.trying_rules import PEOPLE, WEEKS, replaced_whole, try_rules

    _check_source_of(kinds)
    missed = try_rules(file, kinds, levers)
    tried = f", tried by {PEOPLE} people over {WEEKS} weeks"
    if missed:
        lines = f"line {missed[0]}" if len(missed) == 1 else f"lines {', '.join(map(str, missed))}"
        tried += f", who never reached {lines}"
    whole = (
        f"; {kind.__name__} lives by its own {name} alone and by nothing of the model's, since no "
        f"super().{name}(here, world, luck) stands in it"
        for kind, name in replaced_whole(kinds)
    )
    return tried + "".join(whole)


def _check_source_of(kinds: list[type], compiles: bool = True) -> None:
    """What can be told of rules before anybody lives by them; raises UserError for the first fault."""
    from policysim.agents.institutions.own import met_by
    from policysim.agents.roles import roles_with
    from policysim.counts.counting import count_person
    from policysim.engine.bounds import check_values
    from policysim.engine.compiler import write_module
    from policysim.engine.fields import fields_of, layout
    from policysim.engine.friends import check_counts
    from policysim.engine.own_helpers import all_as_lived
    from policysim.engine.reads import check_fields, check_marks, fields_in
    from policysim.evidence.registry import Parameters
    from policysim.model.building import world_record

    roles = roles_with(kinds)
    _check_no_helper_as_rule(kinds)
    met = met_by(roles)
    decisions = all_as_lived(roles, met.decisions.values())
    layouts = (layout(fields_of(roles)), layout(fields_of([met.here])), world_record(Parameters(), roles).dtype)
    of_self, of_here, of_world = map(fields_in, layouts)
    check_fields(roles, decisions, of_self, of_here, of_world)
    check_marks(roles, decisions)
    check_counts(roles, decisions)
    check_values(roles, decisions, of_self, of_here, of_world)
    if compiles:
        write_module(roles, met.decisions, count_person)


def _check_no_helper_as_rule(kinds: list[type]) -> None:
    """Raise UserError for a rule of a new name that is a helper's: it would be lived beside that helper, and change nothing."""
    from policysim.agents.roles import ROLES
    from policysim.engine.rules import rules_of, where
    from policysim.reference.listings import helpers

    known = {name for role in ROLES for name in rules_of(role)}
    new = {name: rule for kind in kinds for name, rule in rules_of(kind).items() if name not in known}
    for row in helpers() if new else ():
        if row["helper"] in new:
            raise UserError(
                f"{where(new[row['helper']])} has the name of a helper of the model: write @helper above it in place of @rule, "
                f"and def {row['helper']}{row['arguments']}"
            )


def _check_no_rule_outside(file: Path, module: ModuleType) -> None:
    for name, value in vars(module).items():
        if getattr(value, "is_rule", False) and value.__module__ == module.__name__:
            raise UserError(
                f"{file}, line {value.__code__.co_firstlineno}: {name} is marked @rule but stands outside a class, so it "
                "would never run; indent it under its class"
            )


def _names(classes: Iterable[type]) -> str:
    return ", ".join(kind.__name__ for kind in classes)


def people_in(file: Path) -> list[type]:
    """The classes of people in a user's file, which is loaded, that is, run, to live uncompiled; raises UserError."""
    kinds, _ = _own_in(file)
    if not kinds:
        raise UserError(f"{file} holds no class of people ({DERIVE_PEOPLE})")
    _check_source_of(kinds, compiles=False)
    return kinds


def people_and_levers_in(file: Path, engine: str = "compiled") -> tuple[list[type], list[type]]:
    """The same and the classes of levers, to be run; raises UserError for what is wrong in the rules' source as well.

    What only compiling cannot do is left to an engine that does.
    """
    kinds, levers = _own_in(file)
    if not kinds and not levers:
        raise _nothing_in(file, load_file(file))
    if kinds:
        _check_source_of(kinds, compiles=engine != "python")
    return kinds, levers


def _own_in(file: Path) -> tuple[list[type], list[type]]:
    check_is_file(file)
    if file.suffix != ".py":
        raise UserError(f"{file} is no file of Python: the name of one ends in .py")
    check_text(file)
    from policysim.agents.people.person import Person
    from policysim.levers.lever import Lever

    module = load_file(file)
    _check_no_rule_outside(file, module)
    return last_of(classes_in(module, Person)), classes_in(module, Lever)


def _nothing_in(file: Path, module: ModuleType) -> UserError:
    """That there is nothing to try; where a class has rules, which."""
    for kind in classes_in(module, object):
        if any(
            getattr(member, "is_rule", False) or getattr(member, "is_helper", False) for member in vars(kind).values()
        ):
            name = kind.__name__
            return UserError(
                f"{file}: {name} has rules or helpers, and nobody lives by them: derive it from YoungPerson, Adult or "
                f"DependentUser, as in class {name}(YoungPerson), or a class for each role from both, as in class "
                f"Young({name}, YoungPerson): ..."
            )
    return UserError(f"{file} holds no class of people ({DERIVE_PEOPLE}) and no lever ({DERIVE_LEVER})")
