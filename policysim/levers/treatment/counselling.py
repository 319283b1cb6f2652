"""Counselling."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.levers.lever import Lever, setting


class Counselling(Lever):
    """Counsellors beside keyworkers, who see clients every week."""

    id: ClassVar[str] = "counselling"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Counselling"
    path: ClassVar[str] = (
        "more staff per client give more sessions, up to one a week; in weeks with one fewer drop out of those in "
        "agonist treatment or using stimulants, and fewer in agonist treatment begin to use on top"
    )
    reach: ClassVar[str] = (
        "adults in agonist and other structured treatment, men and women alike, more of each the more staff "
        "there are per client"
    )
    outcome: ClassVar[str] = "treatment_dropped"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_counselling_session"
    evidence: ClassVar[tuple[str, ...]] = ("K6.14", "K6.15")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "counselling_sessions"
    caution: ClassVar[str] = (
        "Trials find no sure benefit on staying in agonist treatment, and elsewhere they were of people who use "
        "stimulants: nobody else is held. In a week of a course of vouchers too the larger effect counts alone. Staff "
        "are paid for whether or not clients are left to see. Who stays leaves no place for somebody who waits."
    )

    counsellors: float = setting(
        2.0,
        ge=0,
        le=50,
        unit="per 100 clients",
        null=0,
        description="counsellors for every 100 clients of today",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.counsellors += self.counsellors * level
