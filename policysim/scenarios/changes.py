"""Dictionaries of names that a scenario and a model are given: numbers changed by id, budgets by purse."""

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, ValidatorFunctionWrapHandler, WrapValidator

from policysim.errors import UserError, nearest
from policysim.evidence.registry import beyond_range, check_changes, checked, registry
from policysim.scenarios.faults import at_key
from policysim.vocabulary.purses import PURSES
from policysim.vocabulary.reasons import shown

LISTED = "('policysim parameters' lists them)"
LIKE_TODAY = "status-quo"
"""In place of budgets: each purse has, in each year, what the status quo of the same place and seed spends of it."""


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
        check_changes(value)  # whether they go with one another and with the numbers that stay as they are
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


def _known_purses(value: "Budgets") -> "Budgets":
    for key, budget in value.items():
        if key not in PURSES:
            raise at_key(f"there is no purse {key!r}{nearest(key, PURSES)} (purses are {', '.join(PURSES)})", key)
        years = budget if isinstance(budget, tuple) else (budget,)
        if not years:
            raise at_key(f"the budget of the {key} purse by year is an empty list", key)
        for number in years:
            if not math.isfinite(number) or number < 0:
                raise at_key(f"the budget of the {key} purse must be GBP a year, zero or more, not {number}", key)
    return value


def _by_year(value: Any, one_number: ValidatorFunctionWrapHandler) -> Any:
    """A list is a budget for each year of the run; anything else is read as a number."""
    if not isinstance(value, list | tuple):
        return one_number(value)
    return tuple(one_number(number) for number in value)


def _of_the_status_quo(value: Any, others: ValidatorFunctionWrapHandler) -> Any:
    """The one word that stands for budgets; a table is read as ever."""
    if isinstance(value, str):
        if value != LIKE_TODAY:
            raise at_key(f"budgets must be {LIKE_TODAY!r} or a table of GBP a year by purse, not {shown(value)}")
        return value
    return others(value)


def _plain_budgets(value: Any) -> Any:
    """Budgets as plain values."""
    if isinstance(value, str):
        return value
    return {key: list(budget) if isinstance(budget, tuple) else budget for key, budget in value.items()}


Numbers = Annotated[dict[str, float], BeforeValidator(_numbers_and_no_tables), AfterValidator(_known_parameters)]
"""Values by id of the registry, each of which can be."""

ParameterChanges = Annotated[Numbers, AfterValidator(_agreeing)]
"""Changed values by id of the registry, which go with one another and with the numbers that stay as they are."""

if TYPE_CHECKING:
    Budget = float | tuple[float, ...]
    Budgets = dict[str, Budget]
    BudgetsOfScenario = Budgets | str
else:
    Budget = Annotated[float, WrapValidator(_by_year)]
    """GBP a year, or one for each year of the run, of which the last stays."""
    Budgets = Annotated[dict[str, Budget], AfterValidator(_known_purses), PlainSerializer(_plain_budgets)]
    """GBP a year by purse."""
    BudgetsOfScenario = Annotated[Budgets, WrapValidator(_of_the_status_quo)]
    """The same, or the words that give each purse what the status quo spends of it."""
