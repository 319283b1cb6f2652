"""How far intervals reach as replicates are added: the middle point, nine in ten, and the point that is known least."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from policysim.counts.outcomes import Outcome
from policysim.viz.charts.frame import BODY, SMALL, frame, heading, spread
from policysim.viz.charts.sweeps.panels import BAR, footed
from policysim.viz.style import EVIDENCE, FAINT, QUIET, TEXT

LINES = (
    ("the middle point", 0.5, "-"),
    ("nine points in ten", 0.9, (0, (7, 2))),
    ("the point known least", 1.0, (0, (2, 1.5))),
)
COUNTS = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
SHARES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


def precision_chart(found: pd.DataFrame, outcome: Outcome, paired: bool, source: str, wanted: float = 0.05) -> Figure:
    """Three lines that fall with the root of the replicates; the dots are what there is now."""
    known = found[np.isfinite(found["reach"])]
    figure, axes = frame(1, 1, 6.0)
    ax, now = axes[0, 0], int(known["replicates"].max())
    ends = [float(known["reach"].quantile(share)) for _, share, _ in LINES]
    needed = now * (max(ends) / wanted) ** 2
    most = max(4.0 * now, min(needed * 1.5, 400.0 * now))
    x = np.geomspace(max(2, now / 4), most, 100)
    for (_, _, dash), end in zip(LINES, ends, strict=True):
        ax.plot(x, end * np.sqrt(now / x), color=BAR, lw=2.4, ls=dash)
        ax.plot([now], [end], "o", color=BAR, ms=10, mec="white", mew=1.6, zorder=4)
    ax.axhline(wanted, color=EVIDENCE, lw=1.8)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(x[0], most)
    low = min(min(ends) * np.sqrt(now / most), wanted) / 1.4
    high = max(max(ends) * np.sqrt(now / x[0]) * 1.25, wanted * 1.4)
    ax.set_ylim(low, high)
    ax.annotate(f"wanted: ±{100 * wanted:.3g}%", (0, wanted), (6, -5), xycoords=ax.get_yaxis_transform(),
                textcoords="offset points", ha="left", va="top", fontsize=SMALL, color="#A34700")  # fmt: skip
    places = np.exp(spread([np.log(end * np.sqrt(now / most)) for end in ends], np.log(high / low) * 0.06))
    for (name, _, _), place in zip(LINES, places, strict=True):
        ax.annotate(
            name,
            (1.01, place),
            xycoords=ax.get_yaxis_transform(),
            va="center",
            fontsize=SMALL,
            color=TEXT,
            annotation_clip=False,
        )
    _mark_now(ax, now)
    _tick(ax)
    ax.grid(color=FAINT, lw=0.6)
    ax.set_xlabel("replicates of every point", fontsize=BODY, color=TEXT, loc="left")
    of = "of the status quo" if paired else "of the mean"
    what = "the difference in " if paired else ""
    heading(
        ax,
        f"How precisely {what}{outcome.noun} {'is' if paired else 'are'} known",
        f"reach of the 95% interval to either side, per cent {of}",
    )
    footed(
        figure,
        source,
        "Of each point the regime that is known least. Dots: now; lines: as Stein's rule plans it, with the root of the "
        "replicates.",
    )
    return figure


def _mark_now(ax: Axes, now: int) -> None:
    """How many replicates there are."""
    ax.axvline(now, color=QUIET, lw=1.0, ls=(0, (2, 2)))
    ax.annotate(f"now: {now}", (now, 0), (5, 5), xycoords=ax.get_xaxis_transform(), textcoords="offset points",
                va="bottom", fontsize=SMALL, color=QUIET)  # fmt: skip


def _tick(ax: Axes) -> None:
    """Round counts of replicates and round shares on both axes, which go by powers."""
    for axis, ticks, words in ((ax.xaxis, COUNTS, "{:,.0f}"), (ax.yaxis, SHARES, "±{:.3g}%")):
        axis.set_major_locator(FixedLocator(ticks))
        axis.set_minor_locator(NullLocator())
        scale = 1 if axis is ax.xaxis else 100
        axis.set_major_formatter(FuncFormatter(lambda value, _, words=words, scale=scale: words.format(value * scale)))


def precision_alt(found: pd.DataFrame, outcome: Outcome) -> str:
    """The three lines in words."""
    known = found["reach"][np.isfinite(found["reach"])]
    parts = [f"{name} ±{known.quantile(share):.1%}" for name, share, _ in LINES]
    return f"Lines of how far the intervals of {outcome.noun} reach as replicates are added; now {', '.join(parts)}."
