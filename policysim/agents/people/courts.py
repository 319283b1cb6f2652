"""Courts in a person's life: waiting for a hearing, and the sentence. Which cases are heard is decided by the institution."""

from policysim.agents.people.custody import enter_custody, leave_custody
from policysim.agents.people.groups import at_liberty, is_child
from policysim.agents.people.halfway_house import settle_in
from policysim.agents.people.police import for_drugs
from policysim.agents.people.requirements import adjust, end_review, require, what_is_required
from policysim.agents.people.reviews import give_intensive_order, put_off
from policysim.agents.people.youth_justice import be_ordered
from policysim.engine.luck import draw, happens
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import JusticeMark, SupervisionMark, YouthMark
from policysim.vocabulary.states import Charge, Disposal, Justice, Requirement


@rule
def await_court(self, here, world, luck):
    """A charge waits until a court has time for it, in custody for those who are remanded when first they appear."""
    if self.charge == Charge.NONE:
        return
    self.weeks_charged = min(self.weeks_charged + 1, world.longest_clock)
    if self.weeks_charged == 1 and at_liberty(self):
        share = world.remand_share[self.charge] * (world.youth_custody_ratio if is_child(self, world) else 1)
        if happens(share, luck):
            self.justice_marks |= JusticeMark.REMANDED
            enter_custody(self, 1, world, luck)
            self.remanded = True


@helper
def sentence(self, here, world, luck, disposal):
    """Custody or what the court has in its place, an order that may require treatment, or a fine or discharge.

    A drug court puts the sentence off; a breach brings custody or leaves the order as it is.
    """
    charge = self.charge
    child = is_child(self, world)
    u = draw(luck)
    length = draw(luck)
    for_drug_use = draw(luck)
    linked = draw(luck)
    for_drinking = draw(luck)
    for_illness = draw(luck)
    waited = self.weeks_charged
    custody = world.custody_share[charge] * (world.youth_custody_ratio if child else 1)
    order = world.youth_order_share if child else world.order_share[charge]
    if disposal == Disposal.DEFERRED:
        put_off(self, linked, u >= custody + order, world)
        return
    if self.justice == Justice.DEFERRED:  # charged anew while a drug court had the case
        self.justice = Justice.FREE
        self.weeks_left = 0
        end_review(self)
    self.charge = Charge.NONE
    self.weeks_charged = 0
    be_convicted(self, charge, child, world)
    if disposal == Disposal.INTENSIVE:
        give_order(self, world)
        give_intensive_order(self, linked, world)
        return
    if u < custody and disposal != Disposal.NO_ROOM:
        # Lengths vary evenly from a half to one and a half of the mean.
        weeks = world.shortest_sentence + length
        weeks *= world.youth_served_weeks if child else world.served_weeks[charge]
        if disposal == Disposal.HOUSE:
            self.supervision_marks |= SupervisionMark.HOUSED_IN_PLACE
            self.in_place = True
            settle_in(self, weeks, world, luck)
            adjust(self, world)
        else:
            be_imprisoned(self, weeks, waited, world, luck)
        return
    if self.remanded and not self.in_place:  # the sentence of whoever came from a halfway house runs on inside
        self.justice_marks |= JusticeMark.RELEASED_BY_COURT
        leave_custody(self, world, luck)
        self.justice = Justice.FREE
        self.weeks_left = 0
    self.remanded = False
    if u < custody + order and charge != Charge.BREACH:
        give_order(self, world)
        kind = what_is_required(self, for_drug_use, for_drinking, world)
        for_mind = self.ill and for_illness < world.mental_health_requirement_share
        if kind != Requirement.NONE or for_mind:
            require(self, kind, for_mind, linked, world, luck)


@helper
def be_convicted(self, charge, child, world):
    """A conviction goes on the record; a breach is none of its own."""
    if charge == Charge.BREACH:
        return
    self.convictions = min(self.convictions + 1, world.longest_count)
    self.justice_marks |= JusticeMark.CONVICTED
    if child:
        self.justice_marks |= JusticeMark.CHILD_SENTENCED
    if for_drugs(charge):
        self.justice_marks |= JusticeMark.DRUG_OFFENCE_DISPOSED


@helper
def give_order(self, world):
    """A community order. Custody, licence and a house run on: whoever is under them is supervised already."""
    self.justice_marks |= JusticeMark.COMMUNITY_ORDER
    if self.justice == Justice.FREE or self.justice == Justice.COMMUNITY_ORDER:
        self.justice = Justice.COMMUNITY_ORDER
        self.weeks_left = int(world.order_weeks)
        if is_child(self, world):
            be_ordered(self, world)


@helper
def be_imprisoned(self, weeks, waited, world, luck):
    """Weeks on remand count towards those to be served; whoever serves another sentence is counted there."""
    if is_child(self, world) and (self.remanded or self.justice != Justice.CUSTODY):
        self.youth_marks |= YouthMark.SENT_TO_YOUTH_CUSTODY
    if self.remanded:
        self.remanded = False
        self.justice_marks |= JusticeMark.IMPRISONED
        weeks -= waited
    elif self.justice != Justice.CUSTODY:
        self.justice_marks |= JusticeMark.IMPRISONED
    enter_custody(self, max(weeks, 1), world, luck)
