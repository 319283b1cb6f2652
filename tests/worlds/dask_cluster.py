"""A real Dask scheduler and two workers on this machine, which do what a test asks of them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DASK = (sys.executable, "-m", "dask")
LOOPBACK = ("--host", "127.0.0.1", "--no-dashboard")
WAIT_SECONDS = 60.0
PRELOAD = '''
import os, signal, sys, time
from pathlib import Path

orders = Path({orders!r})

def dask_setup(worker):
    """Live as the orders are: made up or real, slow or deadly."""
    sys.path.insert(0, {worlds!r})
    from made_up_sweep import Counted
    from policysim.experiments.running import seed, sweep_keeper

    def live(task, observer, tell, *begin):
        time.sleep(0.2 * (orders / "slow").exists())
        try:
            (orders / "die-once").unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        except FileNotFoundError:
            pass
        deadly = orders / "deadly"
        if deadly.exists() and float(deadly.read_text()) in task.scenario.numbers.values():
            with (orders / "died").open("a") as file:
                file.write("x")
            os.kill(os.getpid(), signal.SIGKILL)
        (seed.live if (orders / "real").exists() else Counted().live)(task, observer, tell, *begin)

    sweep_keeper.live = live
'''


@dataclass
class Dask:
    """What was started."""

    address: str
    file: Path
    orders: Path
    scheduler: subprocess.Popen

    def ask(self, name: str, text: str = "") -> None:
        """Leave an order for the workers."""
        (self.orders / name).write_text(text)

    def forget(self) -> None:
        """Take all orders back."""
        for order in self.orders.iterdir():
            order.unlink()


@contextmanager
def dask_cluster(folder: Path, workers: int = 2) -> Iterator[Dask]:
    """A scheduler on a free port, and so many workers of a thread each; all end with the block."""
    file, orders, preload = folder / "scheduler.json", folder / "orders", folder / "preload.py"
    orders.mkdir()
    preload.write_text(PRELOAD.format(worlds=str(Path(__file__).parent), orders=str(orders)))
    told = os.environ | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    started: list[subprocess.Popen] = []

    def start(*arguments: str | Path) -> subprocess.Popen:
        with (folder / f"{len(started)}.log").open("w") as log:
            command = [*DASK, *map(str, arguments), *LOOPBACK]
            started.append(subprocess.Popen(command, cwd=folder, env=told, stdout=log, stderr=log))
        return started[-1]

    try:
        scheduler = start("scheduler", "--port", "0", "--scheduler-file", file)
        start(
            "worker", "--scheduler-file", file, "--nworkers", str(workers), "--nthreads", "1", "--preload", preload,
            "--local-directory", folder,
        )  # fmt: skip
        late = time.monotonic() + WAIT_SECONDS
        while not file.exists() or not file.stat().st_size:
            assert scheduler.poll() is None and time.monotonic() < late, (folder / "0.log").read_text()
            time.sleep(0.05)
        yield Dask(json.loads(file.read_text())["address"], file, orders, scheduler)
    finally:
        for process in started[::-1]:
            process.send_signal(signal.SIGTERM)
        for process in started[::-1]:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
