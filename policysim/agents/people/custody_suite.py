"""Drug workers in police custody: caseworkers who stay with people, workers who engage them, screening."""

from policysim.agents.people.groups import at_liberty
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import CustodySuiteMark


@rule
def keep_case(self, here, world, luck):
    """A caseworker keeps the offer of treatment standing for as long as the case is open; prison or recovery closes it."""
    if self.case_weeks == 0:
        return
    self.case_weeks -= 1
    if self.dependent_on == 0 or not at_liberty(self):
        self.case_weeks = 0
    else:
        self.referred = max(self.referred, world.caseworker_referral)


@helper
def take_up(self, here, world, luck, choice):
    """A caseworker takes up somebody who tested positive."""
    self.custody_suite_marks |= CustodySuiteMark.TAKEN_UP
    self.case_weeks = int(world.case_weeks_open)


@helper
def engage(self, here, world, luck, choice):
    """A worker talks with somebody dependent who was arrested, tested or not."""
    self.custody_suite_marks |= CustodySuiteMark.ENGAGED
    self.referred = max(self.referred, world.engagement_referral)


@helper
def screen(self, here, world, luck, choice):
    """Screened for brain injury, neurodivergence and trauma: whoever supervises them later knows."""
    self.custody_suite_marks |= CustodySuiteMark.SCREENED
    self.screened = True
