"""Exact baselines: what a small run of every regime gives, to the bit on any machine. Update on purpose with `make baselines`.

A change of any of these numbers is a change of results: it belongs in CHANGELOG.md under *Results change*.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import regimes

FILE = Path(__file__).with_name("baselines.json")
SETTING = {"place": "west-midlands", "people": 3000, "years": 1, "burn_in_years": 1, "seed": 2025}


def fingerprint(people: np.ndarray) -> str:
    """A hash over the values of every field: how wide a number is stored is no result (a float64 holds them all)."""
    digest = hashlib.sha256()
    for name in sorted(people.dtype.names):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(people[name], dtype=np.float64).tobytes())
    return digest.hexdigest()


def run(regime: str, engine: str = "compiled") -> dict:
    """The counts of a year under one regime and the fingerprint of its people."""
    model = DrugPolicyModel(regime=regime, engine=engine, **SETTING)
    while model.week < model.last_week:
        model.step()
    flows = {name: int(model.outcomes.flows[:, :, k].sum()) for name, k in model.outcomes.column_of.items()}
    expected = float(model.outcomes.sums[:, :, 0].sum())
    found = {"people": fingerprint(model.people), "expected_deaths": expected.hex(), "flows": flows}
    model.close()
    return found


def all_runs() -> dict:
    """Every shipped regime."""
    return {regime: run(regime) for regime in regimes()}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(run(*sys.argv[1:])))
        sys.exit()
    FILE.write_text(json.dumps(all_runs(), indent=1) + "\n", encoding="utf-8")
    print(f"wrote {FILE.name}")
