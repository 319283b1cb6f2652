"""The command that tells a finished comparison again, and how every comparison is told."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument

from policysim.cli import terminal
from policysim.cli.options import Json, NoPdf, ReportOut, Screening
from policysim.cli.rules_diff_table import print_moved_most
from policysim.errors import UserError

if TYPE_CHECKING:
    from policysim.experiments.designs.compare import Comparison


OfEither = Annotated[str, Argument(metavar="DIR", help="The folder of a finished comparison, or of a sweep.")]
SWEEP_FILE = "sweep.toml"
SWEEP_COLUMNS = ("outcome", "regime", "mean", "low", "high", "median", "least", "most", "fewer", "more", "points")


def report(
    folder: OfEither, out: ReportOut = None, sensitivity: Screening = None, no_pdf: NoPdf = False, as_json: Json = False
) -> None:
    """The table and the report of a comparison or a sweep that is there, from its folder alone: nothing is run.

    The report is one page, report.html, that opens without internet, and beside it report.pdf for paper. With the folder of a
    finished 'policysim sensitivity' it also names the numbers that carry the answer.

    \b
    Examples:
      policysim report results/earlier
      policysim report /archive/2025 --out report.html --no-pdf
      policysim report s3://bucket/sweeps/naloxone
    """
    if out is not None and out.suffix not in (".html", ".htm"):
        raise UserError(f"--out is the page of the report, whose name ends in .html, not {out}: its PDF lies beside it")
    if holds_sweep(folder):
        _tell_sweep(folder, out, sensitivity, no_pdf, as_json)
        return
    from policysim.experiments.running.files import check_holds_comparison

    check_holds_comparison(Path(folder), or_sweep=SWEEP_FILE)
    from policysim.experiments.designs.compare import load_results

    tell(load_results(Path(folder)), as_json, out, sensitivity, pdf=not no_pdf)


def holds_sweep(folder: str) -> bool:
    """Whether a folder is a sweep's, also one in an object store; a comparison lies on this machine."""
    return "://" in folder or Path(folder, SWEEP_FILE).exists()


def _tell_sweep(folder: str, out: Path | None, screening: Path | None, no_pdf: bool, as_json: bool) -> None:
    """Write the report of a sweep and print every headline outcome over all points."""
    if screening is not None:
        raise UserError(
            "--sensitivity is for the report of a comparison: a sweep of design 'morris' is a screening itself"
        )
    from policysim.viz.sweep_report import write_sweep_report

    where, found = write_sweep_report(folder, out, pdf=not no_pdf)
    rows = found.table().to_dict("records")
    if as_json:
        terminal.print_json(rows)
        return
    columns = ("place", *SWEEP_COLUMNS) if len(found.places) > 1 else SWEEP_COLUMNS
    title = "Differences from the status quo (its own row: totals), mean of all points with 95% interval over seeds"
    terminal.print_rows([{name: row[name] for name in columns} for row in rows], columns, title)
    print(f"\nReport: {where}" + ("" if no_pdf else f" and {Path(where).with_suffix('.pdf').name}"))


def tell(
    found: "Comparison", as_json: bool, out: Path | None = None, screening: Path | None = None, pdf: bool = False
) -> None:
    """Write the report and print what was found."""
    from policysim.experiments.analysis.contested import sentences
    from policysim.experiments.designs.contested import what_turns
    from policysim.viz.report import paper_beside, write_report

    report = write_report(found.folder, out, screening, pdf)
    if as_json:
        most = {arm: one.json for arm, one in found.moved_most.items()}
        terminal.print_json(found.summary.to_dict("records"), **({"moved_most": most} if most else {}))
    else:
        terminal.print_headlines(found.headlines(), sentences(what_turns(found.folder)))
        _print_moved_most(found)
        left_out = len(found.left_out())
        if left_out:
            terminal.say(
                f"{found.folder} keeps {left_out} more run{'s' * (left_out > 1)} of other regimes or seeds; "
                "--regimes, --seed and --replicates of 'policysim compare' say what the tables hold."
            )
        print(f"\nReport: {report}" + (f" and {paper_beside(report).name}" if pdf else ""))


def _print_moved_most(found: "Comparison") -> None:
    """What rules of one's own moved besides, each arm against its own stock arm."""
    from policysim.experiments.analysis.moved_most import title_of

    lines = min(terminal.width(otherwise=terminal.READABLE), terminal.READABLE)
    for arm, most in found.moved_most.items():
        print()
        print_moved_most(most, title_of(found.scenario, arm), lines)
