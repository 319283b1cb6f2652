"""Courts in a person's life: waiting for a hearing, and the sentence. Which cases are heard is decided by the institution."""

from policysim.agents.people.care import begin_waiting, can_be_reached
from policysim.agents.people.custody import enter_custody, leave_custody
from policysim.agents.people.groups import at_liberty, is_child
from policysim.agents.people.police import for_drugs
from policysim.engine.luck import draw, happens
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import JusticeMark
from policysim.vocabulary.states import Charge, Justice


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
def sentence(self, here, world, luck, custody_has_room):
    """Custody, an order, or a fine or discharge; of orders for dependent people some carry a treatment requirement."""
    charge = self.charge
    child = is_child(self, world)
    u = draw(luck)
    length = draw(luck)
    required = happens(world.requirement_share, luck)
    linked = happens(world.requirement_linked, luck)
    waited = self.weeks_charged
    self.charge = Charge.NONE
    self.weeks_charged = 0
    self.convictions = min(self.convictions + 1, world.longest_count)
    self.justice_marks |= JusticeMark.CONVICTED
    if child:
        self.justice_marks |= JusticeMark.CHILD_SENTENCED
    if for_drugs(charge):
        self.justice_marks |= JusticeMark.DRUG_OFFENCE_DISPOSED
    custody = world.custody_share[charge] * (world.youth_custody_ratio if child else 1)
    order = world.youth_order_share if child else world.order_share[charge]
    if u < custody and custody_has_room == 1:
        # Lengths vary evenly from a half to one and a half of the mean.
        weeks = world.shortest_sentence + length
        weeks *= world.youth_served_weeks if child else world.served_weeks[charge]
        be_imprisoned(self, weeks, waited, world, luck)
        return
    if self.remanded:
        self.justice_marks |= JusticeMark.RELEASED_BY_COURT
        leave_custody(self, world, luck)
        self.justice = Justice.FREE
        self.weeks_left = 0
    if u < custody + order:
        self.justice_marks |= JusticeMark.COMMUNITY_ORDER
        # Custody and licence run on: whoever is under them is supervised already.
        if self.justice == Justice.FREE or self.justice == Justice.COMMUNITY_ORDER:
            self.justice = Justice.COMMUNITY_ORDER
            self.weeks_left = int(world.order_weeks)
        if required and self.dependent_on > 0:
            self.justice_marks |= JusticeMark.REQUIREMENT
            if linked and can_be_reached(self):
                begin_waiting(self)


@helper
def be_imprisoned(self, weeks, waited, world, luck):
    """Weeks on remand count towards those to be served; whoever serves another sentence is counted there."""
    if self.remanded:
        self.remanded = False
        self.justice_marks |= JusticeMark.IMPRISONED
        weeks -= waited
    elif self.justice != Justice.CUSTODY:
        self.justice_marks |= JusticeMark.IMPRISONED
    enter_custody(self, max(weeks, 1), world, luck)
