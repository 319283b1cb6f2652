#!/bin/sh
# A guess: when one of many model runs has no result (NaN), its Sobol indices come out as NaN, or there is a warning.
#
# What happens: every first-order and total index, with its interval, is exactly 0 for every parameter, without a
# warning. Outputs are divided by their standard deviation first, so one NaN makes all of them NaN; and where the
# variance is not greater than a tiny number, which is true of NaN, 0 is filled in.
#
# Why it matters: in a sweep of thousands of simulated worlds a rate without a denominator is ordinary (deaths per
# person in treatment where nobody was). A table then says that no parameter matters, with intervals of no width, which
# reads as a strong result.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check SALib==1.6.0 numpy==2.4.6

"$folder/venv/bin/python" -W error - <<'EOF'
import sys
from importlib.metadata import version

import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as sample

print("SALib", version("SALib"), "with NumPy", version("numpy"), "on Python", sys.version.split()[0])
problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1], [0, 1]]}
x = sample.sample(problem, 256, seed=1)
y = 3 * x[:, 0] + x[:, 1]
whole = sobol.analyze(problem, y, seed=1)
y[7] = np.nan
holed = sobol.analyze(problem, y, seed=1)  # warnings are errors here, and there is none
for name, result in (("all outputs there", whole), (f"one of {len(y)} missing", holed)):
    print(f"{name}: total {result['ST'].round(2)}, its interval {result['ST_conf'].round(2)}")
if any(np.any(holed[key] != 0) for key in ("S1", "S1_conf", "ST", "ST_conf")):
    sys.exit("The behaviour has changed: the indices are no longer all 0.")
EOF
