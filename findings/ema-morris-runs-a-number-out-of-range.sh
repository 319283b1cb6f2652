#!/bin/sh
# A guess: Morris' screening in EMA Workbench of a whole number from 0 to 3 runs it at 0, 1, 2 and 3.
#
# What happens: 2.5.3, which Python 3.11 installs, runs it at 0, 1, 2 and 4, and never at 3; 3.0.0, which needs Python 3.12, at
# -1, 1, 2 and 3, and never at 0. A design of Morris has both ends of each range: the older scales to one more and rounds down,
# so that the upper end falls beyond; the newer asks SciPy for the quantile at 0, which of whole numbers is one below the
# least. Nothing looks at the range again. A choice of two is a KeyError in the one, and the last for the first in the other.
#
# Why it matters: a model takes -1 clinics or 4 of 3 without complaint, and the effect of a clinic is that of nonsense; or -1
# picks the last of a list. Other samplers of the same model keep to the range, so nobody looks.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check ema-workbench==2.5.3 pandas==3.1.1 numpy==2.4.6 SALib==1.6.0 scipy==1.17.1 matplotlib==3.11.2

"$folder/venv/bin/python" -W ignore - 2>"$folder/log" <<'EOF' || { cat "$folder/log" >&2; exit 1; }
import sys
from importlib.metadata import version

from ema_workbench import IntegerParameter, Model, RealParameter, Samplers, ScalarOutcome, perform_experiments

print("ema-workbench", version("ema-workbench"), "with SALib", version("SALib"), "on Python", sys.version.split()[0])
model = Model("model", function=lambda clinics, demand: {"served": min(10 * clinics, demand)})
model.uncertainties = [IntegerParameter("clinics", 0, 3), RealParameter("demand", 10, 40)]
model.outcomes = [ScalarOutcome("served")]
run = {}
for sampler in (Samplers.LHS, Samplers.SOBOL, Samplers.MORRIS):
    experiments, _ = perform_experiments(model, 32, uncertainty_sampling=sampler)
    run[sampler] = sorted(map(int, experiments["clinics"].unique()))
    print(f"{sampler.name}: clinics from 0 to 3 are run at {run[sampler]}")
if run[Samplers.MORRIS] != [0, 1, 2, 4]:
    print("The behaviour has changed: Morris keeps to the range.")
    sys.exit(1)
EOF
