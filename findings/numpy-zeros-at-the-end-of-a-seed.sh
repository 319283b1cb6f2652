#!/bin/sh
# A guess: `default_rng([seed, point])` gives each point of a design a stream of its own, apart from `default_rng(seed)`.
#
# What happens: zeros at the end of a seed are as good as none. `default_rng([5, 0])`, `default_rng([5, 0, 0])` and
# `default_rng(5)` are one stream, since up to four words of 32 bits a seed is filled up with zeros; from the fifth word on
# a zero counts. Since numbers are split into such words, `default_rng([3, 1])` is also `default_rng(2**32 + 3)`. The
# first point, replicate or week counted from 0 draws what was drawn from the plain seed; every other one does not.
#
# Why it matters: a population is drawn from the seed, and a run from seed and point. At point 0, and there alone, whoever
# got a low number as a trait gets the same low number as an event: trait and event move together, and the run that stands
# first in every table, often the comparator, is of another kind. To count from 1, or to spawn streams, keeps them apart.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check numpy==2.4.6

"$folder/venv/bin/python" - <<'EOF'
import sys

import numpy as np

print("NumPy", np.__version__, "on Python", sys.version.split()[0])
first = {str(seed): int(np.random.default_rng(seed).integers(10**9))
         for seed in (5, [5, 0], [5, 0, 0], [5, 0, 0, 0], [5, 0, 0, 0, 0], [0, 5], 2**32 + 3, [3, 1])}
for seed, value in first.items():
    print(f"first draw of default_rng({seed}): {value}")

SEED, PEOPLE = 2026, 10_000
trait = np.random.default_rng(SEED).random(PEOPLE)
for point in range(4):
    event = np.random.default_rng([SEED, point]).random(PEOPLE) < 0.1
    at_risk, others = event[trait < 0.2].mean(), event[trait >= 0.2].mean()
    print(f"point {point}: an event of one in ten comes to {at_risk:.0%} of the fifth with a trait and {others:.0%} of the others")
spawned = [np.random.default_rng(each).random(PEOPLE) for each in np.random.SeedSequence(SEED).spawn(4)]
together = max(abs(np.corrcoef(trait, each)[0, 1]) for each in spawned)
print(f"spawned streams: largest correlation with the trait {together:.2f}")
same = first["5"] == first["[5, 0]"] == first["[5, 0, 0]"] == first["[5, 0, 0, 0]"] != first["[5, 0, 0, 0, 0]"]
if not (same and first["[3, 1]"] == first[str(2**32 + 3)]):
    sys.exit("The behaviour has changed: a zero at the end of a seed makes another stream.")
EOF
