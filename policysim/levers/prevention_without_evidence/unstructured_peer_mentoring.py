"""Unstructured peer mentoring."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.schools import SchoolPolicy, Schools
from policysim.levers.lever import Lever


class UnstructuredPeerMentoring(Lever):
    """Pupils paired with older pupils without training, plan or supervision: in the model because places buy it."""

    id: ClassVar[str] = "unstructured_peer_mentoring"
    group: ClassVar[str] = "prevention without evidence"
    title: ClassVar[str] = "Unstructured peer mentoring"
    path: ClassVar[str] = (
        "schools pair pupils and leave them to it; planned programmes led by peers helped, and groups of pupils at "
        "risk learned from each other"
    )
    reach: ClassVar[str] = "pupils of 12 and 13 in school, girls and boys alike; nobody who is excluded"
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = Schools
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_peer_pupil"
    evidence: ClassVar[tuple[str, ...]] = ("L1.26", "L1.27", "L1.28", "C.18")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "pupils_peer_mentored"
    caution: ClassVar[str] = (
        "No effect or harm in the list of the United Nations; none of the trials is of mentoring without structure, "
        "so that its effect stands at none with a range to both sides."
    )

    def pull(self, policy: SchoolPolicy, level: float) -> None:
        policy.peer_coverage = min(policy.peer_coverage + level, 1.0)
