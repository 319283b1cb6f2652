"""What carries the answer: a tornado of Morris's effects over the band of chance, and shares of variance with intervals."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from policysim.experiments.analysis.numbers import number
from policysim.experiments.analysis.sweeps.frames import Gathered, label
from policysim.experiments.analysis.sweeps.screening import Screened
from policysim.experiments.analysis.wording import listed
from policysim.viz.charts.frame import SMALL, heading
from policysim.viz.charts.sweeps.panels import (
    BAND,
    BAR,
    LIGHT,
    MOST_BARS,
    finite,
    footed,
    grid,
    name_rows,
    numbers_on,
    over_panels,
    panel_title,
    panels,
    percents_on,
    unit_of,
    what_of,
)
from policysim.viz.style import QUIET, TEXT

ONE_WAY = 0.5
"""From this share of mu_star on, mu says which way a path moves the answer."""


def _order(found: Sequence[Screened], by: Sequence[str]) -> tuple[list[str], int]:
    """What varies, the strongest in any panel first; and how many are left out."""
    column = next(name for name in by if found[0].rows[name].notna().any())
    largest = pd.concat([one.rows.set_index("path")[column] for one in found], axis=1).max(axis=1)
    order = [str(path) for path in largest.sort_values(ascending=False, kind="stable").index]
    return order[:MOST_BARS], max(0, len(order) - MOST_BARS)


def tornado_chart(found: Sequence[Screened], swept: Gathered, source: str) -> Figure:
    """A bar for each path and regime: the mean size of its effect, over the band that chance alone stays within."""
    paths, left = _order(found, ["mu_star"])
    figure, axes = panels(len(found), len(paths), [label(path) for path in paths])
    most = max(float((one.rows["mu_star"] + one.rows["mu_star_conf"]).max()) for one in found)
    most = max([most, *finite(pd.concat([one.rows["noise"] for one in found]).tolist())]) or 1.0
    for k, (ax, one) in enumerate(zip(axes, found, strict=True)):
        rows = one.rows.set_index("path").loc[paths]
        for y, row in enumerate(rows.to_dict("records")):
            _effect(ax, y, row, most)
        name_rows(ax, paths, first=k % 3 == 0)
        ax.set_xlim(0, most * 1.32)
        numbers_on(ax.xaxis, one.answer.outcome.money)
        grid(ax)
        unit = unit_of(one.answer.outcome, swept.years, one.answer.paired) if k % 3 == 0 else ""
        heading(ax, panel_title(swept, one.answer.regime, min(3, len(found))), unit)
    has_noise = found[0].rows["noise"].notna().any()
    handles = [
        Patch(fc=BAR, ec=BAR, label="mean size of the change"),
        Line2D([], [], color=TEXT, lw=2, label="95% interval"),
    ]
    if has_noise:
        handles[1:1] = [
            Patch(fc="white", ec=BAR, lw=1.5, label="no more than chance"),
            Patch(fc=BAND, ec="none", label="reach of chance"),
        ]
    figure.legend(handles=handles, loc="outside upper left", ncols=4, frameon=False, fontsize=SMALL, labelcolor=TEXT,
                  handlelength=1.4, columnspacing=1.4, borderaxespad=0.2)  # fmt: skip
    told = "" if has_noise else " One seed: chance was not looked at."
    noun, of = found[0].answer.outcome.label, over_panels(swept, [one.answer for one in found])
    footed(
        figure, f"{source}; {found[0].blocks} trajectories",
        f"{noun}{of}: how much changes (Morris's mu*) when one thing passes over its whole range, and which way when it goes up. "
        f"95% intervals over trajectories.{told}{_left(left)}",
    )  # fmt: skip
    return figure


def _effect(ax: Axes, y: int, row: dict[str, float], most: float) -> None:
    if np.isfinite(row["noise"]):
        ax.barh(y, row["noise"], 0.86, color=BAND, lw=0, zorder=1)
    filled = row["beyond_chance"] or not np.isfinite(row["noise"])
    ax.barh(y, row["mu_star"], 0.52, color=BAR if filled else "white", edgecolor=BAR, lw=1.5, zorder=2)
    reach = row["mu_star"] + np.array([-1, 1]) * row["mu_star_conf"]
    if row["mu_star_conf"] > 0:
        ax.plot(np.maximum(reach, 0), [y, y], "-", color="white", lw=4.5, zorder=3)
        ax.plot(np.maximum(reach, 0), [y, y], "|-", color=TEXT, lw=1.8, ms=7, mew=1.8, zorder=4)
    if filled and row["mu_star"] > 0.02 * most:
        end = max(reach[1], row["noise"] if np.isfinite(row["noise"]) else 0.0)
        ax.annotate(way(row), (end, y), (6, 0), textcoords="offset points", va="center", fontsize=SMALL, color=QUIET)


def way(row: dict[str, float]) -> str:
    """Which way the answer goes when a path goes up."""
    if abs(row["mu"]) < ONE_WAY * row["mu_star"]:
        return "both ways"
    return "up" if row["mu"] > 0 else "down"


def _left(left: int) -> str:
    return f" {left} that do less are not drawn." if left else ""


def shares_chart(found: Sequence[Screened], swept: Gathered, source: str) -> Figure:
    """For each path and regime two bars: its share of variance by itself, and with all it does together with others."""
    corrected = found[0].rows["total"].notna().any()
    first, total = ("first", "total") if corrected else ("S1", "ST")
    paths, left = _order(found, [total])
    figure, axes = panels(len(found), len(paths), [label(path) for path in paths], each=0.56)
    ends = [_ends(one.rows, name) for one in found for name in (first, total)]
    most = min(1.25, max(1.0, max(float(np.nanmax(high)) for _, high in ends)))
    least = max(-0.2, min(0.0, min(float(np.nanmin(low)) for low, _ in ends)))
    for k, (ax, one) in enumerate(zip(axes, found, strict=True)):
        rows = one.rows.set_index("path").loc[paths].reset_index()
        for name, colour, up in ((total, LIGHT, -0.19), (first, BAR, 0.19)):
            low, high = _ends(rows, name)
            for y, (value, a, b) in enumerate(zip(rows[name], low, high, strict=True)):
                ax.barh(y + up, value, 0.34, color=colour, edgecolor=BAR, lw=1.2)
                ax.plot([a, b], [y + up] * 2, "-", color="white", lw=4.2)
                ax.plot([a, b], [y + up] * 2, "|-", color=TEXT, lw=1.6, ms=6, mew=1.6)
        ax.axvline(0, color=TEXT, lw=1.2)
        name_rows(ax, paths, first=k % 3 == 0)
        ax.set_xlim(least * 1.05, most * 1.03)
        ax.set_xticks([0, 0.5, 1.0])
        percents_on(ax.xaxis)
        ax.set_xticks([0, 0.5, 1.0])
        grid(ax)
        chance = f"chance makes {one.share_of_chance:.0%}" if np.isfinite(one.share_of_chance) else "chance included"
        heading(ax, panel_title(swept, one.answer.regime, min(3, len(found))), chance)
    handles = [Patch(fc=LIGHT, ec=BAR, label="total: with all it does together with others"),
               Patch(fc=BAR, ec=BAR, label="by itself"),
               Line2D([], [], color=TEXT, lw=2, label="95% interval over the design")]  # fmt: skip
    figure.legend(handles=handles, loc="outside upper left", ncols=3, frameon=False, fontsize=SMALL, labelcolor=TEXT,
                  handlelength=1.4, columnspacing=1.4, borderaxespad=0.2)  # fmt: skip
    told = "Shares without the seeds' chance." if corrected else "One seed: what chance adds is in the shares."
    of = over_panels(swept, [one.answer for one in found])
    footed(
        figure,
        source,
        f"{found[0].answer.outcome.label}{of}: shares of its variance between points. {told}{_left(left)}",
    )
    return figure


def _ends(rows: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The interval of a share."""
    if f"{name}_low" in rows:
        return rows[f"{name}_low"].to_numpy(float), rows[f"{name}_high"].to_numpy(float)
    value, conf = rows[name].to_numpy(float), rows[f"{name}_conf"].to_numpy(float)
    return value - conf, value + conf


def tornado_alt(found: Sequence[Screened], swept: Gathered) -> str:
    """The tornado in words: the three that move each answer most."""
    parts = []
    for one in found:
        rows = one.rows.head(3).to_dict("records")
        told = [f"{label(row['path'])} {number(row['mu_star'], one.answer.outcome.money)}" for row in rows]
        parts.append(f"{what_of(one.answer, swept)}: {listed(told)}")
    return f"Bars of the mean size of what each thing does to {found[0].answer.outcome.noun}. {'; '.join(parts)}."


def shares_alt(found: Sequence[Screened], swept: Gathered) -> str:
    """The shares in words: the three largest."""
    parts = []
    for one in found:
        name = "total" if one.rows["total"].notna().any() else "ST"
        told = [f"{label(row['path'])} {row[name]:.0%}" for row in one.rows.head(3).to_dict("records")]
        parts.append(f"{what_of(one.answer, swept)}: {listed(told)}")
    return f"Bars of shares of the variance of {found[0].answer.outcome.noun}. {'; '.join(parts)}."
