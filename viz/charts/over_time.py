"""An outcome year by year under each regime, and beside it the difference against the status quo."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from policysim.counts.outcomes import Outcome
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.charts.frame import Look, foot, frame, heading, label_ends, units_on
from policysim.viz.style import FAINT, years_axis

APART = 0.12
"""Years between two regimes where there is a single year to draw."""


def yearly_chart(table: pd.DataFrame, outcome: Outcome, look: Look, counted: pd.DataFrame | None = None) -> Figure:
    """A outcome year by year under each regime, and beside it the difference against the status quo, with 95% bands.

    `table` and `counted` are those of `digest.yearly`; counted deaths are faint dots behind the expected ones.
    """
    paired = STATUS_QUO in look.names and len(look.names) > 1
    figure, axes = frame(1, 2 if paired else 1, 4.4)
    level = axes[0, 0]
    if counted is not None:
        for name, rows in counted.groupby("regime", sort=False):
            style = look.styles[str(name)]
            at = rows["year"] + look.start_year + (_beside(counted, look)[str(name)] if paired else 0)
            level.plot(at, rows["mean"], style.marker, color=style.colour, ms=5, alpha=0.35, mew=0)
    _bands(level, table, look, "mean", "low", "high", beside=paired)
    unit = outcome.unit + (", mean of the year" if outcome.stock else " a year") + ", 95% interval"
    heading(level, outcome.label, unit + ("; faint: counted" if counted is not None else ""))
    units_on(level.yaxis, table[["mean", "low", "high"]], outcome.money)
    from_zero_if_near(level)
    if not paired:
        level.margins(x=0.02)
        label_ends(level, _last(table, "mean"), look, float(table["year"].max() + look.start_year))
    else:
        _difference_panel(axes[0, 1], table, outcome, look)
    for ax in axes.flat:
        ax.xaxis.set_major_locator(FixedLocator(years_axis(look.start_year, int(table["year"].max()) + 1)))
        ax.grid(axis="y", color=FAINT, lw=0.6)
    foot(figure, look.source)
    return figure


def _difference_panel(ax: Axes, table: pd.DataFrame, outcome: Outcome, look: Look) -> None:
    ax.axhline(0, color=look.styles[STATUS_QUO].colour, lw=2)
    others = table[table["regime"] != STATUS_QUO]
    _bands(ax, others, look, "difference", "difference_low", "difference_high")
    heading(ax, "Difference against the status quo", f"{outcome.unit}, paired by seed, 95% interval")
    ax.margins(y=0.08)
    units_on(ax.yaxis, others[["difference", "difference_low", "difference_high"]], outcome.money, signs=True)
    label_ends(ax, {**_last(others, "difference"), STATUS_QUO: 0.0}, look, float(table["year"].max() + look.start_year))


def _bands(ax: Axes, table: pd.DataFrame, look: Look, mean: str, low: str, high: str, beside: bool = False) -> None:
    places = _beside(table, look)
    for name in places:
        rows, style = table[table["regime"] == name].sort_values("year"), look.styles[name]
        x = rows["year"] + look.start_year + (places[name] if beside else 0)
        ax.fill_between(x, rows[low], rows[high], color=style.colour, alpha=0.13, lw=0)
        if len(rows) == 1:  # a band of one year has no width
            ax.vlines(x, rows[low], rows[high], color=style.colour, lw=1.8)
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
    if beside and table["year"].nunique() == 1:
        ax.set_xlim(look.start_year + table["year"].min() - 0.5, look.start_year + table["year"].max() + 0.5)


def _beside(table: pd.DataFrame, look: Look) -> dict[str, float]:
    """How far from its year each regime is drawn: in a single year they stand side by side, not on one another."""
    names = [name for name in look.names if name in set(table["regime"])]
    apart = APART if table["year"].nunique() == 1 else 0
    return {name: apart * (k - (len(names) - 1) / 2) for k, name in enumerate(names)}


def _last(table: pd.DataFrame, column: str) -> dict[str, float]:
    last = table[table["year"] == table["year"].max()].set_index("regime")[column]
    return {str(name): float(value) for name, value in last.items()}


def from_zero_if_near(ax: Axes) -> None:
    """Start the axis at zero where that costs little; elsewhere the ticks say where it starts."""
    low, high = ax.get_ylim()
    if low < 0.55 * high:
        ax.set_ylim(0, high)
