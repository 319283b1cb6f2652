"""The paired difference at every point with its interval, the points in order of their difference."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.numbers import number
from policysim.experiments.analysis.sweeps.frames import Gathered
from policysim.experiments.analysis.wording import NO_INTERVAL, NOISE
from policysim.viz.charts.frame import Look, frame, heading
from policysim.viz.charts.sweeps.panels import footed, grid, numbers_on, unit_of
from policysim.viz.style import TEXT, RegimeStyle

MANY = 60
"""Points from which on marks become small."""


def points_chart(found: pd.DataFrame, outcome: Outcome, swept: Gathered, look: Look, source: str) -> Figure:
    """A panel for each regime, all on one scale: the points from the lowest difference to the highest."""
    regimes = [name for name in look.others if name in set(found["regime"])]
    columns = min(3, len(regimes))
    rows = -(-len(regimes) // columns)
    figure, axes = frame(rows, columns, 0.8 + 3.9 * rows, gap=0.1)
    seen = found[["difference", "low", "high"]].to_numpy(float)
    low, high = min(0.0, float(np.nanmin(seen))), max(0.0, float(np.nanmax(seen)))
    room = 0.08 * (high - low) or 1.0
    for k, (ax, regime) in enumerate(zip(axes.flat, regimes, strict=False)):
        of = found[found["regime"] == regime].sort_values("difference", kind="stable")
        _points(ax, of, look.styles[regime])
        ax.set_ylim(low - room, high + room)
        numbers_on(ax.yaxis, outcome.money, signs=True, bins=5)
        if k % columns:
            ax.set_yticklabels([])
        grid(ax, "y")
        ax.set_xticks([])
        clear = int(of["clear"].sum())
        ax.set_xlabel(f"{len(of)} points, {clear} beyond chance", fontsize=12, color=TEXT, loc="left")
        heading(ax, swept.name(regime), f"{unit_of(outcome, swept.years, True)}" if k % columns == 0 else "")
    for ax in axes.flat[len(regimes) :]:
        ax.set_visible(False)
    footed(figure, source, f"{outcome.label} against the status quo of the same point and seed. Lines: 95% intervals over seeds. "
                           f"Hollow: {NOISE}, or {NO_INTERVAL}.")  # fmt: skip
    return figure


def _points(ax: Axes, of: pd.DataFrame, style: RegimeStyle) -> None:
    x = np.arange(len(of))
    many = len(of) > MANY
    ax.axhline(0, color=TEXT, lw=1.5)
    ax.vlines(x, of["low"], of["high"], color=style.colour, lw=0.9 if many else 1.8, alpha=0.7)
    clear = of["clear"].to_numpy(bool)
    for mask, face in ((clear, style.colour), (~clear, "white")):
        ax.plot(
            x[mask],
            of["difference"].to_numpy()[mask],
            style.marker,
            color=style.colour,
            mfc=face,
            ms=4 if many else 7,
            mew=1.0 if many else 1.5,
        )
    ax.set_xlim(-0.03 * len(of) - 0.5, 1.03 * len(of) - 0.5)


def points_alt(found: pd.DataFrame, outcome: Outcome, swept: Gathered) -> str:
    """How far the differences go under each regime."""
    parts = []
    for regime, of in found.groupby("regime", sort=False):
        low, high = (number(float(of["difference"].agg(how)), outcome.money) for how in ("min", "max"))
        parts.append(f"{swept.name(str(regime))} from {low} to {high}")
    return f"Marks with intervals for the difference in {outcome.noun} at every point: {'; '.join(parts)}."
