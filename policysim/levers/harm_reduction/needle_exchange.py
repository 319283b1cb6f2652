"""Needle exchange."""

from typing import ClassVar

from policysim.agents.institutions.harm_reduction import HarmReductionPolicy, HarmReductionService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class NeedleExchange(Lever):
    """Clean equipment for people who inject."""

    id: ClassVar[str] = "needle_exchange"
    group: ClassVar[str] = "harm reduction"
    title: ClassVar[str] = "Needle exchange"
    path: ClassVar[str] = (
        "whoever has enough clean equipment shares less of it, and is in touch with somebody who tests for hepatitis C"
    )
    reach: ClassVar[str] = "people of any age and either sex who inject; nobody in custody, for prisons give out none"
    outcome: ClassVar[str] = "new_hepatitis_c"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = HarmReductionService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_needles_year"
    evidence: ClassVar[tuple[str, ...]] = ("B7.02", "B7.03", "B7.04b", "B7.04c")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "well_supplied"
    caution: ClassVar[str] = (
        "It averts infections and no overdose; where antivirals have made chronic infection rare there are few left to "
        "avert, and what it finds by tests it cures only as far as there are courses. Pooled over all countries the effect "
        "of needles alone is uncertain (0.79, 0.39 to 1.61)."
    )

    supplied: float = setting(0.9, ge=0, le=1, description="share of people who inject well supplied, at full coverage")
    change: float = setting(
        0.0, ge=-1, le=0, unit="ratio", null=0, description="a cut in place of that share: -0.27 is 27% fewer than now"
    )

    def pull(self, policy: HarmReductionPolicy, level: float) -> None:
        usual = policy.needle_coverage
        target = usual * (1 + self.change) if self.change else self.supplied
        policy.needle_coverage = towards(usual, target, level)
