"""Children and the law: which of them go before a panel, what they are under, and what becomes of it at eighteen.

What the panel decides stands in `youth_panel.py`; what police and courts decide of a child beside adults in theirs.
"""

from policysim.agents.people.diversion import would_accept
from policysim.agents.people.groups import is_child
from policysim.engine.luck import happens
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import YouthMark
from policysim.vocabulary.states import Charge, Justice, YouthCase


@helper
def goes_to_panel(self, charge, outcome, charged, disposed, settled, offer, here, world, luck):
    """Whether an arrested child's case goes before the panel: a caution or a resolution mostly, a charge where that is offered.

    Where charges are, some who would have been let go are drawn in as well. A caution asks for an admission by law;
    what puts prosecution off without one only as far as the service does.
    """
    put_off = happens(here.youth_outcome_22, luck)
    willing = happens(would_accept(self, here.youth_admission_required if put_off else 1, world), luck)
    joint = happens(world.youth_panel_share, luck)
    from_charge, let_go = outcome < charged, outcome >= settled
    if from_charge or let_go:
        if charge == Charge.SUPPLY or self.charge != Charge.NONE or not willing:
            return False
        if offer >= here.youth_panel * (1 if from_charge else world.net_widening):
            return False
    elif not joint:
        return False
    self.youth = YouthCase.PANEL
    self.deferred = charge
    self.youth_marks |= YouthMark.BEFORE_PANEL
    if from_charge:
        self.youth_marks |= YouthMark.WOULD_BE_CHARGED
    if let_go:
        self.youth_marks |= YouthMark.WOULD_BE_LET_GO
    if outcome < disposed and not put_off:
        self.youth_marks |= YouthMark.TO_BE_CAUTIONED
    return True


@helper
def youth_standing(self):
    """What a child is under (YouthCase): custody before an order, an order before a programme."""
    if self.justice == Justice.CUSTODY:
        return YouthCase.CUSTODY
    if self.justice == Justice.COMMUNITY_ORDER or self.justice == Justice.LICENCE:
        return YouthCase.SUPERVISED
    if self.contract_weeks > 0:
        return YouthCase.PROGRAMME
    return YouthCase.NONE


@rule
def grow_out_of_youth_justice(self, here, world, luck):
    """What a child is under follows the law's course; at eighteen prison, probation and police schemes take over what runs."""
    if self.youth == YouthCase.NONE:
        return
    if is_child(self, world):
        if self.youth != YouthCase.PANEL:
            self.youth = youth_standing(self)
        return
    self.youth = YouthCase.NONE
    self.youth_marks |= YouthMark.GREW_UP_INSIDE if self.justice == Justice.CUSTODY else YouthMark.GREW_UP


@helper
def be_ordered(self, world):
    """A child's order: a referral order the first time, then a youth rehabilitation order."""
    self.youth = YouthCase.SUPERVISED
    if self.convictions <= 1:
        self.youth_marks |= YouthMark.REFERRAL_ORDER
        self.weeks_left = int(world.referral_order_weeks)
    else:
        self.youth_marks |= YouthMark.REHABILITATION_ORDER
