"""Contested evidence: questions to which published work gives two answers, each of them a reading that can be taken.

`configs/evidence/contested.toml` has them. A reading sets numbers of the registry within their ranges; the usual one sets
what the registry has. Readings are taken by a scenario for all its regimes alike, never by one regime.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from policysim.errors import UserError, nearest
from policysim.evidence.figures import evidence
from policysim.evidence.registry import beyond_range, registry
from policysim.reading import read_text

LISTED = "('policysim contested' lists them)"


@dataclass(frozen=True)
class Reading:
    """One answer: what it says, the numbers it sets, and what stands for it: rows of the evidence, or why there are none."""

    id: str
    says: str
    parameters: Mapping[str, float]
    evidence: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True)
class Switch:
    """One question with its two readings, the usual one first."""

    id: str
    question: str
    usual: Reading
    other: Reading
    levers: tuple[str, ...] = ()
    """Ids of the levers through which it acts most, of which 'policysim effects' can show what the other reading changes."""

    @property
    def readings(self) -> tuple[Reading, Reading]:
        """Both, the usual one first."""
        return self.usual, self.other

    def reading(self, id: str) -> Reading:
        """One of the two; raises UserError with the nearest."""
        found = next((one for one in self.readings if one.id == id), None)
        if found is None:
            ids = [one.id for one in self.readings]
            raise UserError(f"{self.id} has no reading {id!r}{nearest(id, ids)} (readings are {' and '.join(ids)})")
        return found

    def beside(self, id: str) -> Reading:
        """The other one of the two."""
        return self.other if self.reading(id) is self.usual else self.usual


@cache
def switches() -> dict[str, Switch]:
    """Every switch by id, as shipped."""
    return read_switches(files("policysim.configs.evidence").joinpath("contested.toml"))


def find_switch(id: str) -> Switch:
    """A switch by id; raises UserError with the nearest."""
    if id not in switches():
        raise UserError(f"there is no contested question {id!r}{nearest(id, switches())} {LISTED}")
    return switches()[id]


def numbers_of(readings: Mapping[str, str]) -> dict[str, float]:
    """The numbers that the readings taken set, by switch; a switch that is not there any more sets none."""
    taken = (switches()[id].reading(name) for id, name in readings.items() if id in switches())
    return {key: value for reading in taken for key, value in reading.parameters.items()}


def read_switches(path: Path | Traversable) -> dict[str, Switch]:
    """The switches of a file; raises UserError."""
    try:
        tables = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path} is not valid TOML: {error}") from None
    found = {id: _switch(id, table, f"{path}, {id}") for id, table in tables.items()}
    owners: dict[str, str] = {}
    for id, switch in found.items():
        for name in switch.usual.parameters:
            if owners.setdefault(name, id) != id:
                raise UserError(f"{path}: {owners[name]} and {id} both set {name}")
    return found


def _switch(id: str, table: Any, where: str) -> Switch:
    keys = ("question", "usual", "levers", "readings")
    _check_keys({"levers": []} | table if isinstance(table, dict) else table, keys, where)
    readings = {name: _reading(name, said, f"{where}.{name}") for name, said in table["readings"].items()}
    if len(readings) != 2:
        raise UserError(f"{where}: a contested question has two readings, not {len(readings)}")
    usual = table["usual"]
    if usual not in readings:
        raise UserError(
            f"{where}: the usual reading {usual!r} is none of {', '.join(readings)}{nearest(usual, readings)}"
        )
    (other,) = (reading for name, reading in readings.items() if name != usual)
    levers = table.get("levers", [])
    if not isinstance(levers, list) or not all(isinstance(name, str) for name in levers):
        raise UserError(f"{where}: levers must be a list of ids")
    switch = Switch(id, table["question"], readings[usual], other, tuple(levers))
    if switch.usual.parameters.keys() != other.parameters.keys():
        raise UserError(f"{where}: both readings must set the same numbers")
    for name, value in switch.usual.parameters.items():
        if value != registry()[name].value:
            raise UserError(
                f"{where}: the usual reading sets {name} to {value:g}, and the registry to {registry()[name].value:g}"
            )
    if dict(switch.usual.parameters) == dict(other.parameters):
        raise UserError(f"{where}: both readings set the same values")
    return switch


def _reading(id: str, table: Any, where: str) -> Reading:
    _check_keys(
        {"source": ""} | table if isinstance(table, dict) else table,
        ("says", "parameters", "evidence", "source"),
        where,
    )
    for name, value in table["parameters"].items():
        if name not in registry():
            raise UserError(f"{where}: there is no parameter {name!r}{nearest(name, registry())}")
        beyond = beyond_range(registry()[name], value)
        if beyond:
            raise UserError(f"{where}: {beyond}")
    for name in table["evidence"]:
        if name not in evidence():
            raise UserError(f"{where}: there is no evidence {name!r}{nearest(name, evidence())}")
    source = table.get("source", "")
    if not table["parameters"] or not (table["evidence"] or source):
        raise UserError(
            f"{where}: a reading sets at least one number and names at least one row of evidence, or says in source why none"
        )
    numbers = {name: float(value) for name, value in table["parameters"].items()}
    return Reading(id, table["says"], numbers, tuple(table["evidence"]), source)


def _check_keys(table: Any, keys: tuple[str, ...], where: str) -> None:
    if not isinstance(table, dict):
        raise UserError(f"{where} must be a table")
    for name in table:
        if name not in keys:
            raise UserError(f"{where}: there is no key {name!r}{nearest(name, keys)} (keys are {', '.join(keys)})")
    for name in keys:
        if name not in table:
            raise UserError(f"{where}: the key {name!r} is missing")
