"""Outreach by people with lived experience."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.outreach import OutreachPolicy, OutreachService
from policysim.levers.lever import Lever, setting


class LivedExperienceOutreach(Lever):
    """Workers with lived experience who look for people whom services do not know."""

    id: ClassVar[str] = "lived_experience_outreach"
    group: ClassVar[str] = "harm reduction"
    title: ClassVar[str] = "Outreach by people with lived experience"
    path: ClassVar[str] = (
        "workers meet people where they are, and go back to a part of them: less shame and fear, a kit, clean equipment, a way "
        "into treatment; the trust fades where nobody comes back"
    )
    reach: ClassVar[str] = (
        "people of any age and either sex dependent on heroin or crack, neither in treatment nor on its list nor in custody, as "
        "many as the workers have hours for"
    )
    outcome: ClassVar[str] = "asked_for_treatment"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = OutreachService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_outreach_worker_year"
    evidence: ClassVar[tuple[str, ...]] = ("K3.14", "K3.15", "D3.04")
    sources: ClassVar[tuple[str, ...]] = ("appg2021", "ph2024")
    process: ClassVar[str] = "outreach_meetings"
    caution: ClassVar[str] = (
        "An introduction without a free place is a longer waiting list; the more workers, the more often they meet people "
        "they know."
    )

    workers: float = setting(
        2.0, ge=0, le=50, unit="workers per 100,000", null=0,
        description="more paid workers per 100,000 residents, at full coverage",
    )  # fmt: skip

    def pull(self, policy: OutreachPolicy, level: float) -> None:
        policy.workers += self.workers * level
