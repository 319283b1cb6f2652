"""The charts of reports, papers and notebooks, drawn from the tables of `policysim.viz.digest`.

Each function returns a matplotlib figure that says its units and its source; `as_svg` writes one down.
"""

from policysim.viz.charts.differences import difference_chart, main_chart
from policysim.viz.charts.frame import Look, as_svg, spread
from policysim.viz.charts.groups import Panel, age_chart, group_chart
from policysim.viz.charts.over_time import yearly_chart
from policysim.viz.charts.ratios import RatioPanel, ratio_chart
from policysim.viz.charts.value import acceptability_chart, plane_chart

__all__ = [
    "Look", "Panel", "RatioPanel", "acceptability_chart", "age_chart", "as_svg", "difference_chart", "group_chart", "main_chart",
    "plane_chart",
    "ratio_chart", "spread",
    "yearly_chart",
]  # fmt: skip
