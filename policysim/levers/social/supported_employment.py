"""Supported employment."""

from typing import ClassVar

from policysim.agents.institutions.employment import EmploymentPolicy, EmploymentService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting


class SupportedEmployment(Lever):
    """Employment specialists in treatment services who help people into ordinary work (individual placement and support)."""

    id: ClassVar[str] = "supported_employment"
    group: ClassVar[str] = "social"
    title: ClassVar[str] = "Supported employment"
    path: ClassVar[str] = (
        "specialists hold so many clients at a time, who find work sooner; work holds people, through resilience; some of that "
        "work would have been found by others"
    )
    reach: ClassVar[str] = (
        "adults in treatment outside prison, without work and wishing for it, men and women alike; it does nothing for people "
        "dependent on opioids, who take places all the same"
    )
    outcome: ClassVar[str] = "jobs_found"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = EmploymentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_job_support_year"
    evidence: ClassVar[tuple[str, ...]] = (
        "L4.16", "L4.17", "L4.18", "L4.19", "L4.20", "L4.21", "L4.22", "L4.23",
    )  # fmt: skip
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "with_job_support"
    caution: ClassVar[str] = (
        "The English trial found more people in work at some time, but none dependent on opioids, and neither less use nor more "
        "remission. Every authority of England had some specialists by 2025: what stands here is beyond them. People who wish "
        "for work find it as seldom here as others in treatment, so that a ratio adds fewer jobs than the trial's."
    )

    specialists: float = setting(
        2,
        ge=0,
        le=50,
        null=0,
        unit="specialists per 100,000 residents",
        description="specialists beyond those of today",
    )

    def pull(self, policy: EmploymentPolicy, level: float) -> None:
        policy.specialists += self.specialists * level
