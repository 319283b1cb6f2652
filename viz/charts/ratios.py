"""Ratios of one group's rate to another's: a dot and its intervals for each regime; twice and half lie as far from equal.

Above what the ratio is, beneath what each regime makes of it. The interval over seeds is a thick line through the dot; that
over what nobody knows is a thin one with ends beneath it, as in the chart of differences.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from policysim.experiments.analysis.hiding import in_words
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.charts.frame import SMALL, Look, foot, frame, heading, key
from policysim.viz.style import FAINT, QUIET, TEXT

WIDEST = 32.0
"""Times and parts of one beyond which nothing is drawn: a line that runs to the edge runs on."""
ROOM = 1.06
"""How much wider than what is drawn an axis is."""
BENEATH = 0.3
"""How far the interval over what nobody knows lies beneath the dot, in distances between regimes."""
RATIO, CHANGE = ("ratio", "ratio_low", "ratio_high", "ratio_uncertainty_low", "ratio_uncertainty_high"), (
    "change", "change_low", "change_high", "change_uncertainty_low", "change_uncertainty_high",
)  # fmt: skip
"""Columns of a panel's table: the ratio, and what a regime makes of it."""


@dataclass(frozen=True)
class RatioPanel:
    """One outcome: rows of `equity_tables.ratio_rows` (group, regime, `RATIO`, `CHANGE`, not_told), and its title."""

    table: pd.DataFrame
    title: str
    names: dict[str, str]


def ratio_chart(panels: Sequence[RatioPanel], look: Look, against: str) -> Figure:
    """Outcomes side by side with groups downwards; `against` names the group of reference."""
    paired = STATUS_QUO in look.names and bool(look.others)
    groups, rows = len(panels[0].names), 2 if paired else 1
    height = 1.25 + rows * (0.85 + groups * (0.24 + 0.1 * len(look.names)))
    figure, axes = frame(rows, len(panels), height, gap=0.08)
    for k, panel in enumerate(panels):
        _dots(axes[0, k], panel, look, RATIO, list(look.names), named=k == 0)
        heading(axes[0, k], panel.title, f"ratio to {against}")
        if paired:
            _dots(axes[1, k], panel, look, CHANGE, look.others, named=k == 0)
            heading(axes[1, k], "Change of that ratio" if k == 0 else "", "times that of the status quo")
    key(figure, look)
    drawn = any(panel.table[[RATIO[3], CHANGE[3]]].notna().any(axis=None) for panel in panels)
    lines = f" Thick line: {OVER_SEEDS}; thin line with ends: {OVER_UNKNOWNS}." if drawn else ""
    foot(figure, f"{look.source}.\nHollow: the 95% interval over seeds holds 1, or there is none.{lines}")
    return figure


def _dots(ax: Axes, panel: RatioPanel, look: Look, columns: Sequence[str], regimes: list[str], named: bool) -> None:
    groups = list(panel.names)
    ax.set_xscale("log")
    ax.axvline(1, color=QUIET, lw=1.2)
    apart = 0.72 / max(len(regimes), 1)
    for n, name in enumerate(regimes):
        rows, style = panel.table[panel.table["regime"] == name].set_index("group"), look.styles[name]
        for k, group in enumerate(groups):
            middle, low, high, least, most = (float(rows.at[group, column]) for column in columns)
            y = k + (n - (len(regimes) - 1) / 2) * apart
            ax.plot([low, high], [y, y], color=style.colour, lw=2.2, solid_capstyle="butt")
            if not math.isnan(least):
                ax.plot([least, most], [y + BENEATH * apart] * 2, "|-", color=style.ink, lw=1.0, ms=5, mew=1.2)
            face = style.colour if low > 1 or high < 1 else "white"
            ax.plot([middle], [y], style.marker, color=style.colour, mfc=face, mew=1.6, ms=6.5)
    for k, group in enumerate(groups):
        rows = panel.table[panel.table["group"] == group]
        if not rows[columns[0]].notna().any():
            why = in_words(str(next(iter(rows["not_told"]), "")))
            ax.annotate(why, (0, k), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                        va="center", fontsize=SMALL, color=QUIET,
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})  # fmt: skip
        if k:
            ax.axhline(k - 0.5, color=FAINT, lw=0.6)
    ax.set_yticks(range(len(groups)), [panel.names[group] if named else "" for group in groups])
    for label in ax.get_yticklabels():
        label.set_color(TEXT)
    ax.set_ylim(len(groups) - 0.45, -0.55)
    _scale(ax, panel.table.loc[panel.table["regime"].isin(regimes), list(columns)])


def _scale(ax: Axes, shown: pd.DataFrame) -> None:
    """Round ticks and the room that what is shown takes, one always within it."""
    values = shown.to_numpy(float)
    values = np.clip(values[np.isfinite(values) & (values > 0)], 1 / WIDEST, WIDEST)
    low, high = min([1.0, *values]) / ROOM, max([1.0, *values]) * ROOM
    ax.set_xlim(low, high)
    ax.xaxis.set_major_locator(FixedLocator(ticks_between(low, high) if values.size else [1]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.grid(axis="x", color=FAINT, lw=0.6)


def ticks_between(low: float, high: float) -> list[float]:
    """Round numbers on an axis of ratios: halves and doubles where it is long, even steps where it is short."""
    span = high / low
    if span > 6:
        step = 4 if span > 100 else 2
        ticks = [float(step) ** k for k in range(-5, 6)]
    elif span > 2.2:
        ticks = [0.25, 0.33, 0.5, 0.7, 1, 1.5, 2, 3, 4, 6]
    else:
        ticks = [float(round(tick, 6)) for tick in MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, high)]
    return [tick for tick in ticks if low <= tick <= high]
