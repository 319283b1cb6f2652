"""Differences over the whole horizon: a dot and its intervals for each regime and outcome.

The interval over seeds is a thick line through the dot; that over what nobody knows is a thin one with ends beneath it,
so that neither can be taken for the other, in print or without colours.
"""

from collections.abc import Iterable, Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.estimates import gap_in
from policysim.experiments.analysis.numbers import number, percent
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS, Spread
from policysim.experiments.analysis.wording import NO_INTERVAL, NOISE, plural
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.charts.frame import SMALL, Look, foot, frame, heading, units_on
from policysim.viz.style import FAINT, QUIET

BENEATH = 0.24
"""How far the interval over what nobody knows lies beneath the dot, in rows."""
NARROW = 5.6
"""Inches: shrunk to a phone, its words can still be read."""
Spreads = Mapping[str, Mapping[str, Spread]]
"""By outcome and regime."""


def difference_chart(
    tables: Iterable[tuple[Outcome, pd.DataFrame]], look: Look, years: int, spreads: Spreads | None = None
) -> Figure:
    """Dot and whisker for each regime and outcome: below in natural units, above in per cent of the status quo.

    A hollow dot is within noise, or has no interval. `tables` pairs each outcome with its `digest.totals`; `spreads`
    are the intervals over what nobody knows, where parameters were drawn.
    """
    tables, spreads = list(tables), spreads or {}
    rows = (len(tables) + 1) // 2
    figure, axes = frame(rows, 2, 0.7 + rows * (1.6 + 0.28 * len(look.others)), gap=0.12)
    for ax, (outcome, table) in zip(axes.flat, tables, strict=False):
        _whiskers(ax, outcome, table, look, years, spreads.get(outcome.id, {}))
    for ax in axes.flat[len(tables) :]:
        ax.set_visible(False)
    drawn = any(spread.draws for of_outcome in spreads.values() for spread in of_outcome.values())
    lines = f"\nThick line: {OVER_SEEDS}; thin line with ends: {OVER_UNKNOWNS}." if drawn else ""
    foot(figure, look.source + f".\nHollow: {NOISE}, or {NO_INTERVAL}. Below: units; above: per cent.{lines}")
    return figure


def main_chart(
    outcome: Outcome,
    table: pd.DataFrame,
    look: Look,
    years: int,
    spreads: Mapping[str, Spread],
    over: str = OVER_UNKNOWNS,
) -> Figure:
    """One outcome alone, in a figure that is narrow enough for a phone: what is looked at first.

    over: what the thin line is over.
    """
    figure, axes = frame(1, 1, 2.2 + 0.42 * max(2, len(look.others)), width=NARROW)
    _whiskers(axes.flat[0], outcome, table, look, years, spreads)
    drawn = any(spread.draws for spread in spreads.values())
    lines = f"Thick: {OVER_SEEDS}; thin with ends: {over}.\n" if drawn else ""
    foot(figure, f"{lines}Hollow: {NOISE}, or {NO_INTERVAL}. Above: per cent.\n{look.source}")
    return figure


def _whiskers(
    ax: Axes, outcome: Outcome, table: pd.DataFrame, look: Look, years: int, spreads: Mapping[str, Spread]
) -> None:
    base = float(table.at[STATUS_QUO, "mean"])
    ax.axvline(0, color=look.styles[STATUS_QUO].colour, lw=1.5)
    for k, name in enumerate(look.others):
        style, gap = look.styles[name], gap_in(table.loc[name])
        ax.plot([gap.low, gap.high], [k, k], color=style.colour, lw=2.2, solid_capstyle="butt")
        face = style.colour if gap.is_clear else "white"
        spread = spreads.get(name, Spread())
        if spread.draws:
            ends = ([spread.gap_low, spread.gap_high], [k + BENEATH, k + BENEATH])
            ax.plot(*ends, "|-", color=style.ink, lw=1.0, ms=7, mew=1.2)
        ax.plot([gap.mean], [k], style.marker, color=style.colour, mfc=face, mew=1.8, ms=8)
    ax.set_yticks(range(len(look.others)), [look.names[name] for name in look.others])
    for text, name in zip(ax.get_yticklabels(), look.others, strict=True):
        text.set_color(look.styles[name].ink)
    ax.set_ylim(len(look.others) - 0.4, -0.6)
    ax.margins(x=0.12)
    units_on(ax.xaxis, table[["difference", "difference_low", "difference_high"]], outcome.money, signs=True, bins=4)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    over = "at a time" if outcome.stock else f"in {plural(years, 'year')}"
    heading(ax, outcome.label, f"status quo {number(base, outcome.money)} {over}", lift=18 if base > 0 else 0)
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
