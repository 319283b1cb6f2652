#!/bin/sh
# A guess: a future that is done, and whose result has been taken, is done: its call is not run again.
#
# What happens: dask.distributed keeps the result of a call on the worker that ran it, for as long as somebody holds the future.
# When that worker ends (killed for want of memory, or at the end of its time), the scheduler runs the call again on another,
# though the result came back long ago and nobody asks for it. The same with the executor that `Client.get_executor()` gives.
#
# Why it matters: a sweep that holds its futures in a list, as the examples of concurrent.futures do, computes hours of
# finished simulations again whenever a worker is lost; and where each run adds its line to a file or a database, runs are
# counted twice.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0

cat > "$folder/show.py" <<'END'
import logging
import os
import signal
import sys
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from distributed import Client, LocalCluster


def simulate(number):
    with open("lines", "a") as file:
        file.write(f"{number}\n")
    return os.getpid()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    print("distributed", version("distributed"), "on Python", sys.version.split()[0])
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        executor = client.get_executor(pure=False)
        futures = [executor.submit(simulate, number) for number in range(20)]
        ran_on = [future.result() for future in futures]
        before = len(Path("lines").read_text().split())
        print(f"20 runs, all done() {all(future.done() for future in futures)}, every result taken: {before} lines")
        os.kill(ran_on[0], signal.SIGKILL)
        time.sleep(10)
        lines = Counter(Path("lines").read_text().split())
    twice = sum(count > 1 for count in lines.values())
    print(f"one of the two workers is killed, and ten seconds later: {lines.total()} lines, {twice} of the runs are there twice")
    if not twice:
        sys.exit("The behaviour has changed: what is done is not run again.")
END
cd "$folder"
"$folder/venv/bin/python" show.py
