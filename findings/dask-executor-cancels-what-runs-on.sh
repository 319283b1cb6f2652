#!/bin/sh
# A guess: `future.cancel()` is False for a call that is being executed, and `shutdown(wait=True)` returns when none is.
# concurrent.futures says both.
#
# What happens: with the executor of dask.distributed (`Client.get_executor()`) a future is never `running()`, `cancel()` is True
# in the middle of the call, `shutdown(wait=True)` then returns at once, and the call goes on to its end on its worker and
# writes what it writes.
#
# Why it matters: whoever stops a sweep, sees that all is cancelled and clears or reuses the folder of its results finds
# files of the old sweep among those of the new.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0

cat > "$folder/show.py" <<'END'
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

from distributed import Client, LocalCluster


def simulate(path):
    Path(path + ".begun").touch()
    time.sleep(4)
    Path(path).write_text("results")


def stopped(executor, path):
    """Whether it says it runs, and was cancelled; whether there are results after the shutdown, and some seconds later."""
    future = executor.submit(simulate, path)
    while not Path(path + ".begun").exists():
        time.sleep(0.1)
    time.sleep(0.5)
    running, cancelled = future.running(), future.cancel()
    executor.shutdown(wait=True)
    there = Path(path).exists()
    time.sleep(5)
    return running, cancelled, there, Path(path).exists()


if __name__ == "__main__":
    print("distributed", version("distributed"), "on Python", sys.version.split()[0])
    told = "%s: running() %s, cancel() %s, results after shutdown(wait=True) %s, and five seconds later %s"
    print(told % ("a process pool", *stopped(ProcessPoolExecutor(1), "pool")))
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        found = stopped(client.get_executor(), "dask")
    print(told % ("get_executor()", *found))
    if found != (False, True, False, True):
        sys.exit("The behaviour has changed: what runs is not cancelled, or is waited for.")
END
cd "$folder"
"$folder/venv/bin/python" show.py
