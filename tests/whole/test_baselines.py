"""Results do not change by accident, nor with the machine."""

import json
import os
import subprocess
import sys

import baselines
import numpy as np
import pytest
from baselines import FILE, run

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


@pytest.mark.slow
def test_results_are_those_of_the_baseline_on_the_plainest_processor():
    """Compiled code, NumPy and the system's mathematics use no more than every processor of the kind has."""
    more = np.show_config(mode="dicts")["SIMD Extensions"]
    plain = {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NPY_DISABLE_CPU_FEATURES": " ".join(more.get("found", [])),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F,-AVX2_Usable,-FMA_Usable",
    }
    command = [sys.executable, "-W", "ignore", baselines.__file__, "multi-component"]
    done = subprocess.run(command, env=os.environ | plain, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == known()["multi-component"]
