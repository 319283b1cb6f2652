"""Where results come from: the scenario, the model and the versions that made them; no names of machines or people."""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import policysim
from policysim.scenarios.own_classes import named
from policysim.scenarios.scenario import Scenario

MODEL_PARTS = ("vocabulary", "evidence", "world", "engine", "network", "agents", "levers", "counts", "model")
DATA_PARTS = ("evidence/parameters", "places")
LIBRARIES = ("numpy", "numba", "mesa", "pandas", "pyarrow")


def scenario_hash(scenario: Scenario) -> str:
    """A name for the content of a scenario: equal for equal scenarios."""
    return _digest(scenario.to_toml().encode())


@cache
def model_hash() -> str:
    """A name for everything else that shapes a result: the model's sources, the registry, the table of places."""
    whole = hashlib.sha256()
    for root, parts, suffix in (("policysim", MODEL_PARTS, ".py"), ("policysim.configs", DATA_PARTS, ".csv")):
        for part in parts:
            for name, file in _files_in(files(root).joinpath(part), part):
                if name.endswith(suffix):
                    whole.update(name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return whole.hexdigest()[:16]


def _files_in(place: Traversable, name: str) -> list[tuple[str, Traversable]]:
    if place.is_file():
        return [(name, place)]
    inside = sorted(place.iterdir(), key=lambda entry: entry.name)
    return [found for entry in inside for found in _files_in(entry, f"{name}/{entry.name}")]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def stamp(scenario: Scenario) -> dict[str, Any]:
    """What is written into every table of a comparison."""
    return {
        "policysim": policysim.__version__,
        "scenario": scenario_hash(scenario),
        "model": model_hash(),
        "versions": {library: version(library) for library in LIBRARIES},
        "seeds": list(scenario.seeds) if scenario.replicates <= 100 else [scenario.seeds[0], scenario.seeds[-1]],
        "parameters": dict(scenario.parameters),
    } | ({"own_classes": [named(kind) for kind in scenario.own_classes]} if scenario.own_classes else {})


def as_json(stamped: dict[str, Any]) -> str:
    """A stamp as text, the same for equal stamps."""
    return json.dumps(stamped, indent=2, sort_keys=True) + "\n"
