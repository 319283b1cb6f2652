#!/bin/sh
# A guess: an analysis that is given a seed draws the same each time, whichever whole number the seed is.
#
# What happens: `SALib.analyze.sobol.analyze(..., seed=0)` takes 0 for no seed: its confidence intervals are drawn from
# NumPy's global generator, differ from call to call, and leave that generator elsewhere for whatever draws from it next.
# With seed 1 they are the same each time. The sampling functions of the same package do take 0 for a seed.
#
# Why it matters: who counts replicates or analyses from 0 has exactly one that nobody can reproduce, the first, and a
# simulation that draws from the global generator afterwards runs otherwise for having been analysed before.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check SALib==1.6.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version

import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as sample

print("SALib", version("SALib"), "with NumPy", version("numpy"), "on Python", sys.version.split()[0])
problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1], [0, 1]]}
answers = sample.sample(problem, 64, seed=1).sum(axis=1)


def analysed(seed):
    """Whether two analyses with a seed agree, and whether they leave the global generator as it was."""
    np.random.seed(7)
    before = np.random.get_state()[2]
    first, second = (sobol.analyze(problem, answers, seed=seed)["ST_conf"] for _ in range(2))
    return bool(np.array_equal(first, second)), np.random.get_state()[2] == before


points = {seed: [sample.sample(problem, 8, seed=seed) for _ in range(2)] for seed in (0, 1)}
found = {seed: analysed(seed) for seed in (0, 1)}
for seed, (same, untouched) in found.items():
    drawn = np.array_equal(*points[seed])
    print(f"seed {seed}: points the same {drawn}; intervals the same {same}; global generator left alone {untouched}")
if found[0][0]:
    sys.exit("The behaviour has changed: with seed 0 the intervals are the same each time.")
EOF
