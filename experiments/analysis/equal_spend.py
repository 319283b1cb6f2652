"""Regimes at equal spend, in words: how far each was scaled, and what it spends beside what it was to spend."""

from collections.abc import Iterator

import pandas as pd

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.estimates import Estimate, estimate, over
from policysim.experiments.analysis.numbers import number, span
from policysim.scenarios.equal_spend import wanted
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario

SPENDING = OUTCOMES["spending"]


def a_year(weekly: pd.DataFrame, regime: str, years: int) -> Estimate:
    """Public money that a regime spends in a year, over seeds; `weekly` are weeks of the whole place."""
    weeks = weekly[weekly["regime"] == regime]
    return estimate([over(run, SPENDING) / years for _, run in weeks.groupby("replicate")])


def reached(weekly: pd.DataFrame, scenario: Scenario) -> Iterator[str]:
    """A sentence for each regime that was scaled, and for an edited status quo, which has nothing to scale."""
    ids = {regime.id: regime.name for regime in scenario.regimes}
    scales = {id: scale for id, scale in scenario.scales.items() if id in ids}
    if not scales or scenario.equal_spend is None:
        return
    today = a_year(weekly, STATUS_QUO, scenario.years).mean if STATUS_QUO in ids else float("nan")
    money = wanted(scenario.equal_spend, today)
    for id, scale in scales.items():
        spends = a_year(weekly, id, scenario.years)
        limits = f" ({span(spends.low, spends.high, True)} over seeds)" if spends.has_interval else ""
        bought = "none of it can be bought with that" if scale == 0 else f"{scale:.3g} times the coverage described"
        yield (
            f"{ids[id]}: {bought}; it spends {number(spends.mean, True)} a year{limits} where {number(money, True)} was the aim."
        )
    for regime in scenario.regimes:
        if regime.id != STATUS_QUO and regime.id not in scales and not regime.levers:
            spends = a_year(weekly, regime.id, scenario.years)
            yield (
                f"{regime.name}: it pulls no lever that could be scaled, so it spends what its people bring about, "
                f"{number(spends.mean, True)} a year, where {number(money, True)} was the aim of the others."
            )
