"""A birth cohort followed through the states of use under today's rates, from which the first residents are drawn."""

import math

import numpy as np

from policysim.evidence.registry import Parameters
from policysim.vocabulary.groups import AGE_BANDS, BAND_YEARS, OLDEST, YOUNGEST
from policysim.vocabulary.states import SUBSTANCES, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR

YEARS = OLDEST - YOUNGEST
Flow = tuple[Use, Use, np.ndarray]
"""From which state, to which, and what share of the cohort in a week."""


def balances(parameters: Parameters) -> np.ndarray:
    """Risk minus resilience (standard deviations) at which the cohort is followed; people take the nearest."""
    furthest = parameters["balance_furthest"]
    return np.linspace(-furthest, furthest, max(int(parameters["balance_levels"]), 1))


def cohort(parameters: Parameters) -> np.ndarray:
    """Shares of a birth cohort by age, state of use, substance and balance: shape (70, 6, substances, balances).

    A starting point for recreational drugs and alcohol under today's rates. Heroin and crack start from the published
    number and age of those who use them instead: today's first use does not explain the cohort born from 1960 to 1990.
    """
    pull = np.array([math.exp(parameters["risk_pull"] * b - parameters["pull_usual"]) for b in balances(parameters)])
    up = {
        name: parameters.table(f"{name}_rate")[:, None] * pull
        for name in ("escalation", "dependence", "relapse", "resumption")
    }
    down = {name: parameters.table(f"{name}_rate")[:, None] for name in ("stopping", "cutting_down", "remission")}
    start = parameters.table("start_rate")
    share = np.zeros((len(Use), SUBSTANCES, pull.size))
    share[Use.NEVER] = 1
    ages = np.zeros((YEARS, *share.shape))
    for week in range(YEARS * WEEKS_PER_YEAR):
        if week % WEEKS_PER_YEAR == 0:
            ages[week // WEEKS_PER_YEAR] = share
        begin = start[:, min(week // (BAND_YEARS * WEEKS_PER_YEAR), len(AGE_BANDS) - 1), None] * pull
        for source, target, flow in _flows(share, begin, up, down):
            share[source] -= flow
            share[target] += flow
    return ages


def _flows(
    share: np.ndarray, begin: np.ndarray, up: dict[str, np.ndarray], down: dict[str, np.ndarray]
) -> tuple[Flow, ...]:
    """What moves in a week between states, worked out before anything moves."""
    return (
        *_ways_out(share, Use.NEVER, (Use.EXPERIMENTING, begin)),
        *_ways_out(share, Use.EXPERIMENTING, (Use.REGULAR, up["escalation"]), (Use.FORMER, down["stopping"])),
        *_ways_out(share, Use.REGULAR, (Use.DEPENDENT, up["dependence"]), (Use.EXPERIMENTING, down["cutting_down"])),
        *_ways_out(share, Use.DEPENDENT, (Use.REMISSION, down["remission"])),
        *_ways_out(share, Use.REMISSION, (Use.DEPENDENT, up["relapse"])),
        *_ways_out(share, Use.FORMER, (Use.EXPERIMENTING, up["resumption"])),
    )


def _ways_out(share: np.ndarray, source: Use, *ways: tuple[Use, np.ndarray]) -> list[Flow]:
    """What leaves one state in a week by each of its ways, whose hazards compete."""
    total = sum(hazard for _, hazard in ways)
    leaving = share[source] * -np.expm1(-total) / np.where(total > 0, total, 1)
    return [(source, target, leaving * hazard) for target, hazard in ways]
