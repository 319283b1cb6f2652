"""Trauma-informed practice."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.public_health import PublicHealthPolicy, PublicHealthTeam
from policysim.levers.lever import Lever, setting, towards


class TraumaInformedPractice(Lever):
    """Treatment services change training, premises and rules so that people who lived through trauma are safe in them."""

    id: ClassVar[str] = "trauma_informed_practice"
    group: ClassVar[str] = "social"
    title: ClassVar[str] = "Trauma-informed practice"
    path: ClassVar[str] = (
        "people with four or more adverse childhood experiences ask for treatment sooner and stay longer"
    )
    reach: ClassVar[str] = (
        "people dependent on a substance who had four or more adverse childhood experiences, of any age and either sex"
    )
    outcome: ClassVar[str] = "treatment_dropped"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = PublicHealthTeam
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_trauma_informed_year"
    evidence: ClassVar[tuple[str, ...]] = ("L4.29", "L4.30")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "trauma_informed_clients"
    caution: ClassVar[str] = (
        "Reviews disagree: better retention is told of without being pooled, other effects conflict. The effects here are small, "
        "assumed, and may be none or harms; somebody with three such experiences is treated as having none."
    )

    services: float = setting(
        0.8, ge=0, le=1, null=0, description="share of services that come to work in a trauma-informed way"
    )

    def pull(self, policy: PublicHealthPolicy, level: float) -> None:
        policy.trauma_informed = towards(policy.trauma_informed, self.services, level)
