"""Custody and supervision: the weeks of a sentence, going in, coming out."""

from policysim.agents.people.care import begin_waiting, leave_treatment
from policysim.agents.people.groups import is_child, opioid_dependent
from policysim.agents.people.halfway_house import lose_house, move_on
from policysim.agents.people.requirements import adjust, end_review, trouble_complying
from policysim.agents.people.reviews import finish_reviews
from policysim.engine.luck import happens, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import CareMark, JusticeMark
from policysim.vocabulary.states import Care, Justice, YouthCase


@rule
def serve_sentence(self, here, world, luck):
    """Orders run out, custody ends in release on licence, and some on licence or in a halfway house are recalled."""
    if self.justice == Justice.FREE or self.remanded:
        return
    self.weeks_left -= 1
    if can_be_recalled(self) and occurs(recall_hazard(self, world), luck):
        self.justice_marks |= JusticeMark.RECALLED
        enter_custody(self, world.recall_weeks, world, luck)
    elif self.weeks_left <= 0:
        if self.justice == Justice.CUSTODY:
            be_released(self, world, luck)
        elif self.justice == Justice.HALFWAY_HOUSE:
            move_on(self, world, luck)
        elif self.justice == Justice.DEFERRED:
            finish_reviews(self, world)
        else:
            end_review(self)
            self.justice = Justice.FREE
            self.weeks_left = 0


@helper
def can_be_recalled(self):
    """On licence or in a halfway house."""
    return self.justice == Justice.LICENCE or self.justice == Justice.HALFWAY_HOUSE


@helper
def recall_hazard(self, world):
    """Hazard of recall: more in a house, where a curfew can be missed, and for those who find supervision hard to keep."""
    hazard = world.recall_rate * trouble_complying(self, world)
    return hazard * (world.recall_ratio_house if self.justice == Justice.HALFWAY_HOUSE else 1)


@helper
def enter_custody(self, weeks, world, luck):
    """Into prison or a place for children, sentenced or not: treatment in the community ends; some get agonist treatment."""
    if self.justice == Justice.CUSTODY:
        self.weeks_left = max(self.weeks_left, int(weeks))
        return
    if self.justice == Justice.HALFWAY_HOUSE:
        if self.in_place:  # no way out of a sentence: what is left of it is served in prison
            weeks = max(weeks, self.weeks_left)
        lose_house(self)
    end_review(self)
    self.justice = Justice.CUSTODY
    self.weeks_left = int(weeks)
    if is_child(self, world):
        self.youth = YouthCase.CUSTODY
    if self.care != Care.NONE:
        if self.care > Care.WAITING:
            self.care_marks |= CareMark.LEFT_TREATMENT_FOR_PRISON
            self.weeks_since_care = 0
        self.care = Care.NONE
        self.weeks_waiting = 0
        self.weeks_in_care = 0
        self.weeks_in_episode = 0
        self.taper_weeks_left = 0
    self.prison_agonist = opioid_dependent(self) and happens(world.prison_agonist_share, luck)


@helper
def be_released(self, world, luck):
    """Out of prison on licence when the weeks to be served have run out."""
    self.justice_marks |= JusticeMark.RELEASED
    leave_custody(self, world, luck)
    self.justice = Justice.LICENCE
    self.weeks_left = int(world.licence_weeks)
    adjust(self, world)


@helper
def release_early(self, here, world, luck, choice):
    """Prisons are full: the last weeks of a sentence are served on licence."""
    self.justice_marks |= JusticeMark.RELEASED_EARLY
    be_released(self, world, luck)


@helper
def leave_custody(self, world, luck):
    """At the gate: of those treated inside some are handed over to a service and wait for its next place; some get a kit."""
    self.remanded = self.in_place = False
    self.weeks_since_release = 0
    if self.care == Care.PRISON_COMMUNITY:
        leave_treatment(self, CareMark.DROPPED_OUT)
    kit = happens(world.naloxone_on_release, luck)
    handed_over = happens(world.through_the_gate, luck)
    if opioid_dependent(self) and not self.naloxone and kit:
        self.naloxone = True
        self.justice_marks |= JusticeMark.KIT_AT_RELEASE
    if self.prison_agonist:
        self.justice_marks |= JusticeMark.RELEASED_TREATED
        self.prison_agonist = False
        if handed_over and opioid_dependent(self):
            begin_waiting(self)
            self.justice_marks |= JusticeMark.HANDED_OVER
            self.weeks_waiting = int(world.referral_weeks_ahead)  # prison had told the service before
