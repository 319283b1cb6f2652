#!/bin/sh
# A guess: an executor that says it is fully compatible with concurrent.futures runs a function as often as it is submitted.
#
# What happens: dask.distributed's `Client.get_executor()` takes equal calls for one: a hundred times `submit(simulate, 10)`
# is one simulation, and all hundred futures have its result; so has `map` over equal arguments. `get_executor(pure=False)`
# runs each. That functions are thought to be pure is said of `Client.submit`, not of the executor, whose documentation
# promises compatibility.
#
# Why it matters: replicates of a simulation that draws its own luck are such calls. Moved from a process pool to a cluster
# by changing the executor alone, a hundred replicates become one, and intervals over them have no width.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0

cat > "$folder/show.py" <<'END'
import random
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version

from distributed import Client, LocalCluster


def simulate(people):
    return sum(random.random() < 0.5 for _ in range(people * 1000))


def different(executor):
    by_submit = {future.result() for future in [executor.submit(simulate, 10) for _ in range(100)]}
    return len(by_submit), len(set(executor.map(simulate, [10] * 100)))


if __name__ == "__main__":
    print("distributed", version("distributed"), "on Python", sys.version.split()[0])
    with ProcessPoolExecutor(2) as pool:
        print("a process pool: %d and %d different results of 100 replicates, by submit and by map" % different(pool))
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        usual = different(client.get_executor())
        print("get_executor(): %d and %d" % usual)
        print("get_executor(pure=False): %d and %d" % different(client.get_executor(pure=False)))
    if usual != (1, 1):
        sys.exit("The behaviour has changed: equal calls are run each.")
END
cd "$folder"
"$folder/venv/bin/python" show.py
