#!/bin/sh
# A guess: an experiment that raises EMA Workbench's own error for a failed experiment has no outcome: it is masked, or nan.
#
# What happens: it gets the outcome of the experiment before it, unmasked. The model keeps its last outcomes; `reset_model()`
# empties an attribute of another name (`_outcome_output` for `_outcomes_output`), so that the next to fail hands them over
# again. Only failures before the first success are masked. The log says that experiments failed, and that masked arrays are
# returned. Seen of 2.5.3 here, which any Python from 3.11 installs, and of 3.0.0 on Python 3.13.
#
# Why it matters: models fail where they are pushed to their ends, which is what scenario discovery looks for. The failures
# come back as plausible numbers that belong to other inputs, and a box is drawn around them.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check ema-workbench==2.5.3 pandas==3.1.1 numpy==2.4.6 SALib==1.6.0 scipy==1.17.1 matplotlib==3.11.2

"$folder/venv/bin/python" -W ignore - 2>"$folder/log" <<'EOF' || { cat "$folder/log" >&2; exit 1; }
import sys
from importlib.metadata import version

import numpy as np
from ema_workbench import Model, RealParameter, ScalarOutcome, Scenario, SequentialEvaluator
from ema_workbench.util import CaseError

print("ema-workbench", version("ema-workbench"), "on Python", sys.version.split()[0])


def simulate(x):
    if x > 0.5:
        raise CaseError("it did not converge", {"x": x})
    return {"y": 10 * x}


model = Model("model", function=simulate)
model.uncertainties = [RealParameter("x", 0, 1)]
model.outcomes = [ScalarOutcome("y")]
asked = [0.1, 0.9, 0.2, 0.3, 0.8, 0.7]
with SequentialEvaluator(model) as evaluator:
    _, outcomes = evaluator.perform_experiments([Scenario(str(x), x=x) for x in asked])
found = outcomes["y"]
masked = np.ma.getmaskarray(found)
for x, y, hidden in zip(asked, found, masked):
    print(f"x = {x}: {'it raises' if x > 0.5 else 'y = 10 x '}, and the outcome is {'masked' if hidden else y}")
if found.tolist() != [1, 1, 2, 3, 3, 3] or masked.any():
    print("The behaviour has changed: a failed experiment does not have the outcome of another.")
    sys.exit(1)
EOF
