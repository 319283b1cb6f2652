"""The panel of the youth justice service: what it decides about a child, and the programmes it sends children to."""

from policysim.agents.people.police import be_cautioned, be_charged
from policysim.agents.people.youth_justice import youth_standing
from policysim.engine.luck import happens
from policysim.engine.rules import helper
from policysim.vocabulary.marks import PoliceMark, YouthMark
from policysim.vocabulary.states import Charge, DivertedAs, PanelChoice, YouthCase


@helper
def decide_on_child(self, here, world, luck, choice):
    """A caution, with conditions or without; outcome 22; or a community resolution. No conviction follows from any of them.

    A programme is begun where somebody of the service has time for it. Where the panel has none, police decide alone.
    """
    offered = happens(world.youth_programme_share, luck)
    conditions = happens(world.conditional_caution_share, luck)
    charge = self.deferred
    self.deferred = Charge.NONE
    self.youth = youth_standing(self)
    from_charge = self.youth_marks & YouthMark.WOULD_BE_CHARGED > 0
    drawn_in = self.youth_marks & YouthMark.WOULD_BE_LET_GO > 0
    if choice == PanelChoice.NO_TIME:
        if from_charge:
            be_charged(self, charge)
            return
        if drawn_in:
            self.police_marks |= PoliceMark.NO_FURTHER_ACTION
            return
    else:
        self.youth_marks |= YouthMark.PANEL_DECIDED
    formal = self.youth_marks & YouthMark.TO_BE_CAUTIONED > 0
    wanted = from_charge or drawn_in or (conditions if formal else offered)
    programme = wanted and choice == PanelChoice.FREE_CASE
    if formal:
        be_cautioned(self, charge, world)
        if programme:
            self.youth_marks |= YouthMark.CONDITIONALLY_CAUTIONED
    elif programme:
        self.youth_marks |= YouthMark.OUTCOME_22
    else:
        self.police_marks |= PoliceMark.RESOLVED_AT_STATION
    if from_charge:
        self.youth_marks |= YouthMark.SETTLED_FROM_CHARGE
        self.weeks_since_diversion = 0
        self.diverted_as = DivertedAs.CHILD_FORMALLY if formal else DivertedAs.CHILD_INFORMALLY
    if programme:
        begin_programme(self, charge if from_charge or formal else Charge.NONE, here, world)


@helper
def begin_programme(self, held_back, here, world):
    """Some weeks with a worker of the service; a case that would have been prosecuted is held back as long."""
    self.youth_marks |= YouthMark.BEGAN_PROGRAMME
    self.deferred = held_back
    self.contract_weeks = int(world.youth_programme_weeks)
    self.diversions = min(self.diversions + 1, world.longest_count)
    self.youth = max(self.youth, YouthCase.PROGRAMME)
    if self.dependent_on > 0:
        self.referred = max(self.referred, here.youth_diversion_referral)
