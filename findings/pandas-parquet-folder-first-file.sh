#!/bin/sh
# A guess: pd.read_parquet("runs/") gives what pd.concat of its files gives, or says that the files differ.
#
# What happens: the columns of the file that comes first by name are the table's. A column which only later files have is
# dropped without a word; one that the first alone has is filled up. "First" goes by letters: as soon as there is a run
# 10 it stands before run 2. Types follow the first file too, and there it depends: whole numbers where the first has
# fractions are taken, fractions where it has whole numbers stop the reading. Polars refuses the same folder.
#
# Why it matters: an outcome that was added to a model half-way through a series of runs vanishes from the analysis, and
# it comes and goes with the numbers of the runs that are in the folder.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check pandas==3.0.0 pyarrow==23.0.0 polars==1.37.1

cat > "$folder/runs.py" <<'EOF'
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import polars as pl

warnings.simplefilter("error")  # nothing of what follows warns
print(*(f"{name} {version(name)}" for name in ("pandas", "pyarrow", "polars")), "on Python", sys.version.split()[0])
runs = Path(sys.argv[1]) / "runs"
runs.mkdir()


def keep(seed, **outcomes):
    pd.DataFrame({"seed": [seed], **{name: [value] for name, value in outcomes.items()}}).to_parquet(
        runs / f"run-{seed}.parquet"
    )


keep(2, deaths=31)
keep(3, deaths=28, overdoses=412)
without = pd.read_parquet(runs)
print("run 2 without overdoses, run 3 with:", list(without.columns))
try:
    pl.read_parquet(runs)
    refused = False
except pl.exceptions.PolarsError as error:
    refused = True
    print("Polars:", str(error).split(", hint")[0])
keep(10, deaths=30, overdoses=398)
withal = pd.read_parquet(runs)
print("after run 10, with overdoses:", list(withal.columns), "of seeds", withal["seed"].tolist())
print("pd.concat of the files:", list(pd.concat(pd.read_parquet(file) for file in runs.iterdir()).columns))
if not refused or "overdoses" in without.columns or "overdoses" not in withal.columns:
    sys.exit("The behaviour has changed.")
EOF
"$folder/venv/bin/python" "$folder/runs.py" "$folder"
