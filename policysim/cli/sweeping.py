"""The command that runs a sweep: one scenario at many points, by a design that a file describes."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from policysim.cli import terminal
from policysim.cli.comparing import run_design
from policysim.cli.durations import told_time
from policysim.cli.endings import FAILED
from policysim.cli.options import Json
from policysim.errors import UserError

if TYPE_CHECKING:
    from policysim.experiments.designs.sweep import Swept
    from policysim.experiments.designs.sweep_plan import SweepPlan
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
    Option(metavar="tcp://HOST:PORT", help="A Dask scheduler, whose workers run it in place of this machine."),
]
DryRun = Annotated[bool, Option("--dry-run", help="Say what there is to run, how long it takes, and run nothing.")]


def sweep(
    what: What,
    out: OutOfSweep = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Run one scenario at many points: parameters, settings of levers, budgets, readings and places, by a design.

    A design is a full factorial, a list, a Latin hypercube, Sobol' (Saltelli) points, Morris's trajectories, or a sample from
    a table or from the ranges of the registry. Every point is checked before anything runs, and has the same seeds. --dry-run
    prints how many runs there are, and how long they take by a probe of some weeks.

    Stop it with Ctrl-C (or TERM), and give the same command again to go on: what is in DIR is not run again, whatever
    design it was run for.

    \b
    Examples:
      policysim sweep naloxone-and-rooms --dry-run
      policysim sweep what-nobody-knows --out results/unknown
      policysim sweep my-sweep.toml --out results/mine --workers 8
    """
    from policysim.scenarios.means import threads_given

    hands = None if workers is None else threads_given(workers, "--workers")
    if workers is not None and scheduler is not None:
        raise UserError("--workers and --scheduler contradict each other: give one of them")
    from policysim.scenarios.sweep import sweep_of

    asked_for = sweep_of(what)
    if dry_run:
        _print_plan(_planned(asked_for, hands, out), as_json)
        return
    from policysim.experiments.designs.sweep import run_sweep

    if scheduler is not None:
        raise UserError("--scheduler is not known to this version: leave it out")
    _tell(run_design(run_sweep, asked_for, as_json, out=out, workers=hands, name=Path(what).stem), as_json)


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
