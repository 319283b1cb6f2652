"""The charts of reports, papers and notebooks: matplotlib figures, never pyplot, drawn from the tables of `digest`.

Each function returns a Figure that says its units and source. Every size is given here, so that nothing depends on
settings made elsewhere: text is 12 points or larger on a figure meant to be shown at its own size.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from policysim.experiments.analysis.compare import plural
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.digest import is_clear
from policysim.viz.style import (
    FAINT,
    QUIET,
    TEXT,
    Measure,
    RegimeStyle,
    number,
    percent,
    regime_styles,
    tick,
    years_axis,
)

SMALL, BODY, TITLE = 12, 13, 15
WIDTH = 11.0
"""Inches; a page shows a figure at 96 points of the screen an inch."""


@dataclass(frozen=True)
class Look:
    """What all charts of one comparison share: names and styles of its regimes, and the line on the source."""

    names: dict[str, str]
    source: str
    start_year: int = 2025

    @property
    def styles(self) -> dict[str, RegimeStyle]:
        """A style for each regime."""
        return regime_styles(self.names)

    @property
    def others(self) -> list[str]:
        """The regimes that are not the comparator."""
        return [name for name in self.names if name != STATUS_QUO]


# --- the frame --------------------------------------------------------------------------------------------------------
def frame(rows: int, columns: int, height: float, gap: float = 0.04) -> tuple[Figure, np.ndarray]:
    """An empty figure with quiet axes, shape (rows, columns); `gap` between rows as a share of their height."""
    room = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08, wspace=0.03, hspace=gap)
    figure = Figure(figsize=(WIDTH, height), layout=room, facecolor="white")
    axes = figure.subplots(rows, columns, squeeze=False)
    for ax in axes.flat:
        quieten(ax)
    return figure, axes


def quieten(ax: Axes) -> None:
    """Axes without a box, with small quiet ticks."""
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(QUIET)
    ax.tick_params(labelsize=SMALL, colors=QUIET, length=0, pad=5)
    ax.set_axisbelow(True)


def heading(ax: Axes, title: str, unit: str = "", lift: float = 0) -> None:
    """A title at the left and its unit beneath it in quiet letters; `lift` points leave room for an axis above."""
    ax.set_title(title, loc="left", fontsize=BODY, fontweight="bold", color=TEXT, pad=28 + lift)
    ax.annotate(
        unit, (0, 1), (0, 10 + lift), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL, color=QUIET
    )


def foot(figure: Figure, text: str) -> None:
    """The source, at the lower left."""
    figure.supxlabel(text, x=0.008, ha="left", fontsize=SMALL, color=QUIET)


def units_on(axis: Axis, money: bool = False, signs: bool = False, bins: int = 5) -> None:
    """Round ticks written in the project's number format."""
    axis.set_major_locator(MaxNLocator(bins))
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick(value, money, signs)))


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Positions moved apart, as little as needed and in their order, until neighbours are at least `gap` apart."""
    order = sorted(range(len(positions)), key=lambda k: positions[k])
    blocks: list[tuple[list[int], float]] = []  # members in order, and where their middle is
    for k in order:
        blocks.append(([k], positions[k]))
        while len(blocks) > 1 and _too_close(blocks[-2], blocks[-1], gap):
            (below, _), (above, _) = blocks[-2], blocks[-1]
            members = below + above
            blocks[-2:] = [(members, sum(positions[m] for m in members) / len(members))]
    placed = [0.0] * len(positions)
    for members, middle in blocks:
        for k, member in enumerate(members):
            placed[member] = middle + (k - (len(members) - 1) / 2) * gap
    return placed


def _too_close(below: tuple[list[int], float], above: tuple[list[int], float], gap: float) -> bool:
    reach = (len(below[0]) + len(above[0])) / 2 * gap
    return above[1] - below[1] < reach * (1 - 1e-9)


def label_ends(ax: Axes, ends: dict[str, float], look: Look, x: float) -> None:
    """The name of each regime beyond the right end of its line, in its own ink, none on top of another."""
    ends = {name: value for name, value in ends.items() if np.isfinite(value)}
    low, high = ax.get_ylim()
    inches = ax.figure.bbox.height / ax.figure.dpi * 0.62
    places = spread(list(ends.values()), gap=(high - low) * (SMALL * 1.35 / 72) / inches)
    ax.set_xlim(right=x)
    for (name, value), place in zip(ends.items(), places, strict=True):
        style = look.styles[name]
        arrow = {"arrowstyle": "-", "color": style.colour, "lw": 0.8, "shrinkA": 0, "shrinkB": 0, "relpos": (0, 0.5)}
        ax.annotate(
            look.names[name],
            (x, value),
            (1.06, place),
            textcoords=ax.get_yaxis_transform(),
            fontsize=SMALL,
            color=style.ink,
            va="center",
            annotation_clip=False,
            arrowprops=arrow,
        )


def key(figure: Figure, look: Look) -> None:
    """The regimes in one row above the panels, for charts whose marks are too many to label one by one."""
    handles = [
        Line2D([], [], color=style.colour, marker=style.marker, ms=8, lw=0, label=look.names[name])
        for name, style in look.styles.items()
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=len(handles), frameon=False, fontsize=SMALL,
                  labelcolor=TEXT, handletextpad=0.4, columnspacing=1.6, borderaxespad=0.2)  # fmt: skip


# --- over time --------------------------------------------------------------------------------------------------------
def yearly_chart(table: pd.DataFrame, measure: Measure, look: Look, counted: pd.DataFrame | None = None) -> Figure:
    """A measure year by year under each regime, and beside it the difference against the status quo, with 95% bands.

    `table` and `counted` are those of `digest.yearly`; counted deaths are faint dots behind the expected ones.
    """
    paired = STATUS_QUO in look.names and len(look.names) > 1
    figure, axes = frame(1, 2 if paired else 1, 4.4)
    level = axes[0, 0]
    if counted is not None:
        for name, rows in counted.groupby("regime", sort=False):
            style = look.styles[str(name)]
            level.plot(
                rows["year"] + look.start_year, rows["mean"], style.marker, color=style.colour, ms=5, alpha=0.35, mew=0
            )
    _bands(level, table, look, "mean", "low", "high")
    unit = _unit(measure) + (", mean of the year" if measure.stock else " a year") + ", 95% interval"
    heading(level, measure.label, unit + ("; faint: counted" if counted is not None else ""))
    units_on(level.yaxis, measure.money)
    from_zero_if_near(level)
    if not paired:
        level.margins(x=0.02)
        label_ends(level, _last(table, "mean"), look, float(table["year"].max() + look.start_year))
    else:
        _difference_panel(axes[0, 1], table, measure, look)
    for ax in axes.flat:
        ax.xaxis.set_major_locator(FixedLocator(years_axis(look.start_year, int(table["year"].max()) + 1)))
        ax.grid(axis="y", color=FAINT, lw=0.6)
    foot(figure, look.source)
    return figure


def _difference_panel(ax: Axes, table: pd.DataFrame, measure: Measure, look: Look) -> None:
    ax.axhline(0, color=look.styles[STATUS_QUO].colour, lw=2)
    others = table[table["regime"] != STATUS_QUO]
    _bands(ax, others, look, "difference", "difference_low", "difference_high")
    heading(ax, "Difference against the status quo", f"{_unit(measure)}, paired by seed, 95% interval")
    ax.margins(y=0.08)
    units_on(ax.yaxis, measure.money, signs=True)
    label_ends(ax, {**_last(others, "difference"), STATUS_QUO: 0.0}, look, float(table["year"].max() + look.start_year))


def _bands(ax: Axes, table: pd.DataFrame, look: Look, mean: str, low: str, high: str) -> None:
    for name in [name for name in look.names if name in set(table["regime"])]:
        rows, style = table[table["regime"] == name].sort_values("year"), look.styles[name]
        x = rows["year"] + look.start_year
        ax.fill_between(x, rows[low], rows[high], color=style.colour, alpha=0.13, lw=0)
        ax.plot(
            x,
            rows[mean],
            color=style.colour,
            ls=style.dash,
            lw=2.4 if name == STATUS_QUO else 2,
            marker=style.marker,
            ms=4,
            clip_on=False,
        )


def _last(table: pd.DataFrame, column: str) -> dict[str, float]:
    last = table[table["year"] == table["year"].max()].set_index("regime")[column]
    return {str(name): float(value) for name, value in last.items()}


def from_zero_if_near(ax: Axes) -> None:
    """Start the axis at zero where that costs little; elsewhere the ticks say where it starts."""
    low, high = ax.get_ylim()
    if low < 0.55 * high:
        ax.set_ylim(0, high)


def _unit(measure: Measure) -> str:
    return "GBP" if measure.money else measure.unit


# --- differences over the horizon -------------------------------------------------------------------------------------
def difference_chart(tables: Iterable[tuple[Measure, pd.DataFrame]], look: Look, years: int) -> Figure:
    """Dot and whisker for each regime and measure: below in natural units, above in per cent of the status quo.

    A hollow dot is within noise. `tables` pairs each measure with its `digest.totals`.
    """
    tables = list(tables)
    rows = (len(tables) + 1) // 2
    figure, axes = frame(rows, 2, 0.7 + rows * (1.6 + 0.28 * len(look.others)), gap=0.12)
    for ax, (measure, table) in zip(axes.flat, tables, strict=False):
        _whiskers(ax, measure, table, look, years)
    for ax in axes.flat[len(tables) :]:
        ax.set_visible(False)
    foot(figure, look.source + ". Hollow: within noise. Below: units; above: per cent.")
    return figure


def _whiskers(ax: Axes, measure: Measure, table: pd.DataFrame, look: Look, years: int) -> None:
    base = float(table.at[STATUS_QUO, "mean"])
    ax.axvline(0, color=look.styles[STATUS_QUO].colour, lw=1.5)
    for k, name in enumerate(look.others):
        style, row = look.styles[name], table.loc[name]
        low, high = row["difference_low"], row["difference_high"]
        ax.plot([low, high], [k, k], color=style.colour, lw=2.2, solid_capstyle="butt")
        face = style.colour if is_clear(low, high) else "white"
        ax.plot([row["difference"]], [k], style.marker, color=style.colour, mfc=face, mew=1.8, ms=8)
    ax.set_yticks(range(len(look.others)), [look.names[name] for name in look.others])
    for text, name in zip(ax.get_yticklabels(), look.others, strict=True):
        text.set_color(look.styles[name].ink)
    ax.set_ylim(len(look.others) - 0.4, -0.6)
    ax.margins(x=0.12)
    units_on(ax.xaxis, measure.money, signs=True, bins=4)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    over = "at a time" if measure.stock else f"in {plural(years, 'year')}"
    heading(ax, measure.label, f"status quo {number(base, measure.money)} {over}", lift=18 if base > 0 else 0)
    if base > 0:
        _per_cent_above(ax, base)


def _per_cent_above(ax: Axes, base: float) -> None:
    """At each tick below, the same difference in per cent of the status quo."""
    low, high = ax.get_xlim()
    ticks = [value for value in ax.get_xticks() if low <= value <= high]
    above = ax.secondary_xaxis("top")
    above.set_xticks(ticks, [percent(value / base).replace(".0%", "%") for value in ticks])
    above.tick_params(labelsize=SMALL, colors=QUIET, length=0, pad=2)
    above.spines["top"].set_visible(False)


# --- by group ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Panel:
    """One panel of a chart by group: a table of `digest.by_group`, its title and unit, and the groups' names."""

    table: pd.DataFrame
    title: str
    unit: str
    names: dict[str, str] | None = None


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
    ax.set_xticks(range(len(groups)), groups)
    ax.set_ylim(bottom=0)
    ax.grid(axis="y", color=FAINT, lw=0.6)
    units_on(ax.yaxis)
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
    names = [(panel.names or {}).get(group, group) if named else "" for group in groups]
    ax.set_yticks(range(len(groups)), names)
    for label in ax.get_yticklabels():
        label.set_color(TEXT)
    ax.set_ylim(len(groups) - 0.4, -0.6)
    ax.set_xlim(left=0)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    units_on(ax.xaxis, bins=4)
    heading(ax, panel.title, panel.unit)


def _dodge(name: str, look: Look, width: float) -> float:
    """How far from a group's middle a regime's mark stands."""
    names = list(look.names)
    return (names.index(name) / (len(names) - 1) - 0.5) * width if len(names) > 1 else 0.0


# --- files ------------------------------------------------------------------------------------------------------------
def as_svg(figure: Figure) -> str:
    """The figure as an SVG document, letters drawn as shapes: it looks the same everywhere, always the same bits."""
    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "policysim"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()
