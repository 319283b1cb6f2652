"""The price of a death averted or a QALY in words, honest where there is none: four quarters of a plane, and its middle."""

from policysim.experiments.analysis.cost_effectiveness import Finding, Measure, Ratio
from policysim.experiments.analysis.numbers import number, span
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS

LESS_OF = {Measure.DEATH: "death more", Measure.QALY: "QALY lost", Measure.QALY_WITHIN: "QALY lost within the horizon"}
"""What there is one of where something is lost."""


def intervals(seeds: str, unknowns: str) -> str:
    """Both intervals with their names, or the one that there is."""
    told = [f"{text} {name}" for text, name in ((seeds, OVER_SEEDS), (unknowns, OVER_UNKNOWNS)) if text]
    return f" ({'; '.join(told)})" if told else ""


def of_ratio(one: Finding, sign: int = 1) -> str:
    """The price with both intervals; `sign` -1 for what is saved for each that is lost."""
    return f"{number(one.ratio.value * sign, True)}{_ends(one, sign)}"


def _ends(one: Finding, sign: int) -> str:
    def ends(ratio: Ratio) -> str:
        low, high = sorted((ratio.low * sign, ratio.high * sign))
        return span(low, high, money=True)

    return intervals(ends(one.ratio), ends(one.ratio_of_draws))


def of_gain(one: Finding) -> str:
    """What is gained, or lost, with both intervals."""
    seeds = span(one.gained.low, one.gained.high, signs=True)
    return f"{number(one.gained.mean)}{intervals(seeds, span(*one.gained_of_draws, signs=True))}"


def of_cost(one: Finding) -> str:
    """What it costs more, or saves, with both intervals."""
    seeds = span(one.cost.low, one.cost.high, money=True, signs=True)
    return f"{number(one.cost.mean, True)}{intervals(seeds, span(*one.cost_of_draws, money=True, signs=True))}"


def said(one: Finding) -> str:
    """What can be said of a price, in one clause."""
    unit = one.measure.value
    if not one.gained.has_interval:
        return "no price can be told: seeds show no interval"
    if one.gain == 0:
        return f"no price can be told: whether there is any {unit} is not sure"
    if one.gain > 0:
        if one.price < 0:
            return f"gains and saves money: no {unit} costs anything"
        beside = "; it may also save money" if one.price == 0 else ""
        return f"{of_ratio(one)} for each {unit}{beside}"
    if one.price > 0:
        return "costs more and loses: the status quo is better on both counts"
    if one.price < 0:
        return f"saves {of_ratio(one)} for each {LESS_OF[one.measure]}"
    return f"loses: there is more than one {LESS_OF[one.measure]}, and whether money is saved is not sure"
