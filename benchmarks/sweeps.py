"""`policysim bench --sweep`: how fast many runs are, in our runner and in others, with one worker and with two.

Two tables, each of equal work within one run. The whole model: a loop by hand, our sweep, `mesa.batch_run`. One contagion among
the same people and ties: our runner, Starsim's MultiSim, and the evaluators of the EMA workbench, which runs what it is given
and is given NumPy by hand, as our runner is in a row of its own. Each has a process of its own and lives a few runs and then
many: what the many take more is the speed of runs, and what is left is what it takes to begin.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from policysim.benchmarks.builds import Build, copy_working_tree, why
from policysim.errors import UserError

ROOT = Path(__file__).resolve().parents[1]
THEIRS = ROOT / ".venv-peers" / "bin" / "python"
NO_PEERS = (
    "Starsim and the EMA workbench are not compared: their environment is not there (make .venv-peers/.installed)"
)
WORKERS = (1, 2)
TURNS = 3
"""Rounds in which a loop and our sweep take turns."""


@dataclass(frozen=True)
class Installed(Build):
    """policysim as it is installed, with the rules that it has compiled."""

    def environment(self, cache: Path | None = None) -> dict[str, str]:
        """That of this process."""
        return dict(os.environ)


@dataclass(frozen=True)
class Program:
    """Something that lives many runs."""

    title: str
    module: str
    name: str
    workers: tuple[int, ...] = WORKERS
    theirs: bool = False
    """Whether it needs the peers' environment."""
    beside: str = ""
    """Which of ours it stands beside, where that is not the first."""
    times: int = 1
    """So many times as many runs, where they are too short to be timed."""


MODEL, CONTAGION = "policysim.benchmarks.many", "policysim.benchmarks.peers.many"
RUNNER, LOOP = "policysim sweep", "a loop by hand"
WHOLE = (
    Program(LOOP, MODEL, "by_hand"),
    Program(RUNNER, MODEL, "runner"),
    Program("mesa.batch_run", MODEL, "batch_run"),
)
IN_TURN = Program("a loop and policysim sweep in turn, with one worker and with two", MODEL, "in_turn", workers=(1,))
RULES, BY_HAND = "policysim, three rules", "policysim, NumPy by hand"
SIMPLE = (
    Program(RULES, CONTAGION, "rules"),
    Program(BY_HAND, CONTAGION, "by_hand", beside=BY_HAND, times=10),
    Program("EMA workbench, NumPy by hand", CONTAGION, "workbench", theirs=True, beside=BY_HAND, times=10),
    Program("Starsim MultiSim", CONTAGION, "multisim", theirs=True),
)


@dataclass(frozen=True)
class Speed:
    """Of one program with so many workers."""

    program: Program
    workers: int
    runs_per_second: float
    """On the clock, once it has begun."""
    cpu_per_run: float
    """Seconds of processors, once it has begun."""
    begin_seconds: float
    """On the clock, before runs begin and after they have ended."""

    @classmethod
    def of(cls, program: Program, workers: int, rounds: Sequence[dict[str, Any]]) -> "Speed":
        """Medians of rounds."""

        def each(key: str) -> float:
            return median(
                (one["many"][key] - one["few"][key]) / (one["many"]["runs"] - one["few"]["runs"]) for one in rounds
            )

        clock = max(each("seconds"), 1e-9)
        few = median(one["few"]["seconds"] for one in rounds)
        return cls(program, workers, 1 / clock, each("cpu"), max(few - rounds[0]["few"]["runs"] * clock, 0.0))


def bench_sweep(
    people: int = 2_000, years: int = 2, runs: int = 22, rounds: int = 1, theirs: Path = THEIRS,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:  # fmt: skip
    """Both tables as rows of plain values, and what of the processors' time is the runner's own.

    people: simulated in each run. runs: of each program, beside those in which it begins.
    """
    with tempfile.TemporaryDirectory(prefix="policysim-sweep-") as folder:
        tree = Path(folder) / "tree"
        ours, others = Installed("ours", Path(folder), Path(sys.executable)), Build("theirs", tree, theirs)
        worlds = _worlds(Path(folder), people, runs + 2)
        simple = [one for one in SIMPLE if theirs.exists() or not one.theirs]
        if theirs.exists():
            copy_working_tree(ROOT, tree)
        else:
            say(NO_PEERS)
        told = [f"people={people}", f"years={years}", "few=2", f"many={runs + 2}"]
        in_turn = _lived(ours, IN_TURN, 1, [f"people={people}", f"years={years}", f"few={TURNS}", f"many={runs}"], say)
        whole = list(speeds(WHOLE, rounds, lambda program, workers: _lived(ours, program, workers, told, say)))

        def contagion(program: Program, workers: int) -> dict[str, Any]:
            rest = ["2", *map(str, worlds * program.times)]
            return _lived(others if program.theirs else ours, program, workers, rest, say)

        contagions = list(speeds(simple, rounds, contagion))
    return {
        "people": people, "years": years, "runs": runs, "rounds": rounds, "runner_share": in_turn["share"],
        "two_workers": in_turn["two_workers"], "two_loops": in_turn["two_loops"], "model": rows_of(whole, RUNNER),
        "contagion": rows_of(contagions, RULES), "not_compared": "" if theirs.exists() else NO_PEERS,
    }  # fmt: skip


def _worlds(folder: Path, people: int, count: int) -> list[Path]:
    from policysim.benchmarks.peers.worlds import world_of

    paths = [folder / f"world-{seed}.npz" for seed in range(1, count + 1)]
    for seed, path in enumerate(paths, 1):
        world_of(people, seed).save(path)
    return paths


def speeds(
    programs: Sequence[Program], rounds: int, lived: Callable[[Program, int], dict[str, Any]]
) -> Iterator[Speed]:
    """One round of each in turn, so that noise falls on all alike."""
    found: dict[tuple[Program, int], list[dict[str, Any]]] = {}
    for _ in range(rounds):
        for program in programs:
            for workers in program.workers:
                found.setdefault((program, workers), []).append(lived(program, workers))
    yield from (Speed.of(program, workers, each) for (program, workers), each in found.items())


def lived_here(program: Program, workers: int, rest: Sequence[str]) -> dict[str, Any]:
    """What one of ours tells of its runs."""
    with tempfile.TemporaryDirectory(prefix="policysim-sweep-") as folder:
        return _lived(Installed("ours", Path(folder), Path(sys.executable)), program, workers, rest, lambda text: None)


def _lived(
    build: Build, program: Program, workers: int, rest: Sequence[str], say: Callable[[str], None]
) -> dict[str, Any]:
    """What a program tells of its runs; raises UserError."""
    say(f"{program.title}, {workers} worker{'s' * (workers > 1)}")
    run = build.run("-m", program.module, program.name, str(workers), *rest)
    if run.returncode:
        raise UserError(f"{program.title} cannot be run: {why(run)}")
    return dict(json.loads(run.stdout.splitlines()[-1]))


def rows_of(speeds: Sequence[Speed], ours: str) -> list[dict[str, Any]]:
    """A row for each program and number of workers; `ours over its` is with as many workers."""
    speed = {(one.program.title, one.workers): one for one in speeds}
    rows = []
    for one in speeds:
        beside = speed[one.program.beside or ours, one.workers]
        rows.append({
            "program": one.program.title, "workers": one.workers, "runs a second": _short(one.runs_per_second),
            "processor s a run": _short(one.cpu_per_run), "s to begin": _short(one.begin_seconds),
            "ours over its": _short(beside.runs_per_second / one.runs_per_second),
            "its processor time over ours": _short(one.cpu_per_run / beside.cpu_per_run),
        })  # fmt: skip
    return rows


def _short(number: float) -> float:
    return float(f"{number:.3g}")
