"""Writing the report of a comparison: one HTML file that opens without internet, and the same on paper as a PDF."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from policysim.experiments.analysis.contested import Tried, bearing_on
from policysim.experiments.designs.contested import what_turns
from policysim.experiments.designs.sensitivity import read_screening
from policysim.experiments.running.files import RUNS_ARE_KEPT, whole_or_not
from policysim.experiments.running.store import PAPER, REPORT
from policysim.viz.blocks import Report
from policysim.viz.digest import Digest, read_digest
from policysim.viz.report.sections import report_of
from policysim.viz.screen.page import as_page


def write_report(folder: Path, path: Path | None = None, screening: Path | None = None, pdf: bool = False) -> Path:
    """Write the report from the tables in a folder, there or to a path; returns where. Raises UserError.

    screening: the folder of a finished screening, whose strongest numbers the report then names. pdf: also write it for paper,
    beside the page under the same name.
    """
    also = RUNS_ARE_KEPT if path is None else ""
    path = path or Path(folder) / REPORT
    found = report_in(Path(folder), screening)
    with whole_or_not(path, also=also) as part:
        part.write_text(render(found), encoding="utf-8", newline="\n")
    if pdf:
        from policysim.viz.pdf import as_pdf  # a second to load, and not everybody wants paper

        with whole_or_not(paper_beside(path), also=also) as part:
            part.write_bytes(as_pdf(found))
    return path


def paper_beside(page: Path) -> Path:
    """Where the PDF of a page lies."""
    return page.with_name(PAPER) if page.name == REPORT else page.with_suffix(".pdf")


def report_in(folder: Path, screening: Path | None = None) -> Report:
    """The report of the comparison in a folder."""
    found = read_screening(screening) if screening else None
    return of_digest(read_digest(folder), found, what_turns(folder))


def of_digest(digest: Digest, screening: pd.DataFrame | None = None, tried: Sequence[Tried] | None = None) -> Report:
    """The report of what was found.

    tried: the contested questions that bear on it and what their other readings change; without it nothing was tried.
    """
    return report_of(digest, screening, bearing_on(digest.scenario) if tried is None else tried)


def render(report: Report | Digest) -> str:
    """The report as HTML; the same results give the same text."""
    return as_page(of_digest(report) if isinstance(report, Digest) else report)
