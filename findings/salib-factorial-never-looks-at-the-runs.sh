#!/bin/sh
# A guess: SALib's analysis of a fractional factorial, ff.analyze(problem, X, Y), takes from X which run had which number
# high and which low, as its sibling for Morris's design does; and a main effect is what moving a number from low to
# high does to the output.
#
# What happens: X is thrown away. The analysis makes the design anew, in its own order, and lays Y beside it. Runs that
# are kept in another order (sorted by a column, gathered as workers finished them, read back by file name) give effects of
# the wrong numbers, or of none at all, without a warning: sorted by their columns, the runs below say that nothing has
# any effect. And in the right order each effect is half of what moving the number does.
#
# Why it matters: whoever screens hundreds of numbers of a simulation runs the design in parallel and reads back a table.
# The table of effects then looks as it should, some large and many small; only the names are wrong.
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
from SALib.analyze import ff, morris
from SALib.sample import ff as design
from SALib.sample import morris as trajectories


def numbers():
    return {"num_vars": 4, "names": ["a", "b", "c", "d"], "bounds": [[0, 1]] * 4}


def model(x):
    return 10 * x[:, 1] + 2 * x[:, 2]


print("SALib", version("SALib"), "with NumPy", version("numpy"), "on Python", sys.version.split()[0])
print("the model: 10 b + 2 c; a and d do nothing")
runs = design.sample(numbers())
order = np.lexsort(runs.T[::-1])  # the same runs, sorted by a, then b, c and d
found = {
    "in the order of the design": ff.analyze(numbers(), runs, model(runs))["ME"],
    "the same runs sorted": ff.analyze(numbers(), runs[order], model(runs[order]))["ME"],
}
for name, effects in found.items():
    print(f"factorial, {name}: " + ", ".join(f"{key} {value:.2f}" for key, value in zip("abcd", effects)))
there = trajectories.sample(numbers(), 4, seed=1)
blocks = np.concatenate([np.arange(k * 5, k * 5 + 5) for k in (2, 0, 3, 1)])  # Morris: other trajectories first
same = morris.analyze(numbers(), there[blocks], model(there[blocks]), seed=1)["mu_star"]
print("Morris, trajectories in another order: " + ", ".join(f"{key} {value:.2f}" for key, value in zip("abcd", same)))
if not np.allclose(found["in the order of the design"], [0, 5, 1, 0]) or np.allclose(*found.values()):
    sys.exit("The behaviour has changed: effects are whole, or follow the runs that are given.")
EOF
