"""Knowledge only."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.schools import SchoolPolicy, Schools
from policysim.levers.lever import Lever


class KnowledgeOnly(Lever):
    """Lessons that give facts about drugs and nothing else: in the model because places buy them."""

    id: ClassVar[str] = "knowledge_only"
    group: ClassVar[str] = "prevention without evidence"
    title: ClassVar[str] = "Knowledge only"
    path: ClassVar[str] = "schools tell pupils facts about drugs; knowledge rises and no effect on use was found"
    reach: ClassVar[str] = "pupils of 12 and 13 in school, girls and boys alike; nobody who is excluded"
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = Schools
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_fact_pupil"
    evidence: ClassVar[tuple[str, ...]] = ("L1.24", "C.18", "C.19")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "pupils_told_facts"
    caution: ClassVar[str] = "It takes the time of staff who could teach what is known to help."

    def pull(self, policy: SchoolPolicy, level: float) -> None:
        policy.fact_coverage = min(policy.fact_coverage + level, 1.0)
