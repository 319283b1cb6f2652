"""Homes that a housing service gives: moving in, keeping the home or losing it, moving on to one of one's own.

What there is of Housing First and supported homes today is in the rates at which homes are lost and found.
"""

from policysim.agents.people.groups import at_liberty
from policysim.engine.luck import happens, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import SocialMark, WorkHomeMark
from policysim.vocabulary.states import Housing, Tenancy


@helper
def move_in(self, here, world, luck, choice):
    """The housing service has a place; for some of those who take it no home is found."""
    self.tenancy = choice
    if choice == Tenancy.HOUSING_FIRST:
        self.social_marks |= SocialMark.GIVEN_HOUSING_FIRST
    else:
        self.social_marks |= SocialMark.GIVEN_SUPPORTED_HOME
    self.home_before_tenancy = Housing.STABLE
    if happens(world.tenancy_gives_home, luck):
        self.home_before_tenancy = self.housing
        self.housing = Housing.STABLE


@rule
def keep_tenancy(self, here, world, luck):
    """A place is lost with its home, or left for a home of one's own; staff of a supported home help meanwhile."""
    if self.tenancy == Tenancy.NONE:
        return
    if self.tenancy == Tenancy.SUPPORTED and at_liberty(self):
        be_supported_at_home(self, world, luck)
    lost = world.tenancy_lost[self.tenancy]
    hazard = lost + world.tenancy_move_on[self.tenancy]
    if not occurs(hazard, luck):
        return
    if happens(lost / hazard, luck):
        if self.housing == Housing.STABLE and self.home_before_tenancy != Housing.STABLE:
            self.work_home_marks |= WorkHomeMark.LOST_HOME
            self.housing = self.home_before_tenancy
        end_tenancy(self)
    else:
        self.social_marks |= SocialMark.MOVED_ON
        leave_tenancy(self)


@helper
def be_supported_at_home(self, world, luck):
    """Mental illness may end, and a way into treatment is kept open for whoever is dependent."""
    if self.ill and occurs(world.wraparound_recovery, luck):
        self.ill = False
        self.social_marks |= SocialMark.RECOVERED_IN_HOME
    if self.dependent_on > 0:
        self.referred = max(self.referred, world.wraparound_referral)


@helper
def end_tenancy(self):
    """The place is lost."""
    self.social_marks |= SocialMark.LOST_TENANCY
    leave_tenancy(self)


@helper
def leave_tenancy(self):
    """The place is somebody else's."""
    self.tenancy = Tenancy.NONE
    self.home_before_tenancy = Housing.STABLE
