"""Supported employment beside treatment: an employment specialist helps to find ordinary work and, for some weeks, to keep to it.

What it does to finding work stands where work is found (`change_of_work` in work_home.py).
"""

from policysim.agents.people.groups import at_liberty
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import SocialMark


@helper
def begin_job_support(self, here, world, luck, choice):
    """An employment specialist has room for a client."""
    self.job_support_weeks = int(world.job_support_length)
    self.social_marks |= SocialMark.BEGAN_JOB_SUPPORT


@rule
def be_helped_into_work(self, here, world, luck):
    """Support runs its weeks; prison ends it."""
    if self.job_support_weeks <= 0:
        return
    self.job_support_weeks -= 1
    if self.job_support_weeks == 0 or not at_liberty(self):
        self.job_support_weeks = -1


@helper
def start_supported_work(self, world):
    """Work was found: support goes on for some weeks in it."""
    self.social_marks |= SocialMark.STARTED_SUPPORTED_WORK
    self.job_support_weeks = int(min(self.job_support_weeks, world.job_support_in_work))
