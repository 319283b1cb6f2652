"""Deferred prosecution."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.levers.lever import Lever, among, setting, towards


class DeferredProsecution(Lever):
    """A contract of four months with a navigator in place of a charge, in the form of Durham's Checkpoint."""

    id: ClassVar[str] = "deferred_prosecution"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Deferred prosecution"
    path: ClassVar[str] = (
        "after an arrest for possession or theft the charge is held back for a contract with a navigator and a "
        "referral; whoever keeps it is not charged, whoever breaks it or is arrested again is"
    )
    reach: ClassVar[str] = (
        "adults arrested for possession or theft, men and women, who are under no sentence and face no other charge; never supply"
    )
    outcome: ClassVar[str] = "convictions"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = PoliceTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_contract"
    evidence: ClassVar[tuple[str, ...]] = ("B9.01", "B9.02", "J1.03", "J1.04", "K4.02", "K4.03")
    sources: ClassVar[tuple[str, ...]] = ("pcc2018", "wm2018")
    process: ClassVar[str] = "deferrals"
    caution: ClassVar[str] = (
        "Navigators have so many places: beyond them arrests go the usual way. Some who would have been cautioned "
        "or let go are drawn into contracts, and charged if they break them. Convictions fall because fewer are charged; at "
        "the published effect thefts fall too little to be seen in a place."
    )

    offered: float = setting(
        0.8,
        ge=0,
        le=1,
        null=0,
        description="share of eligible arrests in which a contract is offered, while places last",
    )
    contracts: float = setting(
        25, ge=0, le=400, unit="per 100,000 residents", null=0,
        description="contracts at a time that navigators have room for",
    )  # fmt: skip
    referral: float | None = setting(
        None, ge=0, le=1, description="strength of the referral to treatment; without one as in Durham"
    )
    admission_required: float | None = setting(
        None, ge=0, le=1, description="share of contracts that ask for an admission first; without one as diversion now"
    )

    def pull(self, policy: PolicingPolicy, level: float) -> None:
        offers = (level, policy.deferral_offer, self.offered)
        policy.deferral_referral = among(policy.deferral_referral, self.referral, *offers)
        policy.deferral_admission = among(policy.deferral_admission, self.admission_required, *offers)
        policy.deferral_offer = towards(policy.deferral_offer, self.offered, level)
        policy.contracts_per_100k = towards(policy.contracts_per_100k, self.contracts, level)
