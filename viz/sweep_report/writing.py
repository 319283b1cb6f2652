"""Writing the report of a sweep: a page that opens without internet and a PDF, in the folder of the sweep or elsewhere."""

from pathlib import Path

from policysim.experiments.running.anywhere import Folder
from policysim.experiments.running.files import whole_or_not
from policysim.experiments.running.store import PAPER, REPORT
from policysim.viz.screen.page import as_page
from policysim.viz.sweep_report.found import Found, found_in
from policysim.viz.sweep_report.sections import report_of


def write_sweep_report(url: str, path: Path | None = None, pdf: bool = True) -> tuple[str, Found]:
    """Write the report of the sweep in a folder, there or to a path; returns where, and what was found. Raises UserError."""
    found = found_in(url)
    report = report_of(found)
    files = {REPORT: as_page(report).encode()}
    if pdf:
        from policysim.viz.pdf import as_pdf

        files[PAPER] = as_pdf(report)
    if path is None:
        for name, content in files.items():
            Folder(url).write(name, content)
        return f"{url.rstrip('/')}/{REPORT}", found
    for name, content in files.items():
        with whole_or_not(path if name == REPORT else path.with_suffix(".pdf")) as part:
            part.write_bytes(content)
    return str(path), found
