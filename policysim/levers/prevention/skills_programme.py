"""Personal and social skills."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.schools import SchoolPolicy, Schools
from policysim.levers.lever import Lever


class SkillsProgramme(Lever):
    """Personal and social skills taught by trained staff over a school year."""

    id: ClassVar[str] = "skills_programme"
    group: ClassVar[str] = "prevention"
    title: ClassVar[str] = "Personal and social skills"
    path: ClassVar[str] = "schools teach pupils of 12 and 13; resilience rises for some years; first use falls a little"
    reach: ClassVar[str] = "pupils of 12 and 13 in school, girls and boys alike; nobody who is excluded"
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = Schools
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_skills_pupil"
    evidence: ClassVar[tuple[str, ...]] = ("C.01", "C.02", "C.03a", "C.05")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "pupils_taught_skills"
    horizon: ClassVar[int] = 25
    caution: ClassVar[str] = (
        "It reaches pupils of 12 and 13: within ten years it moves first use a little and deaths hardly at all."
    )

    def pull(self, policy: SchoolPolicy, level: float) -> None:
        policy.skills_coverage = min(policy.skills_coverage + level, 1.0)
