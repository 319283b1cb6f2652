"""People who are dependent on a substance: offending, seeking help, kits."""

from math import exp

from policysim.agents.people.adult import begin
from policysim.agents.people.drug_use import uses_opioids
from policysim.agents.people.in_care import InCare, treatment_group
from policysim.agents.people.law import be_arrested, can_be_reached
from policysim.agents.people.person import at_liberty, opiate_or_crack, opioid_dependent
from policysim.agents.people.young_person import YoungPerson
from policysim.engine.luck import occurs
from policysim.engine.rules import rule
from policysim.vocabulary.states import Care, Charge, Justice, Mark


class DependentUser(InCare):
    """Someone of any age who is dependent on a substance now."""

    # Pupils who are dependent sit in the same lessons and leave school at the same age.
    take_lessons = YoungPerson.take_lessons
    go_through_school = YoungPerson.go_through_school

    @rule
    def start_another(self, here, world, luck):
        """Dependence on one substance makes starting another likelier."""
        begin(self, world.start_ratio_dependent, here, world, luck)

    @rule
    def offend(self, here, world, luck):
        """Theft to pay for heroin and crack, and the arrests that follow from it."""
        if not opiate_or_crack(self):
            return
        offences = world.offending_rate * world.offending_in_care[self.care]
        if self.justice == Justice.CUSTODY:
            offences *= world.offending_in_custody
        if self.weeks_since_diversion >= 0 and self.weeks_since_diversion < world.diversion_effect_weeks:
            offences *= world.offending_after_diversion
        self.expected_offences = offences
        if at_liberty(self) and occurs(offences * world.arrests_per_offence, luck):
            be_arrested(self, Charge.ACQUISITIVE, here, world, luck)

    @rule
    def seek_help(self, here, world, luck):
        """Asking for treatment: a referral helps, fear of being found out and stigma hold back."""
        self.referred -= self.referred * world.referral_fade
        if not can_be_reached(self):
            return
        hazard = world.seek_rate[treatment_group(self)] * world.seek_ratio_sex[self.sex]
        hazard *= exp(-world.fear_effect * (self.fear + here.presence - 1) - world.stigma_effect * self.stigma)
        if opioid_dependent(self):
            hazard *= here.outreach
        hazard += world.referral_pull * self.referred
        if self.injects:
            hazard += world.room_introduction * here.room_share
        if occurs(hazard, luck):
            self.care = Care.WAITING
            self.weeks_waiting = 0
            self.marks |= Mark.ASKED_FOR_TREATMENT

    @rule
    def collect_kit(self, here, world, luck):
        """A take-home naloxone kit from a service or pharmacy."""
        if self.naloxone or not uses_opioids(self) or not at_liberty(self):
            return
        reached = 1 if self.care > Care.WAITING else world.kit_reach_hidden
        if occurs(here.kit_rate * reached, luck):
            self.naloxone = True
            self.marks |= Mark.GOT_KIT
