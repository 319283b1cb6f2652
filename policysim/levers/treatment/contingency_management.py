"""Contingency management."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.levers.lever import Lever, setting


class ContingencyManagement(Lever):
    """Vouchers for tests without drugs and for coming."""

    id: ClassVar[str] = "contingency_management"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Contingency management"
    path: ClassVar[str] = (
        "clients earn vouchers week by week; while it lasts they use fewer stimulants and fewer drop out"
    )
    reach: ClassVar[str] = (
        "adults in agonist and other structured treatment; it lowers use of stimulants and benzodiazepines, "
        "not of opioids"
    )
    outcome: ClassVar[str] = "treatment_dropped"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_vouchers_week"
    evidence: ClassVar[tuple[str, ...]] = ("K6.10", "K6.11")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "voucher_weeks"
    caution: ClassVar[str] = (
        "Nothing of it is left six months after, and opioid use does not fall. Rewards for abstinence are "
        "disputed, and who fails a test may stay away: that is not modelled."
    )

    places: float = setting(
        40,
        ge=0,
        le=200,
        unit="per 100 clients",
        null=0,
        description="places in a programme of vouchers for every 100 clients of today",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.vouchers += self.places * level
