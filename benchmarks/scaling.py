"""What a run costs by people, weeks, levers and threads, and what many runs cost by number, workers and a scheduler.

    make bench-scaling                             # every table but the largest, as Markdown
    make bench-scaling BENCH="--only people,threads"
    make bench-scaling BENCH="--england-one-in=2 --only=large"     # needs so much memory: a person takes 400 bytes

Each line of a table has a process of its own, one after another; those whose ratio is told take turns within one process.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence

from policysim.benchmarks.bench import alone
from policysim.benchmarks.peers.__main__ import table
from policysim.benchmarks.scaled import (
    LARGE,
    alongside,
    levers_pulled,
    memory_of_many,
    one_run,
    residents_of,
    scheduled,
    two_threads,
)
from policysim.benchmarks.sweeps import LOOP, RUNNER, WHOLE, lived_here, rows_of, speeds

SIZES = (2_000, 20_000, 200_000)
YEARS = (1, 5, 10, 25)
LEVERS = (0, 1, 5, 20, 70)
MANY = (200, 1_000)
TASKS = (200, 1_200)
ENGLAND = "england-and-wales"
Rows = list[list[str]]


def people(asked: argparse.Namespace) -> Rows:
    """One place at several scales, two years on one thread."""
    rows = [["people", "building, s", "a week, ms", "ns a person-week", "most memory, MB"]]
    residents = residents_of(LARGE)
    for scale in [*(residents / size for size in SIZES), 1]:
        found = alone(one_run, LARGE, scale, 2, 1)
        week = found["weeks_cpu_s"] / found["weeks"] * 1000
        rows.append([_many(found["people"]), *map(_short, (found["build_cpu_s"], week, found["ns"], found["peak_mb"]))])
    return rows


def weeks(asked: argparse.Namespace) -> Rows:
    """20,000 people for several years."""
    rows = [["years", "building, s", "all weeks, s", "a week, ms", "most memory, MB"]]
    for years in YEARS:
        found = alone(one_run, LARGE, residents_of(LARGE) / 20_000, years, 1)
        week = found["weeks_cpu_s"] / found["weeks"] * 1000
        rows.append([str(years), *map(_short, (found["build_cpu_s"], found["weeks_cpu_s"], week, found["peak_mb"]))])
    return rows


def levers(asked: argparse.Namespace) -> Rows:
    """Regimes of so many levers from one start, in turn."""
    rows = [["levers", "a week of 2,000, ms", "over none", "a week of 20,000, ms", "over none"]]
    small, large = (alone(levers_pulled, size, LEVERS) for size in (2_000, 20_000))
    for number, one, other in zip(LEVERS, small, large, strict=True):
        told = (one * 1000, one / small[0], other * 1000, other / large[0])
        rows.append([str(number), *map(_short, told)])
    return rows


def threads(asked: argparse.Namespace) -> Rows:
    """One thread and two, in turn."""
    heads = ["people", "a week on one thread, ms", "on two, ms", "times as fast", "processor time of two over one"]
    rows = [heads]
    for size in [*SIZES[1:], residents_of(LARGE)]:
        found = alone(two_threads, size)
        more = found["two_cpu"] / found["one_cpu"]
        rows.append([_many(size), *map(_short, (found["one"] * 1000, found["two"] * 1000, found["times"], more))])
    return rows


def workers(asked: argparse.Namespace) -> Rows:
    """Runs of 2,000 people for two years, in our sweep and in loops side by side."""
    programs = [program for program in WHOLE if program.title in (LOOP, RUNNER)]
    told = ["people=2000", "years=2", "few=2", "many=22"]
    found = list(speeds(programs, 1, lambda program, number: lived_here(program, number, told)))
    rows = [["program", "workers", "runs a second", "processor s a run"]]
    for row in rows_of(found, RUNNER):
        rows.append([str(row[name]) for name in rows[0]])
    return rows


def runs(asked: argparse.Namespace) -> Rows:
    """Sweeps of few and of many tiny runs."""
    rows = [["runs", "workers", "most memory of the process that follows them, MB", "of a worker, MB"]]
    for number in MANY:
        found = alone(memory_of_many, number, 2)
        rows.append([_many(number), "2", *map(_short, (found["parent_mb"], found["workers_mb"]))])
    return rows


def cluster(asked: argparse.Namespace) -> Rows:
    """Empty runs by way of a scheduler: what many take more than few."""
    few, many = (alone(scheduled, tasks) for tasks in TASKS)
    more = many["tasks"] - few["tasks"]

    def each(name: str) -> float:
        return (many[f"{name}_ms"] * many["tasks"] - few[f"{name}_ms"] * few["tasks"]) / more

    parts = {
        "the scheduler": "scheduler", "the process that follows": "parent", "a worker, which keeps the run": "worker",
        "gathering": "gathering",
    }  # fmt: skip
    rows = [["who", "processor ms a run"], *([words, _short(each(name))] for words, name in parts.items())]
    rows.append(["all, by the clock", _short(each("clock"))])
    grown = (many["parent_mb"] - few["parent_mb"]) / more * 1000
    return [*rows, ["memory of the process that follows, KB a run", _short(grown)],
            ["a run's file of ten years, KB", _short(many["bytes_a_run"] / 1000)]]  # fmt: skip


def large(asked: argparse.Namespace) -> Rows:
    """Everybody of a large place, and as many of England and Wales as are asked for."""
    heads = [
        "place", "one in", "years", "threads", "people", "building, s", "all weeks, s", "ns a person-week", "most memory, GB",
        "bytes a person",
    ]  # fmt: skip
    rows = [heads]
    asked_for = [(LARGE, 1.0, 10, 1), (LARGE, 1.0, 10, 2), (ENGLAND, asked.england_one_in, 1, 2)]
    for place, one_in, years, number in asked_for:
        found = alone(one_run, place, one_in, years, number)
        rows.append([
            place, f"{one_in:g}", str(years), str(number), _many(found["people"]),
            _pair(found["build_s"], found["build_cpu_s"]), _pair(found["weeks_s"], found["weeks_cpu_s"]),
            _short(found["ns"]), _short(found["peak_mb"] / 1000), _short(found["bytes_a_row"]),
        ])  # fmt: skip
    return rows


def _many(number: float) -> str:
    return f"{number:,.0f}"


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _pair(clock: float, cpu: float) -> str:
    return f"{_short(clock)} ({_short(cpu)})"


TABLES: dict[str, Callable[[argparse.Namespace], Rows]] = {
    "people": people, "weeks": weeks, "levers": levers, "threads": threads, "workers": workers, "runs": runs,
    "cluster": cluster, "large": large,
}  # fmt: skip
USUAL = [name for name in TABLES if name != "large"]


def measured(asked: argparse.Namespace) -> Iterator[str]:
    """Each table with what it is and how busy the machine was otherwise."""
    for name in asked.only:
        with alongside() as others:
            rows = TABLES[name](asked)
        told = f"{TABLES[name].__doc__} Other programs kept {others[0]:.1f} processors busy meanwhile."
        yield f"**{name}**: {told}\n\n{table(rows)}\n"


def options(words: Sequence[str] | None) -> argparse.Namespace:
    """What is asked for; argparse ends the program where it cannot be understood."""
    parser = argparse.ArgumentParser(prog="make bench-scaling", description=__doc__)
    parser.add_argument("--only", default=",".join(USUAL), help=f"tables, of {', '.join(TABLES)}")
    parser.add_argument("--england-one-in", type=float, default=10, help="residents to a person of England and Wales")
    asked = parser.parse_args(words)
    asked.only = [name.strip() for name in asked.only.split(",")]
    if unknown := [name for name in asked.only if name not in TABLES]:
        parser.error(f"there is no table {unknown[0]!r}; there are {', '.join(TABLES)}")
    return asked


def main(words: Sequence[str] | None = None) -> None:
    """Print each table as soon as it is there."""
    for text in measured(options(words)):
        print(text, flush=True)


if __name__ == "__main__":
    main()
