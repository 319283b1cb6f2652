"""ECharts options: curves with interval bands. Plain dictionaries, no widgets."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from policysim.counts.outcomes import Outcome
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.running.found import Found
from policysim.viz.style import FAINT, QUIET, TEXT, RegimeStyle, regime_styles

FONT = "Roboto, Helvetica, Arial, sans-serif"
CHART_HEIGHT, STEPS = 480, 5


@dataclass(frozen=True)
class Letters:
    """Pixels of the letters of axes, and of names at the ends of lines."""

    small: int
    large: int


USUAL, PROJECTED = Letters(15, 17), Letters(21, 23)
"""On a laptop; and where they are to be read from the back of a room."""


def letters_of(projector: bool) -> Letters:
    """Those of a chart of the page, by whether it is projected."""
    return PROJECTED if projector else USUAL


Option = dict[str, Any]
EMPTY = pd.DataFrame(columns=["regime", "year", "mean", "low", "high", "seeds"])


def curve(found: Found, outcome: Outcome, paired: bool, years: int) -> pd.DataFrame:
    """Year by year: columns regime, year, mean, low, high, seeds; paired: of the differences from the status quo."""
    points = found.once(Found.yearly, outcome, years=years)
    if not paired:
        return points[["regime", "year", "mean", "low", "high", "seeds"]]
    gaps = points[points["regime"] != STATUS_QUO]
    parts = gaps[["regime", "year", "difference", "difference_low", "difference_high", "seeds"]]
    return parts.set_axis(["regime", "year", "mean", "low", "high", "seeds"], axis=1)


def curves(found: Found, shown: Outcome, paired: bool, letters: Letters, years: int) -> Option:
    """The outcome year by year under each regime, with bands; paired: each regime's difference from the status quo.

    The axis of years is that of the whole horizon, so that lines grow into it.
    """
    scenario = found.scenario
    points = curve(found, shown, paired, years) if years else EMPTY
    ids = [regime.id for regime in scenario.regimes]
    names = {regime.id: regime.name for regime in scenario.regimes}
    styles = regime_styles(ids)
    drawn = [name for name in ids if name in set(points["regime"])]
    # The bands of levels lie on top of one another, those of differences hardly.
    opacity = 0.13 if paired else 0.06
    series = [
        part for name in drawn for part in _band(points[points["regime"] == name], styles[name], shown.money, opacity)
    ]
    axis = _range(points, shown, paired, letters)
    lines = {name: points[points["regime"] == name] for name in ids}
    series += [_line(lines[name], names[name], styles[name], shown.money) for name in drawn]
    ends = {name: _values(line["mean"], shown.money)[-1:] for name, line in lines.items()}
    written = [_name(names[name], styles[name].ink, letters, years - 1, ends[name]) for name in ids]
    if paired:
        series.append(_zero_line({"width": 3, "type": "solid"}))
        written[0]["at"] = [scenario.years - 1, 0.0]
    return _chart(scenario, axis, series, letters, written)


def curve_of(
    found: Found, shown: Outcome, regime: str, name: str, style: RegimeStyle, letters: Letters, years: int
) -> Option:
    """One regime's difference from the status quo year by year, under another name than its own."""
    points = curve(found, shown, True, years)
    points = points[points["regime"] == regime].assign(regime=name)
    line = _line(points, name, style, shown.money)
    series = [*_band(points, style, shown.money, 0.18), line, _zero_line({"width": 2, "type": "dashed"})]
    written = [_name(name, style.ink, letters, years - 1, line["data"][-1:])]
    return _chart(found.scenario, _range(points, shown, True, letters), series, letters, written)


def _chart(
    scenario: Scenario, axis: Option, series: list[Option], letters: Letters, names: list[Option]
) -> Option:  # fmt: skip
    """What ECharts draws; `names` are written by the page itself, which knows how much room there is."""
    return {
        "names": names,
        "animation": False,
        "textStyle": {"fontFamily": FONT, "fontSize": letters.small},
        "grid": {"left": 12, "top": 24, "bottom": 12, "containLabel": True},
        "xAxis": _axis(
            {"type": "category", "data": [str(scenario.start_year + year) for year in range(scenario.years)],
             "boundaryGap": False, "axisTick": {"show": False}}, letters, margin=letters.small - 1,
        ),
        "yAxis": _axis(axis, letters),
        "tooltip": {"show": False},
        "series": series,
    }  # fmt: skip


def _name(name: str, ink: str, letters: Letters, year: int, end: Sequence[float | None]) -> Option:
    """What is written beside the end of a line; unseen, its room kept, as long as there is no end."""
    at = [year, *end] if end and None not in end else None
    return {"name": name, "ink": ink, "size": letters.large, "at": at}


def _axis(more: Option, letters: Letters, margin: int = 8) -> Option:
    return {
        "axisLabel": {"color": QUIET, "fontSize": letters.small, "hideOverlap": True, "margin": margin},
        "axisLine": {"onZero": False, "lineStyle": {"color": QUIET}},
        "splitLine": {"show": more["type"] == "value", "lineStyle": {"color": FAINT}},
        **more,
    }


def _range(points: pd.DataFrame, shown: Outcome, paired: bool, letters: Letters) -> Option:
    """A value axis in round steps from zero, or around zero; money in millions."""
    scale = 1e6 if shown.money else 1
    limits = [value / scale for name in ("mean", "low", "high") for value in points[name] if math.isfinite(value)]
    low, high = min([0.0, *limits]) if paired else 0.0, max([0.0, *limits])
    step = _round_step((high - low) / STEPS)
    axis: Option = {
        "type": "value", "axisLine": {"show": False}, "interval": step,
        "min": math.floor(low / step) * step, "max": max(math.ceil(high / step), 1) * step,
    }  # fmt: skip
    if shown.money:
        axis["axisLabel"] = {"color": QUIET, "fontSize": letters.small, "formatter": "£{value}m"}
    return axis


def _round_step(rough: float) -> float:
    """The next of 1, 2, 2.5, 5, 10 times a power of ten."""
    if rough <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(rough))
    return next(size * digit for digit in (1, 2, 2.5, 5, 10) if size * digit >= rough)


def _values(column: pd.Series, money: bool) -> list[float | None]:
    """For the browser: four significant digits are more than it can draw, and nothing that is not a number."""
    scale = 1e6 if money else 1
    return [float(f"{value / scale:.5g}") if math.isfinite(value) else None for value in column]


def _band(points: pd.DataFrame, style: RegimeStyle, money: bool, opacity: float) -> list[Option]:
    """An interval as two stacked lines: its lower limit, unseen, and its width, filled."""
    if not points["low"].map(math.isfinite).any():
        return []
    common: Option = {
        "type": "line", "stack": points["regime"].iloc[0], "stackStrategy": "all", "symbol": "none", "silent": True,
        "lineStyle": {"opacity": 0}, "z": 1,
    }  # fmt: skip
    low = {**common, "data": _values(points["low"], money)}
    width = {
        **common,
        "data": _values(points["high"] - points["low"], money),
        "areaStyle": {"color": style.colour, "opacity": opacity},
    }
    return [low, width]


def _line(points: pd.DataFrame, name: str, style: RegimeStyle, money: bool) -> Option:
    """The mean."""
    dash = style.dash if isinstance(style.dash, str) else [3 * length for length in style.dash[1]]
    return {
        "type": "line",
        "name": name,
        "data": _values(points["mean"], money),
        "symbol": "circle",
        "symbolSize": 9,
        "silent": True,
        "z": 3,
        "itemStyle": {"color": style.colour},
        "lineStyle": {"color": style.colour, "width": 4, "type": dash},
    }


def _zero_line(stroke: Option) -> Option:
    """The status quo, or whatever differences are drawn from."""
    mark = {"symbol": "none", "silent": True, "data": [{"yAxis": 0}], "label": {"show": False}}
    return {"type": "line", "data": [], "silent": True, "markLine": {**mark, "lineStyle": {"color": TEXT, **stroke}}}
