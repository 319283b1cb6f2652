"""What each lever of a regime brings to an outcome: horizontal bars that add up to the regime's difference.

Large letters, for the back of a room. A hollow bar is within noise; a diamond marks what the lever does alone.
"""

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.attribution import Row, folded, table_of
from policysim.experiments.analysis.coalitions import GROUP, LEVER, REGIME
from policysim.experiments.analysis.numbers import number, signed, span
from policysim.experiments.analysis.wording import NO_INTERVAL, NOISE, plural
from policysim.viz.charts.frame import foot, frame, units_on
from policysim.viz.style import FAINT, QUIET, TEXT

MOST = 12
"""Levers with a bar of their own."""
NAMES = 32
"""Letters of a name in one line."""
TITLE = 46
"""Of the title."""
LARGE, LARGER = 15, 18
BENEATH = 0.2
"""How far the diamond lies beneath the interval, in rows."""
COLOURS = {REGIME: "#8C8C8C", GROUP: "#0072B2", LEVER: "#56B4E9"}
"""Told apart with any colour vision, and by their letters and thickness without."""
THICK = {REGIME: 0.72, GROUP: 0.72, LEVER: 0.5}
ALONE = "#A34700"


def contribution_chart(rows: Sequence[Row], years: int, source: str) -> Figure:
    """A bar with its interval for the regime, each group, and the levers that bring most; of one outcome's rows."""
    rows = folded(rows)
    outcome, drawn = OUTCOMES[rows[0].outcome], shown(rows)
    names = [_name(row) for row in drawn]
    lines = sum(1 + name.count("\n") for name in names)
    figure, axes = frame(1, 1, 2.6 + 0.33 * lines + 0.17 * len(drawn))
    ax = axes[0, 0]
    ax.axvline(0, color=TEXT, lw=1.5)
    for k, row in enumerate(drawn):
        _bar(ax, k, row)
    _names(ax, names, drawn)
    table = table_of(drawn)
    units_on(ax.xaxis, table[["value", "low", "high", "alone"]], outcome.money, signs=True, bins=6)
    ax.tick_params(axis="x", labelsize=LARGE)
    ax.grid(axis="x", color=FAINT, lw=0.8)
    ax.use_sticky_edges = False  # there is room beyond zero too
    ax.margins(x=0.04)
    over = "at a time" if outcome.stock else f"in {plural(years, 'year')}"
    unit = f"{outcome.unit} more or fewer {over}" if not outcome.money else f"GBP more or less {over}"
    _heading(
        ax,
        f"{outcome.label}: what levers bring",
        f"{unit}; status quo {number(rows[0].status_quo, outcome.money)}",
    )
    foot(
        figure,
        f"{source}.\nBar: share of the regime's difference; line: its 95% interval; diamond: alone, without all others.\n"
        f"Hollow: {NOISE}, or {NO_INTERVAL}.{_left(rows, drawn)}",
    )
    return figure


def _heading(ax: Axes, title: str, unit: str) -> None:
    """As that of other charts, in letters for the back of a room."""
    ax.set_title(
        "\n".join(textwrap.wrap(title, TITLE)), loc="left", fontsize=LARGER, fontweight="bold", color=TEXT, pad=34
    )
    ax.annotate(
        unit, (0, 1), (0, 11), xycoords="axes fraction", textcoords="offset points", fontsize=LARGE, color=QUIET
    )


def shown(rows: Sequence[Row]) -> list[Row]:
    """The regime, its groups, and beneath each those of its levers that are among the largest."""
    levers = sorted((row for row in rows if row.level == LEVER and row.value), key=lambda row: -abs(row.value))
    largest = {row.id for row in levers[:MOST]}
    return [row for row in rows if row.level != LEVER or row.id in largest]


def _left(rows: Sequence[Row], drawn: Sequence[Row]) -> str:
    left = len(rows) - len(drawn)
    return f" {plural(left, 'lever')} that bring less {'has' if left == 1 else 'have'} no bar." if left else ""


def _name(row: Row) -> str:
    title = f"{row.title} (all)" if row.level == REGIME else row.title
    return "\n".join(textwrap.wrap(title, NAMES))


def _bar(ax: Axes, k: int, row: Row) -> None:
    colour = COLOURS[row.level]
    is_clear = row.low > 0 or row.high < 0
    ax.barh(k, row.value, THICK[row.level], color=colour if is_clear else "white", edgecolor=colour, lw=2)
    if row.low == row.low:
        ax.plot([row.low, row.high], [k, k], "-", color="white", lw=5)  # so that it is seen on the bar too
        ax.plot([row.low, row.high], [k, k], "|-", color=TEXT, lw=2, ms=9, mew=2)
    if row.alone == row.alone:
        ax.plot([row.alone], [k + BENEATH], "D", color=ALONE, mfc="white", mew=2, ms=8)


def _names(ax: Axes, names: Sequence[str], drawn: Sequence[Row]) -> None:
    ax.set_yticks(range(len(drawn)), names)
    for text, row in zip(ax.get_yticklabels(), drawn, strict=True):
        text.set(color=TEXT, fontsize=LARGE)
        text.set_fontweight("normal" if row.level == LEVER else "bold")
    ax.set_ylim(len(drawn) - 0.4, -0.6)


def contribution_alt(rows: Sequence[Row]) -> str:
    """The chart in words: what the regime, its groups and its largest levers bring."""
    outcome = OUTCOMES[rows[0].outcome]

    def told(row: Row) -> str:
        limits = span(row.low, row.high, outcome.money, signs=True)
        return f"{row.title} {signed(row.value, outcome.money)}{f' ({limits})' if limits else ''}"

    return f"Bars of {outcome.noun}, against the status quo: {'; '.join(map(told, shown(folded(rows))))}."
