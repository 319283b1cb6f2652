"""Results do not change by accident, nor with the machine."""

import json
import subprocess
import sys

import baselines
import pytest
from baselines import FILE, run
from plainest import plainest

from policysim.scenarios.regime import regimes


def known() -> dict:
    return json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("regime", list(regimes()))
def test_results_are_those_of_the_baseline(regime):
    found, expected = run(regime), known()[regime]
    assert found["flows"] == expected["flows"], (
        "results changed: if meant, run `make baselines` and say so in CHANGELOG.md"
    )
    assert found == expected


@pytest.mark.long
@pytest.mark.slow
def test_results_are_those_of_the_baseline_on_the_plainest_processor(pytestconfig, tmp_path):
    """Compiled code, NumPy and the system's mathematics use no more than every processor of the kind has; it is a debug run."""
    command = [sys.executable, "-W", "ignore", baselines.__file__, "multi-component", "debug"]
    done = subprocess.run(command, env=plainest(pytestconfig, tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == known()["multi-component"]
