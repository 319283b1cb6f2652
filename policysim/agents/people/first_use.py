"""First use: how anyone begins to use a substance, young, adult or dependent on another."""

from math import exp

from policysim.agents.people.use import set_use
from policysim.engine.luck import draw, exp_at_most, occurs, refused
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import UseMark
from policysim.vocabulary.states import SUBSTANCES, Substance, Use


@rule(common=True)
def start_using(self, here, world, luck):
    """Friends who use pull, risk pushes, resilience holds back; visible policing may deter."""
    begin(self, here.first_use_ratio, here, world, luck)


@rule(common=True)
def start_later(self, here, world, luck):
    """First use after the mid-twenties is rare and follows the same pulls."""
    begin(self, here.first_use_ratio, here, world, luck)


@rule
def start_another(self, here, world, luck):
    """Dependence on one substance makes starting another likelier."""
    begin(self, world.start_ratio_dependent * here.first_use_ratio, here, world, luck)


@helper
def begin(self, ratio, here, world, luck):
    """First use of one substance not used before: the substances' hazards compete for one draw.

    `ratio` is what acts on all of them beside the pull.
    """
    # Most draws are too high for anyone of this age (policysim/model/bounds.py): then nothing needs to be worked out.
    most = world.first_use[self.sex, self.band] + world.first_hard_use[self.sex, self.band] * here.use_ratio
    if refused(most * ratio * exp_at_most(self.log_pull), luck):
        return
    total = 0.0
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
    self.use_marks |= UseMark.FIRST_USE


@helper
def start_hazard(self, substance, here, world):
    """Hazard of first use of one substance before any pull; 0 for one used before (hazard per week)."""
    if self.use[substance] != Use.NEVER:
        return 0.0
    hazard = world.start_rate[substance, self.band] * world.start_sex[substance, self.sex]
    return hazard * local_ratio(substance, here)


@helper
def local_ratio(substance, here):
    """Heroin and crack begin more often where deprivation is deep (ratio)."""
    if substance == Substance.HEROIN or substance == Substance.CRACK:
        return here.use_ratio
    return 1
