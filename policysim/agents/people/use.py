"""Use: growth, cutting down, dependence, remission and relapse, substance by substance."""

from policysim.agents.people.balance import pull_of_friends
from policysim.agents.people.groups import company_of, is_using, opiate_or_crack
from policysim.engine.luck import draw, draw_lot, exp_at_most, happens, lot_floor
from policysim.engine.rules import helper, rule
from policysim.vocabulary.exact import exp
from policysim.vocabulary.marks import UseMark
from policysim.vocabulary.states import SUBSTANCES, Substance, Use


@helper
def log_pull_to(self, substance, world):
    """The exponent of pull towards one substance: risk, resilience, and friends whose use is of its kind."""
    return self.log_pull + pull_of_friends(self, company_of(substance), world)


@helper
def change_hazard(self, substance, pull, world):
    """Hazard of more or of less use of one substance ever used (hazard per week).

    Pull acts on the ways up alone. With age people grow into recreational use less and leave it more.
    """
    state = self.use[substance]
    growing = pull * world.growing_by_age[substance, self.band]
    if state == Use.FORMER:
        return world.resumption_rate[substance] * growing
    if state == Use.EXPERIMENTING:
        return world.escalation_rate[substance] * growing + way_down(self, substance, world)
    if state == Use.REGULAR:
        return world.dependence_rate[substance] * growing + way_down(self, substance, world)
    if state == Use.DEPENDENT:
        return way_down(self, substance, world)
    return_to_use = world.relapse_rate[substance] * growing
    if substance == Substance.HEROIN or substance == Substance.CRACK:
        return_to_use *= world.relapse_half_time / (world.relapse_half_time + self.weeks_since_dependence)
    return return_to_use


@helper
def way_down(self, substance, world):
    """Hazard of less use of one substance (hazard per week)."""
    state = self.use[substance]
    ending = world.ending_by_age[substance, self.band]
    if state == Use.EXPERIMENTING:
        return world.stopping_rate[substance] * ending
    if state == Use.REGULAR:
        # Whoever is dependent on heroin or crack goes on with what is taken beside it.
        beside = world.cutting_down_beside_heroin if opiate_or_crack(self) else 1
        return world.cutting_down_rate[substance] * ending * beside
    if state == Use.DEPENDENT:
        return world.remission_rate[substance] * world.remission_ratio_in_care[self.care] * ending
    return 0.0


@helper
def most_change(self, substance, here, world):
    """A bound of the hazard of more or less use of one substance, while neither its state nor the band of age changes."""
    if self.use[substance] == Use.NEVER:
        return 0.0
    return change_hazard(self, substance, exp(log_pull_to(self, substance, world)), world)


@rule(lots=most_change)
def change_use(self, here, world, luck):
    """For each substance the ways up and down compete: grow, cut down, remit, relapse."""
    if not self.ever_used:
        return
    for substance in range(SUBSTANCES):
        if self.use[substance] != Use.NEVER:
            # Each substance has a lot of its own, so that using one reshuffles nobody's luck with another.
            most = exp_at_most(log_pull_to(self, substance, world))
            if lot_floor(substance, luck) < change_hazard(self, substance, most, world):
                change(self, substance, world, luck)


@helper
def change(self, substance, world, luck):
    """More or less use of one substance, if either happens."""
    hazard = change_hazard(self, substance, exp(log_pull_to(self, substance, world)), world)
    if self.group_weeks > 0 and self.use[substance] == Use.REMISSION:
        hazard *= world.relapse_in_group
    lot = draw_lot(substance, luck)
    if lot < hazard and lot < 1 - exp(-hazard):
        step(self, substance, draw(luck) * hazard >= way_down(self, substance, world), world, luck)


@helper
def step(self, substance, upwards, world, luck):
    """One step up or down the states of use of one substance."""
    state = self.use[substance]
    if state == Use.EXPERIMENTING:
        set_use(self, substance, Use.REGULAR if upwards else Use.FORMER)
    elif state == Use.REGULAR:
        if upwards:
            become_dependent(self, substance, world, luck)
        else:
            set_use(self, substance, Use.EXPERIMENTING)
    elif state == Use.DEPENDENT:
        remit(self, substance)
    elif state == Use.REMISSION:
        relapse(self, substance, world, luck)
    else:
        set_use(self, substance, Use.EXPERIMENTING)


@helper
def become_dependent(self, substance, world, luck):
    """First dependence on this substance; some of those dependent on heroin or crack begin to inject."""
    set_use(self, substance, Use.DEPENDENT)
    self.ever_dependent = True
    self.use_marks |= UseMark.BECAME_DEPENDENT
    if not self.injects and draw(luck) < world.injecting_at_onset[substance]:
        self.injects = True
        self.use_marks |= UseMark.STARTED_INJECTING


@helper
def relapse(self, substance, world, luck):
    """Dependence returns; those who injected may again."""
    set_use(self, substance, Use.DEPENDENT)
    self.use_marks |= UseMark.RELAPSED
    may_inject = substance == Substance.HEROIN or substance == Substance.CRACK
    if may_inject and not self.injects and self.injecting_weeks > 0 and happens(world.injecting_after_relapse, luck):
        self.injects = True


@helper
def remit(self, substance):
    """Dependence ends; injecting ends with the last of heroin and crack."""
    set_use(self, substance, Use.REMISSION)
    self.use_marks |= UseMark.REMITTED
    if substance == Substance.HEROIN or substance == Substance.CRACK:
        self.weeks_since_dependence = 0
    if substance == Substance.HEROIN:
        self.street_use = 0
    if self.use[Substance.HEROIN] != Use.DEPENDENT and self.use[Substance.CRACK] != Use.DEPENDENT:
        self.injects = False
        self.needles = False
        self.has_foil = False


@helper
def set_use(self, substance, state):
    """Move to a state of use and keep the two counts true."""
    before = self.use[substance]
    self.using += is_using(state) - is_using(before)
    self.dependent_on += int(state == Use.DEPENDENT) - int(before == Use.DEPENDENT)
    self.use[substance] = state
    self.ever_used = True
    self.use_marks |= UseMark.USE_CHANGED
