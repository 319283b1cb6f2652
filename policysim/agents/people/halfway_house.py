"""Halfway houses: a supervised home with curfew and help to find work, after prison or in its place."""

from policysim.engine.luck import happens
from policysim.engine.rules import helper
from policysim.vocabulary.marks import SupervisionMark
from policysim.vocabulary.states import Housing, Justice


@helper
def move_into_house(self, here, world, luck, choice):
    """From the gate into a house for the first weeks of the licence."""
    self.supervision_marks |= SupervisionMark.ENTERED_HOUSE
    settle_in(self, world.house_weeks, world, luck)


@helper
def settle_in(self, weeks, world, luck):
    """A home for as long as the place is theirs; what they had before is remembered."""
    self.justice = Justice.HALFWAY_HOUSE
    self.weeks_left = max(int(weeks), 1)
    self.home_before = Housing.STABLE
    if happens(world.house_gives_home, luck):
        self.home_before = self.housing
        self.housing = Housing.STABLE


@helper
def lose_house(self):
    """Whoever leaves is where they were before, but for a home that they found meanwhile."""
    self.supervision_marks |= SupervisionMark.LEFT_HOUSE
    self.housing = max(self.housing, self.home_before)
    self.home_before = Housing.STABLE


@helper
def move_on(self, world, luck):
    """The weeks in the house are over: some move on to a home of their own; the licence follows, or the rest of it."""
    if happens(world.home_after_house, luck):
        self.home_before = Housing.STABLE
    lose_house(self)
    self.justice = Justice.LICENCE
    served = 0 if self.in_place else world.house_weeks  # in place of prison the licence has yet to begin
    self.weeks_left = max(int(world.licence_weeks - served), 1)
    self.in_place = False
