"""Reviews before the same judge: intensive orders in place of custody, and sentences put off by a drug court."""

from policysim.agents.people.care import begin_waiting, can_be_reached
from policysim.agents.people.requirements import return_to_court
from policysim.engine.luck import draw, happens
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import SupervisionMark
from policysim.vocabulary.states import Care, Charge, Justice, Review


@rule
def attend_review(self, here, world, luck):
    """Every month before the same judge, who praises those who keep to treatment, holds others for some days, or gives up.

    Whoever waits for a place in treatment has not failed.
    """
    if self.review == Review.NONE:
        return
    self.review_weeks += 1
    if self.review_weeks % int(world.review_interval) != 0:
        return
    self.supervision_marks |= SupervisionMark.REVIEWED
    patience = draw(luck)
    back = happens(world.review_reengages, luck)
    if self.care > Care.NONE or self.dependent_on == 0:
        return
    if patience >= world.review_patience:
        self.supervision_marks |= SupervisionMark.FAILED_REVIEW
        return_to_court(self, world)
        return
    be_held(self, world)
    if back and can_be_reached(self):
        begin_waiting(self)


@helper
def be_held(self, world):
    """Some days in a cell, for whoever is out of treatment: they are feared as an arrest is, and cost tolerance."""
    self.supervision_marks |= SupervisionMark.SANCTIONED
    self.fear += world.fear_of_arrest
    inside = self.street_use * world.street_use_in_custody
    if inside < self.tolerance:
        self.tolerance += (inside - self.tolerance) * world.tolerance_loss * world.sanction_weeks


@helper
def finish_reviews(self, world):
    """The weeks of a drug court are over: a dismissal for whoever is in treatment or free of dependence, else sentence."""
    if self.care > Care.WAITING or self.dependent_on == 0:
        be_dismissed(self)
        return
    self.supervision_marks |= SupervisionMark.FAILED_REVIEW
    return_to_court(self, world)


@helper
def give_intensive_order(self, linked, world):
    """The English form: convicted, and an order with reviews in place of custody; the judge sees to the treatment."""
    self.supervision_marks |= SupervisionMark.GIVEN_INTENSIVE_ORDER
    self.weeks_left = int(world.order_weeks)
    begin_reviews(self, Review.INTENSIVE, linked, world)


@helper
def put_off(self, linked, drawn_in, world):
    """The American form: not convicted while the reviews last; the charge stands until they end."""
    self.supervision_marks |= SupervisionMark.DEFERRED
    if drawn_in:
        self.supervision_marks |= SupervisionMark.DRAWN_IN
    self.justice = Justice.DEFERRED
    self.weeks_left = int(world.drug_court_weeks)
    begin_reviews(self, Review.DEFERRED, linked, world)


@helper
def begin_reviews(self, kind, linked, world):
    """Reviews begin, and treatment staff sit in court: most go onto a service's list at once."""
    self.review = kind
    self.review_weeks = 0
    if linked < world.review_linked and can_be_reached(self):
        begin_waiting(self)


@helper
def be_dismissed(self):
    """The drug court is done: the case is dismissed and nothing stands on the record."""
    self.supervision_marks |= SupervisionMark.DISMISSED
    self.charge = Charge.NONE
    self.weeks_charged = 0
    self.justice = Justice.FREE
    self.weeks_left = 0
    self.review = Review.NONE
    self.review_weeks = 0
