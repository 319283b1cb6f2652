"""ECharts options: curves with interval bands, and the sampled network. Plain dictionaries, no widgets."""

import math
from typing import Any

import pandas as pd

from policysim.counts.outcomes import Outcome
from policysim.viz.app.network import STATE_WORDS, Picture, State
from policysim.viz.app.results import Results, curve
from policysim.viz.style import FAINT, QUIET, TEXT, RegimeStyle, regime_styles

FONT = "Roboto, Helvetica, Arial, sans-serif"
SMALL, LARGE = 15, 17
"""Points on a laptop; projected, the larger can be read from the back of a room."""
CHART_HEIGHT, PLOT_HEIGHT, LABEL_HEIGHT, STEPS = 480, 400, 23, 5
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


def curves(results: Results, shown: Outcome, paired: bool) -> Option:
    """The outcome year by year under each regime, with bands; paired: each regime's difference from the status quo."""
    points = curve(results, shown, paired)
    ids = [regime.id for regime in results.scenario.regimes]
    names = {regime.id: regime.name for regime in results.scenario.regimes}
    styles = regime_styles(ids)
    drawn = [name for name in ids if name in set(points["regime"])]
    # The bands of levels lie on top of one another, those of differences hardly.
    opacity = 0.13 if paired else 0.06
    series = [
        part for name in drawn for part in _band(points[points["regime"] == name], styles[name], shown.money, opacity)
    ]
    axis = _range(points, shown, paired)
    lines = {name: points[points["regime"] == name] for name in drawn}
    ends = {name: _values(line["mean"], shown.money)[-1] for name, line in lines.items()}
    shifts = _apart({ids[0]: 0.0, **ends} if paired else ends, axis)
    series += [_line(lines[name], names[name], styles[name], shown.money, shifts[name]) for name in drawn]
    if paired:
        series.append(_zero_line(names[ids[0]], shifts[ids[0]]))
    years = [str(results.scenario.start_year + year) for year in range(results.scenario.years)]
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "fontSize": SMALL},
        "grid": {"left": 12, "right": 190, "top": 24, "bottom": 12, "containLabel": True},
        "xAxis": _axis(
            {"type": "category", "data": years, "boundaryGap": False, "axisTick": {"show": False}}, margin=14
        ),
        "yAxis": _axis(axis),
        "tooltip": {"show": False},
        "series": series,
    }


def _apart(ends: dict[str, float | None], axis: Option) -> dict[str, float]:
    """How far down, in pixels, each label at the end of a line must move so that none covers another."""
    scale = PLOT_HEIGHT / (axis["max"] - axis["min"])
    spots = {name: (axis["max"] - (value or 0)) * scale for name, value in ends.items()}
    order = sorted(spots, key=lambda name: spots[name])
    placed = [spots[name] for name in order]
    for _ in range(len(placed)):  # push neighbours apart until all have room; a handful of labels settles at once
        for k in range(1, len(placed)):
            overlap = LABEL_HEIGHT - (placed[k] - placed[k - 1])
            if overlap > 0:
                placed[k - 1] -= overlap / 2
                placed[k] += overlap / 2
    return {name: round(spot - spots[name], 1) for name, spot in zip(order, placed, strict=True)}


def _axis(more: Option, margin: int = 8) -> Option:
    return {
        "axisLabel": {"color": QUIET, "fontSize": SMALL, "hideOverlap": True, "margin": margin},
        "axisLine": {"onZero": False, "lineStyle": {"color": QUIET}},
        "splitLine": {"show": more["type"] == "value", "lineStyle": {"color": FAINT}},
        **more,
    }


def _range(points: pd.DataFrame, shown: Outcome, paired: bool) -> Option:
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
        axis["axisLabel"] = {"color": QUIET, "fontSize": SMALL, "formatter": "£{value}m"}
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
        "areaStyle": {"color": style.colour, "opacity": opacity},
    }
    return [low, width]


def _line(points: pd.DataFrame, name: str, style: RegimeStyle, money: bool, shift: float) -> Option:
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
            "offset": [0, shift],
        },
    }  # fmt: skip


def _zero_line(name: str, shift: float) -> Option:
    """The status quo, when differences from it are drawn."""
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
                "formatter": "Status quo",
                "position": "end",
                "distance": 12,
                "fontSize": LARGE,
                "fontWeight": 600,
            },
        },
    }  # fmt: skip


# --- the network ------------------------------------------------------------------------------------------------------
def network(picture: Picture, regime: str, frame: int, beside: str = "") -> Option:
    """The sampled people where they always stand, in the states of one regime and quarter.

    Those who are in another state than under the regime `beside` are outlined.
    """
    states = picture.frames[regime][frame].tolist()
    others = picture.frames[beside][frame].tolist() if beside else states
    spots = [[round(x, 4), round(y, 4)] for x, y in zip(picture.x.tolist(), picture.y.tolist(), strict=True)]
    people: dict[State, list[Option]] = {state: [] for state in State}
    for spot, state, other in zip(spots, states, others, strict=True):
        people[State(state)].append(_person(spot, State(state), outlined=state != other))
    hidden = {"type": "value", "min": -0.02, "max": 1.02, "show": False}
    return {
        "animation": False,
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 8},
        "xAxis": hidden,
        "yAxis": hidden,
        "tooltip": {"show": False},
        "series": [
            _ties(spots, [(one, other) for one, other, using in picture.ties if not using], "#BDBDBD", 1),
            _ties(spots, [(one, other) for one, other, using in picture.ties if using], "#8C5A3C", 2),
            *(_people_of(state, found) for state, found in people.items()),
        ],
    }


def _person(spot: list[float], state: State, outlined: bool) -> Option:
    size = STATE_MARKS[state][3]
    if not outlined:
        return {"value": spot, "symbolSize": size}
    return {"value": spot, "symbolSize": size + 6, "itemStyle": {"borderColor": "#000000", "borderWidth": 3.5}}


def _ties(spots: list[list[float]], pairs: list[tuple[int, int]], colour: str, width: float) -> Option:
    return {
        "type": "lines",
        "coordinateSystem": "cartesian2d",
        "silent": True,
        "lineStyle": {"color": colour, "width": width, "opacity": 0.75},
        "data": [{"coords": [spots[one], spots[other]]} for one, other in pairs],
    }


def _people_of(state: State, people: list[Option]) -> Option:
    """A series for each state, so that those of more interest lie above the others."""
    symbol, fill, border, _ = STATE_MARKS[state]
    return {
        "type": "scatter",
        "name": STATE_WORDS[state],
        "symbol": symbol,
        "silent": True,
        "z": 3 + int(state),
        "itemStyle": {"color": fill, "borderColor": border, "borderWidth": 1.5, "opacity": 1},
        "data": people,
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
