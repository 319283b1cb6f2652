"""The box of the worlds of interest: its limits on the ranges with every world marked, and what was given up for what."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from policysim.experiments.analysis.sweeps.discovery import Limit, Worlds, in_words
from policysim.experiments.analysis.sweeps.frames import Gathered, label
from policysim.experiments.analysis.wording import listed, plural
from policysim.viz.charts.frame import SMALL, frame, heading
from policysim.viz.charts.sweeps.panels import BAR, LIGHT, footed, grid, percents_on, wrapped
from policysim.viz.style import EVIDENCE, FAINT, QUIET, TEXT

HEIGHT = 0.5
"""Of the strip of a range, in rows."""


def box_chart(found: Worlds, interesting: pd.Series, title: str, swept: Gathered, source: str) -> Figure:
    """Left the limits of the box, each on its whole range; right every box on the way there."""
    limits = found.limits
    figure, axes = frame(1, 2, 3.6 + 0.75 * max(2, len(limits)))
    left, right = axes[0]
    points = swept.points_in(found.answer.place).loc[interesting.index]
    luck = np.random.default_rng(1)
    for y, limit in enumerate(limits):
        _strip(left, y, limit, points[limit.path], interesting.to_numpy(), luck, limit.path in swept.logs)
    left.set_yticks(range(len(limits)), [wrapped(label(one.path)) for one in limits])
    for text in left.get_yticklabels():
        text.set(color=TEXT, fontsize=SMALL)
    left.set_xlim(-0.02, 1.02)
    left.set_ylim(max(2, len(limits)) - 0.3, -0.7)
    left.set_xticks([])
    left.spines["bottom"].set_visible(False)
    heading(left, "\n".join(textwrap.wrap(title, 38)), f"{found.inside:,} of {found.points:,} worlds lie in the box")
    _trade(right, found)
    handles = [Patch(fc=LIGHT, ec="none", label="the box"),
               Line2D([], [], marker="o", lw=0, color=EVIDENCE, ms=7, label="worlds of interest"),
               Line2D([], [], marker="|", lw=0, color=QUIET, ms=9, label="others")]  # fmt: skip
    figure.legend(handles=handles, loc="outside upper left", ncols=3, frameon=False, fontsize=SMALL, labelcolor=TEXT,
                  handletextpad=0.4, columnspacing=1.6, borderaxespad=0.2)  # fmt: skip
    footed(
        figure,
        source,
        "PRIM (EMA Workbench). Ends of a strip: the ends of its range. Limits that chance gives as well are left out.",
    )
    return figure


def _strip(
    ax: Axes, y: int, limit: Limit, at: pd.Series, wanted: np.ndarray, luck: np.random.Generator, log: bool
) -> None:
    """One range from its least to its greatest value, the box on it, every world as a mark."""
    if limit.values:
        order = sorted(map(str, at.unique()))
        x = np.array([order.index(str(value)) + 0.5 for value in at]) / len(order) + luck.uniform(
            -0.3, 0.3, len(at)
        ) / len(order)
        spans = [(order.index(value) / len(order), (order.index(value) + 1) / len(order)) for value in limit.values]
        told = [((order.index(value) + 0.5) / len(order), value, "center") for value in limit.values]
    else:
        read = np.log if log else np.asarray
        low, high = float(read(at.min())), float(read(at.max()))
        x = (read(at.to_numpy(float)) - low) / (high - low)
        ends = [
            float(np.clip((read(end) - low) / (high - low), 0, 1)) if np.isfinite(end) else k
            for k, end in enumerate((limit.low, limit.high))
        ]
        spans = [(ends[0], ends[1])]
        for place, end, align in ((0.0, at.min(), "left"), (1.0, at.max(), "right")):
            ax.annotate(f"{end:.3g}", (place, y + HEIGHT / 2), (0, -2), textcoords="offset points", ha=align, va="top",
                        fontsize=SMALL, color=QUIET)  # fmt: skip
        told = [
            (place, f"{end:.3g}", "center")
            for place, end in zip(ends, (limit.low, limit.high), strict=True)
            if np.isfinite(end)
        ]
    ax.barh(y, 1, HEIGHT, color="#F4F4F4", edgecolor=FAINT, lw=0.8, zorder=1)
    for start, end in spans:
        ax.barh(y, end - start, HEIGHT, left=start, color=LIGHT, lw=0, zorder=2)
    ups = luck.uniform(-0.2, 0.2, len(x))
    ax.plot(x[~wanted], y + ups[~wanted], "|", color=QUIET, ms=5, mew=0.9, alpha=0.7, zorder=3)
    ax.plot(x[wanted], y + ups[wanted], "o", color=EVIDENCE, ms=4.5, mec="white", mew=0.5, zorder=4)
    for place, text, align in told:
        ax.annotate(text, (place, y - HEIGHT / 2), (0, 2), textcoords="offset points", ha=align, va="bottom", fontsize=SMALL,
                    color=TEXT, fontweight="bold")  # fmt: skip


def _trade(ax: Axes, found: Worlds) -> None:
    """Coverage and density of every box on the way, the one that was taken, and how it does in worlds it has not seen."""
    way, base = found.trajectory, found.base
    ax.axhline(base, color=QUIET, lw=1.2, ls=(0, (4, 3)))
    ax.annotate("all worlds", (0.0, base), (4, 4), textcoords="offset points", fontsize=SMALL, color=QUIET)
    ax.plot(way["coverage"], way["density"], "o-", color=BAR, lw=1.2, ms=5, mec="white", mew=0.6)
    ax.set_xlim(-0.03, 1.06)
    marks = [((found.coverage, found.density), "o", BAR, "the box")]
    if np.isfinite(found.held_out).all():
        marks.append((found.held_out, "D", EVIDENCE, "in worlds not searched"))
    for (x, y), marker, colour, name in marks:
        ax.plot(
            [x],
            [y],
            marker,
            color=colour,
            mfc="none",
            ms=13 if marker == "o" else 9,
            mew=2.4,
            zorder=5,
            lw=0,
            label=name,
        )
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.2), ncols=2, frameon=False, fontsize=SMALL, labelcolor=TEXT,
              handletextpad=0.3, columnspacing=1.2, borderaxespad=0)  # fmt: skip
    ax.set_ylim(0, 1.08)
    ax.set_aspect("auto")
    for axis in (ax.xaxis, ax.yaxis):
        percents_on(axis)
    grid(ax, "both")
    ax.set_xlabel("coverage: how many of them it holds", fontsize=SMALL, color=TEXT, loc="left")
    heading(ax, "What was given up for what", "density: how many of its worlds are such")


def box_alt(found: Worlds) -> str:
    """The box in words."""
    limits = listed([in_words(one, label(one.path)) for one in found.limits] or ["no limit at all"])
    return (
        f"A box of worlds with {limits}: it holds {found.coverage:.0%} of the {plural(found.of_interest, 'world')} of interest, "
        f"and {found.density:.0%} of its own are such, of all {found.base:.0%}."
    )
