"""A regime: a named set of levers, read from `configs/regimes/*.toml` or from a user's own file."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import Field, SerializeAsAny, ValidationError, field_validator

from policysim.errors import UserError, nearest, tells_arguments
from policysim.levers.ids import check_lever_id
from policysim.levers.lever import Lever, fault_in
from policysim.scenarios.faults import NOWHERE, Keys, Source, at_key, fault_of, file_at, read_toml, shown
from policysim.scenarios.numbers import plain
from policysim.scenarios.settings import Settings

STATUS_QUO = "status-quo"


class Regime(Settings):
    """What a place does about drugs: levers by id. The status quo, with none of them, is the comparator."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)
    name: str
    summary: str = ""
    levers: dict[str, SerializeAsAny[Lever]] = Field(default_factory=dict)

    @field_validator("levers", mode="before")
    @classmethod
    def _levers_by_id(cls, tables: Any) -> Any:
        """Each table under [levers] is read by the class of that lever."""
        if not isinstance(tables, dict):
            return tables
        return {key: _lever(key, settings) for key, settings in tables.items()}


def _lever(key: str, settings: Any) -> Lever:
    if isinstance(settings, Lever):
        fault = fault_in(type(settings))
        if fault:
            raise at_key(fault, key)
        return settings
    try:
        check_lever_id(str(key))
    except UserError as error:
        raise at_key(error, key) from None
    from policysim.levers.catalogue import LEVERS  # with their institutions, which take a second to load

    try:
        return LEVERS[key].model_validate(plain(settings), strict=True)
    except ValidationError as error:
        keys, message = fault_of(error, LEVERS[key])
        raise at_key(f"in lever {key}, {message}" if keys else f"lever {key} {message}", key, *keys) from None


def regime_from(data: Any, source: Source = NOWHERE, under: Keys = ()) -> Regime:
    """A regime from plain values, which stand in the source beneath the keys `under`; raises UserError."""
    return Regime.read(data, source, under)


@tells_arguments
def load_regime(path: str | Path | Traversable) -> Regime:
    """A regime from a file, whose name is its id unless it gives one; raises UserError."""
    path = file_at(path)
    data, source = read_toml(path)
    if "regimes" in data:
        raise UserError(f"{path} is a scenario, not a regime; run it with 'policysim compare {path}'")
    return regime_from({"id": path.name.removesuffix(".toml"), **data}, source)


@cache
def regime_ids() -> tuple[str, ...]:
    """The ids of the shipped regimes, which their files are named by, the status quo first."""
    names = (path.name for path in files("policysim.configs.regimes").iterdir())
    ids = [name.removesuffix(".toml") for name in names if name.endswith(".toml")]
    order = [STATUS_QUO, "enforcement-only", "diversion", "harm-reduction", "multi-component"]
    return tuple(sorted(ids, key=lambda id: (order.index(id) if id in order else len(order), id)))


@cache
def regimes() -> dict[str, Regime]:
    """The shipped regimes by id, the status quo first."""
    folder = files("policysim.configs.regimes")
    return {id: load_regime(folder / f"{id}.toml") for id in regime_ids()}


def find_id(name: str) -> str:
    """The id of a shipped regime; raises UserError with the nearest valid name."""
    key = name.strip().lower().replace("_", "-").replace(" ", "-")
    if key not in regime_ids():
        raise UserError(f"there is no regime {name!r}{nearest(key, regime_ids())} ('policysim regimes' lists them)")
    return key


def find_regime(name: str) -> Regime:
    """A shipped regime by id; raises UserError with the nearest valid name."""
    id = find_id(name)
    return regimes()[id]


def regime_of(what: str) -> Regime:
    """A regime by its id, or from a file of one's own, whose name ends in .toml; raises UserError."""
    return load_regime(Path(what)) if what.endswith(".toml") else find_regime(what)


def regime_given(item: Any, *keys: str | int) -> Any:
    """A regime by its id, or left as it is to be read from its table; `keys` lead to it from the validated field."""
    if isinstance(item, Regime | dict):
        return item
    if not isinstance(item, str):
        raise at_key(f"a regime is given by its id or as a table, not as {shown(item)}", *keys)
    try:
        return find_regime(item)
    except UserError as error:
        raise at_key(error, *keys) from None


def without_levers(items: Any) -> Any:
    """The same list of regimes, but of what each does nothing is said; a fault in the list stays in it."""
    return [_named(item) for item in items] if isinstance(items, list | tuple) else items


def _named(item: Any) -> Any:
    """A regime that is known by its name alone."""
    if isinstance(item, dict):
        return {key: value for key, value in item.items() if key != "levers"}
    if isinstance(item, str) and item in regime_ids():
        return Regime(id=item, name=item)
    return item
