"""A birth cohort followed through the states of use under today's rates, from which the first residents are drawn."""

from typing import NamedTuple

import numpy as np

from policysim.engine.exact import exp_of_each
from policysim.evidence.registry import Parameters
from policysim.vocabulary.groups import AGE_BANDS, BAND_YEARS, OLDEST, YOUNGEST
from policysim.vocabulary.states import SUBSTANCES, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR

YEARS = OLDEST - YOUNGEST
Flow = tuple[Use, Use, np.ndarray]
"""From which state, to which, and what share of the cohort in a week."""


class Exits(NamedTuple):
    """The ways out of a state of use, whose hazards compete; made once for all the weeks in which they hold."""

    source: Use
    leaving: np.ndarray  # chance of leaving in a week
    hazard: np.ndarray  # of leaving by any way, per week; 1 where there is none
    ways: tuple[tuple[Use, np.ndarray], ...]

    def flows(self, share: np.ndarray) -> list[Flow]:
        """What leaves in a week by each way, of a cohort whose shares are of shape (states, substances, balances)."""
        leaving = share[self.source] * self.leaving / self.hazard
        return [(self.source, target, leaving * hazard) for target, hazard in self.ways]


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
    at_age = [_at_age(parameters, pull, band) for band in range(len(AGE_BANDS))]
    share = np.zeros((len(Use), SUBSTANCES, pull.size))
    share[Use.NEVER] = 1
    ages = np.zeros((YEARS, *share.shape))
    for week in range(YEARS * WEEKS_PER_YEAR):
        if week % WEEKS_PER_YEAR == 0:
            ages[week // WEEKS_PER_YEAR] = share
        exits = at_age[week // (BAND_YEARS * WEEKS_PER_YEAR)]
        for source, target, flow in [flow for of_a_state in exits for flow in of_a_state.flows(share)]:
            share[source] -= flow
            share[target] += flow
    return ages


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
