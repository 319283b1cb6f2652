"""Mentoring."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.schools import SchoolPolicy, Schools
from policysim.levers.lever import Lever, setting


class Mentoring(Lever):
    """Structured mentoring by trained adults and older pupils, for pupils whom the school has seen in trouble."""

    id: ClassVar[str] = "mentoring"
    group: ClassVar[str] = "prevention"
    title: ClassVar[str] = "Mentoring"
    path: ClassVar[str] = (
        "pupils who were excluded, caught with drugs or suspended are given a mentor where one is free, then pupils "
        "in care; resilience is held higher while the mentor stays, which is some months, the fewer where staff are not "
        "trained, and drifts back when they leave"
    )
    reach: ClassVar[str] = (
        "pupils of secondary age, excluded or at school, girls and boys as schools exclude and suspend them: more "
        "boys; as far as there are mentors"
    )
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = Schools
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_mentor_year"
    evidence: ClassVar[tuple[str, ...]] = ("L1.17a", "L1.17b", "L1.18", "L1.19", "L1.20")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "pupils_given_mentors"
    caution: ClassVar[str] = (
        "Of six trials on drugs two found less use, in the United States. Pupils are chosen by what schools see, and "
        "schools do not see all alike; there are fewer mentors than pupils suspended, so that first use in a place "
        "moves little."
    )

    places: float = setting(
        10,
        ge=0,
        le=100,
        null=0,
        unit="per 1000 pupils",
        description="mentors with a place, for pupils of secondary schools",
    )

    def pull(self, policy: SchoolPolicy, level: float) -> None:
        policy.mentor_places += self.places * level
