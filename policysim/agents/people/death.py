"""Death: the ways to die other than by overdose, and what dying is."""

from policysim.agents.people.groups import opioid_dependent
from policysim.engine.luck import draw, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import LifeMark
from policysim.vocabulary.states import Cause, Justice, Life, Substance, Use


@rule(common=True)
def die(self, here, world, luck):
    """Ways to die other than by overdose compete: one exit is drawn, then its cause."""
    illness = world.death_rate[self.sex, self.band]
    own = world.suicide_rate[self.sex, self.band]
    if opioid_dependent(self) or self.use[Substance.HEROIN] == Use.REMISSION:
        illness *= world.death_ratio_opioid
        own *= world.suicide_ratio_opioid
    elif self.use[Substance.ALCOHOL] == Use.DEPENDENT or self.use[Substance.CRACK] == Use.DEPENDENT:
        illness *= world.death_ratio_alcohol
    if self.ill:
        own *= world.suicide_ratio_ill
    if self.justice == Justice.CUSTODY:
        own *= world.suicide_ratio_custody
    if self.bereaved_weeks >= 0:
        own *= 1 + world.suicide_excess_bereaved / (1 + self.bereaved_weeks * world.week_in_years)
    poisoning = world.other_poisoning_rate[self.sex] * here.other_poisoning_ratio
    if self.using > 0:
        self.expected_death += own * world.suicide_by_misuse
    hazard = illness + own + poisoning
    if not occurs(hazard, luck):
        return
    u = draw(luck) * hazard
    if u < illness:
        end_life(self, Cause.OTHER, LifeMark.DIED_OTHERWISE)
    elif u < illness + own:
        die_by_own_hand(self, world, luck)
    else:
        end_life(self, Cause.OTHER_POISONING, LifeMark.DIED_OTHER_POISONING)


@helper
def end_life(self, cause, mark):
    """The person dies now; rules that come later this week no longer touch them."""
    self.present = False
    self.life = Life.DEAD
    self.cause = cause
    self.life_marks |= mark


@helper
def die_by_own_hand(self, world, luck):
    """A suicide; some are poisonings with a misused drug and are counted among misuse deaths, with intent."""
    if self.using > 0 and draw(luck) < world.suicide_by_misuse:
        end_life(self, Cause.MISUSE, LifeMark.DIED_OF_MISUSE | LifeMark.DIED_INTENTIONALLY)
        if opioid_dependent(self):
            self.life_marks |= LifeMark.DIED_WITH_OPIATE
    else:
        end_life(self, Cause.SUICIDE, LifeMark.DIED_BY_SUICIDE)
