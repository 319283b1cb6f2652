"""Courts in a person's life: waiting for a hearing, and the sentence. Which cases are heard is decided by the institution."""

from policysim.agents.people.custody import enter_custody
from policysim.engine.luck import draw, happens
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import JusticeMark
from policysim.vocabulary.states import Charge, Justice


@rule
def await_court(self, here, world, luck):
    """A charge waits until a court has time for it."""
    if self.charge > 0:
        self.weeks_charged = min(self.weeks_charged + 1, world.longest_clock)


@helper
def sentence(self, here, world, luck, custody_has_room):
    """Custody, an order, or a fine or discharge; of orders for dependent people some carry a treatment requirement."""
    charge = self.charge
    u = draw(luck)
    length = draw(luck)
    required = happens(world.requirement_share, luck)
    linked = happens(world.requirement_linked, luck)
    self.charge = Charge.NONE
    self.weeks_charged = 0
    self.convictions += 1
    self.justice_marks |= JusticeMark.CONVICTED
    if charge != Charge.ACQUISITIVE:
        self.justice_marks |= JusticeMark.DRUG_OFFENCE_DISPOSED
    if u < world.custody_share[charge] and custody_has_room == 1:
        if self.justice != Justice.CUSTODY:  # whoever is inside already is counted there
            self.justice_marks |= JusticeMark.IMPRISONED
        # Lengths vary evenly from a half to one and a half of the mean.
        weeks = world.served_weeks[charge] * (world.shortest_sentence + length)
        enter_custody(self, max(weeks, 1), world, luck)
    elif u < world.custody_share[charge] + world.order_share[charge]:
        self.justice_marks |= JusticeMark.COMMUNITY_ORDER
        # Custody and licence run on: whoever is under them is supervised already.
        if self.justice == Justice.FREE or self.justice == Justice.COMMUNITY_ORDER:
            self.justice = Justice.COMMUNITY_ORDER
            self.weeks_left = int(world.order_weeks)
        if required and self.dependent_on > 0:
            self.justice_marks |= JusticeMark.REQUIREMENT
            if linked:
                self.referred = 1
