"""The three main answers as cards: for each regime a difference in words, and its two intervals as bars around zero."""

import math
from collections.abc import Sequence
from html import escape

from policysim.counts.outcomes import Outcome
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.viz.app.compare.answers import Answer, answers, over_years, usual
from policysim.viz.app.running.found import Found
from policysim.viz.style import RegimeStyle, regime_styles

MIDDLE = 9
"""Of a bar, in pixels from above."""
HALF = 47
"""How far the longest bar reaches to either side, in hundredths of the card's width."""


def card_of(found: Found, outcome: Outcome, years: int) -> str:
    """The card of an outcome over the first years."""
    told = answers(found, outcome, years)
    if told:
        return card(heading(outcome.label, years, told), usual(found, outcome, years), told)
    return waiting(outcome.label, [regime for regime in found.scenario.regimes if regime.id != STATUS_QUO])


def card(title: str, base: str, told: Sequence[Answer]) -> str:
    """A card as HTML."""
    styles = regime_styles([STATUS_QUO, *(answer.regime.id for answer in told)])
    most = reach(told)
    rows = "".join(_row(answer, styles[answer.regime.id], most) for answer in told)
    return f'{_head(title, f"Status quo: {base}")}<ul class="ps-answers">{rows}</ul>'


def waiting(title: str, regimes: Sequence[Regime]) -> str:
    """A card before the first year is through, with the room that its answers will take, so that nothing moves when they come."""
    styles = regime_styles([STATUS_QUO, *(regime.id for regime in regimes)])
    rows = "".join(
        f'<li>{_who(regime, styles[regime.id])}<span></span><svg class="ps-bar" aria-hidden="true"></svg></li>'
        for regime in regimes
    )
    return f'{_head(title, "The first year is being simulated.")}<ul class="ps-answers">{rows}</ul>'


def _head(title: str, under: str) -> str:
    return f'<h3>{escape(title)}</h3><p class="ps-base">{escape(under)}</p>'


def _who(regime: Regime, style: RegimeStyle) -> str:
    return f'<span class="ps-who" style="color:{style.ink}">{escape(regime.name)}</span>'


def _row(answer: Answer, style: RegimeStyle, most: float) -> str:
    clear = "ps-clear" if answer.found.gap.is_clear else "ps-noise"
    return (
        f"<li>{_who(answer.regime, style)}"
        f'<span class="{clear}">{escape(answer.headline)}</span>{bar(answer, style, most)}</li>'
    )


def reach(told: Sequence[Answer]) -> float:
    """How far from zero anything lies, so that all bars of a card have one scale."""
    ends = [
        abs(value)
        for answer in told
        for value in (
            answer.found.gap.low,
            answer.found.gap.high,
            answer.found.gap.mean,
            answer.spread.gap_low,
            answer.spread.gap_high,
        )
        if math.isfinite(value)
    ]
    return max(ends, default=0.0) or 1.0


def bar(answer: Answer, style: RegimeStyle, most: float) -> str:
    """Thick: over chance; thin, with ends: over what nobody knows; a dot: the mean. The words beside it say the same."""

    def x(value: float) -> str:
        return f"{50 + value / most * HALF:.1f}%"

    gap, parts = answer.found.gap, []
    if gap.has_interval:
        parts.append(across(x(gap.low), x(gap.high), MIDDLE, 7))
    if answer.spread.draws:
        parts.append(with_ends(x(answer.spread.gap_low), x(answer.spread.gap_high), MIDDLE, 2, style.ink))
    if math.isfinite(gap.mean):
        parts.append(f'<circle cx="{x(gap.mean)}" cy="{MIDDLE}" r="5.5" fill="#fff" stroke-width="3"/>')
    return (
        '<svg class="ps-bar" aria-hidden="true">'
        f'<line x1="50%" x2="50%" y1="0" y2="{2 * MIDDLE}" stroke="#8C8C8C" stroke-width="1.5"/>'
        f'<g stroke="{style.colour}">{"".join(parts)}</g></svg>'
    )


def across(start: str, end: str, y: float, width: float) -> str:
    """A line from left to right."""
    return f'<line x1="{start}" x2="{end}" y1="{y}" y2="{y}" stroke-width="{width}"/>'


def with_ends(start: str, end: str, y: float, width: float, ink: str) -> str:
    """A thin line whose ends stand out of a thick bar that it lies on, so that it is seen where it is the shorter one."""
    half = 4 * width
    ends = "".join(
        f'<line x1="{x}" x2="{x}" y1="{y - half}" y2="{y + half}" stroke-width="{width}"/>' for x in (start, end)
    )
    return f'<g stroke="{ink}">{across(start, end, y, width)}{ends}</g>'


def heading(noun: str, years: int, told: Sequence[Answer]) -> str:
    """The title of a card: what, and over which time."""
    return f"{noun} {over_years(years)}" if told else noun
