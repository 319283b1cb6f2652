"""Take-home naloxone."""

from typing import ClassVar

from policysim.agents.institutions.harm_reduction import HarmReductionPolicy, HarmReductionService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class TakeHomeNaloxone(Lever):
    """Kits for people who use opioids."""

    id: ClassVar[str] = "take_home_naloxone"
    group: ClassVar[str] = "harm reduction"
    title: ClassVar[str] = "Take-home naloxone"
    path: ClassVar[str] = "services give out kits; friends who are there can use them"
    reach: ClassVar[str] = (
        "people who use opioids, at liberty; those in treatment far more easily than those who are not in contact"
    )
    outcome: ClassVar[str] = "expected_deaths"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = HarmReductionService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_kit"
    evidence: ClassVar[tuple[str, ...]] = ("A11.02", "B4.03", "B4.04", "B4.06")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "ph2024")
    process: ClassVar[str] = "kits_given"
    caution: ClassVar[str] = (
        "A kit does nothing for someone who uses alone. Whether kits embolden is contested: kit_risk_effect above 0 says so."
    )

    kits_per_100: float = setting(
        38,
        ge=0,
        le=500,
        unit="kits a year per 100",
        description="kits a year per 100 people who use opioids, at full coverage",
    )
    change: float = setting(
        0.0, ge=-1, le=0, unit="ratio", null=0, description="a cut in place of that number: -0.27 is 27% fewer than now"
    )

    def pull(self, policy: HarmReductionPolicy, level: float) -> None:
        usual = policy.kits_per_100
        target = usual * (1 + self.change) if self.change else self.kits_per_100
        policy.kits_per_100 = towards(usual, target, level)
