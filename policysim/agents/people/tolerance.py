"""Opioids taken and the tolerance that trails them: so the danger after prison and after treatment."""

from policysim.engine.rules import helper, rule
from policysim.vocabulary.states import Care, Justice, Substance, Use


@rule(passing=True)
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


@rule(passing=True)
def grow_tolerant(self, here, world, luck):
    """Tolerance trails exposure: this week's street use and prescribed doses count from next week on."""
    if self.use[Substance.HEROIN] == Use.NEVER:
        return
    prescribed = world.prescribed_dose[self.care] * share_of_dose(self, world)
    if self.prison_agonist:
        prescribed = world.prescribed_dose[Care.AGONIST]
    exposure = min(self.street_use + prescribed, 1)
    for _ in range(self.weeks):
        if self.depot_weeks > 0 and self.care != Care.AGONIST:
            exposure = min(self.street_use + max(prescribed, wear_off(self, world)), 1)
        if exposure > self.tolerance:
            self.tolerance += (exposure - self.tolerance) * world.tolerance_gain
        else:
            self.tolerance += (exposure - self.tolerance) * world.tolerance_loss
        if self.depot_weeks == 0:
            exposure = min(self.street_use + prescribed, 1)


@helper
def share_of_dose(self, world):
    """How much of the usual prescribed dose is left as a planned ending is approached (share)."""
    if self.care == Care.DETOXIFICATION:
        return self.taper_weeks_left / max(world.detoxification_weeks, 1)
    if self.taper_weeks_left > 0:
        return self.taper_weeks_left / world.taper_weeks
    return 1


@helper
def wear_off(self, world):
    """What a depot that is not renewed still gives this week; a week of it has passed."""
    dose = world.prescribed_dose[Care.AGONIST] * self.depot_weeks / max(world.depot_lasts, 1)
    self.depot_weeks -= 1
    return dose
