"""Adults who are not dependent; and how anyone begins to use a substance."""

from math import exp
from types import SimpleNamespace
from typing import Any

import numpy as np

from policysim.agents.drug_use import set_use
from policysim.agents.in_care import InCare
from policysim.agents.states import AGE_BANDS, SEXES, SUBSTANCES, Mark, Substance, Use
from policysim.engine.luck import draw, exp_at_most, occurs, refused
from policysim.engine.rules import helper, rule
from policysim.errors import UserError


class Adult(InCare):
    """Someone aged 25 or over who is not dependent."""

    @rule(common=True)
    def start_later(self, here, world, luck):
        """First use after the mid-twenties is rare and follows the same pulls."""
        begin(self, 1, here, world, luck)


@helper
def begin(self, ratio, here, world, luck):
    """First use of one substance not used before: the substances' hazards compete for one draw.

    `ratio` is what acts on all of them beside the pull.
    """
    # Most draws are too high for anyone of this age (`most_first_use`): then nothing needs to be worked out.
    most = world.first_use[self.sex, self.band] + world.first_hard_use[self.sex, self.band] * here.use_ratio
    if refused(most * ratio * exp_at_most(self.log_pull), luck):
        return
    total = 0 * most
    for substance in range(SUBSTANCES):
        total += start_hazard(self, substance, here, world)
    if not occurs(total * ratio * exp(self.log_pull), luck):
        return
    left = draw(luck) * total
    chosen = 0
    for substance in range(SUBSTANCES):
        if self.use[substance] == Use.NEVER and left >= 0:
            chosen = substance
            left -= start_hazard(self, substance, here, world)
    set_use(self, chosen, Use.EXPERIMENTING)
    self.marks |= Mark.FIRST_USE


@helper
def start_hazard(self, substance, here, world):
    """Hazard of first use of one substance before any pull; 0 for one used before (hazard per week)."""
    if self.use[substance] != Use.NEVER:
        return 0 * here.use_ratio
    hazard = world.start_rate[substance, self.band] * world.start_sex[substance, self.sex]
    return hazard * local_ratio(substance, here)


@helper
def local_ratio(substance, here):
    """Heroin and crack begin more often where deprivation is deep (ratio)."""
    if substance == Substance.HEROIN or substance == Substance.CRACK:
        return here.use_ratio
    return 1


def most_first_use(world: Any) -> tuple[np.ndarray, np.ndarray]:
    """Hazards of any first use by someone who has used nothing: without heroin and crack, and those two; shape (2, 14).

    With them `begin` passes over most people. `start_hazard` itself works them out, so that whatever is changed in it
    holds; they are a hair more than its sums, in whatever order those are added up. Raises UserError where it has come
    to depend on more of a person than sex, age band and use.
    """

    def total(sex: int, band: int, use_ratio: float) -> float:
        person = SimpleNamespace(sex=sex, band=band, use=(Use.NEVER,) * SUBSTANCES)
        here = SimpleNamespace(use_ratio=use_ratio)
        return sum(start_hazard(person, substance, here, world) for substance in range(SUBSTANCES))

    def totals(use_ratio: float) -> np.ndarray:
        return np.array([[total(sex, k, use_ratio) for k in range(len(AGE_BANDS))] for sex in range(len(SEXES))])

    try:
        soft, all_of_them = totals(0), totals(1)
    except AttributeError as error:
        raise UserError(
            f"start_hazard in policysim/agents/adult.py reads {error.name!r}, but of a person it may read sex, band and use "
            "alone, and use_ratio of here; what else raises first use is given to begin as its ratio"
        ) from None
    return soft * (1 + 1e-9), (all_of_them - soft) * (1 + 1e-9)
