"""Guesses and the result as a chart for paper."""

import math
from collections.abc import Sequence

from policysim.viz.app.workshop.drawing import reach, stacks
from policysim.viz.app.workshop.guesses import InPercent, written
from policysim.viz.blocks import Chart
from policysim.viz.charts.frame import SMALL, frame
from policysim.viz.style import QUIET, TEXT, regime_styles


def guesses_chart(values: Sequence[float], result: InPercent | None, regime: str, caption: str) -> Chart | None:
    """Each guess a ring, stacked where they agree; beneath them the result with both intervals."""
    if not values or result is None:
        return None
    low, high = reach(values, result)
    piles = stacks(values, result)
    tallest = max(count for _, count in piles)
    figure, axes = frame(1, 1, 1.9 + 0.16 * min(tallest, 12))
    ax, style = axes.flat[0], regime_styles([regime])[regime]
    colour = style.colour
    ax.axvline(0, color=QUIET, lw=1, ls=(0, (4, 3)))
    spots = [(at, 1 + k * 0.9) for at, count in piles for k in range(count)]
    ax.plot(*zip(*spots, strict=True), "o", mfc="white", mec=TEXT, mew=1.5, ms=7)
    for start, end, thick in ((result.low, result.high, 7), (result.widest_low, result.widest_high, 1.5)):
        if math.isfinite(start) and math.isfinite(end):
            drawn = {"color": colour} if thick > 2 else {"color": style.ink, "marker": "|", "ms": 14, "mew": 1.5}
            ax.plot([start, end], [-0.6, -0.6], lw=thick, solid_capstyle="butt", **drawn)
    ax.plot([result.mean], [-0.6], "o", mfc="white", mec=colour, mew=3, ms=10)
    ax.set_ylim(-1.6, max(3.0, tallest + 1.0))
    ax.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    ax.set_yticks([-0.6, 1], ["Simulated", "Guesses"], fontsize=SMALL)
    ax.xaxis.set_major_formatter(lambda value, _: written(value))
    told = f"{caption}. The guesses as rings, above the simulated mean and its two intervals; the table beneath says the same."
    reading = f"{caption}. Thick bar: chance alone (95%). Thin line with ends: over what nobody knows."
    return Chart(figure, told, reading)
