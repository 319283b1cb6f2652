"""The command that analyses a sweep's folder: tables and paragraphs here, charts and files beside the runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from policysim.cli import terminal
from policysim.cli.options import Json
from policysim.errors import UserError

if TYPE_CHECKING:
    from policysim.counts.outcomes import Outcome
    from policysim.experiments.analysis.sweeps.frames import Gathered
    from policysim.experiments.running.anywhere import Folder
    from policysim.viz.sweep_analyses import Analysis

MOST_ROWS = 20
"""Of a table that is printed; the file has all of them."""
ANALYSIS = "analysis"
USUAL_OUTCOME = "expected_deaths"
KINDS = "differences, screening, surface, discovery, robustness, precision, value"

SweepFolder = Annotated[str, Argument(metavar="DIR", help="The folder of a sweep, also s3://...")]
Kind = Annotated[
    str | None, Option("--what", metavar="A,B,..", help=f"Of {KINDS}; by default all that the design allows.")
]
Outcomes = Annotated[
    str | None, Option("--outcome", metavar="A,B,..", help=f"Ids of outcomes; by default {USUAL_OUTCOME}.")
]
OfRegimes = Annotated[str | None, Option("--regimes", metavar="A,B,..", help="Of the sweep's regimes; by default all.")]
Across = Annotated[
    str | None, Option("--across", metavar="PATH[,PATH]", help="What a surface goes over; by default what moves most.")
]
Cases = Annotated[
    str | None,
    Option("--cases", metavar="CASES", help="Worlds to discover: better, no-better than the status quo, or worst."),
]
Precisions = Annotated[str | None, Option("--precision", metavar="5%,2%", help="Precisions to plan replicates for.")]
TableOut = Annotated[
    Path | None, Option("--out", metavar="FILE.csv", help="Also write the table, of one analysis, here.")
]


def analyse(
    folder: SweepFolder,
    what: Kind = None,
    outcome: Outcomes = None,
    regimes: OfRegimes = None,
    across: Across = None,
    cases: Cases = None,
    precision: Precisions = None,
    out: TableOut = None,
    as_json: Json = False,
) -> None:
    """What a sweep's runs say, each analysis as a table, a paragraph and a chart; nothing is run.

    differences at every point with intervals; screening by Morris or Sobol', chance told apart; a response surface over one
    thing that varies, or two; discovery of the worlds in which a regime fails (PRIM, with policysim[discovery]); robustness:
    who is best how often, and regret; precision: how many replicates are enough; value: what a QALY costs over the points.

    Tables and charts are written to DIR/analysis. docs/analysis.md says how to read each.

    \b
    Examples:
      policysim analyse results/morris
      policysim analyse results/unknown --what discovery,robustness --outcome expected_deaths,spending
      policysim analyse results/kits --what surface --across levers.take_home_naloxone.kits_per_100 --out kits.csv
    """
    if out is not None and out.suffix != ".csv":
        raise UserError(f"a table is written to a .csv, not to {out}")
    kinds, wanted = _names(what, "--what"), _shares(precision)
    found = list(_found(
        folder, kinds, _names(outcome, "--outcome") or [USUAL_OUTCOME], tuple(_names(regimes, "--regimes") or ()),
        tuple(_names(across, "--across") or ()), cases or "", wanted,
    ))  # fmt: skip
    if out is not None and len(found) != 1:
        raise UserError(
            f"--out holds one table, and there are {len(found)}: name one analysis with --what, --outcome, --regimes"
        )
    from policysim.experiments.running.anywhere import Folder

    written = [_write(Folder(folder), one) for one in found]
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        found[0].table.to_csv(out, index=False, lineterminator="\n")
    if as_json:
        rows = [{"analysis": one.name, **row} for one in found for row in one.table.to_dict("records")]
        told = [{"analysis": one.name, "title": one.title, "paragraph": one.paragraph} for one in found]
        terminal.print_json(rows, analyses=told)
        return
    for one, files in zip(found, written, strict=True):
        _print(one, files)


def _found(
    folder: str, kinds: list[str] | None, outcomes: list[str], regimes: tuple[str, ...], across: tuple[str, ...], cases: str,
    wanted: tuple[float, ...],
) -> Any:  # fmt: skip
    """The analyses, in the order of the outcomes; those that were not asked for by name are left out where they cannot be."""
    from policysim.experiments.analysis.sweeps.frames import outcome_named
    from policysim.experiments.designs.gathered import gathered_in, numbers_at, sweep_in
    from policysim.viz.sweep_analyses import WANTED, Asked, allowed, analyses

    sweep = sweep_in(folder)
    named = [outcome_named(name, sweep.scenario.outcomes) for name in outcomes]
    swept = gathered_in(folder, sweep)
    _check(swept, regimes, across, cases)
    numbers = numbers_at(sweep, swept.points)
    valued = False
    for outcome in named:
        asked = Asked(outcome, regimes, across, cases, wanted or WANTED, numbers)
        for kind in kinds or allowed(swept, asked):
            if kind == "value" and valued:
                continue
            valued = valued or kind == "value"
            try:
                yield from analyses(swept, kind, asked)
            except UserError as error:
                if kinds:
                    raise
                terminal.say(f"No {kind}: {error}.")


def _check(swept: "Gathered", regimes: tuple[str, ...], across: tuple[str, ...], cases: str) -> None:
    """Whether the sweep has what was named, also where an analysis that was not asked for by name would be left out."""
    from policysim.experiments.analysis.sweeps.discovery import check_cases
    from policysim.experiments.analysis.sweeps.surfaces import check_across

    for regime in regimes:
        swept.check_regime(regime)
    if across:
        check_across(across, swept.paths)
    check_cases(cases)


def _write(folder: "Folder", found: "Analysis") -> list[str]:
    """The table, the chart and the paragraph as files of the sweep's folder."""
    from policysim.viz.charts import as_svg

    files = {f"{ANALYSIS}/{found.name}.csv": found.table.to_csv(index=False, lineterminator="\n")}
    if found.draw is not None:
        files[f"{ANALYSIS}/{found.name}.svg"] = as_svg(found.draw())
    files[f"{ANALYSIS}/{found.name}.txt"] = f"{found.title}\n\n{found.paragraph}\n"
    for name, text in files.items():
        folder.write(name, text.encode())
    return list(files)


def _print(found: "Analysis", files: list[str]) -> None:
    from policysim.viz.sweep_analyses import rows_of

    out = terminal.console()
    rows = rows_of(found)
    terminal.print_rows(rows[:MOST_ROWS], found.shown, found.title)
    if len(rows) > MOST_ROWS:
        out.print(f"The first {MOST_ROWS} of {len(rows):,} rows; {files[0]} has all of them.", style="dim")
    out.print(found.paragraph + "\n", width=min(out.width, terminal.READABLE))
    out.print(f"In DIR: {', '.join(files)}\n", style="dim")


def _names(given: str | None, option: str) -> list[str] | None:
    """The names in a list with commas, or None if there is no list; raises UserError if it names none."""
    names = None if given is None else [name.strip() for name in given.split(",") if name.strip()]
    if names == []:
        raise UserError(f"{option} needs at least one name")
    return names


def _shares(given: str | None) -> tuple[float, ...]:
    return tuple(share_given(one, "--precision") for one in _names(given, "--precision") or ())


def share_given(text: str, option: str) -> float:
    """`5%` or `0.05` as a share; raises UserError."""
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        meant = f"; did you mean '{share:g}%'?" if 1 < share <= 100 and not text.endswith("%") else ""
        raise UserError(f"{option} takes shares such as 5%, at most 100%, not {text!r}{meant}")
    return share


def until_given(given: str, among: Mapping[str, "Outcome"]) -> dict[str, float]:
    """`expected_deaths=5%,arrests=2%` as shares by outcome, one of these; raises UserError."""
    from policysim.experiments.analysis.sweeps.frames import outcome_named

    found: dict[str, float] = {}
    for part in _names(given, "--until-precision") or []:
        name, equals, share = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise UserError(
                f"--until-precision takes an outcome with its share, as in expected_deaths=5%, not {part!r}"
            )
        found[outcome_named(name, among).id] = share_given(share, "--until-precision")
    return found


COMMANDS = {analyse: "What a sweep says: surfaces, screenings, worlds, regret, replicates."}
"""Every command here with the line that the list of commands has for it."""
