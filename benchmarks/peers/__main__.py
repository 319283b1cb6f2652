"""`make bench-peers`: one contagion with newcomers and deaths in four programs, on the same people and ties.

First whether all four live the same contagion, then how fast they do, in processor time. Each run has a process of its own,
on one thread; the programs take turns, and figures are medians of the rounds.
"""

import argparse
import ast
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from policysim.benchmarks.builds import Build, copy_working_tree, why
from policysim.benchmarks.peers.worlds import WEEKS, world_of
from policysim.errors import UserError
from policysim.interrupts import ignore_more, remembered

ROOT = Path(__file__).resolve().parents[2]
THEIRS = ROOT / ".venv-peers" / "bin" / "python"
OURS, BY_HAND = "with_policysim", "by_hand"
PROGRAMS = {OURS: "policysim", BY_HAND: "NumPy by hand", "with_starsim": "Starsim", "with_mesa": "Mesa"}
WORLDS, SMALL = 20, 10_000
LOOKED_AT = (26, 52, WEEKS)
LIMIT = 4.0
"""Standard errors by which two means over WORLDS may differ: by chance alone one comparison in a thousand goes beyond."""


def lived(build: Build, program: str, worlds: Sequence[Path]) -> list[dict[str, Any]]:
    """What a program tells of its life in each world; raises UserError."""
    run = build.run("-m", "policysim.benchmarks.peers.one", program, *map(str, worlds))
    if run.returncode:
        raise UserError(f"{PROGRAMS[program]} cannot be run: {why(run)}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows, the first of them heads, as Markdown."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "| " + " | ".join("-" * width for width in widths) + " |", *lines[1:]])


# --- the same contagion? ----------------------------------------------------------------------------------------------


def standard_error(users: np.ndarray, by_hand: np.ndarray) -> np.ndarray:
    """Of the difference between the means of two programs over the same worlds, shape (worlds, weeks)."""
    return np.asarray((users - by_hand).std(axis=0, ddof=1) / np.sqrt(len(users)))


def apart(users: np.ndarray, by_hand: np.ndarray) -> np.ndarray:
    """By how many standard errors these means differ."""
    return np.asarray((users - by_hand).mean(axis=0) / standard_error(users, by_hand))


def agreement(users: dict[str, np.ndarray]) -> str:
    """Mean users in some weeks, and how far from those of NumPy by hand."""
    weeks = np.array(LOOKED_AT) - 1
    heads = ["difference from by hand in standard errors", "one of them, % of users"]
    rows = [["program", *(f"use after {week} weeks" for week in LOOKED_AT), *heads]]
    for program, found in users.items():
        means = [f"{mean:,.1f}" for mean in found[:, weeks].mean(axis=0)]
        compared = [""] * 2
        if program != BY_HAND:
            one = standard_error(found, users[BY_HAND])[weeks] / users[BY_HAND].mean(axis=0)[weeks] * 100
            compared = [", ".join(f"{error:+.1f}" for error in apart(found, users[BY_HAND])[weeks])]
            compared.append(", ".join(f"{error:.1f}" for error in one))
        rows.append([PROGRAMS[program], *means, *compared])
    return table(rows)


def disagreeing(users: dict[str, np.ndarray]) -> list[str]:
    """Programs whose curve is not that of NumPy by hand."""
    weeks = np.array(LOOKED_AT) - 1
    others = [program for program in users if program != BY_HAND]
    return [PROGRAMS[one] for one in others if np.any(abs(apart(users[one], users[BY_HAND])[weeks]) > LIMIT)]


# --- how fast ---------------------------------------------------------------------------------------------------------


def code_lines(program: str) -> int:
    """Lines of a program that hold code: no comments, docstrings or empty lines."""
    tree = ast.parse(Path(__file__).with_name(f"{program}.py").read_text(encoding="utf-8"))
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    said = {line for node in texts for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    held = {line for node in ast.walk(tree) if isinstance(node, ast.stmt) for line in lines_of(node)}
    return len(held - said)


def lines_of(node: ast.stmt) -> range:
    """The lines that a statement takes itself, without the block that it heads."""
    body = getattr(node, "body", None)
    last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
    return range(node.lineno, last + 1)


def speeds(people: int, found: dict[str, list[dict[str, Any]]], person_weeks: int) -> list[list[str]]:
    """The rows of one size of place; what policysim's rules take, without its institutions, has one of its own."""

    def middle(program: str, key: str) -> float:
        return median(run[key] for run in found[program])

    def row(name: str, seconds: float, *rest: str) -> list[str]:
        speed, ratio = person_weeks / seconds / 1e6, seconds / middle(OURS, "seconds")
        return [f"{people:,}", name, f"{speed:,.2f}", f"{ratio:.2g}", *rest]

    rows = []
    for program, name in PROGRAMS.items():
        memory, building = f"{middle(program, 'memory_mb'):,.0f}", f"{middle(program, 'build_s'):.2g}"
        rows.append(row(name, middle(program, "seconds"), building, memory, f"{code_lines(program)}"))
    rows.insert(1, row("its rules alone", middle(OURS, "rules_s"), "", "", ""))
    return rows


HEADS = ["people", "program", "million person-weeks a second", "its time over ours", "building, s", "MB", "lines"]


# --- the command ------------------------------------------------------------------------------------------------------


def compare(builds: dict[str, Build], folder: Path, sizes: Sequence[int], rounds: int, worlds: int) -> bool:
    """Print both tables; False where the programs do not agree."""
    small = [folder / f"world-{seed}.npz" for seed in range(1, worlds + 1)]
    for seed, path in enumerate(small, 1):
        world_of(SMALL, seed).save(path)
    users = {name: np.array([life["users"] for life in lived(build, name, small)]) for name, build in builds.items()}
    print(f"The same contagion? Means over {worlds} places of {SMALL:,} people.\n\n{agreement(users)}\n", flush=True)
    rows = []
    for people in sizes:
        world = world_of(people, 1)
        world.save(folder / "world.npz")
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in builds}
        for _ in range(rounds):
            for name, build in builds.items():
                found[name] += lived(build, name, [small[0], folder / "world.npz"])[1:]  # the first compiles and loads
        rows += speeds(people, found, int(world.entered.sum()))
    print(
        f"How fast? {WEEKS} weeks on one thread, processor time, medians of {rounds} rounds.\n\n{table([HEADS, *rows])}"
    )
    for program in (apart_ones := disagreeing(users)):
        print(f"{program} does not live the same contagion: more than {LIMIT:g} standard errors apart", file=sys.stderr)
    return not apart_ones


def options(words: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; raises UserError."""
    parser = argparse.ArgumentParser(prog="make bench-peers BENCH=OPTIONS", description=__doc__)
    parser.add_argument("--theirs", type=Path, default=THEIRS, help="the Python that has Mesa and Starsim")
    parser.add_argument("--sizes", default="2000,20000,200000", help="numbers of people, with commas between them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--worlds", type=int, default=WORLDS, help="places over which the curves are compared")
    asked = parser.parse_args(words)
    sizes = asked.sizes.split(",")
    if not all(size.isdecimal() and int(size) >= 1000 for size in sizes) or asked.rounds < 1 or asked.worlds < 5:
        raise UserError("--sizes must be whole numbers from 1000 on, --rounds 1 or more, and --worlds 5 or more")
    if not asked.theirs.exists():
        raise UserError("Mesa and Starsim need an environment of their own: make bench-peers sets it up")
    asked.sizes = [int(size) for size in sizes]
    return asked


def run(words: Sequence[str] | None) -> int:
    """Exit code 1 where the programs do not agree."""
    asked = options(words)
    with tempfile.TemporaryDirectory(prefix="policysim-peers-") as folder:
        tree = Path(folder) / "tree"
        copy_working_tree(ROOT, tree)
        ours, theirs = Build("ours", tree, Path(sys.executable)), Build("theirs", tree, asked.theirs)
        print(
            ", ".join(versions(build, name) for build, name in ((ours, "numpy"), (theirs, "starsim"), (theirs, "mesa")))
            + "\n"
        )
        builds = {name: theirs if name in ("with_starsim", "with_mesa") else ours for name in PROGRAMS}
        return 0 if compare(builds, Path(folder), asked.sizes, asked.rounds, asked.worlds) else 1


def versions(build: Build, package: str) -> str:
    """A package with its version, as that Python has it."""
    return (
        f"{package} {build.run('-c', f'import importlib.metadata as m; print(m.version({package!r}))').stdout.strip()}"
    )


def main(words: Sequence[str] | None = None) -> int:
    """Exit code 2 for what a user can put right, told in one sentence; after Ctrl-C nothing is left behind."""
    with remembered() as stopped:
        try:
            return run(words)
        except UserError as error:
            print(f"bench-peers: {error}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            ignore_more()
            print("Stopped.", file=sys.stderr)
            return stopped.exit_code


if __name__ == "__main__":
    sys.exit(main())
