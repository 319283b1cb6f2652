"""Joined-up funding."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.partnership import PARTNERS, Partnership, PartnershipPolicy
from policysim.levers.lever import Lever, among, setting, towards


class JoinedUpFunding(Lever):
    """Police, NHS and justice put a share of what they spend into one pot, which buys places in treatment and support."""

    id: ClassVar[str] = "joined_up_funding"
    group: ClassVar[str] = "social"
    title: ClassVar[str] = "Joined-up funding"
    path: ClassVar[str] = (
        "partners who cannot buy treatment pay those who can: places above the council's own where people wait, and sessions "
        "with counsellors for those who are in treatment; what nobody can use goes back to whoever paid it"
    )
    reach: ClassVar[str] = (
        "people who wait for treatment or are in it, of any age and either sex, wherever services have staff"
    )
    outcome: ClassVar[str] = "waiting"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = Partnership
    payer: ClassVar[str] = "justice"
    payers: ClassVar[tuple[str, ...]] = PARTNERS
    cost: ClassVar[str] = "cost_counselling_session"
    evidence: ClassVar[tuple[str, ...]] = ("L5.01", "L5.04", "L5.05")
    sources: ClassVar[tuple[str, ...]] = ("wm2018",)
    process: ClassVar[str] = "pool_spent"
    caution: ClassVar[str] = (
        "No study tells what pooling money does apart from what it then buys: that fewer wait follows from the places, and no "
        "evidence below shows it. It has no price of its own: besides sessions at the "
        "price below it buys places at what a year of treatment costs. Without budgets partners spend so much more; with "
        "them the same money is missing where it came from: diversion, hearings, antivirals and searches stop the earlier."
    )

    share: float = setting(
        0.02,
        ge=0,
        le=0.25,
        null=0,
        description="share of what each partner spends that goes into the pot, at full coverage",
    )
    support: float = setting(0.5, ge=0, le=1, description="share of the pot that buys sessions; the rest buys places")

    def pull(self, policy: PartnershipPolicy, level: float) -> None:
        policy.support = among(policy.support, self.support, level, policy.share, self.share)
        policy.share = towards(policy.share, self.share, level)
