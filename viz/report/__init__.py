"""The report of a comparison: what it draws, what it tabulates, and the one file that it writes."""

from policysim.viz.report.writing import write_report

__all__ = ["write_report"]
