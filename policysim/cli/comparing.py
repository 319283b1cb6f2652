"""The commands that compare regimes on one place, and show a comparison again."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Option

from policysim.cli import terminal
from policysim.cli.endings import FAILED, StoppedError
from policysim.cli.options import (
    BeyondRanges,
    BurnInYears,
    Engine,
    Folder,
    Json,
    OneIn,
    Out,
    Overwrite,
    People,
    Places,
    Regimes,
    Replicates,
    RulesBeside,
    Seed,
    Threads,
    Uncertainty,
    What,
    Years,
    asked,
    listed,
    readings_given,
)
from policysim.cli.reporting import report, tell
from policysim.errors import UserError
from policysim.levers.ids import check_lever_id

if TYPE_CHECKING:
    from policysim.experiments.designs.compare import Comparison
    from policysim.scenarios.scenario import Scenario
    from policysim.scenarios.sweep import Sweep


Readings = Annotated[
    str | None,
    Option(
        metavar="all|QUESTION=READING,..",
        help="Readings of contested evidence to take; all: also run the other one of each question.",
    ),
]
BudgetsOption = Annotated[
    str | None,
    Option(
        "--budgets",
        metavar="status-quo|none",
        help="What purses have a year: what the status quo of the same seed spends; none: whatever is asked.",
    ),
]
EqualSpendOption = Annotated[
    str | None,
    Option(
        "--equal-spend",
        metavar="POUNDS|status-quo|status-quo+POUNDS",
        help="Public money a year that every regime spends: its coverage is scaled until it does.",
    ),
]
ReadingsReplicates = Annotated[
    int | None, Option(metavar="R", help="Seeds of the other readings; by default as many as --replicates.")
]
RareReplicates = Annotated[
    int | None, Option(metavar="R", help="Seeds of levers whose delivery cannot be told from chance over --replicates.")
]


HorizonsOption = Annotated[
    str | None, Option("--horizons", metavar="A,B,..", help="Years after which each run is read; usual are 5,10,25.")
]


def compare(
    what: What = None,
    places: Places = None,
    regimes: Regimes = None,
    rules: RulesBeside = None,
    people: People = None,
    one_in: OneIn = None,
    years: Years = None,
    replicates: Replicates = None,
    seed: Seed = None,
    burn_in_years: BurnInYears = None,
    uncertainty: Uncertainty = None,
    beyond_ranges: BeyondRanges = False,
    budgets: BudgetsOption = None,
    equal_spend: EqualSpendOption = None,
    readings: Readings = None,
    readings_replicates: ReadingsReplicates = None,
    engine: Engine = "compiled",
    threads: Threads = None,
    out: Out = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Compare regimes on one place: deaths, arrests, treatment entries against the status quo, with intervals.

    Every seed is one burnt-in population, from which each regime starts with the same luck, so that differences are
    paired. DIR holds summary.csv, weekly.parquet, by_group.parquet, report.html and scenario.toml, which reproduces all
    of it to the bit, and each run in runs/. Stop with Ctrl-C (or TERM) and give the same command again to go on, or
    with other --replicates, --uncertainty, --seed or --regimes: finished runs are kept, and only what is missing is computed.

    Intervals over seeds show chance alone. With --uncertainty K every number of the model that has a range is drawn from
    it too, K times over, and a second interval shows what nobody knows: 6 sets tell much, 39 give a 95% interval.

    --budgets status-quo gives each purse what the status quo of the same seed spends of it, year by year, and tells which ran dry
    when. --equal-spend scales the coverage of every regime until it spends so much public money a year, by pilot runs. --rules
    runs every regime with the rules, fields and levers in a file of your own as well, from where the regimes part.

    Some evidence is contested ('policysim contested'). A reading that is taken holds for all regimes alike; --readings all
    runs the other one of each question that the regimes name too, and tells whether the ranking turns on it.

    \b
    Examples:
      policysim compare west-midlands
      policysim compare authority:dorset --regimes status-quo,my-regime.toml --one-in 5 --replicates 20
      policysim compare my-town --places my-places.csv --uncertainty 39
      policysim compare west-midlands --readings all --readings-replicates 3
      policysim compare west-midlands --equal-spend status-quo+5000000
      policysim compare authority:coventry --rules my_rules.py --regimes status-quo,diversion
      policysim compare results/earlier/scenario.toml --replicates 20 --out results/earlier
    """
    check_out(out)
    taken, others = readings_given(readings)
    scenario = _asked_with_rules(
        rules, engine, what, places=places, regimes=listed(regimes), people=people, one_in=one_in, years=years, seed=seed,
        replicates=replicates, burn_in_years=burn_in_years, uncertainty=uncertainty, beyond_ranges=beyond_ranges or None,
        readings=taken, budgets={} if budgets == "none" else budgets, equal_spend=equal_spend,
    )  # fmt: skip
    _check_seeds_of_readings(readings_replicates, bool(others), scenario.replicates)
    ways = {"threads": threads, "engine": engine, "overwrite": overwrite}
    tell(_compared(scenario, out, others, readings_replicates, as_json, **ways), as_json)


def _asked_with_rules(rules: Path | None, engine: str, what: str | None, **options: Any) -> "Scenario":
    """The scenario that is asked for, with arms for the classes in a file of one's own where one is given."""
    if rules is None:
        return asked(what, **options)
    from policysim.scenarios.usual import BESIDE_RULES

    scenario = asked(what, BESIDE_RULES, **options)
    from policysim.reference.checking import people_and_levers_in
    from policysim.scenarios.own_arms import with_own_arms

    return with_own_arms(scenario, *people_and_levers_in(rules, engine))


def _compared(
    scenario: "Scenario", out: Path | None, others: bool, replicates: int | None, quiet: bool, **ways: Any
) -> "Comparison":
    """What a comparison found; with the other readings of contested evidence, where they are asked for, beside it."""
    if scenario.where.note:
        terminal.say(f"{scenario.where.name} ({scenario.place}): {scenario.where.note}")
    from policysim.experiments.designs.compare import compare as run_comparison

    found: Comparison = run_design(run_comparison, scenario, quiet, out=out, **ways)
    if others:
        from policysim.experiments.designs.contested import try_readings

        run_design(try_readings, found, quiet, replicates=replicates, **ways)
    return found


def _check_seeds_of_readings(asked_for: int | None, others: bool, replicates: int) -> None:
    if asked_for is not None and not others:
        raise UserError("--readings-replicates is for the other readings, which --readings all runs")
    if asked_for is not None and not 1 <= asked_for <= replicates:
        raise UserError(
            f"--readings-replicates must be 1 to {replicates}, the replicates of the comparison, not {asked_for}"
        )


def effects(
    what: What = None,
    lever: Annotated[
        list[str] | None, Option("--lever", metavar="NAME", help="A lever, or several with commas; may be given again.")
    ] = None,
    places: Places = None,
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
    readings: Readings = None,
    horizons: HorizonsOption = None,
    rare_replicates: RareReplicates = None,
    page: Annotated[Path | None, Option(metavar="FILE.md", help="Also write the table as a page of text.")] = None,
    as_json: Json = False,
) -> None:
    """Each lever alone, at its documented coverage, against the status quo; beside it what is published of its effect.

    For every lever the outcome that shows its delivery, the one it is bought for, deaths, arrests and treatment entries (for
    levers that act on children first use, exclusion and dependence), as differences with 95% intervals over paired seeds, and
    what the purse that pays for it then spends more. A published effect of the same population and time stands beside them.

    DIR holds effects.csv, effects.parquet and all that 'policysim compare' leaves; the same command with the same DIR goes on
    from where it was stopped. Levers of prevention and such as say so run on to 25 years, with a warning. --readings all also
    runs the levers through which a contested question acts under its other reading. --rare-replicates 20 runs levers with places
    for very few people (a halfway house, a ward), which are there under some seeds only, again over so many that they show.

    \b
    Examples:
      policysim effects west-midlands
      policysim effects authority:dorset --lever take_home_naloxone --lever agonist_treatment --one-in 5
      policysim effects west-midlands --one-in 100 --rare-replicates 20 --readings all --page effects.md
    """
    from policysim.scenarios.usual import EFFECTS

    check_out(out)
    names, (taken, others) = _levers_named(lever), readings_given(readings)
    read, years = _years_read(horizons, years, of_file=what is not None and what.endswith(".toml"))
    scenario = asked(
        what, EFFECTS, places=places, people=people, one_in=one_in, years=years, replicates=replicates, seed=seed,
        burn_in_years=burn_in_years, readings=taken,
    )  # fmt: skip
    from policysim.cli.effects_table import print_effects, print_json
    from policysim.experiments.designs.effects import effects as run_effects

    found = run_design(
        run_effects, scenario, as_json, levers=names, out=out, threads=threads, engine=engine, overwrite=overwrite,
        other_readings=others, horizons=read, rare_replicates=rare_replicates,
    )  # fmt: skip
    if page:
        from policysim.viz.effects_page import write_page

        write_page(found, page, on=date.today())
    print_json(found) if as_json else print_effects(found)


def _years_read(horizons: str | None, years: int | None, of_file: bool) -> tuple[tuple[int, ...] | None, int | None]:
    """After which years each run is read, and how long runs are of levers that do not say more."""
    from policysim.scenarios.usual import EFFECTS, HORIZONS

    if of_file or years is not None:
        return _years_listed(horizons), years
    read = HORIZONS if horizons is None else _years_listed(horizons)
    if horizons is not None and read:
        years = max((one for one in read if one <= EFFECTS["years"]), default=min(read))
    return read, years


def _years_listed(given: str | None) -> tuple[int, ...] | None:
    """The years of `--horizons`, none where it is not given; raises UserError."""
    if given is None:
        return None
    from policysim.scenarios.usual import MOST_YEARS

    parts = [part.strip() for part in given.split(",") if part.strip()]
    wrong = next((part for part in parts if not part.isdecimal() or not 1 <= int(part) <= MOST_YEARS), None)
    if wrong is not None or not parts:
        raise UserError(
            f"--horizons takes years from 1 to {MOST_YEARS} with commas, as in 5,10,25, not {wrong or given!r}"
        )
    return tuple(map(int, parts))


def _levers_named(given: list[str] | None) -> list[str] | None:
    """The levers of `--lever`, each as it was written; raises UserError."""
    names = None if given is None else [name for part in given for name in part.split(",") if name.strip()]
    for name in names or ():
        check_lever_id(name.strip().replace("-", "_"))
    return names


def equity(
    folder: Folder,
    axis: Annotated[
        str | None, Option(metavar="A,B,..", help="Of ethnicity, quintile (deprivation), sex, age; by default all.")
    ] = None,
    outcome: Annotated[
        str | None, Option(metavar="A,B,..", help="Outcomes that are counted by group; by default the main ones.")
    ] = None,
    out: Annotated[Path | None, Option(metavar="FILE.csv", help="Also write the rates and ratios to a table.")] = None,
    as_json: Json = False,
) -> None:
    """Who meets what: rates and ratios by ethnic group, deprivation, sex and age, from a finished comparison alone.

    For each group searches, arrests, use and expected deaths stand beside one another; then each outcome's rate as a ratio to
    that of White people, of the least deprived fifth, of men, of people of 30 to 39, under every regime, and what each regime
    makes of that ratio, with intervals over paired seeds and, where the comparison has draws, over what nobody knows. Nothing
    is run. Counts under five are not told, nor what would tell one. --json and FILE.csv hold every outcome of the table.

    \b
    Examples:
      policysim equity results/earlier
      policysim equity results/earlier --axis ethnicity,quintile --outcome searches,imprisoned
      policysim equity results/earlier --json
    """
    from policysim.experiments.running.files import check_holds_comparison

    asked_axes, asked_outcomes = _names(axis, "--axis"), _names(outcome, "--outcome")
    if out is not None and out.suffix != ".csv":
        raise UserError(f"rates and ratios are written to a .csv, not to {out}")
    check_holds_comparison(folder)
    from policysim.cli.equity_table import print_equity, print_json, write_table
    from policysim.experiments.analysis.equity import MAIN
    from policysim.experiments.analysis.equity_tables import axes_named, outcomes_named, people_needed
    from policysim.experiments.designs.compare import load_results
    from policysim.viz.digest import read_digest

    axes, loaded = axes_named(asked_axes), load_results(folder)
    own = tuple(loaded.scenario.own_outcomes)
    outcomes = outcomes_named(asked_outcomes, own)
    found = people_needed(read_digest(loaded.folder).equity)
    if out is not None:
        write_table(found, outcomes, axes, out)
    if as_json:
        print_json(found, outcomes, axes)
    else:
        print_equity(found, outcomes if asked_outcomes else (*MAIN, *own), axes)


def _names(given: str | None, option: str) -> list[str] | None:
    """The names in a list with commas, or None if there is no list; raises UserError if it names none."""
    names = None if given is None else [name.strip() for name in given.split(",") if name.strip()]
    if names == []:
        raise UserError(f"{option} needs at least one name")
    return names


def check_out(out: Path | None) -> None:
    """Raises UserError where a file stands in the way of the folder, before anything is loaded."""
    if out is not None:
        from policysim.experiments.running.files import check_can_be_made

        check_can_be_made(out)


def run_design(
    design: Callable[..., Any], asked_for: "Scenario | Comparison | Sweep", quiet: bool, **options: Any
) -> Any:
    """What a design found; where runs fail, or Ctrl-C stops them, whoever is at the terminal is told what is kept."""
    from policysim.experiments.designs.compare import FailedRunsError, Interrupted

    try:
        with terminal.progress(quiet) as progress:
            return design(asked_for, progress=progress, **options)
    except FailedRunsError as failed:
        for failure in failed.failures:
            run = failure.run
            terminal.say(f"The run of {run.regime} with seed {run.seed} failed: {failure.reason} ({failure.log})")
        terminal.say(str(failed))
        raise typer.Exit(FAILED) from None
    except Interrupted as stop:
        raise StoppedError(str(stop)) from None


COMMANDS: dict[Callable[..., None], str] = {
    compare: "Regimes side by side on one place, against the status quo.",
    effects: "Each lever alone, beside what is published of it.",
    report: "Table and report of a finished comparison; nothing is run.",
    equity: "Who meets what, by group of people, in a finished comparison.",
}
"""Every command here with the line that the list of commands has for it."""
