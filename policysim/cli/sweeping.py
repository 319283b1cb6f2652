"""The command that runs a sweep: one scenario at many points, by a design that a file describes."""

import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from policysim.cli import terminal
from policysim.cli.analysing import until_given
from policysim.cli.comparing import run_design
from policysim.cli.durations import told_time
from policysim.cli.endings import FAILED
from policysim.cli.options import Engine, Json
from policysim.errors import UserError

if TYPE_CHECKING:
    from policysim.experiments.designs.sweep import Again, Swept
    from policysim.experiments.designs.sweep_plan import SweepPlan
    from policysim.experiments.running.clusters import Cluster
    from policysim.scenarios.sweep import Sweep

FIRST_POINTS = 3
"""Points that are shown before anything runs."""
MOST_COLUMNS = 9
"""Columns of them: a prior has hundreds."""
KILO = 1000

What = Annotated[
    str, Argument(metavar="SWEEP|FILE.toml", help="Id of a shipped sweep, or a file of your own (docs/sweeps.md).")
]
OutOfSweep = Annotated[
    str | None, Option("--out", metavar="DIR", help="Folder of the sweep, also s3://..; by default results/SWEEP-DATE.")
]
Workers = Annotated[int | None, Option(metavar="N", help="Processes on this machine; by default one a processor.")]
Scheduler = Annotated[
    str | None,
    Option(
        metavar="tcp://HOST:PORT",
        help="A Dask scheduler, or its .json file, whose workers run it in place of this machine.",
    ),
]
Part = Annotated[
    str | None,
    Option(metavar="K/N", help="Only the Kth of N parts, as for N machines whose folders are merged afterwards."),
]
UntilPrecision = Annotated[
    str | None,
    Option(
        "--until-precision", metavar="OUTCOME=SHARE,..", help="Add replicates until 95% intervals reach no further."
    ),
]
MostReplicates = Annotated[
    int | None,
    Option("--most-replicates", metavar="N", min=1, help="With --until-precision: no more than so many; usually 100."),
]
DryRun = Annotated[bool, Option("--dry-run", help="Say what there is to run, how long it takes, and run nothing.")]


def sweep(
    what: What,
    out: OutOfSweep = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    until_precision: UntilPrecision = None,
    most_replicates: MostReplicates = None,
    part: Part = None,
    dry_run: DryRun = False,
    engine: Engine = "compiled",
    as_json: Json = False,
) -> None:
    """Run one scenario at many points: parameters, settings of levers, budgets, readings and places, by a design.

    A design is a full factorial, a list, a Latin hypercube, Sobol' (Saltelli) points, Morris's trajectories, or a sample from
    a table or from the ranges of the registry. Every point is checked before anything runs, and has the same seeds. --dry-run
    prints how many runs there are, and how long they take by a probe of some weeks.

    Stop it with Ctrl-C (or TERM), and give the same command again to go on: what is in DIR is not run again, whatever
    design it was run for. With --until-precision expected_deaths=5% it goes on by itself, with more replicates of every point,
    until each difference from the status quo is known to 5% of it at every point.

    \b
    Examples:
      policysim sweep naloxone-and-rooms --dry-run
      policysim sweep what-nobody-knows --out results/unknown
      policysim sweep my-sweep.toml --out results/mine --workers 8
      policysim sweep my-sweep.toml --out /shared/mine --scheduler tcp://10.0.0.1:8786
    """
    from policysim.scenarios.means import engine_given, threads_given

    engine_given(engine)
    hands = None if workers is None else threads_given(workers, "--workers")
    if workers is not None and scheduler is not None:
        raise UserError("--workers and --scheduler contradict each other: give one of them")
    if most_replicates is not None and until_precision is None:
        raise UserError("--most-replicates belongs to --until-precision")
    some = None if part is None else _part(part)
    if some and until_precision is not None:
        raise UserError(
            "--part and --until-precision contradict each other: a part alone does not say how precise the whole is"
        )
    from policysim.scenarios.sweep import sweep_of

    asked_for = sweep_of(what)
    wanted = {} if until_precision is None else until_given(until_precision, asked_for.scenario.outcomes)
    with _elsewhere(scheduler) as executor:
        if dry_run:
            _print_plan(_planned(asked_for, hands if executor is None else max(1, executor.workers), out), as_json)
            return
        from policysim.experiments.designs.sweep import run_sweep

        design = _until(wanted, most_replicates) if wanted else run_sweep
        again = _again(what, workers, scheduler, until_precision, most_replicates, part, engine)
        options = {
            "out": out, "workers": hands, "executor": executor, "part": some, "name": Path(what).stem, "again": again,
            "engine": engine,
        }  # fmt: skip
        _tell(run_design(design, asked_for, as_json, **options), as_json)


def _again(
    what: str,
    workers: int | None,
    scheduler: str | None,
    until: str | None,
    most: int | None,
    part: str | None,
    engine: str,
) -> "Again":
    """What was given that a command which goes on has too: where and how it computes, and when it is at its end."""
    from policysim.experiments.designs.sweep import Again

    given = {
        "--workers": workers, "--scheduler": scheduler, "--until-precision": until, "--most-replicates": most, "--part": part,
        "--engine": None if engine == "compiled" else engine,
    }  # fmt: skip
    words = ((option, str(value)) for option, value in given.items() if value is not None)
    return Again(what, tuple(word for pair in words for word in pair))


def _until(wanted: dict[str, float], most: int | None) -> Callable[..., "Swept"]:
    """A sweep that goes on with more replicates until it is precise enough."""
    from policysim.experiments.designs.until_precise import MOST_REPLICATES, run_until

    def told(have: int, more: int) -> None:
        terminal.say(f"{_many(have, 'replicate')} of each point are not precise enough: going on to {more}.")

    return partial(run_until, wanted=wanted, most=most or MOST_REPLICATES, told=told)


def _part(given: str) -> tuple[int, int]:
    """Which of how many parts; raises UserError."""
    found = re.fullmatch(r"(\d+)/(\d+)", given.strip())
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise UserError(f"--part must be one of so many, such as 2/3, not {given!r}")
    return int(found[1]), int(found[2])


@contextmanager
def _elsewhere(scheduler: str | None) -> "Iterator[Cluster | None]":
    """The workers of a scheduler, where one is given."""
    if scheduler is None:
        yield None
        return
    from policysim.experiments.running.clusters import workers_of

    with workers_of(scheduler) as found:
        yield found


def _tell(swept: "Swept", as_json: bool) -> None:
    """Where the results are, and whether all of them."""
    row = {
        "folder": swept.folder, "runs": swept.asked, "done": swept.done, "computed": swept.computed, "failed": swept.failed,
        "missing": swept.left,
    }  # fmt: skip
    if as_json:
        terminal.print_json([row])
    else:
        print(
            f"{swept.done:,} of {_many(swept.asked, 'run')} are done ({swept.computed:,} of them now), and gathered in "
            f"{swept.folder}: 'policysim results {swept.folder} export FILE.csv' makes one table of them."
        )
    if swept.failed:
        terminal.say(
            f"{_many(swept.failed, 'run')} failed: 'policysim results {swept.folder} failures' says why; the same "
            "again tries them once more."
        )
        raise typer.Exit(FAILED)


def _planned(asked_for: "Sweep", workers: int | None, out: str | None) -> "SweepPlan":
    from policysim.experiments.designs.sweep_plan import plan_of
    from policysim.experiments.running.plan import available_threads

    return plan_of(asked_for, workers or available_threads(), out)


def check_sweep(file: Path) -> str:
    """That a file of a sweep is sound, every point of it; raises UserError with the first fault."""
    from policysim.experiments.designs.points import points_of, scenarios_of
    from policysim.scenarios.sweep import read_sweep

    found = read_sweep(file)
    points = points_of(found)
    for _ in scenarios_of(found, points):
        pass
    return f"{file} is a sound sweep: {found.design}, {_counts(found, len(points))}."


def _counts(found: "Sweep", points: int) -> str:
    """Points, places, regimes and replicates, and how many runs they make."""
    scenario = found.scenario
    counts = {
        "point": points, "place": len(found.places), "regime": len(scenario.regimes), "replicate": scenario.replicates
    }  # fmt: skip
    return " × ".join(_many(*pair[::-1]) for pair in counts.items()) + f" = {_many(math.prod(counts.values()), 'run')}"


def _print_plan(plan: "SweepPlan", as_json: bool) -> None:
    rows = [{"point": point.number, **point.values} for point in plan.points[:FIRST_POINTS]]
    if as_json:
        terminal.print_json(rows, plan=plan.as_row())
        return
    out = terminal.console()
    for line in told_plan(plan):
        out.print(line, width=min(out.width, terminal.READABLE))
    out.print()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    terminal.print_rows(rows, columns[:MOST_COLUMNS], _title(plan, len(columns) - 1))


def _title(plan: "SweepPlan", paths: int) -> str:
    first = (
        f"The first {FIRST_POINTS} of {len(plan.points):,} points" if len(plan.points) > FIRST_POINTS else "The points"
    )
    return first + (f", with {MOST_COLUMNS - 1} of {paths} numbers" if paths >= MOST_COLUMNS else "")


def told_plan(plan: "SweepPlan") -> list[str]:
    """What there is to run, in sentences."""
    apart = f", of which {plan.distinct:,} differ" if plan.distinct < plan.asked else ""
    burn_ins = (
        f", after {_many(plan.burn_ins, 'burn-in')}" if plan.burn_ins and plan.sweep.scenario.burn_in_years else ""
    )
    there = f"; {plan.there:,} are there already, {plan.to_run:,} to run" if plan.there else ""
    return [
        plan.sweep.question,
        f"Design: {plan.sweep.design}. {_counts(plan.sweep, len(plan.points))}{apart}{burn_ins}{there}.",
        f"Time: {told_time(plan.seconds)} with {_many(plan.workers, 'worker')} ({plan.probe.basis})."
        if plan.to_run
        else "Time: none, for nothing is left to run.",
        f"Disk: about {_size(plan.bytes)} ({_size(plan.probe.run_bytes)} a run).",
    ]


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def _size(count: float) -> str:
    """Bytes as they are read."""
    for unit in ("bytes", "kB", "MB"):
        if count < KILO:
            return f"{count:.3g} {unit}"
        count /= KILO
    return f"{count:,.3g} GB"


COMMANDS: dict[Callable[..., None], str] = {
    sweep: "One scenario at many points: parameters, levers and places varied by a design.",
}
"""Every command here with the line that the list of commands has for it."""
