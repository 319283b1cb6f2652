"""The plainest processor of its kind, with every index checked: an environment in which processes of their own run."""

import os
from pathlib import Path

import numpy as np
import pytest


def plainest(config: pytest.Config, own: Path) -> dict[str, str]:
    """Whoever runs in it takes what was compiled for it, which lies apart; where nothing is kept, it lies in `own`.

    Numba says in no name whether it checked indices.
    """
    more = np.show_config(mode="dicts")["SIMD Extensions"]
    shared = config.cache.mkdir("plainest") if config.pluginmanager.hasplugin("cacheprovider") else own
    return os.environ | {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NPY_DISABLE_CPU_FEATURES": " ".join(more.get("found", [])),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F,-AVX2_Usable,-FMA_Usable",
        "NUMBA_BOUNDSCHECK": "1",
        "POLICYSIM_CACHE_DIR": str(shared),
        "NUMBA_CACHE_DIR": str(shared / "numba"),
    }
