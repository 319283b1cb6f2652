"""One measure of one build, in a process of its own: started by `against.py`, which takes no figure in its own process.

    python measures.py NAME TREE [KEY=NUMBER ...]

TREE is the folder from which `policysim` must come; the last line printed is a JSON object of figures. The same file
measures the newer build and the older one, so it asks a build for little: `DrugPolicyModel` with `people`, `seed`,
`years` and `threads`, its `step()`, `close()` and `people`, the `run` of its `engine`, and the command line.
"""

import time

BEGUN = time.perf_counter()  # before anything else is loaded: what a first use takes includes it

import gc  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

PLACE = "west-midlands"
YEAR = 52
WARM_WEEKS = YEAR
"""Weeks lived before anything is timed: compiled code that is loaded when first needed is loaded, institutions have settled."""
MEGABYTE = 1024 * 1024
EVERYONE = 42
"""Millions: so many and more are all residents of England and Wales between ten and 64."""


def model_of(**arguments: Any) -> Any:
    """A model of the build that is measured."""
    from policysim import DrugPolicyModel

    return DrugPolicyModel(arguments.pop("place", PLACE), seed=arguments.pop("seed", 1), **arguments)


def live(model: Any, weeks: int) -> float:
    """Live the weeks; returns the seconds they took."""
    start = time.perf_counter()
    for _ in range(weeks):
        model.step()
    return time.perf_counter() - start


class Passes:
    """Stands in for a model's engine: adds up the time of its weekly passes, on the clock and of processors."""

    def __init__(self, model: Any):
        self.engine, self.seconds, self.cpu, self.person_weeks, self.model = model.engine, 0.0, 0.0, 0, model
        model.engine = self

    def run(self, *arguments: Any, **named: Any) -> Any:
        """The engine's pass, timed."""
        # While somebody holds `people`, or has taken it this week, nobody rests: newer builds are asked for what lies below.
        people = self.model.people if "people" in vars(self.model) else self.model.records
        self.person_weeks += int(people["present"].sum())
        del people
        start, cpu = time.perf_counter(), time.process_time()
        found = self.engine.run(*arguments, **named)
        self.seconds += time.perf_counter() - start
        self.cpu += time.process_time() - cpu
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


# --- measures: each returns its figures by name -----------------------------------------------------------------------


def weekly_pass(people: int, weeks: int) -> dict[str, float]:
    """Every rule for everyone on one thread, and the whole `step()` around it, per person-week."""
    model = model_of(people=people, years=3)
    live(model, WARM_WEEKS)
    passes = Passes(model)
    seconds = live(model, weeks)
    nanoseconds = 1e9 / passes.person_weeks
    return {
        "pass_ns": passes.seconds * nanoseconds,
        "pass_cpu_ns": passes.cpu * nanoseconds,
        "week_ns": seconds * nanoseconds,
    }


def week(people: int, weeks: int) -> dict[str, float]:
    """A whole `step()`; over a year, since each has a week in which institutions look at everyone."""
    model = model_of(people=people, years=3)
    live(model, WARM_WEEKS)
    cpu = time.process_time()
    seconds = live(model, weeks)
    return {"step_ms": seconds / weeks * 1000, "step_cpu_ms": (time.process_time() - cpu) / weeks * 1000}


def building(people: int, again: int) -> dict[str, float]:
    """A place with its people and their network: the first in a process, where much is loaded, and the next ones."""
    from policysim import DrugPolicyModel  # noqa: F401 - loading Python's modules is no part of building

    seconds = []
    for seed in range(1 + again):
        start = time.perf_counter()
        model = model_of(people=people, years=1, seed=1 + seed)
        seconds.append(time.perf_counter() - start)
        model.close()
    return {"build_s": seconds[0], "build_again_s": sorted(seconds[1:])[again // 2]}


def threads(people: int, weeks: int) -> dict[str, float]:
    """One thread's pass over that of two, which take turns month by month."""
    pair = [model_of(people=people, years=3, threads=number) for number in (1, 2)]
    for model in pair:
        live(model, WARM_WEEKS)
    timed = [Passes(model) for model in pair]
    for _ in range(weeks // 4):
        for model in pair:
            live(model, 4)
    for model in pair:
        model.close()
    one, two = (passes.seconds / passes.person_weeks for passes in timed)
    return {"two_threads": one / two}


def first_use(people: int) -> dict[str, float]:
    """From starting Python to the end of the first week, with nothing compiled yet."""
    live(model_of(people=people, years=1), 1)
    return {"first_use_s": time.perf_counter() - BEGUN}


def memory(people: int, weeks: int) -> dict[str, float]:
    """The most memory held while so many people lived the weeks, the program itself included."""
    live(model_of(people=people, years=-(-weeks // YEAR)), weeks)
    return {"memory_mb": most_memory()}


def comparison(**options: int) -> dict[str, float]:
    """The comparison of `make demo` with these options, in a process of its own, as a user starts it."""
    with tempfile.TemporaryDirectory() as folder:
        told = [text for name, number in options.items() for text in (f"--{name.replace('_', '-')}", str(number))]
        command = [sys.executable, "-m", "policysim", "compare", PLACE, "--out", f"{folder}/results", *told]
        start = time.perf_counter()
        run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if run.returncode:
            sys.exit(run.stderr.strip().splitlines()[-1])
        return {"demo_s": time.perf_counter() - start}


def plain_mesa(people: int, python_people: int) -> dict[str, float]:
    """How many times longer the week of an ordinary Mesa model takes: each build has one of its own rules."""
    from policysim.benchmarks.bench import bench

    figures = bench(people=people, python_people=python_people, rounds=3, weeks=4)
    return {"mesa_over_pass": figures["plain_mesa_over_compiled"]}


def growth(millions: int) -> dict[str, float]:
    """A year of one million people and of so many, on two threads: time, memory, and whether time grows in step.

    More than live there, who are somewhat fewer than 42 million, is everyone one to one.
    """
    seconds, people = {}, {}
    for size in (1, millions):
        start = time.perf_counter()
        scale = {"one_in": 1} if size >= EVERYONE else {"people": size * 1_000_000}
        model = model_of(place="england-and-wales", years=1, threads=2, **scale)
        built = time.perf_counter() - start
        people[size], seconds[size] = model.place.residents_10_64 / model.one_in, (built, live(model, YEAR))
        model.close()
        del model
        gc.collect()
    built, lived = seconds[millions]
    ratio = (built + lived) / sum(seconds[1]) / (people[millions] / people[1])
    return {"many_build_s": built, "many_year_s": lived, "many_gb": most_memory() / 1024, "growth": ratio}


MEASURES: dict[str, Callable[..., dict[str, float]]] = {
    "pass": weekly_pass, "week": week, "build": building, "threads": threads, "first-use": first_use,
    "memory": memory, "demo": comparison, "mesa": plain_mesa, "growth": growth,
}  # fmt: skip


def most_memory() -> float:
    """Most memory that this process has held (MB)."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux: what getrusage says may be the peak of the process that started this one
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text()).group(1)) / 1024  # type: ignore[union-attr]
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MEGABYTE if sys.platform == "darwin" else 1024)


def strangers(tree: Path) -> list[str]:
    """Modules of policysim that were loaded from elsewhere: from the other build, or one that is installed."""
    files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
    ours = {name: file for name, file in files.items() if file and name.partition(".")[0] == "policysim"}
    return [name for name, file in ours.items() if not Path(os.path.abspath(file)).is_relative_to(tree)]


def main() -> None:
    """Take the measure that is named and print its figures."""
    name, tree, *told = sys.argv[1:]
    import policysim  # noqa: F401

    figures = MEASURES[name](**{key: int(number) for key, number in (text.split("=") for text in told)})
    if found := strangers(Path(tree)):
        sys.exit(f"{found[0]} does not come from the build that is measured")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
