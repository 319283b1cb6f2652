"""An outcome by group of people: profiles by age, and groups side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from policysim.experiments.analysis.hiding import in_words
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.charts.frame import SMALL, Look, foot, frame, heading, key, units_on
from policysim.viz.style import FAINT, QUIET, TEXT


@dataclass(frozen=True)
class Panel:
    """One panel of a chart by group: a table of `digest.by_group`, its title and unit, and the groups' names."""

    table: pd.DataFrame
    title: str
    unit: str
    names: dict[str, str] | None = None

    def name_of(self, group: str) -> str:
        """A group as it is shown."""
        return (self.names or {}).get(group, group)


def age_chart(panels: Sequence[Panel], look: Look) -> Figure:
    """Profiles by age: a mark with its interval for each regime, and bars behind them for the status quo."""
    figure, axes = frame(len(panels), 1, 0.9 + 3.1 * len(panels))
    for ax, panel in zip(axes[:, 0], panels, strict=True):
        _columns(ax, panel, look)
    key(figure, look)
    foot(figure, look.source)
    return figure


def _columns(ax: Axes, panel: Panel, look: Look) -> None:
    groups = list(dict.fromkeys(panel.table["group"]))
    for name in look.names:
        rows = panel.table[panel.table["regime"] == name].set_index("group").loc[groups]
        x = np.arange(len(groups)) + _dodge(name, look, 0.62)
        style = look.styles[name]
        if name == STATUS_QUO:
            ax.bar(range(len(groups)), rows["mean"], width=0.86, color=FAINT)
        ax.vlines(x, rows["low"], rows["high"], color=style.colour, lw=1.8)
        ax.plot(x, rows["mean"], style.marker, color=style.colour, ms=7, lw=0)
    for k, why in _untold(panel, groups):
        _say_few(ax, why, (k, 0), (0, 4), ha="center", va="bottom")
    ax.set_xticks(range(len(groups)), groups)
    ax.set_xlim(-0.6, len(groups) - 0.4)
    ax.set_ylim(bottom=0)
    ax.grid(axis="y", color=FAINT, lw=0.6)
    units_on(ax.yaxis, panel.table[["mean", "low", "high"]])
    heading(ax, panel.title, panel.unit)


def group_chart(rows_of_panels: Sequence[Sequence[Panel]], look: Look) -> Figure:
    """Rows of panels with groups downwards: a mark and interval for each regime, bars for the status quo."""
    columns = max(len(panels) for panels in rows_of_panels)
    figure, axes = frame(len(rows_of_panels), columns, 0.9 + 4.4 * len(rows_of_panels), gap=0.06)
    for ax_row, panels in zip(axes, rows_of_panels, strict=True):
        for k, ax in enumerate(ax_row):
            ax.set_visible(k < len(panels))
            if k < len(panels):
                _rows(ax, panels[k], look, named=k == 0)
    key(figure, look)
    foot(figure, look.source)
    return figure


def _rows(ax: Axes, panel: Panel, look: Look, named: bool) -> None:
    groups = list(dict.fromkeys(panel.table["group"]))
    for name in look.names:
        rows = panel.table[panel.table["regime"] == name].set_index("group").loc[groups]
        y = np.arange(len(groups)) + _dodge(name, look, 0.66)
        style = look.styles[name]
        if name == STATUS_QUO:
            ax.barh(range(len(groups)), rows["mean"], height=0.86, color=FAINT)
        ax.hlines(y, rows["low"], rows["high"], color=style.colour, lw=1.8)
        ax.plot(rows["mean"], y, style.marker, color=style.colour, ms=6.5, lw=0)
    for k, why in _untold(panel, groups):
        _say_few(ax, why, (0, k), (4, 0), ha="left", va="center")
    names = [panel.name_of(group) if named else "" for group in groups]
    ax.set_yticks(range(len(groups)), names)
    for label in ax.get_yticklabels():
        label.set_color(TEXT)
    ax.set_ylim(len(groups) - 0.4, -0.6)
    ax.set_xlim(left=0)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    units_on(ax.xaxis, panel.table[["mean", "low", "high"]], bins=4)
    heading(ax, panel.title, panel.unit)


def _untold(panel: Panel, groups: Sequence[str]) -> list[tuple[int, str]]:
    """Which of the groups have no mark, since under every regime they are not told, and what stands in their place."""
    told = panel.table.groupby("group")["mean"].count()
    why = panel.table.groupby("group")["hidden"].first()
    return [(k, in_words(str(why[group]))) for k, group in enumerate(groups) if not told[group]]


def _say_few(ax: Axes, why: str, at: tuple[float, float], off: tuple[float, float], **where: Any) -> None:
    """In place of a group's marks, why there are none."""
    ax.annotate(why, at, off, textcoords="offset points", fontsize=SMALL, color=QUIET, **where)


def _dodge(name: str, look: Look, width: float) -> float:
    """How far from a group's middle a regime's mark stands."""
    names = list(look.names)
    return (names.index(name) / (len(names) - 1) - 0.5) * width if len(names) > 1 else 0.0
