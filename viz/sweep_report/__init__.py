"""The report of a sweep: what its points say, on a page and on paper."""

from policysim.viz.sweep_report.writing import write_sweep_report

__all__ = ["write_sweep_report"]
