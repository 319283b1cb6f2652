"""First use: how anyone begins to use a substance, young, adult or dependent on another."""

from policysim.agents.people.balance import pull_of_friends
from policysim.agents.people.groups import is_child
from policysim.agents.people.lots import Lot
from policysim.agents.people.use import log_pull_to, set_use
from policysim.engine.luck import draw, exp_at_most, occurs, refused
from policysim.engine.rules import helper, rule
from policysim.vocabulary.exact import exp
from policysim.vocabulary.marks import UseMark
from policysim.vocabulary.states import SUBSTANCES, Company, Substance, Use

COMPANY = len(Company)


@helper
def most_at_this_age(self, here, world):
    """A little more than the hazard of first use of anything by somebody like this who has used nothing (per week)."""
    most = 0.0
    for kind in range(COMPANY):
        hazard = world.first_use[kind, self.sex, self.ethnicity, self.band]
        if kind == Company.HEROIN_OR_CRACK:
            hazard *= here.use_ratio
        most += hazard * exp_at_most(self.log_pull + pull_of_friends(self, kind, world))
    return most


@helper
def most_first_use(self, here, world):
    """A bound of the hazard of first use of anything by somebody not dependent, at this pull and in this band of age."""
    return most_at_this_age(self, here, world) * max(1.0, deterred(self, here, world))


@helper
def deterred(self, here, world):
    """First use of what is illicit relative to the usual, by visible policing and by what possession leads to at this age."""
    return here.youth_first_use_ratio if is_child(self, world) else here.first_use_ratio


@helper
def most_first_use_dependent(self, here, world):
    """The same of somebody dependent on another substance."""
    return world.start_ratio_dependent * most_first_use(self, here, world)


@rule(lot=Lot.FIRST_USE, most=most_first_use)
def start_using(self, here, world, luck):
    """Friends who use pull, risk pushes, resilience holds back; policing may deter, though nobody from drink."""
    begin(self, 1.0, here, world, luck)


@rule(lot=Lot.FIRST_USE, most=most_first_use)
def start_later(self, here, world, luck):
    """First use after the mid-twenties is rare and follows the same pulls."""
    begin(self, 1.0, here, world, luck)


@rule(lot=Lot.FIRST_USE, most=most_first_use_dependent)
def start_another(self, here, world, luck):
    """Dependence on one substance makes starting another likelier."""
    begin(self, world.start_ratio_dependent, here, world, luck)


@helper
def begin(self, ratio, here, world, luck):
    """First use of one substance not used before: the substances' hazards compete for one draw.

    `ratio` is what acts on all of them beside the pull.
    """
    # Most draws are too high for anyone of this age (policysim/model/bounds.py): then nothing needs to be worked out.
    illicit = deterred(self, here, world)
    if refused(most_at_this_age(self, here, world) * max(1.0, illicit) * ratio, luck):
        return
    total = 0.0
    for substance in range(SUBSTANCES):
        total += pulled_hazard(self, substance, illicit, here, world)
    if not occurs(total * ratio, luck):
        return
    left = draw(luck) * total
    chosen = 0
    for substance in range(SUBSTANCES):
        if self.use[substance] == Use.NEVER and left >= 0:
            chosen = substance
            left -= pulled_hazard(self, substance, illicit, here, world)
    set_use(self, chosen, Use.EXPERIMENTING)
    self.use_marks |= UseMark.FIRST_USE


@helper
def pulled_hazard(self, substance, illicit, here, world):
    """Hazard of first use of one substance with the pull of risk, resilience and friends; 0 for one used before.

    `illicit` is what policing makes of it: nobody is arrested for having a drink.
    """
    if self.use[substance] != Use.NEVER:
        return 0.0
    hazard = start_hazard(self, substance, here, world) * exp(log_pull_to(self, substance, world))
    return hazard if substance == Substance.ALCOHOL else hazard * illicit


@helper
def start_hazard(self, substance, here, world):
    """Hazard of first use of one substance, not used before, ahead of any pull (hazard per week)."""
    hazard = world.start_rate[substance, self.band] * world.start_sex[substance, self.sex]
    return hazard * local_ratio(self, substance, here, world)


@helper
def local_ratio(self, substance, here, world):
    """Heroin and crack begin more often where deprivation is deep, and where their markets have reached (ratio)."""
    if substance == Substance.HEROIN or substance == Substance.CRACK:
        return here.use_ratio * world.ocu_by_ethnicity[self.ethnicity]
    return 1
