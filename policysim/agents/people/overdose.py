"""Overdose: how often, by opioids and by other drugs; what follows is in `rescue.py`."""

from policysim.agents.people.groups import how_often, uses_often, uses_opioids
from policysim.agents.people.injecting import smoked_instead
from policysim.agents.people.lots import Lot
from policysim.agents.people.rescue import (
    chance_of_death,
    chance_of_stimulant_death,
    opioid_emergency,
    stimulant_emergency,
)
from policysim.engine.luck import draw, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.exact import exp
from policysim.vocabulary.marks import OverdoseMark
from policysim.vocabulary.states import Care, Justice, Substance, Use


@helper
def opioid_hazard(self, here, world):
    """Hazard of an opioid overdose: frequency x potency x how far the dose outruns tolerance (hazard per week)."""
    if self.street_use <= 0:
        return 0.0
    state = self.use[Substance.HEROIN]
    excess = world.tolerance_effect * max(world.usual_dose[state] - self.tolerance, 0)
    for other in (Substance.BENZODIAZEPINES, Substance.GABAPENTINOIDS, Substance.ALCOHOL):
        if uses_often(self, other):
            excess += world.co_use_effect[other]
    if self.injects:
        excess += world.injecting_effect * (1 - smoked_instead(self, world))
    if self.naloxone or self.peers_with_naloxone > 0:
        excess += world.kit_risk_effect  # contested: nil at its centre
    # A depot has no weeks in which its dose is found.
    if self.care == Care.AGONIST and self.weeks_in_care < world.induction_weeks and self.depot_weeks == 0:
        excess += world.induction_effect
    if self.warned_weeks > 0:
        excess += world.alert_attracts - world.warned_dose
    if self.checked:
        excess -= world.checked_dose
    return world.overdose_rate[Substance.HEROIN] * self.street_use * here.potency * here.amount_bought * exp(excess)


@helper
def adulterated_hazard(self, here, world):
    """Hazard of an opioid overdose by benzodiazepines in which somebody put an opioid (hazard per week)."""
    if here.adulterated_benzodiazepines <= 0 or self.use[Substance.BENZODIAZEPINES] == Use.NEVER:
        return 0.0
    hazard = world.overdose_rate[Substance.HEROIN] * world.use_frequency[self.use[Substance.BENZODIAZEPINES]]
    hazard *= here.adulterated_benzodiazepines * exp(
        world.tolerance_effect * max(world.adulterant_dose - self.tolerance, 0)
    )
    if self.justice == Justice.CUSTODY:
        hazard *= world.street_use_in_custody
    return hazard * heeded(self, world)


@helper
def heeded(self, world):
    """What a warning or a check does to the hazard of an overdose (ratio)."""
    if self.warned_weeks > 0 or self.checked:
        less = world.checked_dose if self.checked else 0
        if self.warned_weeks > 0:
            less += world.warned_dose - world.alert_attracts
        return exp(-less)
    return 1.0


@helper
def other_hazard(self, here, world):
    """Hazard of an overdose by any other drug than opioids (hazard per week)."""
    hazard = world.overdose_rate[Substance.PARTY] * how_often(self, Substance.PARTY, world)
    hazard *= here.party_strength * heeded(self, world)
    for substance in (Substance.CRACK, Substance.BENZODIAZEPINES, Substance.GABAPENTINOIDS):
        hazard += world.overdose_rate[substance] * how_often(self, substance, world)
    if self.justice == Justice.CUSTODY:
        hazard *= world.street_use_in_custody
    if self.care > Care.WAITING:
        hazard *= world.other_use_in_care[self.care]
    return hazard


@helper
def party_share(self, here, world):
    """Of overdoses by other drugs than opioids the share that is by party drugs."""
    party = world.overdose_rate[Substance.PARTY] * world.use_frequency[self.use[Substance.PARTY]]
    party *= here.party_strength * heeded(self, world)
    every = party
    for substance in (Substance.CRACK, Substance.BENZODIAZEPINES, Substance.GABAPENTINOIDS):
        every += world.overdose_rate[substance] * world.use_frequency[self.use[substance]]
    return party / every if every > 0 else 0.0


@helper
def most_overdose(self, here, world):
    """Hazard of an overdose by other drugs than opioids (hazard per week).

    Whoever uses opioids, was warned or had drugs checked expects something else every week, and so is not to rest; nor is
    anybody in danger whose family and friends were trained, which they forget.
    """
    if self.street_use > 0 or uses_opioids(self) or self.warned_weeks > 0 or self.checked:
        return 1.0
    if here.adulterated_benzodiazepines > 0 and self.use[Substance.BENZODIAZEPINES] != Use.NEVER:
        return 1.0
    hazard = other_hazard(self, here, world)
    return 1.0 if hazard > 0 and self.trained_around > 0 else hazard


@rule(lot=Lot.OVERDOSE, most=most_overdose)
def overdose(self, here, world, luck):
    """Overdoses by opioids and by stimulants compete; what follows depends on who is there and with what."""
    if self.using == 0:
        return
    heroin = opioid_hazard(self, here, world)
    opioid = heroin + adulterated_hazard(self, here, world)
    other = other_hazard(self, here, world)
    hazard = opioid + other
    if hazard <= 0:
        return
    share = opioid / hazard
    fatal_opioid = chance_of_death(self, here, world)
    fatal_other = chance_of_stimulant_death(self, world)
    self.expected_death += (1 - exp(-hazard)) * (share * fatal_opioid + (1 - share) * fatal_other)
    if not occurs(hazard, luck):
        return
    self.overdose_marks |= OverdoseMark.OVERDOSED
    drawn = draw(luck)
    if drawn < share:
        fake = drawn * hazard >= heroin
        self.overdose_marks |= OverdoseMark.OVERDOSED_ON_FAKES if fake else OverdoseMark.OVERDOSED_ON_OPIOIDS
        opioid_emergency(self, here, world, luck)
    else:
        if drawn - share < party_share(self, here, world) * (1 - share):
            self.overdose_marks |= OverdoseMark.OVERDOSED_ON_PARTY_DRUGS
        stimulant_emergency(self, world, luck)
