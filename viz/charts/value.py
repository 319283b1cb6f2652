"""What money buys: the cost-effectiveness plane, and how often each regime is worth most at what a QALY is worth."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from policysim.experiments.analysis.cost_effectiveness import Finding, Measure, Point, acceptability
from policysim.experiments.analysis.numbers import tick
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.charts.frame import BODY, SMALL, Look, foot, frame, heading, key, label_ends
from policysim.viz.style import FAINT, QUIET, TEXT

NICE = (20_000, 30_000)
"""GBP for a QALY that is generally good value for the NHS (L5.13)."""
MOST_POUNDS, STEP = 100_000, 2_000
QUARTERS = {
    (1, 1): "gains, costs more", (1, 0): "gains, saves money", (0, 1): "loses, costs more", (0, 0): "loses, saves money",
}  # fmt: skip
"""What lies in each quarter: right or left, above or below."""
Points = Mapping[str, Sequence[Point]]


def plane_chart(found: Sequence[Finding], of_seeds: Points, of_draws: Points, look: Look, years: int) -> Figure:
    """Each regime's QALYs gained and public money spent more than the status quo, with both intervals and every run.

    Filled marks with a cross of thick lines: the mean and its 95% interval over seeds. Small hollow marks: single runs, of
    draws where there are some, otherwise of seeds.
    """
    figure, axes = frame(1, 1, 7.2)
    ax = axes.flat[0]
    ax.axhline(0, color=TEXT, lw=1.2)
    ax.axvline(0, color=TEXT, lw=1.2)
    runs = of_draws or of_seeds
    quo = look.styles[STATUS_QUO]
    ax.plot([0], [0], quo.marker, color=quo.colour, ms=11, mec="white", mew=1.5, zorder=5)
    for one in found:
        if one.measure is Measure.QALY:
            _regime(ax, one, runs[one.regime], look)
    ax.margins(0.12)
    _worth(ax)
    _quarters(ax)
    ax.xaxis.set_major_formatter(lambda value, _: tick(value, signs=True))
    ax.yaxis.set_major_formatter(lambda value, _: tick(value, True, signs=True))
    ax.grid(color=FAINT, lw=0.6)
    ax.set_xlabel("QALYs gained, discounted", fontsize=BODY, color=TEXT)
    heading(
        ax,
        f"Public money and QALYs beside the status quo, over {years} years",
        "£ more (up) or less (down), discounted",
    )
    key(figure, look)
    small = f"draws ({OVER_UNKNOWNS})" if of_draws else "seeds (chance alone)"
    foot(figure, f"{look.source}.\nCrosses: means and 95% intervals {OVER_SEEDS}. Small marks: single {small}.\n"
                 "A QALY is worth 20,000 to 30,000 pounds to the NHS (NICE): below the dashed lines it costs less.")  # fmt: skip
    return figure


def _regime(ax: Axes, one: Finding, runs: Sequence[Point], look: Look) -> None:
    """The runs of a regime, its mean and the interval of each of its two numbers."""
    style = look.styles[one.regime]
    ax.plot([run.gained[Measure.QALY] for run in runs], [run.cost for run in runs], style.marker, ms=5, mfc="none",
            color=style.colour, mew=1.0, alpha=0.75, lw=0)  # fmt: skip
    x, y = one.gained, one.cost
    ax.plot([x.low, x.high], [y.mean, y.mean], color=style.colour, lw=2.6, solid_capstyle="butt")
    ax.plot([x.mean, x.mean], [y.low, y.high], color=style.colour, lw=2.6, solid_capstyle="butt")
    ax.plot([x.mean], [y.mean], style.marker, color=style.colour, ms=13, mec="white", mew=1.5, zorder=5)


def _worth(ax: Axes) -> None:
    """What so many QALYs are worth at either end of what NICE calls good value, as far as the chart reaches."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    for pounds, dash in zip(NICE, ((6, 3), (2, 2)), strict=True):
        ax.plot([left, right], [left * pounds, right * pounds], color=QUIET, lw=1.4, dashes=dash, zorder=1)
        x = 0.93 * min(right, high / pounds) if high > 0 else 0.93 * right
        ax.annotate(f"£{pounds:,} a QALY", (x, x * pounds), ha="right", va="center", fontsize=SMALL, color=QUIET,
                    bbox={"fc": "white", "ec": "none", "pad": 1}, zorder=2)  # fmt: skip
    ax.set_xlim(left, right)
    ax.set_ylim(low, high)


def _quarters(ax: Axes) -> None:
    """What each corner means, where it is part of the chart."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    for (x, y), words in QUARTERS.items():
        if (right > 0 if x else left < 0) and (high > 0 if y else low < 0):
            ax.annotate(words, (x, y), (-6 if x else 6, -8 if y else 8), xycoords="axes fraction", textcoords="offset points",
                        ha="right" if x else "left", va="top" if y else "bottom", fontsize=SMALL, color=QUIET, style="italic",
                        bbox={"fc": "white", "ec": "none", "alpha": 0.8, "pad": 1})  # fmt: skip


def acceptability_chart(of_seeds: Points, of_draws: Points, look: Look, of_what: str = "") -> Figure:
    """How often each regime, the status quo too, is worth most, by what a QALY is worth; `of_what`, if not of draws."""
    points, money = of_draws or of_seeds, list(range(0, MOST_POUNDS + STEP, STEP))
    shares = acceptability(points, money)
    figure, axes = frame(1, 1, 6.0)
    ax = axes.flat[0]
    ax.axvspan(*NICE, color=FAINT, alpha=0.6, lw=0)
    ax.annotate("good value\nto the NHS", (sum(NICE) / 2, 1), (0, -6), xycoords=("data", "axes fraction"), ha="center",
                va="top", textcoords="offset points", fontsize=SMALL, color=QUIET)  # fmt: skip
    for name, values in shares.items():
        style = look.styles[name]
        ax.plot(money, values, color=style.colour, ls=style.dash, lw=2.6, marker=style.marker, markevery=10, ms=8)
    ax.set_ylim(-0.08, 1.18)
    ax.set_xlim(0, MOST_POUNDS)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1.0], ["0%", "25%", "50%", "75%", "100%"])
    ax.xaxis.set_major_formatter(lambda value, _: tick(value, True))
    ax.grid(axis="y", color=FAINT, lw=0.6)
    ax.set_xlabel("What a QALY is worth", fontsize=BODY, color=TEXT)
    runs = len(next(iter(points.values()), ()))
    otherwise = f"of {runs} draws of what nobody knows" if of_draws else f"of {runs} seeds: chance alone"
    heading(ax, "How often each regime is worth most", f"share {of_what or otherwise}")
    label_ends(ax, {name: values[-1] for name, values in shares.items()}, look, MOST_POUNDS)
    lines = (
        ""
        if of_draws
        else "\nWhat nobody knows is not in it: --uncertainty draws the numbers of the model from their ranges."
    )
    if of_what:
        lines = "\nPoints are not equally likely. The status quo is worth most where no regime is worth its cost."
        foot(figure, f"{look.source}.{lines}")
        return figure
    foot(figure, f"{look.source}, which is worth most where no regime is worth its cost.{lines}")
    return figure


def plane_alt(found: Sequence[Finding], words: Mapping[str, str], look: Look) -> str:
    """The plane for someone who cannot see it."""
    parts = [f"{look.names[one.regime]}: {words[one.regime]}" for one in found if one.measure is Measure.QALY]
    return "Marks for each regime's QALYs gained and money spent beside the status quo. " + "; ".join(parts) + "."


def acceptability_alt(of_seeds: Points, of_draws: Points, look: Look) -> str:
    """The curves for someone who cannot see them: the shares at three sums."""
    at = (0, NICE[0], MOST_POUNDS)
    shares = acceptability(of_draws or of_seeds, at)
    parts = [f"{look.names[name]} {', '.join(f'{share:.0%}' for share in values)}" for name, values in shares.items()]
    where = f"where a QALY is worth £0, £{at[1]:,} and £{at[2]:,}"
    return f"Lines of how often each regime is worth most {where}: {'; '.join(parts)}."
