#!/bin/sh
# A guess: the row that Mesa's batch_run gives for a run holds what the model had come to when it ended.
#
# What happens: it looks up the collected values by the number of steps less one. A model that collects once before its
# first step, as many do to have a start to compare with, has one value more than that: every row is one step old, and
# what the last step did is in no row, whatever data_collection_period says. And max_steps is one more than it says: a
# model without an end of its own takes max_steps + 1 steps, so that its last row, the one step lost again, agrees with
# what was asked for and hides both.
#
# Why it matters: whatever is settled in the last step (a closing balance, deaths of the last week, a stopping rule's own
# verdict) is missing from every row of the experiment, though the model was right and reads right when run by hand.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check mesa==3.3.1

cat > "$folder/epidemic.py" <<'EOF'
import sys
from importlib.metadata import version

import mesa
from mesa.datacollection import DataCollector

ended_with = []


class Epidemic(mesa.Model):
    """Ten are infected at the start and ten more in every week; `verdict` is settled in the last."""

    def __init__(self, weeks):
        super().__init__(rng=1)
        self.weeks, self.infected, self.verdict = weeks, 10, "open"
        self.datacollector = DataCollector({"infected": "infected", "verdict": "verdict"})
        self.datacollector.collect(self)

    def step(self):
        self.infected += 10
        if self.steps == self.weeks:
            self.verdict, self.running = "over", False
        ended_with.append((self.steps, self.infected, self.verdict))
        self.datacollector.collect(self)


print("Mesa", version("mesa"), "on Python", sys.version.split()[0])
rows = mesa.batch_run(Epidemic, {"weeks": [4]}, data_collection_period=1, display_progress=False)
ended = ended_with[-1]
print("a model of 4 weeks ended with", ended)
print("its rows:", [(row["Step"], row["infected"], row["verdict"]) for row in rows])
last_missing = all(row["verdict"] == "open" for row in rows) and ended == (4, 50, "over")

rows = mesa.batch_run(Epidemic, {"weeks": [100]}, max_steps=6, display_progress=False)
print("with max_steps=6 it took", ended_with[-1][0], "steps; the row says", (rows[0]["Step"], rows[0]["infected"]))
if not last_missing or ended_with[-1][0] != 7 or rows[0]["infected"] != 70:
    sys.exit("The behaviour has changed.")
EOF
"$folder/venv/bin/python" "$folder/epidemic.py"
