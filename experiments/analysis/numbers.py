"""How numbers are written, for every reader: command line, report, page and charts.

Three significant figures are all that a simulation can answer for, two of what is small; a minus is a minus sign, not a hyphen.
"""

import math

from policysim.counts.outcomes import FEW

MINUS = "\N{MINUS SIGN}"
UNDER_FEW = f"under {FEW}"
"""What stands for a count that is too small to be told."""
LEAST = 0.001
"""Anything smaller is written as nothing: of a count or of pounds it is no more than the rounding of sums."""
SIZES = ((1e9, "bn"), (1e6, "m"))


def known(value: float, form: str) -> str:
    """A number in a form such as `.1f`, or in words that nobody is there to make one of."""
    return format(value, form) if math.isfinite(value) else "too few to say"


def number(value: float, money: bool = False) -> str:
    """Three significant figures with thousands separators, from a million on in m or bn; money in £."""
    if not math.isfinite(value):
        return "not known"
    plain = _plain(abs(value))
    sign = MINUS if value < 0 and plain != "0" else ""
    return sign + ("£" if money else "") + plain


def _plain(value: float) -> str:
    if value < LEAST:
        return "0"
    if value < 0.995:
        return f"{value:.2g}"
    if value < 9.95:
        return f"{value:.1f}"
    if value < 999.5:
        return f"{value:.0f}"
    rounded = float(f"{value:.3g}")
    for size, unit in SIZES:
        if rounded >= size:
            scaled = rounded / size
            return f"{scaled:,.{max(0, 2 - math.floor(math.log10(scaled)))}f}{unit}"
    return f"{rounded:,.0f}"


def signed(value: float, money: bool = False) -> str:
    """A difference, always with its sign unless it is zero."""
    text = number(value, money)
    return text if not math.isfinite(value) or value < LEAST else "+" + text


def percent(share: float) -> str:
    """A relative difference (0.041 is 4.1%) with its sign."""
    if not math.isfinite(share):
        return "not known"
    text = f"{abs(share) * 100:.1f}" if abs(share) < 0.0995 else f"{abs(share) * 100:,.0f}"
    if float(text.replace(",", "")) == 0:
        return "0%"
    return ("+" if share > 0 else MINUS) + text + "%"


def span(low: float, high: float, money: bool = False, signs: bool = False) -> str:
    """An interval: `1,520 to 1,580`; nothing where one seed gives none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    write = signed if signs else number
    return f"{write(low, money)} to {write(high, money)}"


def tick(value: float, money: bool = False, signs: bool = False) -> str:
    """A round number on an axis: no more digits than it needs."""
    size, unit = next((pair for pair in SIZES if abs(value) >= pair[0]), (1, ""))
    plain = f"{abs(value) / size:,.12g}"
    sign = MINUS if value < 0 else "+" if signs and value > 0 else ""
    return sign + ("£" if money else "") + plain + unit
