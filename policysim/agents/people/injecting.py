"""Injecting: another week of it, with or without enough clean equipment."""

from policysim.agents.people.groups import at_liberty
from policysim.engine.luck import draw
from policysim.engine.rules import rule
from policysim.vocabulary.marks import HarmReductionMark


@rule
def inject(self, here, world, luck):
    """People who inject go through another week of it, with or without enough clean equipment; prisons give out none."""
    if not self.injects:
        return
    self.injecting_weeks += 1
    met = world.outreach_needles * self.outreach_trust
    supplied = here.needle_coverage + (1 - here.needle_coverage) * met
    self.needles = draw(luck) < supplied and at_liberty(self)
    if here.room_share > 0 and at_liberty(self) and draw(luck) < here.room_share:
        self.harm_reduction_marks |= HarmReductionMark.VISITED_ROOM
