"""The command that compares regimes on one place."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import typer

from policysim.cli import terminal
from policysim.cli.endings import FAILED, StoppedError
from policysim.cli.options import (
    BurnInYears,
    Engine,
    Json,
    OneIn,
    Out,
    Overwrite,
    People,
    Regimes,
    Replicates,
    Seed,
    Threads,
    What,
    Years,
    asked,
    listed,
)

if TYPE_CHECKING:
    from policysim.experiments.designs.compare import Comparison
    from policysim.scenarios.scenario import Scenario


def compare(
    what: What = None,
    regimes: Regimes = None,
    people: People = None,
    one_in: OneIn = None,
    years: Years = None,
    replicates: Replicates = None,
    seed: Seed = None,
    burn_in_years: BurnInYears = None,
    engine: Engine = "compiled",
    threads: Threads = None,
    out: Out = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Compare regimes on one place: deaths, arrests, treatment entries against the status quo, with intervals.

    Every seed is one burnt-in population, from which each regime starts with the same luck, so that differences are
    paired. DIR holds summary.csv, weekly.parquet, by_group.parquet, report.html and scenario.toml, which reproduces all
    of it to the bit. Stop with Ctrl-C and give the same command again to go on: finished runs are kept.

    \b
    Examples:
      policysim compare west-midlands
      policysim compare authority:dorset --regimes status-quo,my-regime.toml --one-in 5 --replicates 20
      policysim compare results/earlier/scenario.toml --years 20 --out results/longer
    """
    scenario = asked(
        what, regimes=listed(regimes), people=people, one_in=one_in, years=years, replicates=replicates, seed=seed,
        burn_in_years=burn_in_years,
    )  # fmt: skip
    from policysim.viz.report import write_report

    found = _compared(scenario, as_json, out=out, threads=threads, engine=engine, overwrite=overwrite)
    report = write_report(found.folder)
    if as_json:
        terminal.print_json(found.summary.to_dict("records"))
    else:
        terminal.print_headlines(found.headlines())
        print(f"\nReport: {report}")


def _compared(scenario: "Scenario", quiet: bool, **options: Any) -> "Comparison":
    """The comparison; where runs fail, or Ctrl-C stops them, whoever is at the terminal is told what is kept."""
    from policysim.experiments.designs.compare import FailedRunsError, Interrupted
    from policysim.experiments.designs.compare import compare as run_comparison

    try:
        with terminal.progress(quiet) as progress:
            return run_comparison(scenario, progress=progress, **options)
    except FailedRunsError as failed:
        for failure in failed.failures:
            run = failure.run
            terminal.say(f"The run of {run.regime} with seed {run.seed} failed: {failure.reason} ({failure.log})")
        terminal.say(str(failed))
        raise typer.Exit(FAILED) from None
    except Interrupted as stop:
        raise StoppedError(str(stop)) from None


COMMANDS: dict[Callable[..., None], str] = {compare: "Regimes side by side on one place, against the status quo."}
"""Every command here with the line that the list of commands has for it."""
