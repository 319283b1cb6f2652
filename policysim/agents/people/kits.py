"""Take-home naloxone: kits got and lost; what they do is in `rescue.py`."""

from policysim.agents.people.groups import at_liberty, uses_opioids
from policysim.engine.luck import occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import HarmReductionMark
from policysim.vocabulary.states import Care


@rule
def collect_kit(self, here, world, luck):
    """A take-home naloxone kit from a service or pharmacy."""
    if self.naloxone or not uses_opioids(self) or not at_liberty(self):
        return
    reached = 1 if self.care > Care.WAITING else world.kit_reach_hidden
    if occurs(here.kit_rate * reached, luck):
        self.naloxone = True
        self.harm_reduction_marks |= HarmReductionMark.GOT_KIT


@helper
def be_handed_kit(self):
    """A kit from a peer, an outreach worker or a course; one that was carried already is renewed."""
    if not self.naloxone:
        self.naloxone = True
        self.harm_reduction_marks |= HarmReductionMark.CARRIES_KIT_ANEW


@rule
def lose_kit(self, here, world, luck):
    """Kits are lost, confiscated or pass their date."""
    if not self.naloxone:
        return
    if occurs(world.kit_loss, luck):
        self.naloxone = False
        self.harm_reduction_marks |= HarmReductionMark.LOST_KIT
