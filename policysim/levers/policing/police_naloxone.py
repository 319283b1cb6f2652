"""Police naloxone."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.levers.lever import Lever, setting, towards


class PoliceNaloxone(Lever):
    """Officers trained and equipped with naloxone."""

    id: ClassVar[str] = "police_naloxone"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Police naloxone"
    path: ClassVar[str] = "officers who reach an overdose before the ambulance can reverse it"
    reach: ClassVar[str] = "whoever overdoses by an opioid where somebody calls and police come first"
    outcome: ClassVar[str] = "reversed_by_police"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = PoliceTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_police_naloxone"
    evidence: ClassVar[tuple[str, ...]] = ("A11.04", "B5.01", "B5.02b")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "ph2024")
    process: ClassVar[str] = "reversed_by_police"
    caution: ClassVar[str] = (
        "It helps only where someone calls and police come first; every officer who carries costs a kit and a training."
    )

    carried: float = setting(0.8, ge=0, le=1, description="share of officers attending who carry it, at full coverage")

    def pull(self, policy: PolicingPolicy, level: float) -> None:
        policy.police_naloxone = towards(policy.police_naloxone, self.carried, level)
