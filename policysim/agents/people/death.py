"""Death: the ways to die other than by overdose, and what dying is."""

from policysim.agents.people.drinking import alcohol_death_hazard, most_drinking
from policysim.agents.people.groups import opioid_dependent, uses_illicit_drugs
from policysim.agents.people.infection import liver_hazard
from policysim.agents.people.lots import Lot
from policysim.engine.luck import draw, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import DrinkingMark, InfectionMark, JusticeMark, LifeMark
from policysim.vocabulary.states import Cause, Justice, Life, Substance, Use


@helper
def illness_hazard(self, world):
    """Hazard of dying of other causes than those below and than alcohol alone (hazard per week).

    Everyone's rate holds the alcohol-specific deaths, which come to drinkers by their severity: they are taken out of it.
    The published ratio of people who use opioids holds those of the drinkers among them.
    """
    usual = world.death_rate[self.sex, self.band] * (1 - world.alcohol_specific_share)
    if opioid_dependent(self) or self.use[Substance.HEROIN] == Use.REMISSION:
        # Liver deaths after hepatitis C, which the published ratio includes too, have a hazard of their own.
        of_alcohol = alcohol_death_hazard(self, self.drinking_usual, world)
        return max(usual * world.death_ratio_opioid * (1 - world.liver_share_opioid) - of_alcohol, usual)
    if self.use[Substance.ALCOHOL] == Use.DEPENDENT:
        return usual * world.death_ratio_alcohol
    if self.use[Substance.CRACK] == Use.DEPENDENT:
        return usual * world.death_ratio_crack
    return usual


@helper
def suicide_hazard(self, world):
    """Hazard of suicide (hazard per week)."""
    hazard = world.suicide_rate[self.sex, self.band]
    if opioid_dependent(self) or self.use[Substance.HEROIN] == Use.REMISSION:
        hazard *= world.suicide_ratio_opioid
    if self.ill:
        hazard *= world.suicide_ratio_ill
    if self.justice == Justice.CUSTODY:
        # The published ratio is of all prisoners, most of whom are ill or dependent: it is a floor, no further factor.
        hazard = max(hazard, world.suicide_rate[self.sex, self.band] * world.suicide_ratio_custody)
    if self.bereaved_weeks >= 0:
        hazard *= 1 + world.suicide_excess_bereaved / (1 + self.bereaved_weeks * world.week_in_years)
    return hazard


@helper
def poisoning_hazard(self, here, world):
    """Hazard of dying of a poisoning that has nothing to do with drug misuse (hazard per week)."""
    return world.other_poisoning_rate[self.sex] * here.other_poisoning_ratio


@helper
def prescribed_opioid_hazard(self, here, world):
    """Hazard of dying by a prescribed or other opioid outside a heroin career: tramadol, codeine, oxycodone and the like.

    It is highest in middle age, by the middle of the band of age, and where deprivation is. No service for people who use
    heroin, no kit carried by them and no room reaches these deaths.
    """
    if self.use[Substance.HEROIN] != Use.NEVER:
        return 0.0
    age = world.youngest_age + (self.band + self.band + 1) / (world.bands_per_year + world.bands_per_year)
    from_peak = (age - world.prescribed_opioid_peak) / world.prescribed_opioid_spread
    return world.prescribed_opioid_rate[self.sex] * max(1 - from_peak * from_peak, 0) * here.other_poisoning_ratio


@helper
def most_death(self, here, world):
    """A bound of the hazard of all ways to die in `die`, of which grief alone changes in a band of age: it fades.

    Whoever grieves and uses illicit drugs expects another death by misuse from week to week, and so is not to rest.
    """
    if self.bereaved_weeks >= 0 and uses_illicit_drugs(self):
        return 1.0
    hazard = illness_hazard(self, world) + alcohol_death_hazard(self, most_drinking(self), world)
    hazard += suicide_hazard(self, world) + liver_hazard(self, world)
    return hazard + poisoning_hazard(self, here, world) + prescribed_opioid_hazard(self, here, world)


@rule(lot=Lot.DEATH, most=most_death)
def die(self, here, world, luck):
    """Ways to die other than by overdose compete: one exit is drawn, then its cause."""
    alcohol = alcohol_death_hazard(self, self.drinking, world)
    illness = illness_hazard(self, world) + alcohol
    own = suicide_hazard(self, world)
    poisoning = poisoning_hazard(self, here, world)
    prescribed = prescribed_opioid_hazard(self, here, world)
    liver = liver_hazard(self, world)
    self.expected_death += prescribed
    if uses_illicit_drugs(self):
        self.expected_death += own * world.suicide_by_misuse
    hazard = illness + own + poisoning + prescribed + liver
    if not occurs(hazard, luck):
        return
    u = draw(luck) * hazard
    if u < illness:
        end_life(self, Cause.OTHER, LifeMark.DIED_OTHERWISE)
        if u < alcohol:
            self.drinking_marks |= DrinkingMark.DIED_OF_ALCOHOL
    elif u < illness + own:
        die_by_own_hand(self, world, luck)
    elif u < illness + own + poisoning:
        end_life(self, Cause.OTHER_POISONING, LifeMark.DIED_OTHER_POISONING)
    elif u < illness + own + poisoning + liver:
        end_life(self, Cause.OTHER, LifeMark.DIED_OTHERWISE)
        self.infection_marks |= InfectionMark.DIED_OF_LIVER_DISEASE
    else:
        end_life(
            self, Cause.MISUSE, LifeMark.DIED_OF_MISUSE | LifeMark.DIED_WITH_OPIATE | LifeMark.DIED_WITH_OTHER_OPIOID
        )


@helper
def end_life(self, cause, mark):
    """The person dies now; rules that come later this week no longer touch them."""
    self.present = False
    self.life = Life.DEAD
    self.cause = cause
    self.life_marks |= mark
    if cause == Cause.MISUSE and self.justice == Justice.CUSTODY:
        self.justice_marks |= JusticeMark.DIED_IN_CUSTODY


@helper
def die_by_own_hand(self, world, luck):
    """A suicide; some of people who use drugs, not drink alone, are poisonings with them: misuse deaths, with intent."""
    if uses_illicit_drugs(self) and draw(luck) < world.suicide_by_misuse:
        end_life(self, Cause.MISUSE, LifeMark.DIED_OF_MISUSE | LifeMark.DIED_INTENTIONALLY)
        if opioid_dependent(self):
            self.life_marks |= LifeMark.DIED_WITH_OPIATE
            self.life_marks |= (
                LifeMark.DIED_WITH_HEROIN if draw(luck) < world.heroin_named else LifeMark.DIED_WITH_OTHER_OPIOID
            )
    else:
        end_life(self, Cause.SUICIDE, LifeMark.DIED_BY_SUICIDE)
