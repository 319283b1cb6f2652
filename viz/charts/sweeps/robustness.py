"""Which regime holds up: how often each is best, and how much is regretted at its usual and at its worst point."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from policysim.experiments.analysis.numbers import number
from policysim.experiments.analysis.sweeps.frames import Gathered
from policysim.experiments.analysis.sweeps.robustness import Ranking
from policysim.experiments.analysis.wording import lower_case
from policysim.viz.charts.frame import SMALL, Look, frame, heading
from policysim.viz.charts.sweeps.panels import footed, grid, numbers_on, percents_on, unit_of, wrapped
from policysim.viz.style import QUIET, TEXT, RegimeStyle


def regret_chart(found: Ranking, swept: Gathered, look: Look, source: str) -> Figure:
    """Left the share of points at which each regime is best, right its regret; the least regretted at the top."""
    rows = found.rows.to_dict("records")
    figure, axes = frame(1, 2, 2.9 + 0.62 * len(rows))
    left, right = axes[0]
    for y, row in enumerate(rows):
        style = look.styles[row["regime"]]
        _best(left, y, row, style)
        _regret(right, y, row, found, style)
    left.set_yticks(range(len(rows)), [wrapped(swept.name(row["regime"])) for row in rows])
    for text, row in zip(left.get_yticklabels(), rows, strict=True):
        text.set(color=look.styles[row["regime"]].ink, fontsize=SMALL)
    right.set_yticks([])
    for ax in (left, right):
        ax.set_ylim(len(rows) - 0.4, -0.6)
        grid(ax)
    left.set_xlim(0, 1.12)
    left.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
    percents_on(left.xaxis)
    most = max(float(found.regret.to_numpy().max()), 0.0)
    right.set_xlim(-0.03 * most, most * 1.16 or 1)
    numbers_on(right.xaxis, found.outcome.money)
    heading(left, "How often it is the best", f"share of {found.points:,} points; {lower_case(found.outcome.label)}")
    heading(right, "Regret: short of the best by", unit_of(found.outcome, swept.years))
    handles = [Patch(fc=QUIET, ec=QUIET, label="ahead beyond chance"),
               Patch(fc="white", ec=QUIET, lw=1.5, label="best, but no more than chance"),
               Line2D([], [], color=QUIET, lw=2.6, marker="|", ms=12, mew=2.6, label="mean to nine points in ten"),
               Line2D([], [], marker="D", color=QUIET, lw=0, ms=8, label="worst point")]  # fmt: skip
    figure.legend(handles=handles, loc="outside upper left", ncols=2, frameon=False, fontsize=SMALL, labelcolor=TEXT,
                  handlelength=1.4, columnspacing=1.3, borderaxespad=0.2)  # fmt: skip
    footed(
        figure, source, "Small marks: every point. The least regretted at its worst point stands at the top (Savage)."
    )
    return figure


def _best(ax: Axes, y: int, row: dict, style: RegimeStyle) -> None:
    ax.barh(y, row["best"], 0.5, color="white", edgecolor=style.colour, lw=1.8, zorder=2)
    ax.barh(y, min(row["clearly_best"], row["best"]), 0.5, color=style.colour, edgecolor=style.colour, lw=1.8, zorder=3)
    ax.annotate(
        f"{row['best']:.0%}",
        (row["best"], y),
        (6, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        color=TEXT,
    )


def _regret(ax: Axes, y: int, row: dict, found: Ranking, style: RegimeStyle) -> None:
    every = found.regret[row["regime"]]
    ax.plot(every, [y + 0.2] * len(every), "|", color=style.colour, ms=8, mew=1.0, alpha=0.55)
    ax.plot([row["regret_mean"], row["regret_90"]], [y, y], "|-", color=style.colour, lw=2.6, ms=12, mew=2.6)
    ax.plot([row["regret_max"]], [y], "D", color=style.colour, ms=8, mec="white", mew=1.0, zorder=4)
    ax.annotate(number(row["regret_max"], found.outcome.money), (row["regret_max"], y), (9, 0), textcoords="offset points",
                va="center", fontsize=SMALL, color=TEXT)  # fmt: skip


def regret_alt(found: Ranking, swept: Gathered) -> str:
    """Ranks and regret in words."""
    parts = [
        f"{swept.name(row['regime'])}: best at {row['best']:.0%} of points, regret at most "
        f"{number(row['regret_max'], found.outcome.money)}"
        for row in found.rows.to_dict("records")
    ]
    return f"Bars and marks of {found.outcome.noun} over {found.points:,} points. {'; '.join(parts)}."
