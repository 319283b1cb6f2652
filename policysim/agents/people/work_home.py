"""Work and home: jobs and homes lost and found."""

from policysim.agents.people.groups import opioid_dependent
from policysim.agents.people.jobs import start_supported_work
from policysim.agents.people.lots import Lot
from policysim.agents.people.tenancies import end_tenancy
from policysim.engine.luck import draw, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import WorkHomeMark
from policysim.vocabulary.states import Housing, Justice, Occupation


@helper
def change_of_work(self, world):
    """Hazard of losing a job, or of finding one (hazard per week)."""
    hazard = 0.0
    if self.occupation == Occupation.WORKING:
        hazard = world.lose_work * (world.lose_work_dependent if self.dependent_on > 0 else 1)
        if self.justice == Justice.CUSTODY:
            hazard += world.lose_work_in_custody
    elif self.occupation == Occupation.WORKLESS:
        hazard = world.find_work * (world.find_work_dependent if self.dependent_on > 0 else 1)
        if self.justice == Justice.CUSTODY:
            hazard *= world.find_work_in_custody
        elif self.justice == Justice.HALFWAY_HOUSE:
            hazard *= world.find_work_in_house
        if self.convictions > 0:
            hazard *= world.find_work_with_record
        if self.job_support_weeks > 0:
            hazard *= world.job_support_ratio_opioids if opioid_dependent(self) else world.job_support_ratio
    return hazard


@helper
def worse_home(self, world):
    """Hazard of one step down: stable, insecure, homeless (hazard per week)."""
    if self.housing == Housing.HOMELESS:
        return 0.0
    if self.housing == Housing.INSECURE:
        return world.become_homeless
    hazard = world.lose_home * (world.lose_home_dependent if self.dependent_on > 0 else 1)
    if self.tenancy > 0:  # what is given lasts as long as `keep_tenancy` says
        hazard *= 1 - world.tenancy_gives_home
    if self.justice == Justice.CUSTODY:
        hazard += world.lose_home_in_custody
    elif self.justice == Justice.HALFWAY_HOUSE:
        hazard *= 1 - world.house_gives_home
    return hazard


@helper
def better_home(self, here, world):
    """Hazard of one step up; a key worker's help is as strong as their support is (hazard per week)."""
    if self.housing == Housing.STABLE:
        return 0.0
    hazard = world.find_home * (world.find_home_dependent if self.dependent_on > 0 else 1)
    if self.managed_weeks > 0:
        hazard *= 1 + here.managed_referral * (world.managed_find_home - 1)
    return hazard


@helper
def change_hazard(self, here, world):
    """Hazard of any change of work or home where neither jobs nor homes have gone to others (hazard per week)."""
    return change_of_work(self, world) + worse_home(self, world) + better_home(self, here, world)


@rule(lot=Lot.WORK_AND_HOME, most=change_hazard)
def keep_work_and_home(self, here, world, luck):
    """Jobs and homes are lost and found; dependence, a record and custody make the one likelier than the other."""
    work = change_of_work(self, world)
    if self.occupation == Occupation.WORKLESS and self.job_support_weeks <= 0:
        work *= here.vacancies
    worse = worse_home(self, world)
    better = better_home(self, here, world) * here.homes_left
    hazard = work + worse + better
    if not occurs(hazard, luck):
        return
    u = draw(luck) * hazard
    if u < work:
        change_work(self, world)
    elif u < work + worse:
        lose_home(self)
    else:
        self.housing -= 1


@helper
def change_work(self, world):
    """From work to none or back."""
    if self.occupation == Occupation.WORKING:
        self.occupation = Occupation.WORKLESS
        self.work_home_marks |= WorkHomeMark.LOST_WORK
    else:
        self.occupation = Occupation.WORKING
        self.work_home_marks |= WorkHomeMark.FOUND_WORK
        if self.job_support_weeks > 0:
            start_supported_work(self, world)


@helper
def lose_home(self):
    """One step down; the loss of a stable home is counted, and ends what a housing service gave."""
    if self.housing == Housing.STABLE:
        self.work_home_marks |= WorkHomeMark.LOST_HOME
        if self.tenancy > 0:
            end_tenancy(self)
    self.housing += 1
