"""The command that tells a finished comparison again, and how every comparison is told."""

from pathlib import Path
from typing import TYPE_CHECKING

from policysim.cli import terminal
from policysim.cli.options import Folder, Json, NoPdf, ReportOut, Screening

if TYPE_CHECKING:
    from policysim.experiments.designs.compare import Comparison


def report(
    folder: Folder, out: ReportOut = None, sensitivity: Screening = None, no_pdf: NoPdf = False, as_json: Json = False
) -> None:
    """The table and the report of a comparison that is there, from its folder alone: nothing is run.

    The report is one page, report.html, that opens without internet, and beside it report.pdf for paper. With the folder of a
    finished 'policysim sensitivity' it also names the numbers that carry the answer.

    \b
    Examples:
      policysim report results/earlier
      policysim report /archive/2025 --out report.html --no-pdf
    """
    from policysim.experiments.running.files import check_holds_comparison

    check_holds_comparison(folder)
    from policysim.experiments.designs.compare import load_results

    tell(load_results(folder), as_json, out, sensitivity, pdf=not no_pdf)


def tell(
    found: "Comparison", as_json: bool, out: Path | None = None, screening: Path | None = None, pdf: bool = False
) -> None:
    """Write the report and print what was found."""
    from policysim.experiments.analysis.contested import sentences
    from policysim.experiments.designs.contested import what_turns
    from policysim.viz.report import paper_beside, write_report

    report = write_report(found.folder, out, screening, pdf)
    if as_json:
        terminal.print_json(found.summary.to_dict("records"))
    else:
        terminal.print_headlines(found.headlines(), sentences(what_turns(found.folder)))
        left_out = len(found.left_out())
        if left_out:
            terminal.say(
                f"{found.folder} keeps {left_out} more run{'s' * (left_out > 1)} of other regimes or seeds; "
                "--regimes, --seed and --replicates of 'policysim compare' say what the tables hold."
            )
        print(f"\nReport: {report}" + (f" and {paper_beside(report).name}" if pdf else ""))
