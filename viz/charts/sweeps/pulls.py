"""What moves an answer most: a bar for each thing that varies, from no change to where its whole range takes the answer."""

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from policysim.experiments.analysis.numbers import signed
from policysim.experiments.analysis.sweeps.frames import Gathered
from policysim.experiments.analysis.sweeps.pulls import Pulls
from policysim.viz.charts.frame import SMALL, frame, heading
from policysim.viz.charts.sweeps.panels import BAR, MOST_BARS, footed, grid, numbers_on, unit_of, what_of, wrapped
from policysim.viz.style import TEXT


def pulls_chart(found: Pulls, swept: Gathered, source: str) -> Figure:
    """The strongest at the top; a bar that may be chance is hollow."""
    rows = found.rows.head(MOST_BARS).to_dict("records")
    outcome = found.answer.outcome
    figure, axes = frame(1, 1, 2.6 + 0.62 * len(rows))
    ax = axes[0, 0]
    ax.axvline(0, color=TEXT, lw=1.5)
    for y, row in enumerate(rows):
        ax.barh(y, row["change"], 0.54, color=BAR if row["clear"] else "white", edgecolor=BAR, lw=1.5, zorder=2)
        ax.plot([row["low"], row["high"]], [y, y], "-", color="white", lw=4.5, zorder=3)
        ax.plot([row["low"], row["high"]], [y, y], "|-", color=TEXT, lw=1.8, ms=8, mew=1.8, zorder=4)
        right = row["change"] >= 0
        end = max(row["change"], row["high"]) if right else min(row["change"], row["low"])
        ax.annotate(
            signed(row["change"], outcome.money), (end, y), (7 if right else -7, 0), textcoords="offset points", va="center",
            ha="left" if right else "right", fontsize=SMALL, color=TEXT,
        )  # fmt: skip
    ax.set_yticks(range(len(rows)), [wrapped(row["what"]) for row in rows])
    for text in ax.get_yticklabels():
        text.set(color=TEXT, fontsize=SMALL)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    low, high = min(0.0, *(row["low"] for row in rows)), max(0.0, *(row["high"] for row in rows))
    beside = 0.18 * (high - low) or 1.0  # for the numbers at the ends of bars
    ax.set_xlim(low - beside, high + beside)
    numbers_on(ax.xaxis, outcome.money, signs=True, bins=6)
    grid(ax)
    heading(ax, f"{outcome.label}: {what_of(found.answer, swept)}", unit_of(outcome, swept.years, True))
    handles = [Patch(fc=BAR, ec=BAR, label="change from the lowest to the highest value"),
               Patch(fc="white", ec=BAR, lw=1.5, label="may be chance"),
               Line2D([], [], color=TEXT, lw=2, label="95% interval")]  # fmt: skip
    figure.legend(handles=handles, loc="outside upper left", ncols=3, frameon=False, fontsize=SMALL, labelcolor=TEXT,
                  handlelength=1.4, columnspacing=1.4, borderaxespad=0.2)  # fmt: skip
    left = len(found.rows) - len(rows)
    told = f" {left} that do less are not drawn." if left else ""
    footed(figure, source, f"A straight line through {found.points:,} points in everything that varies at once.{told}")
    return figure


def pulls_alt(found: Pulls, swept: Gathered) -> str:
    """The chart in words: the three that move it most."""
    money = found.answer.outcome.money
    told = [f"{row['what']} {signed(row['change'], money)}" for row in found.rows.head(3).to_dict("records")]
    return f"Bars of what each thing does to {found.answer.outcome.noun}, {what_of(found.answer, swept)}: {'; '.join(told)}."
