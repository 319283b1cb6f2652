"""The command `policysim`: the door to everything. A command loads what it needs when called; nothing imports this.

Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 some runs failed, 2 something
the user can put right (one sentence says what), 130 stopped with Ctrl-C.
"""

import errno
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from policysim.cli import lookups, terminal
from policysim.cli.options import (
    WEST_MIDLANDS,
    BurnInYears,
    Engine,
    Json,
    OneIn,
    Out,
    Overwrite,
    People,
    Place,
    Regimes,
    Replicates,
    Seed,
    Threads,
    What,
    Years,
)
from policysim.errors import UserError, nearest
from policysim.interrupts import ignore_more, remembered

if TYPE_CHECKING:
    from policysim.scenarios.regime import Regime
    from policysim.scenarios.scenario import Scenario

FAILED, WRONG, STOPPED = 1, 2, 130
NOT_WHOLE, NO_NUMBER = (re.compile(rf"Input should be a valid {kind}.*", re.DOTALL) for kind in ("integer", "number"))
LOST_OUTPUT = (errno.EPIPE, errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


class StoppedError(Exception):
    """Stopped with Ctrl-C; says what is kept."""


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(asked: bool) -> None:
    if asked:
        from policysim import __version__

        print(f"policysim {__version__}")
        raise typer.Exit


@app.callback()
def policysim(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What drug-policy regimes do to drug use, offending, enforcement and health in places of England and Wales.

    \b
    Start with:
      policysim compare west-midlands       five regimes over ten years, side by side
      policysim trace --pick diverging --regimes status-quo,harm-reduction
                                            one simulated life under two regimes
      policysim app                         the same in a page on this machine

    Everything that is counted is an estimate of a simulation. It explores policies in the aggregate and says nothing
    about any one person.
    """


# ---------------------------------------------------------------- running


@app.command(short_help="Regimes side by side on one place, against the status quo.")
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
    from policysim.experiments.designs.compare import FailedRunsError, Interrupted
    from policysim.experiments.designs.compare import compare as run_comparison
    from policysim.viz.report import write_report

    changes = _given(
        people=people, one_in=one_in, years=years, replicates=replicates, seed=seed, burn_in_years=burn_in_years
    )
    scenario = _scenario(what, regimes, changes)
    try:
        with terminal.progress(quiet=as_json) as progress:
            found = run_comparison(scenario, out, threads, engine, overwrite, progress)
    except FailedRunsError as failed:
        for failure in failed.failures:
            run = failure.run
            terminal.say(f"The run of {run.regime} with seed {run.seed} failed: {failure.reason} ({failure.log})")
        terminal.say(str(failed))
        raise typer.Exit(FAILED) from None
    except Interrupted as stop:
        raise StoppedError(str(stop)) from None  # the command line would end a KeyboardInterrupt without a word
    report = write_report(found.folder)
    if as_json:
        terminal.print_json(found.summary.to_dict("records"))
    else:
        terminal.print_headlines(found.headlines())
        print(f"\nReport: {report}")


def _scenario(what: str | None, regimes: str | None, changes: dict[str, Any]) -> "Scenario":
    """The scenario of a place or of a file, with what the options change."""
    from policysim.scenarios.scenario import read_scenario, scenario_from

    data: dict[str, Any] = {}
    if what is not None and _is_file(what):
        data = dict(read_scenario(Path(what)))
        data = {name: value for name, value in data.items() if value is not None}
    elif what is not None:
        data["place"] = what
    if regimes is not None:
        data["regimes"] = _regimes(regimes, data.get("regimes", ()))
    if changes.keys() & {"people", "one_in"}:
        data.pop("people", None)
        data.pop("one_in", None)
    return scenario_from(data | changes)


def _is_file(what: str) -> bool:
    return what.endswith(".toml") or os.sep in what or Path(what).is_file()


def _regimes(listed: str, of_file: "tuple[Regime, ...]" = ()) -> "list[str | Regime]":
    """The regimes of a list with commas: from the scenario's file, from files of their own, or shipped."""
    from policysim.scenarios.regime import find_regime, load_regime

    known = {regime.id: regime for regime in of_file}
    names = [name.strip() for name in listed.split(",") if name.strip()]
    if not names:
        raise UserError("--regimes needs at least one regime, as in --regimes status-quo,diversion")
    return [
        known.get(name) or (load_regime(Path(name)) if name.endswith(".toml") else find_regime(name)) for name in names
    ]


@app.command(short_help="One simulated life under several regimes.")
def trace(
    place: Place = WEST_MIDLANDS,
    regimes: Annotated[
        str, typer.Option(metavar="A,B,..", help="Regimes to live under.")
    ] = "status-quo,harm-reduction",
    person: Annotated[int | None, typer.Option(metavar="ID", help="Number of the person.")] = None,
    pick: Annotated[str | None, typer.Option(metavar="diverging", help="Find someone whose lives part.")] = None,
    seed: Seed = None,
    years: Years = None,
    one_in: OneIn = None,
    show_sensitive: Annotated[
        bool, typer.Option("--show-sensitive", help="Name causes and circumstances that are left out otherwise.")
    ] = False,
    as_json: Json = False,
) -> None:
    """One simulated person's life under each regime, side by side, and the draw that parted them.

    The person meets the same luck under every regime; the first difference is the regime's doing.

    \b
    Examples:
      policysim trace --regimes status-quo,harm-reduction --pick diverging
      policysim trace authority:coventry --regimes status-quo,diversion --person 17 --json
    """
    if (person is None) == (pick is None):
        raise UserError("say whose life to trace: either --person ID or --pick diverging")
    if pick not in (None, "diverging"):
        raise UserError(f"--pick knows only 'diverging', not {pick!r}{nearest(str(pick), ['diverging'])}")
    from policysim.experiments.lives.trace import trace as run_trace

    options = _given(person=person, pick=pick, seed=seed, years=years, one_in=one_in)
    life = run_trace(place, _regimes(regimes), show_sensitive=show_sensitive, **options)
    if as_json:
        terminal.print_json(life.rows(), parting=life.parting, turning=life.turning)
    else:
        print(life.text())


@app.command("app", short_help="Open the page on this machine.")
def open_app(
    port: Annotated[int, typer.Option(metavar="PORT", help="Port on this machine; 0 for any that is free.")] = 8765,
    browser: Annotated[bool, typer.Option("--open", help="Open the browser as well.")] = False,
) -> None:
    """Open the page on this machine: choose a place and regimes, press Run, see outcomes and a sampled network.

    It listens on this machine only and needs no internet. Stop it with Ctrl-C.

    \b
    Example:
      policysim app --port 8800
    """
    if not 0 <= port <= 65535:
        raise UserError(f"--port must be 0 to 65535, not {port}")
    from policysim.viz.app import serve

    serve(port, open_browser=browser)


for command, line in lookups.COMMANDS.items():
    app.command(short_help=line)(command)


# ---------------------------------------------------------------- how good and how fast it is


@app.command(short_help="The model beside published figures.")
def calibration(
    place: Place = WEST_MIDLANDS,
    replicates: Annotated[int, typer.Option(metavar="R", help="Seeds to average over.")] = 20,
    one_in: OneIn = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """The status quo of the model beside published figures: pass, miss, or no data. Misses stay in the table.

    \b
    Example:
      policysim calibration west-midlands --json
    """
    from policysim.experiments.designs.calibrate import calibration as compute
    from policysim.experiments.running.runner import available_threads

    if replicates < 1:
        raise UserError(f"--replicates must be at least 1, not {replicates}")
    with terminal.progress(quiet=as_json) as progress:
        rows = compute(
            place, replicates=replicates, one_in=20 if one_in is None else one_in,
            workers=threads or available_threads(), progress=terminal.steps(progress),
        )  # fmt: skip
    columns = ("target", "year", "published", "low", "high", "model", "model_low", "model_high", "verdict", "source")
    lookups.print_listing(rows, columns, as_json, False)


@app.command(short_help="Time the model on this machine.")
def bench(
    rules: Annotated[bool, typer.Option("--rules", help="Also what each rule takes; minutes the first time.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Also up to a million people for ten years; minutes.")] = False,
    as_json: Json = False,
) -> None:
    """Time the model on this machine: nanoseconds per person-week of each engine and of an ordinary Mesa model.

    \b
    Example:
      policysim bench --json
    """
    from policysim.benchmarks.bench import bench as measure

    figures = measure(rules=rules, full=full)
    if as_json:
        terminal.print_json([figures], **figures)
    else:
        terminal.print_record(figures)


@app.command("face-validity", short_help="A page of plots beside the evidence, to judge by eye.")
def face_validity(
    place: Place = WEST_MIDLANDS,
    out: Annotated[Path, typer.Option(metavar="FILE", help="A .png, .pdf or .svg.")] = Path("face-validity.png"),
    one_in: OneIn = None,
    seed: Seed = None,
    years: Years = None,
) -> None:
    """One page of plots of the status quo beside the evidence, for people who know the field to look at.

    \b
    Example:
      policysim face-validity west-midlands --out sheet.png
    """
    from policysim.viz.face_validity import sheet

    print(sheet(place, out, **_given(one_in=one_in, seed=seed, years=years)))


def _given(**options: Any) -> dict[str, Any]:
    """The options that were given; the others keep the defaults of what is called."""
    return {name: value for name, value in options.items() if value is not None}


# ---------------------------------------------------------------- the door


def main() -> None:
    """Run the command line; what a user can put right is one sentence, never a traceback."""
    sys.exit(_run())


def _run() -> int:
    said: type[Exception] = next(k for k in typer.BadParameter.__mro__ if k.__name__ == "ClickException")
    try:
        with remembered():
            code = app(standalone_mode=False)
        if code == STOPPED:  # the library ends a KeyboardInterrupt so
            raise KeyboardInterrupt
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except StoppedError as stop:
        ignore_more()
        terminal.say(str(stop))
        return STOPPED
    except UserError as error:
        terminal.say(f"policysim: {error}")
        return WRONG
    except said as error:  # a command, option or value that the command line itself does not know
        return _usage(error)
    except (KeyboardInterrupt, typer.Abort):
        ignore_more()
        terminal.say("Stopped.")
        return STOPPED
    except OSError as error:
        return _output_lost(error)


def _usage(error: Any) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.ctx.get_help())
        return 0
    sentence = NO_NUMBER.sub(
        "must be a number", NOT_WHOLE.sub("must be a whole number", error.format_message())
    ).rstrip(".")
    command = error.ctx.command_path if getattr(error, "ctx", None) else "policysim"
    terminal.say(f"policysim: {sentence} ('{command} --help' says what it takes).")
    return WRONG


def _output_lost(error: OSError) -> int:
    """What was printed could not be: a closed pipe ends quietly, a full disk says so."""
    if error.errno not in LOST_OUTPUT:
        raise error
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more to fail on at the end
    if not isinstance(error, BrokenPipeError):
        terminal.say(f"policysim: the output cannot be written: {(error.strerror or str(error)).lower()}")
    return WRONG


if __name__ == "__main__":
    main()
