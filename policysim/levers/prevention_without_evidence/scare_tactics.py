"""Scare tactics."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.schools import SchoolPolicy, Schools
from policysim.levers.lever import Lever


class ScareTactics(Lever):
    """Fear-based talks: in the model because places buy them."""

    id: ClassVar[str] = "scare_tactics"
    group: ClassVar[str] = "prevention without evidence"
    title: ClassVar[str] = "Scare tactics"
    path: ClassVar[str] = "schools hold fear-based talks; published effect on use is none or harm"
    reach: ClassVar[str] = "pupils of 12 and 13 in school, girls and boys alike; nobody who is excluded"
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = Schools
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_scare_pupil"
    evidence: ClassVar[tuple[str, ...]] = ("C.16", "C.18", "C.19")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "pupils_taught_by_scare"
    horizon: ClassVar[int] = 25
    caution: ClassVar[str] = "Published effect on use: none, or harm."

    def pull(self, policy: SchoolPolicy, level: float) -> None:
        policy.scare_coverage = min(policy.scare_coverage + level, 1.0)
