"""What one run of some size takes, and what many runs take beside it; each measure is taken in a process of its own."""

import gc
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from policysim.benchmarks.bench import present
from policysim.benchmarks.many import processors, runner
from policysim.benchmarks.measures import YEAR, live, most_memory
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime

MEGABYTE = 1024 * 1024
LARGE = "west-midlands"
EMPTY = "policysim.benchmarks.empty_runs"
LATEST_SECONDS = 300.0
"""A scheduler has begun by then, or it never will."""


def loaded() -> float:
    """Live a few weeks of a small place, which loads all that is loaded late; returns the memory of the process then (MB)."""
    model = DrugPolicyModel("authority:rutland", people=300, years=1, seed=1)
    live(model, YEAR)
    model.close()
    gc.collect()
    return _pages("self") * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def _pages(process: str) -> int:
    """Pages of memory that a process holds now."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1])


def one_run(place: str, one_in: float, years: int, threads: int) -> dict[str, float]:
    """A run from the first to its last week: people, seconds of building and of a week, and the memory that it takes."""
    before, clock, cpu = loaded(), time.perf_counter(), time.process_time()
    model = DrugPolicyModel(place, one_in=one_in, years=years, seed=1, threads=threads)
    built, cpu_built = time.perf_counter() - clock, time.process_time() - cpu
    person_weeks, seconds, cpu = 0, 0.0, time.process_time()
    while model.running:
        seconds += live(model, 1)
        person_weeks += present(model)
    cpu = time.process_time() - cpu
    return {
        "rows": model.records.size, "people": person_weeks / model.week, "weeks": model.week,
        "build_s": built, "build_cpu_s": cpu_built, "weeks_s": seconds, "weeks_cpu_s": cpu,
        "ns": cpu / person_weeks * 1e9, "clock_ns": seconds / person_weeks * 1e9, "peak_mb": most_memory(),
        "bytes_a_row": (most_memory() - before) * MEGABYTE / model.records.size,
    }  # fmt: skip


@contextmanager
def alongside() -> Iterator[list[float]]:
    """In the list, once the block has ended: how many processors others kept busy meanwhile, as the system tells it."""
    found: list[float] = []
    before, ours, clock = _busy(), processors(), time.perf_counter()
    yield found
    others = _busy() - before - (processors() - ours)
    found.append(max(others, 0.0) / (time.perf_counter() - clock))


def _busy() -> float:
    """Seconds in which any processor of this machine has been busy."""
    user, nice, system, _idle, _waiting, *rest = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + sum(rest[:2])) / os.sysconf("SC_CLK_TCK")


def residents_of(place: str) -> int:
    """How many people of the model's ages live there."""
    from policysim.world.places import find_place

    return find_place(place).residents_10_64


def in_turn(models: Sequence[Any], months: int) -> list[tuple[float, float]]:
    """Seconds of a week of each, on the clock and of processors, while they take turns month by month."""
    found = [[0.0, 0.0] for _ in models]
    for _ in range(months):
        for model, sums in zip(models, found, strict=True):
            cpu = time.process_time()
            sums[0] += live(model, 4)
            sums[1] += time.process_time() - cpu
    return [(clock / months / 4, cpu / months / 4) for clock, cpu in found]


def two_threads(people: int) -> dict[str, float]:
    """A week on one thread and on two, over a year."""
    models = [DrugPolicyModel(LARGE, people=people, years=3, seed=1, threads=threads) for threads in (1, 2)]
    for model in models:
        live(model, YEAR)
    (one, one_cpu), (two, two_cpu) = in_turn(models, YEAR // 4)
    return {"one": one, "two": two, "one_cpu": one_cpu, "two_cpu": two_cpu, "times": one / two}


def levers_pulled(people: int, numbers: Sequence[int]) -> list[float]:
    """Processor seconds of a week with so many levers pulled, the first of the catalogue that go together."""
    regimes = [_with_levers(number) for number in numbers]
    start = DrugPolicyModel(LARGE, people=people, years=3, seed=1)
    models = [DrugPolicyModel(LARGE, regime, people=people, years=3, seed=1, start=start) for regime in regimes]
    for model in models:
        live(model, YEAR)
    return [cpu for _, cpu in in_turn(models, YEAR // 4)]


def _with_levers(number: int) -> Regime | str:
    """A regime of levers spread over the catalogue, as they are usually set."""
    from policysim.levers.catalogue import LEVERS

    ids = list(LEVERS)
    chosen = [ids[k * len(ids) // number] for k in range(number)]
    return (
        Regime(id=f"levers-{number}", name=f"{number} levers", levers={id: {} for id in chosen})
        if number
        else "status-quo"
    )


# --- many runs --------------------------------------------------------------------------------------------------------


@contextmanager
def watched(found: dict[int, float]) -> Iterator[None]:
    """Keep the most memory of every process that this one has started, by its number (MB)."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            for process in _children(os.getpid()):
                with suppress(OSError, ValueError, IndexError):
                    status = Path(f"/proc/{process}/status").read_text()
                    found[process] = int(status.split("VmHWM:")[1].split()[0]) / 1024

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def _children(process: int) -> list[int]:
    """The numbers of the processes that this process has started, and that are there."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == process:
                found.append(int(status.parent.name))
    return found


def memory_of_many(runs: int, workers: int) -> dict[str, float]:
    """The most memory of the process that follows a sweep of so many tiny runs, and of the workers (MB)."""
    children: dict[int, float] = {}
    with watched(children):
        runner(100, 1, workers)(runs)
    most = sorted(children.values())[-workers:]
    return {"runs": runs, "parent_mb": most_memory(), "workers_mb": max(most, default=0.0)}


# --- a scheduler ------------------------------------------------------------------------------------------------------


def cpu_of(process: int) -> float:
    """Processor seconds that a process has used."""
    user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def scheduler_with(workers: int, folder: Path) -> Iterator[tuple[str, list[int]]]:
    """A scheduler on this machine's own network and workers of a thread each, in whose hands runs are empty.

    The address, and the numbers of the scheduler's process and of the workers'.
    """
    file = folder / "scheduler.json"
    started: list[subprocess.Popen] = []
    plain = ("--host", "127.0.0.1", "--no-dashboard")

    def start(*words: str) -> None:
        with (folder / f"{len(started)}.log").open("w") as log:
            command = [sys.executable, "-m", "dask", *words, *plain]
            started.append(subprocess.Popen(command, cwd=folder, stdout=log, stderr=log))

    try:
        start("scheduler", "--port", "0", "--scheduler-file", str(file))
        for _ in range(workers):
            start("worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--preload", EMPTY)
        address = _address_in(file, workers)
        yield address, [process.pid for process in started]
    finally:
        for process in started[::-1]:
            process.terminate()
        for process in started[::-1]:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def _address_in(file: Path, workers: int) -> str:
    """The address of the scheduler, once all workers are there."""
    import json

    from distributed import Client

    late = time.monotonic() + LATEST_SECONDS
    while not file.exists() or not file.stat().st_size:
        if time.monotonic() > late:
            raise TimeoutError("the scheduler did not begin")
        time.sleep(0.05)
    address = str(json.loads(file.read_text())["address"])
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=LATEST_SECONDS)
    return address


def scheduled(tasks: int, workers: int = 1) -> dict[str, float]:
    """What a sweep of so many empty runs takes with a scheduler: processor seconds of each who has a part in it."""
    from policysim.experiments.designs.sweep import run_sweep
    from policysim.experiments.running.clusters import workers_of
    from policysim.experiments.running.gathering import MARK

    with tempfile.TemporaryDirectory() as name, scheduler_with(workers, Path(name)) as (address, processes):
        sweep = sweep_of(tasks)
        with workers_of(address) as executor:
            before, cpu, clock = [cpu_of(process) for process in processes], time.process_time(), time.perf_counter()
            done = run_sweep(sweep, Path(name) / "out", executor=executor)
            clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
            scheduler, *hands = (cpu_of(process) - was for process, was in zip(processes, before, strict=True))
        if done.done != tasks:
            raise RuntimeError(f"{done.failed} of {tasks} runs failed")
        done.store.folder.remove(MARK)
        gathering = time.process_time()
        done.store.gather()
        gathering = time.process_time() - gathering
        size = sum(done.store.sizes().values())
    each = {
        "scheduler": scheduler,
        "worker": sum(hands),
        "parent": cpu - gathering,
        "gathering": gathering,
        "clock": clock,
    }
    ms = {f"{name}_ms": seconds / tasks * 1000 for name, seconds in each.items()}
    return {"tasks": tasks, **ms, "parent_mb": most_memory(), "bytes_a_run": size / tasks}


def sweep_of(runs: int) -> Any:
    """A sweep of as many points, each with a number of its own and so with a start of its own."""
    from policysim.benchmarks.empty_runs import PEOPLE, YEARS
    from policysim.benchmarks.empty_runs import PLACE as SMALL
    from policysim.scenarios.sweep import sweep_from

    scenario = {
        "place": SMALL, "people": PEOPLE, "years": YEARS, "burn_in_years": 0, "regimes": ["status-quo"], "replicates": 1
    }  # fmt: skip
    vary: dict[str, dict[str, float]] = {"parameters.fatality_opioid": {}, "parameters.kits_per_100": {}}
    asked = {"question": "How many?", "design": "latin-hypercube", "points": runs, "scenario": scenario, "vary": vary}
    return sweep_from(asked)
