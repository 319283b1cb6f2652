"""Drug and alcohol workers who engage people in custody suites."""

from typing import ClassVar

from policysim.agents.institutions.custody_suites import CustodySuitePolicy, CustodySuites
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class CustodyEngagement(Lever):
    """Workers in custody suites who talk with everyone dependent on drugs or alcohol, tested or not."""

    id: ClassVar[str] = "custody_engagement"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Engagement in custody suites"
    path: ClassVar[str] = (
        "workers talk with dependent people while they are held, whatever for and whatever a test says; some take "
        "the way into treatment that they are shown"
    )
    reach: ClassVar[str] = (
        "adults dependent on drugs or alcohol who are arrested, men and women alike, as many as workers have time for"
    )
    outcome: ClassVar[str] = "asked_for_treatment"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = CustodySuites
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_engagement_worker_year"
    evidence: ClassVar[tuple[str, ...]] = ("F16.10", "F16.11")
    sources: ClassVar[tuple[str, ...]] = ("appg2021",)
    process: ClassVar[str] = "engaged_in_custody"
    caution: ClassVar[str] = (
        "Nobody has measured how many enter treatment for it; without free places it makes a longer list."
    )

    workers_per_100000: float = setting(
        1.0,
        ge=0,
        le=500,
        unit="workers per 100,000",
        null=0,
        description="workers in custody suites for every 100,000 residents, at full coverage",
    )

    def pull(self, policy: CustodySuitePolicy, level: float) -> None:
        policy.engagement_workers = towards(policy.engagement_workers, self.workers_per_100000, level)
