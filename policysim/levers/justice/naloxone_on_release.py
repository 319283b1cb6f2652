"""Naloxone on release from prison."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.prison import Prison, PrisonPolicy
from policysim.levers.lever import Lever, setting, towards


class NaloxoneOnRelease(Lever):
    """A kit for people dependent on opioids when they leave prison."""

    id: ClassVar[str] = "naloxone_on_release"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Naloxone on release"
    path: ClassVar[str] = (
        "people dependent on opioids leave prison with a kit; when they overdose in company within its life "
        "somebody may use it, and they may use it for a friend"
    )
    reach: ClassVar[str] = (
        "people dependent on opioids who are released, by sentence, early or by the court, men and women alike, "
        "and carry none"
    )
    outcome: ClassVar[str] = "expected_deaths"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = Prison
    payer: ClassVar[str] = "nhs"
    cost: ClassVar[str] = "cost_kit"
    evidence: ClassVar[tuple[str, ...]] = ("F12.01", "B4.03", "B4.04")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "kits_at_release"
    caution: ClassVar[str] = "Most of those newly released who die were alone: a kit does nothing for them."

    given: float = setting(
        0.8,
        ge=0,
        le=1,
        description="share of those leaving prison dependent on opioids who are given a kit, at full coverage",
    )

    def pull(self, policy: PrisonPolicy, level: float) -> None:
        policy.naloxone_on_release = towards(policy.naloxone_on_release, self.given, level)
