"""A response surface: a line with its band over one thing that varies; over two a map with contours and the points on it."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import NullLocator

from policysim.experiments.analysis.numbers import number, signed, tick
from policysim.experiments.analysis.sweeps.frames import Gathered, label
from policysim.experiments.analysis.sweeps.surfaces import Surface
from policysim.experiments.analysis.wording import NOISE
from policysim.viz.charts.frame import BODY, SMALL, frame, heading
from policysim.viz.charts.sweeps.panels import BAR, footed, grid, numbers_on, unit_of, what_of, wrapped
from policysim.viz.style import QUIET, TEXT

FEWER_MORE = LinearSegmentedColormap.from_list("fewer-more", ["#1F6F9E", "#8FC1DE", "#F7F7F7", "#F2C48D", "#A34700"])
"""Blue for fewer, orange for more than the status quo: told apart with any colour vision, and neither says good."""
LITTLE_MUCH = LinearSegmentedColormap.from_list("little-much", ["#F7F7F7", "#8FC1DE", "#1F6F9E", "#0B3553"])
STROKE: dict[str, Any] = {"marker": [(-1, -1), (1, 1)], "ms": 7, "mec": TEXT, "mew": 0.9, "mfc": "none", "alpha": 0.8}
"""A mark where the interval holds zero: a stroke of its own, which a PDF draws as well as a screen, unlike a pattern."""
MOST_DOTS = 400
"""Points that are drawn upon a surface; of more, every so many in the order of the design."""
MOST_TEXTS = 60
"""Cells of a grid that have their number written in them."""


def surface_chart(found: Surface, swept: Gathered, source: str) -> Figure:
    """One of the two, with how far it can be trusted."""
    return _line(found, swept, source) if len(found.across) == 1 else _map(found, swept, source)


def _line(found: Surface, swept: Gathered, source: str) -> Figure:
    figure, axes = frame(1, 1, 5.6)
    ax, path = axes[0, 0], found.across[0]
    outcome, means = found.answer.outcome, found.answer.means
    is_number = pd.api.types.is_numeric_dtype(found.rows[path])
    x = found.rows[path].to_numpy() if is_number else np.arange(len(found.rows))
    if found.answer.paired:
        ax.axhline(0, color=TEXT, lw=1.5)
    if found.fitted:
        ax.fill_between(x, found.rows["low"], found.rows["high"], color=BAR, alpha=0.18, lw=0)
        every = _every(found)
        points = swept.points_in(found.answer.place)[path]
        ax.plot(points[::every], means[::every], "o", color="white", mec=QUIET, mew=1.0, ms=5, zorder=2)
        ax.plot(x, found.rows["mean"], color=BAR, lw=2.8, zorder=3)
    else:
        if is_number:
            ax.plot(x, found.rows["mean"], "-", color=BAR, lw=1.4, alpha=0.6)
        ax.vlines(x, found.rows["low"], found.rows["high"], color=BAR, lw=2.6)
        ax.plot(x, found.rows["mean"], "o", color=BAR, ms=8)
    if not is_number:
        ax.set_xticks(x, [wrapped(str(value)) for value in found.rows[path]])
        ax.set_xlim(-0.5, len(x) - 0.5)
    elif path in swept.logs:
        ax.set_xscale("log")
        ax.xaxis.set_minor_locator(NullLocator())
        numbers_on(ax.xaxis, bins=7)
    elif not found.fitted:
        ax.set_xticks(x, [tick(float(value)) for value in x])
    else:
        numbers_on(ax.xaxis, bins=7)
    ax.margins(y=0.12)
    numbers_on(ax.yaxis, outcome.money, signs=found.answer.paired, bins=6)
    grid(ax, "y")
    ax.set_xlabel(swept.axis(path), fontsize=BODY, color=TEXT, loc="left")
    heading(ax, f"{outcome.label}: {what_of(found.answer, swept)}", unit_of(outcome, swept.years, found.answer.paired))
    footed(figure, source, _reading(found))
    return figure


def _map(found: Surface, swept: Gathered, source: str) -> Figure:
    figure, axes = frame(1, 1, 7.2)
    ax, outcome = axes[0, 0], found.answer.outcome
    colours, norm = _colours(found)
    if found.fitted:
        _contours(ax, found, swept, colours, norm)
    else:
        _cells(ax, found, colours, norm)
    ax.set_xlabel(swept.axis(found.across[0]), fontsize=BODY, color=TEXT, loc="left")
    ax.set_ylabel(swept.axis(found.across[1]), fontsize=BODY, color=TEXT, loc="bottom")
    bar = figure.colorbar(ax.collections[0], ax=ax, shrink=0.72, aspect=26, pad=0.02, norm=norm)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=SMALL, colors=QUIET, length=0)
    numbers_on(bar.ax.yaxis, outcome.money, signs=found.answer.paired, bins=6)
    heading(ax, f"{outcome.label}: {what_of(found.answer, swept)}", unit_of(outcome, swept.years, found.answer.paired))
    _key(ax, found)
    footed(figure, source, _reading(found))
    return figure


def _colours(found: Surface) -> tuple[Colormap, Normalize]:
    """Of differences two colours that meet at zero, of levels one that deepens; the points have them too."""
    seen = found.rows["mean"].to_numpy(float)
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    if found.answer.paired:
        most = max(abs(low), abs(high)) or 1.0
        return FEWER_MORE, TwoSlopeNorm(0, -most, most)
    return LITTLE_MUCH, Normalize(low, high if high > low else low + 1)


def _contours(ax: Axes, found: Surface, swept: Gathered, colours: Colormap, norm: Normalize) -> None:
    first, second = found.across
    table = found.rows.pivot(index=second, columns=first, values="mean")
    x, y, z = table.columns.to_numpy(float), table.index.to_numpy(float), table.to_numpy(float)
    ax.pcolormesh(x, y, z, cmap=colours, norm=norm, shading="gouraud", rasterized=True)
    if found.answer.paired:
        low, high = (
            found.rows.pivot(index=second, columns=first, values=name).to_numpy(float) for name in ("low", "high")
        )
        margin = np.maximum(low, -high)  # how far the interval stays clear of zero
        within = np.nonzero(margin <= 0)
        ax.plot(x[within[1]], y[within[0]], lw=0, **STROKE)
    lines = ax.contour(x, y, z, 7, colors=TEXT, linewidths=1.0)
    money, paired = found.answer.outcome.money, found.answer.paired
    ax.clabel(lines, fontsize=SMALL, fmt=lambda value: signed(value, money) if paired else number(value, money))
    every = _every(found)
    points = swept.points_in(found.answer.place)[::every]
    ax.scatter(points[first], points[second], c=found.answer.means[::every], cmap=colours, norm=norm, s=46, edgecolors=TEXT,
               linewidths=1.0,
               zorder=4)  # fmt: skip
    for axis, path in ((ax.xaxis, first), (ax.yaxis, second)):
        if path in swept.logs:
            (ax.set_xscale if axis is ax.xaxis else ax.set_yscale)("log")
            axis.set_minor_locator(NullLocator())
        numbers_on(axis, bins=6)


def _cells(ax: Axes, found: Surface, colours: Colormap, norm: Normalize) -> None:
    first, second = found.across
    table = found.rows.pivot(index=second, columns=first, values="mean")
    ax.pcolormesh(np.arange(table.shape[1]), np.arange(table.shape[0]), table.to_numpy(float), cmap=colours, norm=norm,
                  shading="nearest", edgecolors="white", linewidth=3)  # fmt: skip
    columns, index = list(table.columns), list(table.index)
    money, paired = found.answer.outcome.money, found.answer.paired
    for row in found.rows.to_dict("records"):
        x, y = columns.index(row[first]), index.index(row[second])
        red, green, blue, _ = colours(norm(row["mean"]))
        dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.52
        if table.size <= MOST_TEXTS:
            reach = (row["high"] - row["low"]) / 2
            text = signed(row["mean"], money) if paired else number(row["mean"], money)
            text += f"\n±{number(reach, money)}" if np.isfinite(reach) else ""
            ax.annotate(
                text, (x, y), ha="center", va="center", fontsize=SMALL, color="white" if dark else TEXT, zorder=4
            )
        if paired and not (row["low"] > 0 or row["high"] < 0):
            ax.add_patch(
                Rectangle(
                    (x - 0.47, y - 0.47),
                    0.94,
                    0.94,
                    fill=False,
                    ec="white" if dark else TEXT,
                    lw=1.6,
                    ls=(0, (4, 3)),
                    zorder=3,
                )
            )
    ax.set_xticks(range(len(columns)), [_value(value) for value in columns])
    ax.set_yticks(range(len(index)), [_value(value) for value in index])
    ax.spines["bottom"].set_visible(False)


def _value(value: object) -> str:
    return wrapped(value) if isinstance(value, str) else tick(float(value))  # type: ignore[arg-type]


def _key(ax: Axes, found: Surface) -> None:
    handles: list[Artist] = []
    if found.fitted:
        handles.append(
            Line2D(
                [],
                [],
                marker="o",
                lw=0,
                color="white",
                mec=TEXT,
                ms=7,
                label="points that were run, in the colour of their own mean",
            )
        )
        if found.answer.paired:
            handles.append(Line2D([], [], lw=0, **STROKE, label=f"{NOISE}: may be no difference"))
    elif found.answer.paired and not ((found.rows["low"] > 0) | (found.rows["high"] < 0)).all():
        handles.append(Patch(fc="none", ec=QUIET, ls=(0, (4, 3)), lw=1.6, label=f"{NOISE}, or no interval"))
    if handles:
        ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, -0.1), ncols=1, frameon=False, fontsize=SMALL,
                  labelcolor=TEXT, handletextpad=0.5, columnspacing=1.6, borderaxespad=0)  # fmt: skip


def _every(found: Surface) -> int:
    """Of how many points one is drawn."""
    return -(-len(found.answer.values) // MOST_DOTS)


def _reading(found: Surface) -> str:
    if not found.fitted:
        return "Means over what else varies; 95% intervals over seeds."
    chance = f"; {found.share_of_chance:.0%} of it is chance" if np.isfinite(found.share_of_chance) else ""
    return (
        f"A quadratic through {found.points:,} points; it foretells {max(0.0, found.r2):.0%} of the variance of "
        f"points left out{chance}.{f' One point in {_every(found)} is drawn.' if _every(found) > 1 else ''} 95% intervals: "
        f"{'how far points lie from it, and seeds' if found.seeds > 1 else 'how far points lie from it'}."
    )


def surface_alt(found: Surface, swept: Gathered) -> str:
    """The surface in words: where it is least and where most."""
    rows, money = found.rows, found.answer.outcome.money
    ends = []
    for name, at in (("least", rows["mean"].idxmin()), ("most", rows["mean"].idxmax())):
        where = ", ".join(f"{label(path)} {_value(rows.at[at, path])}" for path in found.across)
        ends.append(f"{name} {number(float(rows.at[at, 'mean']), money)} at {where}")
    shape = "A line" if len(found.across) == 1 else "A map"
    return f"{shape} of {found.answer.outcome.noun}, {what_of(found.answer, swept)}: {'; '.join(ends)}."
