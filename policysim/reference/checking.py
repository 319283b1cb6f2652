"""`policysim check`: whether a file of a scenario, a regime or rules can be used, in one line."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from policysim.errors import UserError
from policysim.evidence.registry import registry
from policysim.scenarios.faults import read_toml
from policysim.scenarios.regime import regime_from
from policysim.scenarios.scenario import Scenario, scenario_from

AGENTS = Path(__file__).resolve().parent.parent / "agents"
ONLY_REGIME = {"id", "name", "summary", "levers"}


def check_file(file: Path) -> str:
    """What the file is and that it is sound; raises UserError with its first fault."""
    if file.suffix == ".py":
        return _check_rules(file)
    data, source = read_toml(file)
    of_scenario, of_regime = data.keys() & Scenario.model_fields.keys(), data.keys() & ONLY_REGIME
    if len(of_regime) > len(of_scenario):
        regime = regime_from({"id": file.name.removesuffix(".toml"), **data}, source)
        return f"{file} is a sound regime, {regime.name}, with {len(regime.levers)} levers."
    scenario = scenario_from(data, source)
    return (
        f"{file} is a sound scenario: {scenario.where.name}, {len(scenario.regimes)} regimes, {scenario.years} years, "
        f"{scenario.replicates} replicates, one simulated person for every {scenario.scale:,.4g} residents."
    )


def _check_rules(file: Path) -> str:
    shipped = file.resolve().is_relative_to(AGENTS)  # edited in place: the roles are made of it already
    kinds = [] if shipped else people_in(file)
    from policysim.agents.institutions.catalogue import DECISIONS, HERE, WORLD
    from policysim.agents.roles import roles_with
    from policysim.counts.counting import count_stocks
    from policysim.engine.compiler import write_module
    from policysim.engine.fields import fields_of, layout
    from policysim.engine.reads import check_fields, check_marks, fields_in

    roles = roles_with(kinds)
    numbers = frozenset((parameter.name, len(parameter.keys)) for parameter in registry().values())
    records = [fields_in(layout(fields_of(classes))) for classes in (roles, [HERE], [WORLD])]
    check_fields(roles, tuple(DECISIONS.values()), records[0], records[1], records[2] | numbers)
    check_marks(roles, tuple(DECISIONS.values()))
    write_module(roles, DECISIONS, count_stocks)
    named = ", ".join(kind.__name__ for kind in kinds)
    return f"{file} holds sound rules: {named}." if kinds else f"{file} is part of the model, whose rules are sound."


def people_in(file: Path) -> list[type]:
    """The classes of people in a user's file, which is loaded, that is, run; raises UserError."""
    module = _loaded(file)
    from policysim.agents.people.person import Person

    kinds = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Person) and value.__module__ == module.__name__
    ]
    if not kinds:
        raise UserError(f"{file} holds no class of people (derive one from YoungPerson, Adult or DependentUser)")
    for name, value in vars(module).items():
        if getattr(value, "is_rule", False):
            raise UserError(
                f"{file}, line {value.__code__.co_firstlineno}: {name} is marked @rule but stands outside a class, so it "
                "would never run; indent it under its class"
            )
    return kinds


def _loaded(file: Path) -> ModuleType:
    """The module of a user's file; whatever it raises is told in one sentence."""
    if not file.is_file():
        raise UserError(f"there is no file {file}")
    if file.suffix != ".py":
        raise UserError(f"{file} is no file of Python: the name of one ends in .py")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    try:
        spec.loader.exec_module(module)
    except UserError:
        raise
    except SyntaxError as error:
        raise UserError(f"{file}, line {error.lineno}: {error.msg}") from None
    except Exception as error:  # noqa: BLE001 - the user's own code may raise anything
        raise UserError(f"{file} cannot be loaded: {type(error).__name__}: {error}") from None
    return module
