"""Using drugs: growth, remission and relapse by substance, tolerance, and the overdose that follows from them."""

from math import exp

from policysim.agents.people.person import Person, at_liberty
from policysim.agents.people.rescue import (
    chance_of_death,
    chance_of_stimulant_death,
    opioid_emergency,
    stimulant_emergency,
)
from policysim.engine.luck import draw, draw_lot, exp_at_most, happens, lot_floor, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.states import SUBSTANCES, Care, Justice, Mark, Substance, Use


class DrugUse(Person):
    """What drugs do to those who use them; nothing here happens to someone who never has."""

    @rule(common=True)
    def change_use(self, here, world, luck):
        """For each substance the ways up and down compete: grow, cut down, remit, relapse."""
        if not self.ever_used:
            return
        most = exp_at_most(self.log_pull)
        for substance in range(SUBSTANCES):
            # Each substance has a lot of its own, so that using one reshuffles nobody's luck with another.
            if self.use[substance] != Use.NEVER and lot_floor(substance, luck) < change_hazard(
                self, substance, most, world
            ):
                change(self, substance, world, luck)

    @rule
    def take_opioids(self, here, world, luck):
        """How much of their opioids come from the street this week: less in treatment, little in custody."""
        state = self.use[Substance.HEROIN]
        if state == Use.NEVER:
            return
        street = world.use_frequency[state]
        if street > 0:
            if self.care > Care.WAITING:
                street *= world.street_use_in_care[self.care] if self.on_top else 0
            if self.justice == Justice.CUSTODY:
                street *= world.street_use_in_custody
                if self.prison_agonist:
                    street *= world.street_use_in_care[Care.AGONIST]
        self.street_use = street

    @rule
    def overdose(self, here, world, luck):
        """Overdoses by opioids and by stimulants compete; what follows depends on who is there and with what."""
        if self.using == 0:
            return
        opioid = opioid_hazard(self, here, world)
        other = other_hazard(self, world)
        hazard = opioid + other
        if hazard <= 0:
            return
        share = opioid / hazard
        fatal_opioid = chance_of_death(self, here, world)
        fatal_other = chance_of_stimulant_death(self, world)
        self.expected_death += (1 - exp(-hazard)) * (share * fatal_opioid + (1 - share) * fatal_other)
        if not occurs(hazard, luck):
            return
        self.marks |= Mark.OVERDOSED
        if draw(luck) < share:
            opioid_emergency(self, here, world, luck)
        else:
            stimulant_emergency(self, world, luck)

    @rule
    def grow_tolerant(self, here, world, luck):
        """Tolerance trails exposure: this week's street use and prescribed doses count from next week on."""
        if self.use[Substance.HEROIN] == Use.NEVER:
            return
        prescribed = world.prescribed_dose[self.care] * share_of_dose(self, world)
        if self.prison_agonist:
            prescribed = world.prescribed_dose[Care.AGONIST]
        exposure = min(self.street_use + prescribed, 1)
        if exposure > self.tolerance:
            self.tolerance += (exposure - self.tolerance) * world.tolerance_gain
        else:
            self.tolerance += (exposure - self.tolerance) * world.tolerance_loss

    @rule
    def inject(self, here, world, luck):
        """People who inject go through another week of it, with or without enough clean equipment."""
        if not self.injects:
            return
        self.injecting_weeks += 1
        self.needles = draw(luck) < here.needle_coverage
        if here.room_share > 0 and at_liberty(self) and draw(luck) < here.room_share:
            self.marks |= Mark.VISITED_ROOM

    @rule
    def lose_kit(self, here, world, luck):
        """Kits are lost, confiscated or pass their date."""
        if self.naloxone and occurs(world.kit_loss, luck):
            self.naloxone = False
            self.marks |= Mark.LOST_KIT


@helper
def opioid_hazard(self, here, world):
    """Hazard of an opioid overdose: frequency x potency x how far the dose outruns tolerance (hazard per week)."""
    if self.street_use <= 0:
        return 0 * world.tolerance_effect
    state = self.use[Substance.HEROIN]
    excess = world.tolerance_effect * max(world.usual_dose[state] - self.tolerance, 0)
    for other in (Substance.BENZODIAZEPINES, Substance.GABAPENTINOIDS, Substance.ALCOHOL):
        if self.use[other] == Use.REGULAR or self.use[other] == Use.DEPENDENT:
            excess += world.co_use_effect[other]
    if self.injects:
        excess += world.injecting_effect
    if self.care == Care.AGONIST and self.weeks_in_care < world.induction_weeks:
        excess += world.induction_effect
    return world.overdose_rate[Substance.HEROIN] * self.street_use * here.potency * exp(excess)


@helper
def other_hazard(self, world):
    """Hazard of an overdose by any other drug than opioids (hazard per week)."""
    hazard = 0 * world.tolerance_effect
    for substance in (Substance.PARTY, Substance.CRACK, Substance.BENZODIAZEPINES, Substance.GABAPENTINOIDS):
        hazard += world.overdose_rate[substance] * world.use_frequency[self.use[substance]]
    if self.justice == Justice.CUSTODY:
        hazard *= world.street_use_in_custody
    return hazard


@helper
def share_of_dose(self, world):
    """How much of the usual prescribed dose is left as a planned ending is approached (share)."""
    if self.taper_weeks_left > 0:
        return self.taper_weeks_left / world.taper_weeks
    return 1


@helper
def change(self, substance, world, luck):
    """More or less use of one substance, if either happens."""
    hazard = change_hazard(self, substance, exp(self.log_pull), world)
    lot = draw_lot(substance, luck)
    if lot < hazard and lot < 1 - exp(-hazard):
        step(self, substance, draw(luck) * hazard >= way_down(self, substance, world), world, luck)


@helper
def change_hazard(self, substance, pull, world):
    """Hazard of more or of less use of one substance ever used: pull acts on the ways up alone (hazard per week)."""
    state = self.use[substance]
    if state == Use.FORMER:
        return world.resumption_rate[substance] * pull
    if state == Use.EXPERIMENTING:
        return world.escalation_rate[substance] * pull + world.stopping_rate[substance]
    if state == Use.REGULAR:
        return world.dependence_rate[substance] * pull + world.cutting_down_rate[substance]
    if state == Use.DEPENDENT:
        return world.remission_rate[substance] * world.remission_ratio_in_care[self.care]
    relapse = world.relapse_rate[substance] * pull
    if substance == Substance.HEROIN or substance == Substance.CRACK:
        relapse *= world.relapse_half_time / (world.relapse_half_time + self.weeks_clean)
    return relapse


@helper
def way_down(self, substance, world):
    """Hazard of less use of one substance (hazard per week)."""
    state = self.use[substance]
    if state == Use.EXPERIMENTING:
        return world.stopping_rate[substance]
    if state == Use.REGULAR:
        return world.cutting_down_rate[substance]
    if state == Use.DEPENDENT:
        return world.remission_rate[substance] * world.remission_ratio_in_care[self.care]
    return 0 * world.relapse_half_time


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
    self.marks |= Mark.BECAME_DEPENDENT
    if not self.injects and draw(luck) < world.injecting_at_onset[substance]:
        self.injects = True
        self.marks |= Mark.STARTED_INJECTING


@helper
def relapse(self, substance, world, luck):
    """Dependence returns; those who injected may again."""
    set_use(self, substance, Use.DEPENDENT)
    self.marks |= Mark.RELAPSED
    may_inject = substance == Substance.HEROIN or substance == Substance.CRACK
    if may_inject and not self.injects and self.injecting_weeks > 0 and happens(world.injecting_after_relapse, luck):
        self.injects = True


@helper
def remit(self, substance):
    """Dependence ends; injecting ends with the last of heroin and crack."""
    set_use(self, substance, Use.REMISSION)
    self.marks |= Mark.REMITTED
    if substance == Substance.HEROIN or substance == Substance.CRACK:
        self.weeks_clean = 0
    if substance == Substance.HEROIN:
        self.street_use = 0
    if self.use[Substance.HEROIN] != Use.DEPENDENT and self.use[Substance.CRACK] != Use.DEPENDENT:
        self.injects = False
        self.needles = False


@helper
def set_use(self, substance, state):
    """Move to a state of use and keep the two counts true."""
    before = self.use[substance]
    self.using += is_using(state) - is_using(before)
    self.dependent_on += int(state == Use.DEPENDENT) - int(before == Use.DEPENDENT)
    self.use[substance] = state
    self.ever_used = True
    self.marks |= Mark.USE_CHANGED


@helper
def is_using(state):
    """1 if the state is one of present use, else 0."""
    return int(state == Use.EXPERIMENTING or state == Use.REGULAR or state == Use.DEPENDENT)


@helper
def uses_opioids(self):
    """Experimenting, regular or dependent use of heroin or other opioids now."""
    return is_using(self.use[Substance.HEROIN]) == 1
