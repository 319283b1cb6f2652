"""What all charts share: sizes, empty figures with quiet axes, headings, ticks, names at the ends of lines, files.

Figures are matplotlib's, never pyplot's. Every size is given here, so that nothing depends on settings made elsewhere:
text is 12 points or larger on a figure meant to be shown at its own size.
"""

import base64
import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from policysim.experiments.analysis.numbers import tick
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.style import QUIET, TEXT, RegimeStyle, regime_styles

SMALL, BODY, TITLE = 12, 13, 15
WIDTH = 11.0
"""Inches; a page shows a figure at 96 points of the screen an inch."""
LETTERS = 11.8
"""Of small text in an inch."""


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


def frame(rows: int, columns: int, height: float, gap: float = 0.04, width: float = WIDTH) -> tuple[Figure, np.ndarray]:
    """An empty figure with quiet axes, shape (rows, columns); `gap` between rows as a share of their height."""
    room = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08, wspace=0.03, hspace=gap)
    figure = Figure(figsize=(width, height), layout=room, facecolor="white")
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
    """The source, at the lower left, in lines that the figure has room for."""
    most = int(LETTERS * figure.get_figwidth())
    text = "\n".join(part for line in text.split("\n") for part in textwrap.wrap(line, most) or [""])
    figure.supxlabel(text, x=0.008, ha="left", fontsize=SMALL, color=QUIET)


def units_on(axis: Axis, shown: pd.DataFrame, money: bool = False, signs: bool = False, bins: int = 5) -> None:
    """Round ticks written in the project's number format; zero alone where none of the numbers shown is another."""
    is_empty = not shown.fillna(0).any(axis=None)
    axis.set_major_locator(FixedLocator([0]) if is_empty else MaxNLocator(bins))
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


def as_svg(figure: Figure) -> str:
    """The figure as an SVG document, letters drawn as shapes: it looks the same everywhere, always the same bits."""
    buffer, engine = io.StringIO(), figure.get_layout_engine()
    if engine is not None:  # laid out here, or else all of it is drawn once more for that alone
        figure.canvas = FigureCanvasSVG(figure)  # which measures letters as they are drawn then
        engine.execute(figure)
        figure.set_layout_engine(None)
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "policysim"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def pictured(figure: Figure, alt: str) -> str:
    """The figure as HTML that a notebook shows, on white as it was drawn; `alt` says it to those who cannot see it."""
    data = base64.b64encode(as_svg(figure).encode()).decode()
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}" style="max-width:100%;background:white">'
