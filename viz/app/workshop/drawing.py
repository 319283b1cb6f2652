"""Guesses as dots above the result with its two intervals, and the same as a table."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from statistics import fmean, median

from policysim.viz.app import html
from policysim.viz.app.compare.cards import across, with_ends
from policysim.viz.app.workshop.guesses import InPercent, limits, written
from policysim.viz.style import QUIET, TEXT, RegimeStyle

SIDE = 5.0
"""Of the width, in hundredths, that stays free at either side."""
BINS = 50
STACK = 17.0
"""Pixels from one dot to the next above it, less where many lie on one another."""
HIGHEST = 150.0
STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0)


def reach(values: Sequence[float], result: InPercent | None) -> tuple[float, float]:
    """From where to where the axis goes, in percent; zero is always on it."""
    ends = [0.0, *values, *(result.ends if result else [])]
    low, high = min(ends), max(ends)
    if high - low < 4:
        low, high = low - 2, high + 2
    return low, high


def stacks(values: Sequence[float], result: InPercent | None) -> list[tuple[float, int]]:
    """Where guesses lie on one another, and how many: those too near to be told apart lie at their mean."""
    low, high = reach(values, result)
    near: dict[int, list[float]] = defaultdict(list)
    for value in values:
        near[round((value - low) * BINS / (high - low))].append(value)
    return [(fmean(several), len(several)) for several in near.values()]


def dots(values: Sequence[float], result: InPercent | None, style: RegimeStyle, label: str) -> str:
    """A drawing as wide as its place: each guess a dot, stacked where they agree; beneath them what was simulated."""
    low, high = reach(values, result)

    def x(value: float) -> str:
        return f"{SIDE + (100 - 2 * SIDE) * (value - low) / (high - low):.2f}%"

    piles = stacks(values, result)
    tallest = max((count for _, count in piles), default=1)
    step = min(STACK, HIGHEST / tallest)
    floor = 36 + step * tallest
    parts = [_words(18, "Guesses", QUIET, f"{len(values)} in all")]
    parts += [
        f'<circle cx="{x(at)}" cy="{floor - 9 - k * step:.1f}" r="7" fill="#fff" stroke="{TEXT}" stroke-width="2.5"/>'
        for at, count in piles
        for k in range(count)
    ]
    parts.append(_rule(floor))
    parts.append(_words(floor + 22, "Simulated", QUIET))
    if result is not None:
        parts.append(_result(result, x, floor + 42, style))
    bottom = floor + 60
    parts += [_rule(bottom), *(_tick(x(at), at, bottom) for at in _ticks(low, high))]
    zero = f'<line x1="{x(0)}" x2="{x(0)}" y1="24" y2="{bottom}" stroke="{QUIET}" stroke-dasharray="4 3"/>'
    height = bottom + 28
    return (
        f'<svg class="ps-shop-dots" role="img" aria-label="{label}" height="{height:.0f}" width="100%">'
        f"{zero}{''.join(parts)}</svg>"
    )


def _result(result: InPercent, x: Callable[[float], str], y: float, style: RegimeStyle) -> str:
    """Thick: over chance; thin, with ends: over what nobody knows; a ring: the mean."""
    parts = []
    if math.isfinite(result.low) and math.isfinite(result.high):
        parts.append(across(x(result.low), x(result.high), y, 12))
    if math.isfinite(result.widest_low) and math.isfinite(result.widest_high):
        parts.append(with_ends(x(result.widest_low), x(result.widest_high), y, 3, style.ink))
    if math.isfinite(result.mean):
        parts.append(f'<circle cx="{x(result.mean)}" cy="{y}" r="9" fill="#fff" stroke-width="5"/>')
    return f'<g stroke="{style.colour}">{"".join(parts)}</g>'


def _words(y: float, text: str, colour: str, more: str = "") -> str:
    more = f", {more}" if more else ""
    clear = 'stroke="#fff" stroke-width="6" paint-order="stroke"'  # legible where the line of zero runs through it
    return f'<text x="0" y="{y:.0f}" fill="{colour}" {clear} class="ps-shop-tick">{text}{more}</text>'


def _rule(y: float) -> str:
    return f'<line x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}" stroke="#BFBFBF"/>'


def _ticks(low: float, high: float) -> list[float]:
    step = next((one for one in STEPS if (high - low) / one <= 6), STEPS[-1])
    first = math.ceil(low / step)
    return [k * step for k in range(first, math.floor(high / step) + 1)]


def _tick(x: str, at: float, bottom: float) -> str:
    return (
        f'<line x1="{x}" x2="{x}" y1="{bottom:.1f}" y2="{bottom + 5:.1f}" stroke="{QUIET}"/>'
        f'<text x="{x}" y="{bottom + 22:.0f}" text-anchor="middle" fill="{TEXT}" class="ps-shop-tick">{written(at)}</text>'
    )


HEAD = ["", "Middle", "From, to", "How it was found"]


def rows(values: Sequence[float], result: InPercent | None, how: tuple[str, str]) -> list[list[str]]:
    """The drawing in rows: guesses, chance, what nobody knows. Plain words, not HTML. how: both ways in which it was found."""
    found = []
    if values:
        found.append(
            ["The room’s guesses", written(median(values)), limits(values[0], values[-1]), f"{len(values)} in all"]
        )
    if result is not None:
        found.append(["Simulated, chance alone", written(result.mean), limits(result.low, result.high), how[0]])
        wide = limits(result.widest_low, result.widest_high)
        found.append(["Simulated, over what nobody knows", "", wide, how[1]])
    return found


def table(caption: str, values: Sequence[float], result: InPercent | None, how: tuple[str, str]) -> str:
    """The same as a table, with every guess in a line beneath."""
    cells = rows(values, result, how)
    every = ", ".join(written(value) for value in values)
    told = f"<p>Every guess: {every}.</p>" if values else ""
    return html.table(caption, HEAD, cells, "ps-shop-numbers") + told
