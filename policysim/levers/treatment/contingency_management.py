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
        "clients who use stimulants earn vouchers by weeks without them, in a course of some weeks; while it lasts "
        "fewer drop out, and what is not used cannot kill, be injected or be stolen for"
    )
    reach: ClassVar[str] = (
        "adults in agonist and other structured treatment who use cocaine, crack or another stimulant often; those "
        "first who had no course in this treatment"
    )
    outcome: ClassVar[str] = "offences"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_vouchers_week"
    evidence: ClassVar[tuple[str, ...]] = ("K6.10", "K6.11", "K6.14", "K6.20", "K6.21")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "voucher_weeks"
    caution: ClassVar[str] = (
        "Nothing of it is left after the course, and opioid use does not fall. Beside agonist treatment it holds "
        "hardly anybody longer. A place is paid for whether or not vouchers are earned. How much less is stolen in "
        "a week without crack was not measured: it is as much as the drug's part in what the person depends on."
    )

    places: float = setting(
        40,
        ge=0,
        le=200,
        unit="per 100 clients",
        null=0,
        description="places in a programme of vouchers at a time for every 100 clients of today",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.vouchers += self.places * level
