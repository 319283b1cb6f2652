"""Many runs of one model by one program, in a process of its own: `python -m policysim.benchmarks.many`.

Prints a JSON object: for a few runs and for many, seconds on the clock and of processors, those of workers included. What the
many take more than the few is what runs take; the rest is what it takes to begin. One run beforehand compiles and loads.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

PLACE = "authority:coventry"
Many = Callable[[int], Any]
"""Lives so many runs."""


def loop(people: int, years: int, seeds: range) -> None:
    """A model is built, and lives its weeks; nothing is kept."""
    from policysim.model import DrugPolicyModel

    for seed in seeds:
        model = DrugPolicyModel(PLACE, people=people, years=years, seed=seed)
        while model.running:
            model.step()
        model.close()


def by_hand(people: int, years: int, workers: int) -> Many:
    """A loop; with two workers two processes side by side that know nothing of each other, as fast as the machine can."""

    def lived(runs: int) -> None:
        if workers == 1:
            return loop(people, years, range(1, runs + 1))
        context = get_context("spawn")
        shares = [range(first, runs + 1, workers) for first in range(1, workers + 1)]
        started = [context.Process(target=loop, args=(people, years, seeds)) for seeds in shares]
        for process in started:
            process.start()
        for process in started:
            process.join()
        if any(process.exitcode for process in started):
            raise RuntimeError("a loop failed")

    return lived


def runner(people: int, years: int, workers: int) -> Many:
    """`policysim sweep`: every outcome of every year is kept in a file, and all are gathered as one table."""
    from policysim.experiments.designs.sweep import run_sweep
    from policysim.scenarios.sweep import sweep_from

    def lived(runs: int) -> None:
        scenario = {
            "place": PLACE, "people": people, "years": years, "burn_in_years": 0, "regimes": ["status-quo"],
            "replicates": runs,
        }  # fmt: skip
        asked = {"question": "How fast?", "design": "list", "scenario": scenario, "points_listed": [{}]}
        with tempfile.TemporaryDirectory() as folder:
            done = run_sweep(sweep_from(asked), Path(folder) / "out", workers)
        if done.done != runs:
            raise RuntimeError(f"{done.failed} runs failed")

    return lived


def batch_run(people: int, years: int, workers: int) -> Many:
    """`mesa.batch_run` of the same model: the headline outcomes of the last week are kept in memory."""
    import inspect

    from policysim.engine.light_mesa import mesa
    from policysim.model.batch import BatchModel

    told = {"place": PLACE, "people": people, "years": years}

    def lived(runs: int) -> None:
        apart = "rng" in inspect.signature(mesa.batch_run).parameters  # from Mesa 3.4 on
        seeds = {"rng": range(1, runs + 1)} if apart else {}
        asked = told if apart else told | {"seed": range(1, runs + 1)}
        rows = mesa.batch_run(
            BatchModel, asked, number_processes=workers, max_steps=10_000, display_progress=False, **seeds
        )
        if len(rows) != runs:
            raise RuntimeError(f"{len(rows)} rows of {runs} runs")

    return lived


PROGRAMS = {"by_hand": by_hand, "runner": runner, "batch_run": batch_run}


def timed(lived: Many, runs: int) -> dict[str, float]:
    """Seconds that so many runs take."""
    clock, before = time.perf_counter(), processors()
    lived(runs)
    return {"runs": runs, "seconds": time.perf_counter() - clock, "cpu": processors() - before}


def processors() -> float:
    """Seconds of processors that this process has used, and those that it started and that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def measured(lived: Many, few: int, many: int) -> dict[str, dict[str, float]]:
    """A few runs, and many."""
    lived(1)
    return {"few": timed(lived, few), "many": timed(lived, many)}


def in_turn(people: int, years: int, runs: int, rounds: int) -> dict[str, Any]:
    """The runner's own share, and how many times as fast two workers are as one: medians over rounds.

    A loop and our sweep, with one worker and with two, take turns in one process, so that a machine which changes its speed
    changes it for all alike. Of each what so many runs take more than two: what it takes to begin is left out. share: of a
    run's processor time in our sweep the part that a loop by hand does not take. two_workers, two_loops: by the clock, and
    by what runs take of processors, which is what two would give that do nothing else.
    """
    programs = {
        (name, workers): kind(people, years, workers)
        for name, kind in (("loop", by_hand), ("sweep", runner)) for workers in (1, 2)
    }  # fmt: skip
    for lived in programs.values():
        lived(1)
    found: dict[str, list[Any]] = {"share": [], "two_workers": [], "two_loops": []}
    for _ in range(rounds):
        took = {of: _more(lived, runs) for of, lived in programs.items()}
        found["share"].append(1 - took["loop", 1]["cpu"] / took["sweep", 1]["cpu"])
        for name, kind in (("two_workers", "sweep"), ("two_loops", "loop")):
            one, two = took[kind, 1], took[kind, 2]
            found[name].append((one["seconds"] / two["seconds"], 2 * one["cpu"] / two["cpu"]))
    return {
        "share": median(found["share"]),
        **{name: [median(each) for each in zip(*found[name], strict=True)] for name in ("two_workers", "two_loops")},
    }


def _more(lived: Many, runs: int) -> dict[str, float]:
    """What so many runs take more than two."""
    few, many = timed(lived, 2), timed(lived, 2 + runs)
    return {key: many[key] - few[key] for key in ("seconds", "cpu")}


def main() -> None:
    """NAME WORKERS people=NUMBER years=NUMBER few=NUMBER many=NUMBER."""
    name, workers, *rest = sys.argv[1:]
    told, sys.stdout = sys.stdout, sys.stderr
    number = {key: int(value) for key, value in (word.split("=") for word in rest)}
    if name == "in_turn":
        found: dict[str, Any] = in_turn(number["people"], number["years"], number["many"], number["few"])
    else:
        lived = PROGRAMS[name](number["people"], number["years"], int(workers))
        found = measured(lived, number["few"], number["many"])
    print(json.dumps(found), file=told)


if __name__ == "__main__":
    main()
