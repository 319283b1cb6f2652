"""Former users or police alone."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.schools import SchoolPolicy, Schools
from policysim.levers.lever import Lever


class FormerUsersOrPoliceAlone(Lever):
    """Talks by people who used drugs or by police as the only educators: in the model because places buy them."""

    id: ClassVar[str] = "former_users_or_police_alone"
    group: ClassVar[str] = "prevention without evidence"
    title: ClassVar[str] = "Former users or police alone"
    path: ClassVar[str] = (
        "schools invite somebody who used drugs, or police, and leave it at that; published effect on use is none"
    )
    reach: ClassVar[str] = "pupils of 12 and 13 in school, girls and boys alike; nobody who is excluded"
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = Schools
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_visitor_pupil"
    evidence: ClassVar[tuple[str, ...]] = ("C.16", "C.17", "C.18", "L1.25")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "pupils_hearing_visitors"
    caution: ClassVar[str] = (
        "Found for lessons by police; of former users nobody has counted. Police who teach fair treatment and the law "
        "are another lever."
    )

    def pull(self, policy: SchoolPolicy, level: float) -> None:
        policy.visitor_coverage = min(policy.visitor_coverage + level, 1.0)
