"""Offending to pay for heroin and crack, and the arrests that follow from it."""

from policysim.agents.people.groups import at_liberty, opiate_or_crack
from policysim.agents.people.police import be_arrested
from policysim.engine.luck import occurs
from policysim.engine.rules import rule
from policysim.vocabulary.states import Charge, Justice


@rule
def offend(self, here, world, luck):
    """Theft to pay for heroin and crack, less of it in treatment and where police patrol, and the arrests for it."""
    if not opiate_or_crack(self):
        return
    offences = world.offending_rate * world.offending_in_care[self.care] * here.offending_ratio
    if self.justice == Justice.CUSTODY:
        offences *= world.offending_in_custody
    if self.weeks_since_diversion >= 0 and self.weeks_since_diversion < world.diversion_effect_weeks:
        offences *= world.offending_after_diversion
    if self.justice == Justice.HALFWAY_HOUSE:
        offences *= world.offending_in_house
    if self.review > 0:
        offences *= world.offending_under_review
    self.expected_offences = offences
    if at_liberty(self) and occurs(offences * world.arrests_per_offence, luck):
        be_arrested(self, Charge.ACQUISITIVE, here, world, luck)
