#!/bin/sh
# A guess: `executor.submit(function, **options)` calls the function with the options, as concurrent.futures says.
#
# What happens: the executor of dask.distributed (`Client.get_executor()`) keeps arguments named `priority`, `retries`, `key`,
# `workers`, `resources`, `pure`, `actor` and a few more for its scheduler. The function does not get them, and where it has a
# default of its own it runs with that, without an error.
#
# Why it matters: `priority`, `retries`, `workers` and `resources` are ordinary names in models of queues, of services and of
# hospitals. Moved from a process pool to a cluster, a sweep over `priority` gives the same results at every point, and a
# model's `workers=4` becomes the wish to run on a machine of that name.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0

cat > "$folder/show.py" <<'END'
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version

from distributed import Client, LocalCluster


def waiting_time(seed, priority=0, retries=1):
    """Of a queue, as a text that shows what it was called with."""
    return f"priority {priority}, retries {retries}"


def asked(executor):
    return executor.submit(waiting_time, 1, priority=7, retries=5).result()


if __name__ == "__main__":
    print("distributed", version("distributed"), "on Python", sys.version.split()[0])
    print("submit(waiting_time, 1, priority=7, retries=5)")
    with ProcessPoolExecutor(1) as pool:
        print("a process pool calls it with", asked(pool))
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        found = asked(client.get_executor())
    print("get_executor() calls it with", found)
    if found != "priority 0, retries 1":
        sys.exit("The behaviour has changed: the function gets its arguments.")
END
cd "$folder"
"$folder/venv/bin/python" show.py
