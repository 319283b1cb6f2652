"""Treatment requirements of a court's order: keeping to them, breaking them, and back to court."""

from policysim.agents.people.care import begin_waiting, can_be_reached
from policysim.agents.people.groups import at_liberty
from policysim.engine.luck import happens, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import JusticeMark, SupervisionMark
from policysim.vocabulary.states import Care, Charge, Justice, Requirement, Review, Substance, Use


@helper
def what_is_required(self, for_drugs, for_drinking, world):
    """Which treatment of drugs or drinking an order requires, by two draws: drugs first, one at most."""
    drinks = self.use[Substance.ALCOHOL] == Use.DEPENDENT
    if self.dependent_on > int(drinks) and for_drugs < world.drug_requirement_share:
        return Requirement.DRUG
    if drinks and for_drinking < world.alcohol_requirement_share:
        return Requirement.ALCOHOL
    return Requirement.NONE


@helper
def require(self, kind, for_mind, linked, world, luck):
    """The order requires treatment; whether that becomes treatment is another thing (`linked` is a draw).

    Mental-health treatment is required alone or beside that of drugs or drinking.
    """
    self.requirement = kind
    self.mind_treated = False
    self.requirement_weeks = int(min(world.requirement_weeks, world.order_weeks))
    self.justice_marks |= JusticeMark.REQUIREMENT
    adjust(self, world)
    if for_mind:
        self.supervision_marks |= SupervisionMark.MENTAL_HEALTH_REQUIREMENT
        if kind == Requirement.NONE:
            self.requirement = Requirement.MENTAL_HEALTH
        if happens(world.mental_health_requirement_linked, luck):
            self.mind_treated = True
            self.supervision_marks |= SupervisionMark.MENTAL_HEALTH_TREATED
    if kind == Requirement.NONE:
        return
    share = world.drug_requirement_linked
    if kind == Requirement.ALCOHOL:
        self.supervision_marks |= SupervisionMark.ALCOHOL_REQUIREMENT
        share = world.alcohol_requirement_linked
    else:
        self.supervision_marks |= SupervisionMark.DRUG_REQUIREMENT
    if linked < share and can_be_reached(self):
        begin_waiting(self)


@rule
def keep_requirement(self, here, world, luck):
    """A requirement runs out or is breached, more often by those whom it never brought to treatment; prison ends it."""
    if self.requirement == Requirement.NONE:
        return
    if not at_liberty(self):
        end_requirement(self)
        return
    self.requirement_weeks -= 1
    if occurs(breach_hazard(self, world), luck):
        self.supervision_marks |= SupervisionMark.BREACHED_REQUIREMENT
        return_to_court(self, world)
    elif self.requirement_weeks <= 0:
        self.supervision_marks |= SupervisionMark.COMPLETED_REQUIREMENT
        if self.mind_treated and happens(world.illness_ends, luck):
            self.ill = False
        end_requirement(self)


@helper
def breach_hazard(self, world):
    """Hazard of breaking a requirement so that probation takes it back to court (hazard per week)."""
    hazard = world.requirement_breach_rate * trouble_complying(self, world)
    if self.care > Care.WAITING or self.mind_treated:
        hazard *= world.breach_ratio_engaged
    return hazard


@helper
def trouble_complying(self, world):
    """Breach and recall relative to others (ratio): brain injury, neurodivergence and trauma make supervision hard to keep.

    Where services know of it, supervision is adjusted and a part of the excess goes.
    """
    if not hard_to_supervise(self, world):
        return 1.0
    excess = world.breach_ratio_injured - 1
    if self.screened:
        excess *= 1 - world.adjusted_supervision
    return 1 + excess


@helper
def hard_to_supervise(self, world):
    """Somebody with a brain injury, neurodivergence or many adverse experiences."""
    return self.brain_injury or self.neurodivergent or self.aces >= world.aces_many


@helper
def adjust(self, world):
    """Whoever supervises them knows what screening found and adjusts a requirement or a licence to it, which takes time."""
    if self.screened and hard_to_supervise(self, world):
        self.supervision_marks |= SupervisionMark.ADJUSTED


@helper
def end_requirement(self):
    """Nothing is required any more."""
    self.mind_treated = False
    self.requirement = Requirement.NONE
    self.requirement_weeks = 0


@helper
def return_to_court(self, world):
    """A breach joins whatever the person stands charged with, and is heard as soon as a court has time."""
    end_requirement(self)
    end_review(self)
    if self.justice == Justice.DEFERRED:
        self.justice = Justice.FREE
        self.weeks_left = 0
    if self.charge == Charge.NONE:
        self.charge = Charge.BREACH
        self.weeks_charged = int(world.hearing_weeks)


@helper
def end_review(self):
    """No judge's reviews any more."""
    self.review = Review.NONE
    self.review_weeks = 0
