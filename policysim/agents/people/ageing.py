"""Growing older: every running clock, leaving at the upper age, and the role of next week."""

from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import LifeMark
from policysim.vocabulary.states import Life, Role


@rule(passing=True)
def grow_older(self, here, world, luck):
    """Time passes: age and every running clock; at the upper age those never dependent leave."""
    age = self.age
    for _ in range(self.weeks):
        age += world.week_in_years
    self.age = age
    self.band = int(min(max((self.age - world.youngest_age) * world.bands_per_year, 0), world.last_band))
    if self.bereaved_weeks >= 0:
        self.bereaved_weeks += self.weeks
    if self.weeks_since_release >= 0:
        self.weeks_since_release += self.weeks
    if self.weeks_since_care >= 0:
        self.weeks_since_care += self.weeks
    if self.weeks_since_diversion >= 0:
        self.weeks_since_diversion += self.weeks
    if self.ever_dependent:
        self.weeks_since_dependence = min(self.weeks_since_dependence + self.weeks, world.longest_clock)
    upper = world.upper_age_dependent if self.ever_dependent else world.upper_age
    if self.age >= upper:
        self.present = False
        self.life = Life.LEFT
        self.life_marks |= LifeMark.LEFT


@rule(last=True, passing=True)
def take_role(self, here, world, luck):
    """The role of next week."""
    follow_role(self, world)


@helper
def follow_role(self, world):
    """Dependence decides the role first, then age; also of whoever ceased by an institution's doing once the week was lived."""
    if self.dependent_on > 0:
        self.role = Role.DEPENDENT_USER
    elif self.age < world.adult_role_age:
        self.role = Role.YOUNG_PERSON
    else:
        self.role = Role.ADULT
