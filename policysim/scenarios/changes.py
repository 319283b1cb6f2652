"""Dictionaries of names that a scenario and a model are given: numbers changed by id, budgets by purse."""

import math
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from policysim.errors import UserError, nearest
from policysim.evidence.registry import beyond_range, checked, numbers_of_a_run, registry
from policysim.scenarios.faults import at_key
from policysim.vocabulary.purses import PURSES

LISTED = "('policysim parameters' lists them)"


def _numbers_and_no_tables(value: Any) -> Any:
    """In TOML `overdose_rate.heroin = 0.2` is a table in a table, and says nothing of the number that is meant."""
    for key, inside in value.items() if isinstance(value, dict) else ():
        if isinstance(inside, dict):
            names = _first_names(str(key), inside)
            raise at_key(_no_parameter(".".join(names), names), *names)
    return value


def _first_names(name: str, inside: Any) -> list[str]:
    """The names that lead to the first number in a table of tables."""
    names = [name]
    while isinstance(inside, dict) and inside:
        key, inside = next(iter(inside.items()))
        names.append(str(key))
    return names


def _known_parameters(value: dict[str, float]) -> dict[str, float]:
    for key, number in value.items():
        if key not in registry():
            raise at_key(_no_parameter(key, re.findall(r"[^\s.,\[\]]+", key)), key)
        try:
            checked(registry()[key], number)
        except UserError as error:
            raise at_key(error, key) from None
    return value


def _agreeing(value: dict[str, float]) -> dict[str, float]:
    try:
        numbers_of_a_run(value)  # whether they go with one another and with the numbers that stay as they are
    except UserError as error:
        raise at_key(error) from None
    return value


def check_ranges(parameters: Mapping[str, float]) -> None:
    """Raises a fault for the first number that lies beyond the range of the registry."""
    for key, number in parameters.items():
        said = beyond_range(registry()[key], number)
        if said:
            raise at_key(f"{said}; where that is meant, say beyond_ranges = true (--beyond-ranges)", "parameters", key)


def _no_parameter(written: str, names: list[str]) -> str:
    """That there is no such parameter, and how the one is written that may be meant."""
    name, *keys = names or [written]
    table = [parameter for parameter in registry().values() if parameter.name == name and parameter.keys]
    meant = [parameter.id for parameter in table if sorted(parameter.keys) == sorted(keys)]
    if meant:
        return f'there is no parameter {written!r}: write "{meant[0]}", in quotes {LISTED}'
    if table and not keys:
        return f'parameter {name!r} is a table of {len(table)} numbers: write each with its keys, as in "{table[0].id}" {LISTED}'
    full = f"{name}[{','.join(keys)}]" if keys else written
    return f"there is no parameter {written!r}{nearest(full, registry())} {LISTED}"


def _known_purses(value: dict[str, float]) -> dict[str, float]:
    for key, number in value.items():
        if key not in PURSES:
            raise at_key(f"there is no purse {key!r}{nearest(key, PURSES)} (purses are {', '.join(PURSES)})", key)
        if not math.isfinite(number) or number < 0:
            raise at_key(f"the budget of the {key} purse must be GBP a year, zero or more, not {number}", key)
    return value


Numbers = Annotated[dict[str, float], BeforeValidator(_numbers_and_no_tables), AfterValidator(_known_parameters)]
"""Values by id of the registry, each of which can be."""

ParameterChanges = Annotated[Numbers, AfterValidator(_agreeing)]
"""Changed values by id of the registry, which go with one another and with the numbers that stay as they are."""

Budgets = Annotated[dict[str, float], AfterValidator(_known_purses)]
"""GBP a year by purse."""
