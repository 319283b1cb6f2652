"""The price of a death averted or a QALY in words, honest where there is none: four quarters of a plane, and its middle."""

from policysim.experiments.analysis.cost_effectiveness import Finding, Measure
from policysim.experiments.analysis.numbers import number, span
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS

LESS_OF = {Measure.DEATH: "death more", Measure.QALY: "QALY lost", Measure.QALY_WITHIN: "QALY lost within the horizon"}
"""What there is one of where something is lost."""


def both(seeds: str, unknowns: str) -> tuple[str, ...]:
    """Both intervals, each with its name, or the one that there is."""
    return tuple(f"{text} {name}" for text, name in ((seeds, OVER_SEEDS), (unknowns, OVER_UNKNOWNS)) if text)


def price_limits(one: Finding) -> tuple[str, ...]:
    """Both intervals of a price that can be told."""
    if not one.gain or (one.gain > 0 and one.price < 0) or (one.gain < 0 and one.price >= 0):
        return ()
    return both(*(span(ratio.low, ratio.high, money=True) for ratio in (one.ratio, one.ratio_of_draws)))


def gain_lines(one: Finding) -> tuple[str, ...]:
    """What is gained, or lost, and both intervals of it."""
    what = "deaths averted" if one.measure is Measure.DEATH else "QALYs gained"
    seeds = span(one.gained.low, one.gained.high, signs=True)
    return f"{what}: {number(one.gained.mean)}", *both(seeds, span(*one.gained_of_draws, signs=True))


def cost_lines(one: Finding) -> tuple[str, ...]:
    """What it costs more, or saves, and both intervals of it."""
    seeds = span(one.cost.low, one.cost.high, money=True, signs=True)
    return f"public money: {number(one.cost.mean, True)}", *both(
        seeds, span(*one.cost_of_draws, money=True, signs=True)
    )


def said(one: Finding) -> str:
    """What can be said of a price, in one clause without its intervals."""
    unit = one.measure.value
    if not one.gained.has_interval:
        return "no price can be told: seeds show no interval"
    if one.gain == 0:
        return f"no price can be told: whether there is any {unit} is not sure"
    if one.gain > 0:
        if one.price < 0:
            return f"gains and saves money: no {unit} costs anything"
        beside = "; it may also save money" if one.price == 0 else ""
        return f"{number(one.ratio.value, True)} for each {unit}{beside}"
    if one.price > 0:
        return "costs more and loses: the status quo is better on both counts"
    if one.price < 0:
        return f"saves {number(one.ratio.value, True)} for each {LESS_OF[one.measure]}"
    return f"loses: there is more than one {LESS_OF[one.measure]}, and whether money is saved is not sure"
