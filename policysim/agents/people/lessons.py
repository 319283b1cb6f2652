"""What schools teach about drugs and how they hold their pupils: lessons, talks, work on the school itself, mentors."""

from policysim.engine.rules import helper
from policysim.vocabulary.marks import SchemeMark, SchoolMark
from policysim.vocabulary.states import Occupation


@helper
def of_age(self, world):
    """Of the age at which schools teach about drugs."""
    return self.age >= world.lessons_from_age and self.age < world.lessons_to_age


@helper
def of_age_for_ethos(self, world):
    """Of the age at which work on the school itself was tried: the first years of secondary school."""
    return self.age >= world.secondary_age and self.age < world.lessons_to_age


@helper
def of_age_for_police(self, world):
    """Of the age at which officers teach fair treatment and the law."""
    return self.age >= world.police_lessons_from_age and self.age < world.police_lessons_to_age


@helper
def lesson_hazard(self, here, world):
    """Hazard of whatever schools give their pupils and the pupil has not had yet: each competes (hazard per week)."""
    if self.occupation != Occupation.SCHOOL:
        return 0.0
    hazard = 0.0
    if of_age(self, world):
        if self.lessons <= 0:
            hazard += here.skills_lessons
        if self.scare_lessons <= 0:
            hazard += here.scare_lessons
        if not self.told_facts:
            hazard += here.fact_lessons
        if not self.heard_visitors:
            hazard += here.visitor_talks
        if not self.peer_mentored:
            hazard += here.peer_mentors
    if of_age_for_ethos(self, world) and self.ethos <= 0:
        hazard += here.ethos_reach
    if of_age_for_police(self, world) and not self.taught_by_police:
        hazard += here.police_lessons
    return hazard


@helper
def take_lessons(self, which, here, world):
    """Which of these it was: `which` falls below the first whose share of the hazard it lies in."""
    left = which
    if of_age(self, world):
        if self.lessons <= 0:
            left -= here.skills_lessons
            if left < 0:
                self.lessons = here.staff_quality
                self.school_marks |= SchoolMark.TAUGHT_SKILLS
                return
        if self.scare_lessons <= 0:
            left -= here.scare_lessons
            if left < 0:
                self.scare_lessons = 1
                self.school_marks |= SchoolMark.TAUGHT_BY_SCARE
                return
    if of_age_for_ethos(self, world) and self.ethos <= 0:
        left -= here.ethos_reach
        if left < 0:
            self.ethos = here.staff_quality
            self.school_marks |= SchoolMark.JOINED_ETHOS
            return
    if of_age_for_police(self, world) and not self.taught_by_police:
        left -= here.police_lessons
        if left < 0:
            self.taught_by_police = True
            self.trust += world.trust_of_lessons
            self.scheme_marks |= SchemeMark.TAUGHT_BY_POLICE
            return
    hear_talks(self, left, here, world)  # what is left is theirs, of those of age


@helper
def hear_talks(self, which, here, world):
    """Programmes without evidence other than fear, likewise: what each gives or takes is held in one sum."""
    left = which
    if not self.told_facts:
        left -= here.fact_lessons
        if left < 0:
            self.told_facts = True
            self.unproven += world.resilience_of_facts
            self.school_marks |= SchoolMark.TOLD_FACTS
            return
    if not self.heard_visitors:
        left -= here.visitor_talks
        if left < 0:
            self.heard_visitors = True
            self.unproven += world.resilience_of_visitors
            self.school_marks |= SchoolMark.HEARD_VISITORS
            return
    self.peer_mentored = True
    self.unproven += world.resilience_of_peers
    self.school_marks |= SchoolMark.PEER_MENTORED


@helper
def be_mentored(self, here, world, luck, choice):
    """A trained mentor has a place; where staff are not trained, it ends the sooner."""
    self.mentor_weeks = int(world.mentor_length * here.staff_quality)
    self.school_marks |= SchoolMark.GOT_MENTOR
