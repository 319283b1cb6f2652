"""School environment."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.schools import SchoolPolicy, Schools
from policysim.levers.lever import Lever


class SchoolEnvironment(Lever):
    """Work on the school itself: ethos, truancy, disaffection, participation and learning."""

    id: ClassVar[str] = "school_environment"
    group: ClassVar[str] = "prevention"
    title: ClassVar[str] = "School environment"
    path: ClassVar[str] = (
        "a group of staff and pupils changes how the school deals with its pupils; whoever is at such a school "
        "belongs more, so that resilience is held higher, and fewer are excluded or suspended"
    )
    reach: ClassVar[str] = (
        "pupils in the first three years of secondary school, girls and boys alike, until they leave it; nobody who "
        "is excluded already"
    )
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = Schools
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_ethos_pupil"
    evidence: ClassVar[tuple[str, ...]] = ("L1.14", "L1.15", "L1.16", "C.15")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "pupils_joining_ethos"
    caution: ClassVar[str] = (
        "Two trials with cannabis use as outcome point in opposite directions and neither excludes no effect; what it "
        "does to exclusions nobody has counted. It takes the time of the staff who teach other programmes, and within "
        "ten years moves deaths hardly at all."
    )

    def pull(self, policy: SchoolPolicy, level: float) -> None:
        policy.ethos_coverage = min(policy.ethos_coverage + level, 1.0)
