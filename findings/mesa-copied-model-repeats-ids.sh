#!/bin/sh
# A guess: a Mesa model that was copied, or saved with pickle and loaded again, goes on as the original would: an agent
# who comes later gets the next free unique_id.
#
# What happens: the copy counts from 1 again. How many ids a model has given is kept beside the class Agent, by the model
# object itself, and neither copy.deepcopy nor pickle takes it along. Two agents of one model then have one unique_id,
# without a word, and tables of agents put them under one AgentID.
#
# Why it matters: branching a burnt-in model, or going on from a checkpoint, is where models with births and arrivals are
# copied. A table by agent, joined or averaged by its id, silently makes one life of two; and a run that was resumed
# differs from the same run in one go wherever ids decide anything, such as the order of a sort.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check mesa==3.3.1

cat > "$folder/town.py" <<'EOF'
import copy
import pickle
import sys
from importlib.metadata import version

import mesa
from mesa.datacollection import DataCollector


class Resident(mesa.Agent):
    def __init__(self, model, arrived):
        super().__init__(model)
        self.arrived = arrived


def arrived(resident):
    return resident.arrived


class Town(mesa.Model):
    """Three live there at the start, and one more moves in every week."""

    def __init__(self):
        super().__init__(rng=1)
        for _ in range(3):
            Resident(self, 0)
        self.datacollector = DataCollector(agent_reporters={"arrived": arrived})

    def step(self):
        Resident(self, self.steps)
        self.datacollector.collect(self)


print("Mesa", version("mesa"), "on Python", sys.version.split()[0])
at_once, begun = Town(), Town()
for town in (at_once, begun):
    town.step()
ids = {
    "in one go": at_once,
    "a copy": copy.deepcopy(begun),
    "saved and loaded": pickle.loads(pickle.dumps(begun)),
}
for name, town in ids.items():
    town.step()
    town.step()
    ids[name] = sorted(resident.unique_id for resident in town.agents)
    print(f"{name}: ids {ids[name]}")
last = town.datacollector.get_agent_vars_dataframe().xs(3, level="Step")
print("the table of agents has under id 1:", last.loc[1, "arrived"].tolist(), "(weeks of arrival)")
if ids["in one go"] != [1, 2, 3, 4, 5, 6] or ids["a copy"] != [1, 1, 2, 2, 3, 4] or ids["saved and loaded"] != ids["a copy"]:
    sys.exit("The behaviour has changed.")
EOF
"$folder/venv/bin/python" "$folder/town.py"
