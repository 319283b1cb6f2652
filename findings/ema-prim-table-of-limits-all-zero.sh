#!/bin/sh
# A guess: the table of a scenario discovery, `Prim.boxes_to_dataframe()`, holds the limits of the box that was found.
#
# What happens: with pandas 3 every limit in the table is 0, lower and upper, of every box, while the box itself
# (`box_lims`) holds the right ones. The table is filled through a chain (`table.loc[...][...] = value`), and under pandas'
# copy-on-write such a write goes to a copy; pandas warns of it, in a line that says nothing of boxes.
#
# Why it matters: the limits are the result: "the policy fails where mortality is above 0.7". A table of zeros has the right
# rows and columns, is what one writes to a file or a paper, and says that the policy fails where every number is nought.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check ema-workbench==2.5.3 pandas==3.1.1 numpy==2.4.6 scikit-learn==1.9.1 scipy==1.17.1 matplotlib==3.11.2

"$folder/venv/bin/python" -W ignore - <<'EOF'
import sys
from importlib.metadata import version

import numpy as np
import pandas as pd
from ema_workbench.analysis import prim

print("ema-workbench", version("ema-workbench"), "with pandas", pd.__version__, "on Python", sys.version.split()[0])
drawn = np.random.default_rng(1)
worlds = pd.DataFrame({"mortality": drawn.random(500), "coverage": drawn.random(500)})
fails = ((worlds["mortality"] > 0.7) & (worlds["coverage"] < 0.4)).to_numpy()
search = prim.Prim(worlds, fails, threshold=0.8)
box = search.find_box().box_lims[-1]
print("the box itself:", box.round(2), sep="\n")
table = search.boxes_to_dataframe()
print("the table of it:", table, sep="\n")
if (table.to_numpy(float) != 0).any():
    sys.exit("The behaviour has changed: the table has limits.")
EOF
