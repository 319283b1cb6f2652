"""A birth cohort followed through the states of use under today's rates, from which the first residents are drawn."""

from typing import NamedTuple

import numpy as np

from policysim.engine.exact import exp_of_each
from policysim.evidence.registry import Parameters
from policysim.vocabulary.groups import BAND_YEARS, OLDEST, YOUNGEST
from policysim.vocabulary.states import SUBSTANCES, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR

YEARS = OLDEST - YOUNGEST


class Exits(NamedTuple):
    """The ways out of a state of use, whose hazards compete; made once for all the weeks in which they hold."""

    source: Use
    leaving: np.ndarray  # chance of leaving in a week
    hazard: np.ndarray  # of leaving by any way, per week; 1 where there is none
    ways: tuple[tuple[Use, np.ndarray], ...]


def balances(parameters: Parameters) -> np.ndarray:
    """Risk minus resilience (standard deviations) at which the cohort is followed; people take the nearest."""
    furthest = parameters["balance_furthest"]
    return np.linspace(-furthest, furthest, max(int(parameters["balance_levels"]), 1))


def cohort(parameters: Parameters) -> np.ndarray:
    """Shares of a birth cohort by age, state of use, substance and balance: shape (70, 6, substances, balances).

    A starting point for recreational drugs and alcohol under today's rates. Heroin and crack start from the published
    number and age of those who use them instead: today's first use does not explain the cohort born from 1960 to 1990.
    """
    pull = exp_of_each(parameters["risk_pull"] * balances(parameters) - parameters["pull_usual"])
    share = np.zeros((SUBSTANCES, pull.size, len(Use)))
    share[..., Use.NEVER] = 1
    ages = np.empty((YEARS, *share.shape))
    for year in range(YEARS):
        if year % BAND_YEARS == 0:
            lived = _year_of(_week_of(_at_age(parameters, pull, year // BAND_YEARS)))
        ages[year] = share
        share = _after(share[..., None, :], lived)[..., 0, :]
    return np.moveaxis(ages, -1, 1)


def _week_of(at_age: list[Exits]) -> np.ndarray:
    """What share of those in one state is in another a week later: shape (substances, balances, from, to)."""
    week = np.zeros((*at_age[0].leaving.shape, len(Use), len(Use)))
    for state in Use:
        week[..., state, state] = 1
    for source, leaving, hazard, ways in at_age:
        week[..., source, source] -= leaving
        for target, own in ways:
            week[..., source, target] += leaving / hazard * own
    return week


def _year_of(week: np.ndarray) -> np.ndarray:
    """What a year of such weeks does: a span of weeks after itself is twice as long."""
    year, span, weeks = None, week, WEEKS_PER_YEAR
    while weeks:
        if weeks & 1:
            year = span if year is None else _after(year, span)
        span, weeks = _after(span, span), weeks >> 1
    return np.asarray(year)


def _after(earlier: np.ndarray, later: np.ndarray) -> np.ndarray:
    """One span of time and then another; added up in a fixed order, which no processor changes."""
    return np.asarray(sum(earlier[..., state, None] * later[..., state, None, :] for state in Use))


def _at_age(parameters: Parameters, pull: np.ndarray, band: int) -> list[Exits]:
    """The ways out of every state of use in an age band, as in `policysim.agents.people.use`."""
    growing = parameters.table("growing_by_age")[:, band, None] * pull
    ending = parameters.table("ending_by_age")[:, band, None]
    start = parameters.table("start_rate")[:, band, None] * pull
    up = {
        name: parameters.table(f"{name}_rate")[:, None] * growing
        for name in ("escalation", "dependence", "relapse", "resumption")
    }
    down = {
        name: parameters.table(f"{name}_rate")[:, None] * ending for name in ("stopping", "cutting_down", "remission")
    }
    return [
        _exits(Use.NEVER, (Use.EXPERIMENTING, start)),
        _exits(Use.EXPERIMENTING, (Use.REGULAR, up["escalation"]), (Use.FORMER, down["stopping"])),
        _exits(Use.REGULAR, (Use.DEPENDENT, up["dependence"]), (Use.EXPERIMENTING, down["cutting_down"])),
        _exits(Use.DEPENDENT, (Use.REMISSION, down["remission"])),
        _exits(Use.REMISSION, (Use.DEPENDENT, up["relapse"])),
        _exits(Use.FORMER, (Use.EXPERIMENTING, up["resumption"])),
    ]


def _exits(source: Use, *ways: tuple[Use, np.ndarray]) -> Exits:
    total = np.asarray(sum(hazard for _, hazard in ways))
    return Exits(source, 1 - exp_of_each(-total), np.where(total > 0, total, 1), ways)
