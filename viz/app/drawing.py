"""ECharts options: curves with interval bands, and the sampled network. Plain dictionaries, no widgets."""

import math
from typing import Any

import pandas as pd

from policysim.viz.app.network import STATE_WORDS, Picture, State
from policysim.viz.app.results import Results, curve
from policysim.viz.style import FAINT, QUIET, TEXT, Measure, RegimeStyle, regime_styles

FONT = "Roboto, Helvetica, Arial, sans-serif"
SMALL, LARGE = 15, 17
"""Points on a laptop; projected, the larger can be read from the back of a room."""
Option = dict[str, Any]

STATE_MARKS: dict[State, tuple[str, str, str, float]] = {
    State.NEVER: ("circle", "#FFFFFF", "#8C8C8C", 9),
    State.STOPPED: ("circle", "#BDBDBD", "#8C8C8C", 9),
    State.USES: ("circle", "#56B4E9", "#1F6F9E", 13),
    State.DEPENDENT: ("diamond", "#D55E00", "#7A3600", 18),
    State.TREATMENT: ("triangle", "#009E73", "#00513B", 16),
    State.CUSTODY: ("rect", "#262626", "#262626", 13),
    State.AGED_OUT: ("circle", "#F2F2F2", "#D9D9D9", 7),
    State.DIED: ("emptyCircle", "#7A5195", "#7A5195", 13),
}
"""By state: symbol, fill, border, size. Shape says what colour says."""


def curves(results: Results, shown: Measure, paired: bool) -> Option:
    """The outcome year by year under each regime, with bands; paired: each regime's difference from the status quo."""
    points = curve(results, shown, paired)
    ids = [regime.id for regime in results.scenario.regimes]
    names = {regime.id: regime.name for regime in results.scenario.regimes}
    styles = regime_styles(ids)
    drawn = [name for name in ids if name in set(points["regime"])]
    series = [part for name in drawn for part in _band(points[points["regime"] == name], styles[name], shown.money)]
    series += [_line(points[points["regime"] == name], names[name], styles[name], shown.money) for name in drawn]
    if paired:
        series.append(_zero_line())
    years = [str(results.scenario.start_year + year) for year in range(results.scenario.years)]
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "fontSize": SMALL},
        "grid": {"left": 12, "right": 190, "top": 24, "bottom": 12, "containLabel": True},
        "xAxis": _axis({"type": "category", "data": years, "boundaryGap": False, "axisTick": {"show": False}}),
        "yAxis": _axis(_range(points, shown, paired)),
        "tooltip": {"show": False},
        "series": series,
    }


def _axis(more: Option) -> Option:
    return {
        "axisLabel": {"color": QUIET, "fontSize": SMALL, "hideOverlap": True},
        "axisLine": {"lineStyle": {"color": QUIET}},
        "splitLine": {"show": more["type"] == "value", "lineStyle": {"color": FAINT}},
        **more,
    }


def _range(points: pd.DataFrame, shown: Measure, paired: bool) -> Option:
    """A value axis from zero, or around zero; money in millions."""
    axis: Option = {"type": "value", "axisLine": {"show": False}, "splitNumber": 5}
    if not paired:
        axis["min"] = 0
    if shown.money:
        axis["axisLabel"] = {"color": QUIET, "fontSize": SMALL, "formatter": "£{value}m"}
    return axis


def _values(column: pd.Series, money: bool) -> list[float | None]:
    """For the browser: four significant digits are more than it can draw, and nothing that is not a number."""
    scale = 1e6 if money else 1
    return [float(f"{value / scale:.5g}") if math.isfinite(value) else None for value in column]


def _band(points: pd.DataFrame, style: RegimeStyle, money: bool) -> list[Option]:
    """An interval as two stacked lines: its lower limit, unseen, and its width, filled."""
    if not points["low"].map(math.isfinite).all():
        return []
    common: Option = {
        "type": "line", "stack": points["regime"].iloc[0], "stackStrategy": "all", "symbol": "none", "silent": True,
        "lineStyle": {"opacity": 0}, "z": 1,
    }  # fmt: skip
    low = {**common, "data": _values(points["low"], money)}
    width = {
        **common,
        "data": _values(points["high"] - points["low"], money),
        "areaStyle": {"color": style.colour, "opacity": 0.16},
    }
    return [low, width]


def _line(points: pd.DataFrame, name: str, style: RegimeStyle, money: bool) -> Option:
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
            "show": True, "formatter": "{a}", "color": style.ink, "fontSize": LARGE, "fontWeight": 600, "distance": 12,
        },
        "labelLayout": {"moveOverlap": "shiftY"},
    }  # fmt: skip


def _zero_line() -> Option:
    """The status quo, when differences from it are drawn."""
    return {
        "type": "line",
        "data": [],
        "silent": True,
        "markLine": {
            "symbol": "none", "silent": True, "data": [{"yAxis": 0}], "lineStyle": {"color": TEXT, "width": 3, "type": "solid"},
            "label": {"formatter": "Status quo", "position": "start", "show": False},
        },
    }  # fmt: skip


# --- the network ------------------------------------------------------------------------------------------------------
def network(picture: Picture, regime: str, frame: int) -> Option:
    """The sampled people where they always stand, in the states of one regime and quarter."""
    states = [State(int(state)) for state in picture.frames[regime][frame]]
    # Everyone of a state is drawn together, the commonest first, so that the rarer are never covered.
    nodes = [
        {"x": round(1000 * float(x), 1), "y": round(1000 * float(y), 1), "category": int(state), "symbolSize": STATE_MARKS[state][3]}
        for x, y, state in zip(picture.x, picture.y, states, strict=True)
    ]
    links = [
        {"source": one, "target": other, "lineStyle": USING_TIE} if using else {"source": one, "target": other}
        for one, other, using in picture.ties
    ]
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT},
        "tooltip": {"show": False},
        "series": [
            {
                "type": "graph",
                "layout": "none",
                "left": 16,
                "right": 16,
                "top": 16,
                "bottom": 16,
                "silent": True,
                "data": nodes,
                "links": links,
                "categories": [_category(state) for state in State],
                "lineStyle": {"color": "#BDBDBD", "width": 1, "opacity": 0.7},
            }
        ],
    }


USING_TIE = {"color": "#8C5A3C", "width": 2, "opacity": 0.8}


def _category(state: State) -> Option:
    symbol, fill, border, _ = STATE_MARKS[state]
    return {
        "name": STATE_WORDS[state],
        "symbol": symbol,
        "itemStyle": {"color": fill, "borderColor": border, "borderWidth": 1.5},
    }


def mark(state: State) -> str:
    """The mark of a state as a small drawing, for the legend; it says nothing to a screen reader, the words do."""
    symbol, fill, border, _ = STATE_MARKS[state]
    shape = {
        "diamond": '<path d="M10 1 L19 10 L10 19 L1 10 Z"',
        "triangle": '<path d="M10 2 L19 18 L1 18 Z"',
        "rect": '<path d="M3 3 H17 V17 H3 Z"',
    }.get(symbol, '<circle cx="10" cy="10" r="7"')
    inside, width = ("#FFFFFF", 3) if symbol == "emptyCircle" else (fill, 1.5)
    return (
        f'<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">{shape} fill="{inside}" '
        f'stroke="{border}" stroke-width="{width}"/></svg>'
    )
