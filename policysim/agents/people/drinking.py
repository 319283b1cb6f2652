"""Drinking: how severe dependence on alcohol is, whom it brings police and ambulance, and what it dies of.

Severity is in points of the Severity of Alcohol Dependence Questionnaire. Whoever becomes dependent comes to a severity of
their own; in care it falls, afterwards it returns. Deaths go with its square, calls with a higher power: most come from few.
"""

from policysim.agents.people.groups import at_liberty
from policysim.engine.luck import happens, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.exact import exp, log
from policysim.vocabulary.marks import DrinkingMark
from policysim.vocabulary.states import Care, Housing, Justice, Substance, Use


@rule(passing=True)
def drink(self, here, world, luck):
    """Severity grows towards what it comes to, and falls in treatment and with a keyworker; calls are forgotten in time."""
    if self.use[Substance.ALCOHOL] != Use.DEPENDENT:
        if self.drinking > 0:
            self.drinking = 0
            self.drink_calls = 0
        return
    fall = 0.0
    if self.care > Care.WAITING or self.justice == Justice.CUSTODY:
        fall = world.drinking_fall_treated
    elif self.keyworker:
        fall = world.drinking_fall_keyworker
    for _ in range(self.weeks):
        self.drink_calls -= self.drink_calls * world.calls_fade
        self.drinking += (self.drinking_usual - self.drinking) * world.drinking_return - self.drinking * fall


@helper
def heaviness(severity, world):
    """What a severity does to the hazard of death relative to the reference (ratio)."""
    return severity * severity / (world.drinking_reference * world.drinking_reference)


@helper
def trouble(severity, world):
    """What a severity does to the hazard of a call relative to the reference (ratio)."""
    if severity <= 0:
        return 0.0
    return exp(world.drinking_call_power * log(severity / world.drinking_reference))


@helper
def call_hazard(self, severity, world):
    """Hazard of a call of police or ambulance for drink, at a severity (hazard per week)."""
    if self.use[Substance.ALCOHOL] != Use.DEPENDENT or self.justice == Justice.CUSTODY:
        return 0.0
    hazard = world.drinking_call_rate * trouble(severity, world)
    if self.housing == Housing.HOMELESS:
        hazard *= world.call_ratio_homeless
    if self.ill:
        hazard *= world.call_ratio_ill
    return hazard


@helper
def alcohol_death_hazard(self, severity, world):
    """Hazard of dying of a disease that alcohol alone causes, at a severity (hazard per week).

    The years that it takes stand in for by the year of age.
    """
    if self.use[Substance.ALCOHOL] != Use.DEPENDENT:
        return 0.0
    age = (int(self.age) + int(self.age) + 1) / (1 + 1)  # in the middle of the year
    by_age = exp(world.alcohol_death_by_age * (min(age, world.alcohol_death_age) - world.alcohol_death_age))
    return world.alcohol_death_rate * heaviness(severity, world) * by_age


@helper
def most_drinking(self):
    """The highest severity that can come while the person is at rest."""
    return max(self.drinking, self.drinking_usual)


@rule
def keep_keyworker(self, here, world, luck):
    """A keyworker introduces to treatment, until contact is lost, treatment begins or dependence is over."""
    if not self.keyworker:
        return
    ends = occurs(world.keyworker_ending, luck)
    if happens(world.keyworker_referral, luck):
        self.referred = 1
    if ends or self.use[Substance.ALCOHOL] != Use.DEPENDENT or not at_liberty(self) or self.care > Care.WAITING:
        self.keyworker = False
        self.drinking_marks |= DrinkingMark.LEFT_KEYWORKER


@helper
def get_keyworker(self, here, world, luck, choice):
    """An outreach worker for drinkers with complex needs takes the case on."""
    self.keyworker = True
    self.drinking_marks |= DrinkingMark.GOT_KEYWORKER
