"""School, college and university: suspension and exclusion, being caught with drugs, and what comes after the leaving age."""

from policysim.agents.people.balance import lose_belonging
from policysim.agents.people.lessons import lesson_hazard, take_lessons
from policysim.agents.people.lots import Lot
from policysim.agents.people.police import carrying
from policysim.engine.luck import draw, draw_below, happens
from policysim.engine.rules import helper, rule
from policysim.vocabulary.exact import exp
from policysim.vocabulary.marks import SchoolMark
from policysim.vocabulary.states import Occupation


@helper
def at_secondary(self, world):
    """At secondary school or college."""
    return self.occupation == Occupation.SCHOOL and self.age >= world.secondary_age


@helper
def held_at_school(self, world):
    """Exclusions and suspensions of somebody at their school relative to the usual: fewer where it works on its ethos."""
    return 1 - self.ethos * (1 - world.exclusions_by_ethos)


@helper
def exclusion_hazard(self, here, world):
    """Hazard of exclusion from secondary school but for drugs; 0 for whoever is in none (hazard per week)."""
    if not at_secondary(self, world):
        return 0.0
    return world.exclusion_rate[self.sex] * here.exclusion_ratio * held_at_school(self, world) * exp(self.log_pull)


@helper
def suspension_hazard(self, here, world):
    """Hazard of suspension for some days but for drugs, likewise (hazard per week)."""
    if not at_secondary(self, world):
        return 0.0
    return world.suspension_rate[self.sex] * held_at_school(self, world) * exp(self.log_pull)


@helper
def caught_hazard(self, world):
    """Hazard of being caught with drugs at school, college or university, by how often they are used (hazard per week)."""
    if self.using == 0:
        return 0.0
    if at_secondary(self, world):
        return world.caught_rate * carrying(self, world)
    if self.occupation == Occupation.STUDENT:
        return world.caught_rate_student * carrying(self, world)
    return 0.0


@helper
def school_hazard(self, here, world):
    """Hazard of anything that happens at school, college or university (hazard per week)."""
    sent_home = exclusion_hazard(self, here, world) + suspension_hazard(self, here, world)
    return sent_home + caught_hazard(self, world) + lesson_hazard(self, here, world)


@rule(lot=Lot.SCHOOL, most=school_hazard)
def go_through_school(self, here, world, luck):
    """Exclusion, suspension, being caught with drugs and lessons compete; at the leaving age pupils study, work or do neither."""
    if self.occupation == Occupation.WORKING or self.occupation == Occupation.WORKLESS:
        return
    total = school_hazard(self, here, world)
    if total > 0:
        u = draw_below(total, luck)
        if u < total:
            happen_at_school(self, u, here, world, luck)
    if self.age >= world.leaving_age:
        if self.occupation == Occupation.SCHOOL or self.occupation == Occupation.EXCLUDED:
            leave_school(self, world, luck)
        elif self.occupation == Occupation.STUDENT and self.age >= world.graduation_age:
            self.occupation = Occupation.WORKING


@helper
def happen_at_school(self, u, here, world, luck):
    """Which of them it was: one draw for all, in this order, so that what is taught changes nobody's luck in the others."""
    hazard = exclusion_hazard(self, here, world)
    if u < 1 - exp(-hazard):
        be_excluded(self)
        return
    hazard += suspension_hazard(self, here, world)
    if u < 1 - exp(-hazard):
        be_suspended(self, world)
        return
    hazard += caught_hazard(self, world)
    if u < 1 - exp(-hazard):
        be_caught(self, here, world, luck)
        return
    taught = lesson_hazard(self, here, world)
    if u < 1 - exp(-hazard - taught):
        take_lessons(self, draw(luck) * taught, here, world)


@helper
def be_caught(self, here, world, luck):
    """Caught with drugs: excluded, suspended or, of a student, expelled or warned; or referred and supported in its place.

    What police are told of it is part of what they find by other ways than a search.
    """
    offered = happens(here.study_diversion, luck)
    kept = happens(world.kept_by_diversion, luck)
    outcome = draw(luck)
    student = self.occupation == Occupation.STUDENT
    self.school_marks |= SchoolMark.CAUGHT_AT_UNIVERSITY if student else SchoolMark.CAUGHT_AT_SCHOOL
    if offered:
        self.school_marks |= SchoolMark.DIVERTED_AT_STUDY
        if self.dependent_on > 0:
            self.referred = max(self.referred, here.study_referral)
        if kept:
            return
    if student:
        if outcome < world.expelled_when_caught:
            self.occupation = Occupation.WORKLESS
            self.school_marks |= SchoolMark.EXPELLED_FROM_UNIVERSITY
    elif outcome < world.excluded_when_caught:
        be_excluded(self)
        self.school_marks |= SchoolMark.EXCLUDED_FOR_DRUGS
    elif outcome < world.excluded_when_caught + world.suspended_when_caught:
        be_suspended(self, world)


@helper
def be_excluded(self):
    """Permanently, whatever for."""
    self.occupation = Occupation.EXCLUDED
    self.school_marks |= SchoolMark.EXCLUDED_FROM_SCHOOL


@helper
def be_suspended(self, world):
    """Sent home for some days: the person stays a pupil, and belongs a little less for a while."""
    lose_belonging(self, world)
    self.school_marks |= SchoolMark.SUSPENDED


@helper
def leave_school(self, world, luck):
    """Higher education, work or neither; exclusion narrows the way into both."""
    u = draw(luck)
    chances = world.after_exclusion if self.occupation == Occupation.EXCLUDED else 1
    if u < world.study_share * chances:
        self.occupation = Occupation.STUDENT
    elif happens(world.work_share * chances, luck):
        self.occupation = Occupation.WORKING
    else:
        self.occupation = Occupation.WORKLESS
