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
CHART_HEIGHT, PLOT_HEIGHT, STEPS = 480, 400, 5
LETTER_WIDTH = 0.56
"""Of a letter of a name, in its height: a mean over the bold letters of a sentence."""


@dataclass(frozen=True)
class Letters:
    """Pixels of the letters of axes and of names, from one name to the next below it, and for names at the ends of lines."""

    small: int
    large: int
    line: int
    side: int


USUAL, PROJECTED = Letters(15, 17, 23, 190), Letters(21, 23, 30, 250)
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
    lines = {name: points[points["regime"] == name] for name in drawn}
    ends = {name: _values(line["mean"], shown.money)[-1] for name, line in lines.items()}
    shifts = _apart({ids[0]: 0.0, **ends} if paired else ends, axis, letters.line)
    series += [_line(lines[name], names[name], styles[name], shown.money, letters, shifts[name]) for name in drawn]
    if paired:
        series.append(_zero_line(names[ids[0]], letters, shifts.get(ids[0], 0.0)))
    return _chart(scenario, axis, series, letters, _room_for([names[name] for name in drawn], letters))


def curve_of(
    found: Found, shown: Outcome, regime: str, name: str, style: RegimeStyle, letters: Letters, years: int
) -> Option:
    """One regime's difference from the status quo year by year, under another name than its own."""
    points = curve(found, shown, True, years)
    points = points[points["regime"] == regime].assign(regime=name)
    series = [*_band(points, style, shown.money, 0.18), _line(points, name, style, shown.money, letters, 0.0)]
    zero = _zero_line("Status quo", letters, 0.0)
    zero["markLine"] |= {"label": {"show": False}, "lineStyle": {"color": TEXT, "width": 2, "type": "dashed"}}
    return _chart(found.scenario, _range(points, shown, True, letters), [*series, zero], letters, 2 * letters.large)


def _chart(scenario: Scenario, axis: Option, series: list[Option], letters: Letters, side: int) -> Option:
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "fontSize": letters.small},
        "grid": {"left": 12, "right": side, "top": 24, "bottom": 12, "containLabel": True},
        "xAxis": _axis(
            {"type": "category", "data": [str(scenario.start_year + year) for year in range(scenario.years)],
             "boundaryGap": False, "axisTick": {"show": False}}, letters, margin=letters.small - 1,
        ),
        "yAxis": _axis(axis, letters),
        "tooltip": {"show": False},
        "series": series,
    }  # fmt: skip


def _room_for(names: Sequence[str], letters: Letters) -> int:
    """Pixels for names at the ends of lines: the usual, or more for a long one, such as that of an arm with its file."""
    longest = round(LETTER_WIDTH * letters.large * max(map(len, names), default=0)) + letters.large
    return min(max(letters.side, longest), 2 * letters.side)


def _apart(ends: dict[str, float | None], axis: Option, line: int) -> dict[str, float]:
    """How far down, in pixels, each label at the end of a line must move so that none covers another."""
    scale = PLOT_HEIGHT / (axis["max"] - axis["min"])
    spots = {name: (axis["max"] - (value or 0)) * scale for name, value in ends.items()}
    order = sorted(spots, key=lambda name: spots[name])
    placed = [spots[name] for name in order]
    for _ in range(len(placed)):  # push neighbours apart until all have room; a handful of labels settles at once
        for k in range(1, len(placed)):
            overlap = line - (placed[k] - placed[k - 1])
            if overlap > 0:
                placed[k - 1] -= overlap / 2
                placed[k] += overlap / 2
    return {name: round(spot - spots[name], 1) for name, spot in zip(order, placed, strict=True)}


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


def _line(
    points: pd.DataFrame, name: str, style: RegimeStyle, money: bool, letters: Letters, shift: float
) -> Option:  # fmt: skip
    """The mean, labelled at its end, so that no legend has to be matched."""
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
        "endLabel": {
            "show": True, "formatter": "{a}", "color": style.ink, "fontSize": letters.large, "fontWeight": 600,
            "distance": 12, "offset": [0, shift],
        },
    }  # fmt: skip


def _zero_line(name: str, letters: Letters, shift: float) -> Option:
    """The status quo, or whatever differences are drawn from."""
    return {
        "type": "line",
        "data": [],
        "silent": True,
        "markLine": {
            "symbol": "none",
            "silent": True,
            "data": [{"yAxis": 0}],
            "lineStyle": {"color": TEXT, "width": 3, "type": "solid"},
            "label": {
                "formatter": name,
                "color": TEXT,
                "position": "end",
                "distance": 12,
                "offset": [0, shift],
                "fontSize": letters.large,
                "fontWeight": 600,
            },
        },
    }  # fmt: skip
