"""Purses with budgets: which ran dry, in how many years, and when; and how far obligations went beyond them.

A purse is dry in a week in which it could not pay for all that was asked of it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from policysim.experiments.analysis.estimates import Estimate, estimate
from policysim.experiments.analysis.numbers import number
from policysim.experiments.analysis.wording import plural
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario
from policysim.vocabulary.purses import PURSES
from policysim.vocabulary.time import WEEKS_PER_YEAR

HALF = 0.5
"""A week is told by the whole place: one of it, or none but for the rounding of sums."""


@dataclass(frozen=True)
class Dry:
    """How dry one purse ran under one regime."""

    regime: str
    purse: str
    years: float
    """Share of the years of all seeds in which it ran dry at least once."""
    first: float
    """Week of the year (1 to 52) in which it ran dry first: the median of those years."""
    weeks: Estimate
    """Weeks dry in a year, over seeds."""


def dry_spells(weekly: pd.DataFrame, regimes: Sequence[str]) -> list[Dry]:
    """Every purse that ran dry, by regime. `weekly`: weeks of the whole place with regime and replicate."""
    years = weekly["week"] // WEEKS_PER_YEAR
    found = []
    for regime in regimes:
        rows = weekly["regime"] == regime
        for purse in PURSES:
            dry = weekly.loc[rows, f"weeks_dry_{purse}"] > HALF
            if not dry.any():
                continue
            by_year = dry.groupby([weekly.loc[rows, "replicate"], years[rows]]).sum()
            weeks = weekly.loc[rows, "week"][dry]
            first = weeks.groupby([weekly.loc[rows, "replicate"][dry], years[rows][dry]]).min() % WEEKS_PER_YEAR + 1
            a_year = estimate([float(value) for value in by_year.groupby(level=0).mean()])
            found.append(Dry(regime, purse, float((by_year > 0).mean()), float(first.median()), a_year))
    return found


def beyond(weekly: pd.DataFrame, scenario: Scenario) -> dict[tuple[str, str], float]:
    """GBP a year, as a mean over seeds, by which what is owed went beyond a purse's budget, by regime and purse."""
    columns = [f"cost_{purse}" for purse in PURSES]
    years = (weekly["week"] // WEEKS_PER_YEAR).rename("year")
    spent = weekly.groupby(["regime", "replicate", years])[columns].sum()
    found = {}
    for regime in spent.index.unique("regime"):
        of_regime = spent.loc[regime]
        for purse, column in zip(PURSES, columns, strict=True):
            budget = _budget(scenario, purse, spent, of_regime, column)
            if budget is not None:
                found[str(regime), purse] = float((of_regime[column] - budget).clip(lower=0).mean())
    return found


def _budget(
    scenario: Scenario, purse: str, spent: pd.DataFrame, of_regime: pd.DataFrame, column: str
) -> pd.Series | None:
    """What a purse has in each year of each seed; None where it has no budget, or the status quo was not run beside."""
    if isinstance(scenario.budgets, str):
        return spent.loc[STATUS_QUO, column] if STATUS_QUO in spent.index.unique("regime") else None
    budget = scenario.budgets.get(purse)
    if budget is None:
        return None
    by_year = budget if isinstance(budget, tuple) else (budget,)
    years = of_regime.index.get_level_values("year")
    return pd.Series([by_year[min(int(year), len(by_year) - 1)] for year in years], of_regime.index)


def sentences(weekly: pd.DataFrame, scenario: Scenario) -> tuple[str, ...]:
    """Of a comparison with budgets, which purses ran dry when; nothing without budgets."""
    if not scenario.budgets:
        return ()
    names = {regime.id: regime.name for regime in scenario.regimes}
    return told(dry_spells(weekly, list(names)), names, scenario.years, beyond(weekly, scenario)) or (
        "No purse ran dry.",
    )


def told(
    dry: Sequence[Dry], names: dict[str, str], years: int, over: Mapping[tuple[str, str], float] | None = None
) -> tuple[str, ...]:
    """A sentence for each purse that ran dry, with what was owed beyond its budget where that is something."""
    found = []
    for one in dry:
        more = (over or {}).get((one.regime, one.purse), 0.0)
        owed = f"; what is owed went {number(more, True)} a year beyond its budget" if more >= 1 else ""
        found.append(f"{names[one.regime]}: the {one.purse} purse {_when(one, years)}{owed}.")
    return tuple(found)


def _when(one: Dry, years: int) -> str:
    """How often a purse ran dry, when first, and for how long."""
    if one.years == 1 and one.weeks.mean == WEEKS_PER_YEAR:
        return "could in no week pay for all that was asked of it"
    often = "every year" if one.years == 1 else f"{one.years:.0%} of years"
    some = f"of {plural(years, 'year')} " if years > 1 and one.years == 1 else ""
    whole = f"ran dry in {often} {some}".replace("in every year of", "in each of").rstrip()
    return f"{whole}, first about week {math.floor(one.first)}, for {one.weeks.mean:.1f} weeks a year"
