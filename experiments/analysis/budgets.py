"""Purses with budgets: which ran dry, in how many years, and when; and how far obligations went beyond them.

A purse is dry in a week in which it could not pay for all that was asked of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from policysim.experiments.analysis.estimates import Estimate, estimate
from policysim.experiments.analysis.wording import plural
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


def told(dry: Sequence[Dry], names: dict[str, str], years: int) -> tuple[str, ...]:
    """A sentence for each purse that ran dry."""
    return tuple(f"{names[one.regime]}: the {one.purse} purse {_when(one, years)}." for one in dry)


def _when(one: Dry, years: int) -> str:
    """How often a purse ran dry, when first, and for how long."""
    often = "every year" if one.years == 1 else f"{one.years:.0%} of years"
    some = f"of {plural(years, 'year')} " if years > 1 and one.years == 1 else ""
    whole = f"ran dry in {often} {some}".replace("in every year of", "in each of").rstrip()
    return f"{whole}, first about week {math.floor(one.first)}, for {one.weeks.mean:.1f} weeks a year"
