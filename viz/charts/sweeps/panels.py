"""What the charts of sweeps share: names of what varies, axes of differences, panels side by side."""

import math
import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.numbers import tick
from policysim.experiments.analysis.sweeps.frames import Answer, Gathered, label
from policysim.experiments.analysis.wording import plural
from policysim.viz.charts.frame import SMALL, foot, frame
from policysim.viz.style import FAINT, TEXT

NAMES = 30
"""Letters of a name in one line."""
LINE = 108
"""Of the text beneath a chart."""
MOST_BARS = 20
BAR, LIGHT, BAND = "#0072B2", "#9CC7E4", "#E4E4E4"
"""Bars, their paler companions, and the band of chance."""


def unit_of(outcome: Outcome, years: int, paired: bool = False) -> str:
    """`deaths in 5 years`, of stocks `people at a time`; of differences `more or fewer`."""
    unit = "GBP" if outcome.money else outcome.unit
    change = " more or less" if outcome.money else " more or fewer"
    over = "at a time" if outcome.stock else f"in {plural(years, 'year')}"
    return f"{unit}{change if paired else ''} {over}"


def over_panels(swept: Gathered, found: Sequence[Answer]) -> str:
    """That panels are of differences; nothing where they are of levels."""
    return ", against the status quo of the same point and seed" if found[0].paired else ""


def panel_title(swept: Gathered, regime: str, columns: int) -> str:
    """The name of a regime above its panel, in lines that fit its width."""
    return "\n".join(textwrap.wrap(swept.name(regime), {1: 70, 2: 34}.get(columns, 21)))


def what_of(answer: Answer, swept: Gathered) -> str:
    """What an answer is, for a heading: the regime, and that it is a difference."""
    name = swept.name(answer.regime)
    return f"{name}, against the status quo" if answer.paired else name


def source_of(swept: Gathered, place_name: str, points: int) -> str:
    """The line under every chart of a sweep."""
    return (
        f"policysim simulation, {place_name}; {plural(points, 'point')} of the design “{swept.design}”, "
        f"{plural(swept.replicates, 'seed')} each"
    )


def panels(
    count: int, bars: int, names: Sequence[str], extra: float = 2.3, each: float = 0.38
) -> tuple[Figure, list[Axes]]:
    """A row of panels with horizontal bars, at most three side by side, and further rows beneath."""
    columns = min(3, count)
    rows = math.ceil(count / columns)
    lines = sum(wrapped(name).count("\n") for name in names)
    figure, axes = frame(rows, columns, 0.5 + rows * (extra - 0.5 + each * bars + 0.16 * lines), gap=0.1)
    for ax in axes.flat[count:]:
        ax.set_visible(False)
    return figure, list(axes.flat[:count])


def name_rows(ax: Axes, paths: Sequence[str], first: bool = True) -> None:
    """The names of what varies at the left of the first panel; the first path at the top."""
    ax.set_yticks(range(len(paths)), [wrapped(label(path)) for path in paths] if first else [""] * len(paths))
    for text in ax.get_yticklabels():
        text.set(color=TEXT, fontsize=SMALL)
    ax.set_ylim(len(paths) - 0.4, -0.6)


def wrapped(name: str) -> str:
    """A name in lines that fit beside an axis."""
    return "\n".join(textwrap.wrap(name, NAMES)) or name


def numbers_on(axis: object, money: bool = False, signs: bool = False, bins: int = 4) -> None:
    """Round ticks in the project's number format."""
    axis.set_major_locator(MaxNLocator(bins))  # type: ignore[attr-defined]
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick(round(value, 12), money, signs)))  # type: ignore[attr-defined]


def percents_on(axis: object, bins: int = 5) -> None:
    """Shares as per cent."""
    axis.set_major_locator(MaxNLocator(bins))  # type: ignore[attr-defined]
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))  # type: ignore[attr-defined]


def footed(figure: Figure, source: str, *told: str) -> None:
    """The source at the lower left, and beneath it how to read the chart, in lines that fit."""
    lines = [line for text in (f"{source}.", " ".join(told)) for line in textwrap.wrap(text, LINE)]
    foot(figure, "\n".join(lines))


def grid(ax: Axes, axis: str = "x") -> None:
    """Faint lines behind the marks."""
    ax.grid(axis=axis, color=FAINT, lw=0.6)  # type: ignore[arg-type]


def finite(values: Sequence[float]) -> list[float]:
    """Those that are numbers."""
    return [float(value) for value in values if np.isfinite(value)]
