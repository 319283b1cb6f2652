"""The report of a comparison: what it draws, what it tabulates, and the page and the paper that it writes."""

from policysim.viz.report.writing import paper_beside, write_report

__all__ = ["paper_beside", "write_report"]
