"""Offending to pay for heroin and crack, the arrests that follow from it, and the programme for those arrested most."""

from policysim.agents.people.diversion import after_diversion
from policysim.agents.people.groups import at_liberty, how_often, opiate_or_crack
from policysim.agents.people.police import be_arrested
from policysim.engine.luck import occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import SchemeMark
from policysim.vocabulary.states import Charge, Justice, Substance, Use


@helper
def needed_this_week(self, world):
    """What is to be paid for this week of the heroin and crack that the person is dependent on, as much for either (share)."""
    drugs, used = 0, 0.0
    for substance in (Substance.HEROIN, Substance.CRACK):
        if self.use[substance] == Use.DEPENDENT:
            drugs += 1
            used += how_often(self, substance, world)
    return used / drugs


@rule
def offend(self, here, world, luck):
    """Theft to pay for heroin and crack, less of it in treatment and where police patrol, and the arrests for it."""
    if not opiate_or_crack(self):
        return
    offences = world.offending_rate * self.offending_level * world.offending_in_care[self.care]
    offences *= here.offending_ratio * here.money_needed * needed_this_week(self, world)
    if self.justice == Justice.CUSTODY:
        offences *= world.offending_in_custody
    offences *= after_diversion(self, world)
    if self.justice == Justice.HALFWAY_HOUSE:
        offences *= world.offending_in_house
    if self.review > 0:
        offences *= world.offending_under_review
    self.expected_offences = offences
    caught = world.arrests_per_offence
    if self.managed_weeks > 0:  # officers know whom to look for
        caught *= 1 + here.managed_enforcement * (world.managed_arrests - 1)
    if at_liberty(self) and occurs(offences * caught, luck):
        be_arrested(self, Charge.ACQUISITIVE, here, world, luck)


@helper
def be_taken_on(self, here, world, luck, choice):
    """The board that manages those arrested most has a place."""
    self.managed_weeks = int(world.managed_length)
    self.scheme_marks |= SchemeMark.TAKEN_ON


@rule
def be_managed(self, here, world, luck):
    """While on the programme a key worker keeps a way into treatment open, from which some withdraw.

    Nobody can withdraw from being looked for: without support a place runs its length.
    """
    if self.managed_weeks == 0:
        return
    self.managed_weeks -= 1
    if self.dependent_on > 0:
        self.referred = max(self.referred, here.managed_referral)
    if here.managed_referral > 0 and occurs(world.leave_management, luck) and self.managed_weeks > 0:
        self.managed_weeks = 0
        self.scheme_marks |= SchemeMark.LEFT_MANAGEMENT
