"""Where results come from: the scenario, the model and the versions that made them; no names of machines or people."""

import hashlib
import json
from importlib.metadata import version
from typing import Any

import policysim
from policysim.model.sources import model_hash
from policysim.scenarios.own_classes import named
from policysim.scenarios.scenario import Scenario

LIBRARIES = ("numpy", "numba", "mesa", "pandas", "pyarrow")


def scenario_hash(scenario: Scenario) -> str:
    """A name for the content of a scenario: equal for equal scenarios."""
    return _digest(scenario.to_toml().encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def stamp(scenario: Scenario) -> dict[str, Any]:
    """What is written into every table of a comparison."""
    told: dict[str, Any] = {
        "policysim": policysim.__version__,
        "scenario": scenario_hash(scenario),
        "model": model_hash(),
        "versions": {library: version(library) for library in LIBRARIES},
        "seeds": list(scenario.seeds) if scenario.replicates <= 100 else [scenario.seeds[0], scenario.seeds[-1]],
        "parameters": dict(scenario.numbers),
    }
    if scenario.readings:
        told["readings"] = dict(scenario.readings)
    if scenario.own_classes:
        told["own_classes"] = [named(kind) for kind in scenario.own_classes]
    return told


def as_json(stamped: dict[str, Any]) -> str:
    """A stamp as text, the same for equal stamps."""
    return json.dumps(stamped, indent=2, sort_keys=True) + "\n"
