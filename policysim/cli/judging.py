"""The commands by which the model is judged: how near to what is published, how plausible, how fast."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from typer import Option

from policysim.cli import terminal
from policysim.cli.options import (
    BurnInYears,
    Engine,
    Json,
    OneIn,
    People,
    Places,
    Regimes,
    Replicates,
    Seed,
    Threads,
    What,
    Years,
    asked,
    listed,
)
from policysim.errors import UserError


def calibration(
    what: What = None,
    places: Places = None,
    people: People = None,
    one_in: OneIn = None,
    years: Years = None,
    replicates: Replicates = None,
    seed: Seed = None,
    burn_in_years: BurnInYears = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """The status quo of the model beside published figures: pass, miss, or no data. Misses stay in the table.

    \b
    Example:
      policysim calibration west-midlands --json
    """
    from policysim.scenarios.usual import CALIBRATION

    scenario = asked(
        what, CALIBRATION, places=places, people=people, one_in=one_in, years=years, replicates=replicates, seed=seed,
        burn_in_years=burn_in_years,
    )  # fmt: skip
    from policysim.experiments.designs.calibrate import calibration as compute

    with terminal.progress(quiet=as_json) as progress:
        rows = compute(scenario, threads=threads, progress=terminal.steps(progress))
    columns = (
        "target",
        "year",
        "published",
        "low",
        "high",
        "model",
        "model_low",
        "model_high",
        "verdict",
        "source",
        "cause",
    )
    terminal.print_listing(rows, columns, as_json)


def sensitivity(
    what: What = None,
    places: Places = None,
    regimes: Regimes = None,
    trajectories: Annotated[
        int, Option(metavar="R", help="Times that each number is moved; more tell small effects from chance.")
    ] = 2,
    people: People = None,
    one_in: OneIn = None,
    years: Years = None,
    seed: Seed = None,
    burn_in_years: BurnInYears = None,
    threads: Threads = None,
    out: Annotated[
        Path | None, Option(metavar="DIR", help="A folder that keeps every run; the same command goes on from there.")
    ] = None,
    page: Annotated[Path | None, Option(metavar="FILE.md", help="Also write the strongest as a page of text.")] = None,
    expected: Annotated[
        Path | None, Option(metavar="FILE", help="Names of numbers expected to matter, a line each: the page compares.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Which uncertain numbers carry the answer: a screening by what they do to the differences between regimes.

    Every number that has a range is low or high in one half each of many worlds (a fractional factorial), and every regime is
    run in each: the effect is what its whole range does to a regime's difference from the status quo, beside an interval. Then
    one number after another is moved by two thirds of its range (Morris): mu_star is the mean size of what that does, sigma
    its scatter, and noise what luck alone could make of mu_star. Takes half an hour.

    \b
    Examples:
      policysim sensitivity west-midlands --json
      policysim sensitivity west-midlands --one-in 100 --years 10 --trajectories 10 --out results/sensitivity
    """
    from policysim.scenarios.usual import SENSITIVITY

    scenario = asked(
        what, SENSITIVITY, places=places, regimes=listed(regimes), people=people, one_in=one_in, years=years, seed=seed,
        burn_in_years=burn_in_years,
    )  # fmt: skip
    from policysim.experiments.designs.sensitivity import first
    from policysim.experiments.designs.sensitivity import sensitivity as screen
    from policysim.viz.screening import read_expected, write_page

    names = read_expected(expected) if expected else ()
    with terminal.progress(quiet=as_json) as progress:
        rows = screen(scenario, trajectories, out, threads, progress)
    if page:
        write_page(rows, scenario, trajectories, page, date.today(), names)
    columns = (
        "parameter", "outcome", "regime", "effect", "effect_low", "effect_high", "beyond_chance", "mu_star", "sigma",
        "noise", "low", "high", "quality",
    )  # fmt: skip
    shown = rows if as_json else first(rows, "expected_deaths")
    terminal.print_listing(shown.to_dict("records"), columns, as_json)


def fit(
    what: What = None,
    rounds: Annotated[int, Option(min=1, max=100, metavar="N", help="How often all numbers are moved.")] = 6,
    places: Places = None,
    people: People = None,
    one_in: OneIn = None,
    years: Years = None,
    replicates: Replicates = None,
    seed: Seed = None,
    burn_in_years: BurnInYears = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Move the fitted numbers until the status quo meets their targets, and print them; nothing is written.

    Each round runs the status quo as often as there are replicates, and moves every fitted number as its target asks,
    as far as it can be believed. Changed numbers of a scenario's file are where it begins.

    \b
    Example:
      policysim fit west-midlands --rounds 2 --json
    """
    from policysim.scenarios.usual import CALIBRATION

    scenario = asked(
        what, CALIBRATION, places=places, people=people, one_in=one_in, years=years, replicates=replicates, seed=seed,
        burn_in_years=burn_in_years,
    )  # fmt: skip
    from policysim.experiments.designs.fit import fit as compute

    with terminal.progress(quiet=as_json) as progress:
        rows = compute(scenario, rounds, threads=threads, progress=terminal.steps(progress))
    terminal.print_listing(rows, list(rows[0]), as_json)


def bench(
    rules: Annotated[bool, Option("--rules", help="Also what each rule takes; minutes the first time.")] = False,
    full: Annotated[bool, Option("--full", help="Also up to a million people for ten years; minutes.")] = False,
    sweep: Annotated[
        bool,
        Option(
            "--sweep",
            help="Instead many runs, beside mesa.batch_run and others; some ten minutes, longer on a busy machine.",
        ),
    ] = False,
    engine: Engine = "compiled",
    as_json: Json = False,
) -> None:
    """Time the model on this machine: nanoseconds per person-week of each engine and of an ordinary Mesa model.

    With --sweep, runs a second of our sweeps with one worker and with two, beside other programs on equal work. With --engine
    gpu, a million people on the card and compiled in turn, once both have lived the same lives.

    \b
    Examples:
      policysim bench --json
      policysim bench --sweep
      policysim bench --engine gpu
    """
    if engine not in ("compiled", "gpu"):
        raise UserError(
            f"bench times python beside compiled, and gpu by itself: --engine must be compiled or gpu, not {engine}"
        )
    if sweep and (rules or full):
        raise UserError("--sweep measures runs alone: leave out --rules and --full")
    if engine == "gpu" and (rules or full or sweep):
        raise UserError("--engine gpu measures the card alone: leave out --rules, --full and --sweep")
    if sweep:
        _bench_sweep(as_json)
        return
    figures = _figures(rules, full, engine)
    if as_json:
        terminal.print_json([figures], **figures)
    else:
        terminal.print_record(figures)


def _figures(rules: bool, full: bool, engine: str) -> dict[str, Any]:
    if engine == "gpu":
        from policysim.benchmarks.on_card import bench_on_card

        return bench_on_card()
    from policysim.benchmarks.bench import bench as measure

    return measure(rules=rules, full=full)


def face_validity(
    what: What = None,
    places: Places = None,
    out: Annotated[Path, Option(metavar="FILE", help="A .png, .pdf or .svg.")] = Path("face-validity.png"),
    people: People = None,
    one_in: OneIn = None,
    years: Years = None,
    seed: Seed = None,
    burn_in_years: BurnInYears = None,
) -> None:
    """One page of plots of the status quo beside the evidence, for people who know the field to look at.

    \b
    Example:
      policysim face-validity west-midlands --out sheet.png
    """
    from policysim.scenarios.usual import FACE_VALIDITY
    from policysim.viz.sheet_file import check_file

    check_file(out)
    scenario = asked(
        what,
        FACE_VALIDITY,
        places=places,
        people=people,
        one_in=one_in,
        years=years,
        seed=seed,
        burn_in_years=burn_in_years,
    )
    from policysim.viz.face_validity import sheet

    print(sheet(scenario, out))


COMMANDS: dict[Callable[..., None], str] = {
    calibration: "The model beside published figures.",
    fit: "The fitted numbers, moved until they meet their targets.",
    sensitivity: "Which numbers carry the answer.",
    bench: "Time the model on this machine.",
    face_validity: "A page of plots beside the evidence, to judge by eye.",
}
"""Every command here with the line that the list of commands has for it."""


def _bench_sweep(as_json: bool) -> None:
    """Both tables, and in one line each what they say of the runner."""
    from policysim.benchmarks.sweeps import bench_sweep

    found = bench_sweep(say=terminal.say)
    tables = {name: found.pop(name) for name in ("model", "contagion")}
    if as_json:
        terminal.print_json([row | {"of": name} for name, rows in tables.items() for row in rows], **found)
        return
    size = f"{found['runs']} runs of {found['people']:,} people for {found['years']} years"
    for name, title in (("model", f"The whole model: {size}"), ("contagion", f"One contagion: {size}")):
        terminal.print_rows(tables[name], list(tables[name][0]), title)
    clock, cpu = zip(found["two_workers"], found["two_loops"], strict=True)
    print(
        f"the runner's own share of processor time: {found['runner_share']:.1%}; two workers are {clock[0]:.2f} times as fast "
        f"as one by the clock and {cpu[0]:.2f} by processor time, two loops side by side {clock[1]:.2f} and {cpu[1]:.2f}"
    )
