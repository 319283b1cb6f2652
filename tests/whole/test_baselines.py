"""Results do not change by accident."""

import json

import pytest
from baselines import FILE, run

from policysim.scenarios.regime import regimes


@pytest.mark.parametrize("regime", list(regimes()))
def test_results_are_those_of_the_baseline(regime):
    known = json.loads(FILE.read_text(encoding="utf-8"))
    found = run(regime)
    assert found["flows"] == known[regime]["flows"], (
        "results changed: if meant, run `make baselines` and say so in CHANGELOG.md"
    )
    assert found == known[regime]
