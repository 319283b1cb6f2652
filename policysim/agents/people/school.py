"""School: lessons about drugs, exclusion, and what comes after the leaving age."""

from policysim.agents.people.lots import Lot
from policysim.engine.luck import draw, happens, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.exact import exp
from policysim.vocabulary.marks import SchemeMark, SchoolMark
from policysim.vocabulary.states import Occupation


@helper
def most_lessons(self, here, world):
    """Hazard of lessons about drugs not had yet; 0 outside the ages at which they are taught (hazard per week)."""
    hazard = 0.0
    if self.occupation == Occupation.SCHOOL and of_age(self, world):
        if self.lessons <= 0:
            hazard += here.skills_lessons
        if self.scare_lessons <= 0:
            hazard += here.scare_lessons
    if self.occupation == Occupation.SCHOOL and of_age_for_police(self, world) and not self.taught_by_police:
        hazard += here.police_lessons
    return hazard


@helper
def of_age(self, world):
    """Of the age at which schools teach about drugs."""
    return self.age >= world.lessons_from_age and self.age < world.lessons_to_age


@helper
def of_age_for_police(self, world):
    """Of the age at which officers teach fair treatment and the law."""
    return self.age >= world.police_lessons_from_age and self.age < world.police_lessons_to_age


@rule(most=most_lessons)
def take_lessons(self, here, world, luck):
    """What the school teaches about drugs, and officers in class, to pupils of the age at which each is taught."""
    if self.occupation != Occupation.SCHOOL:
        return
    if of_age(self, world):
        if self.lessons <= 0 and occurs(here.skills_lessons, luck):
            self.lessons = 1
            self.school_marks |= SchoolMark.TAUGHT_SKILLS
        if self.scare_lessons <= 0 and occurs(here.scare_lessons, luck):
            self.scare_lessons = 1
            self.school_marks |= SchoolMark.TAUGHT_BY_SCARE
    if of_age_for_police(self, world) and not self.taught_by_police and occurs(here.police_lessons, luck):
        self.taught_by_police = True
        self.trust += world.trust_of_lessons
        self.scheme_marks |= SchemeMark.TAUGHT_BY_POLICE


@helper
def exclusion_hazard(self, here, world):
    """Hazard of exclusion from secondary school; 0 for whoever is in none (hazard per week)."""
    if self.occupation != Occupation.SCHOOL or self.age < world.secondary_age:
        return 0.0
    return world.exclusion_rate[self.sex] * here.exclusion_ratio * exp(self.log_pull)


@rule(lot=Lot.SCHOOL, most=exclusion_hazard)
def go_through_school(self, here, world, luck):
    """Pupils may be excluded; at the leaving age they study, work or do neither."""
    if occurs(exclusion_hazard(self, here, world), luck):
        self.occupation = Occupation.EXCLUDED
        self.school_marks |= SchoolMark.EXCLUDED_FROM_SCHOOL
    if self.age >= world.leaving_age:
        if self.occupation == Occupation.SCHOOL or self.occupation == Occupation.EXCLUDED:
            leave_school(self, world, luck)
        elif self.occupation == Occupation.STUDENT and self.age >= world.graduation_age:
            self.occupation = Occupation.WORKING


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
