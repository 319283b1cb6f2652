"""Agonist treatment places."""

from collections.abc import Mapping
from typing import Any, ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.levers.lever import Lever, setting, towards


class AgonistTreatment(Lever):
    """Places for opioid agonist treatment."""

    id: ClassVar[str] = "agonist_treatment"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Agonist treatment places"
    path: ClassVar[str] = (
        "services admit from their lists up to their places, fewer give up where nobody waits for an assessment; treatment "
        "lowers street use and keeps tolerance"
    )
    reach: ClassVar[str] = (
        "adults dependent on heroin or other opioids who ask for treatment; women less where provision is mixed"
    )
    outcome: ClassVar[str] = "expected_deaths"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_agonist_year"
    evidence: ClassVar[tuple[str, ...]] = ("B1.06", "B1.07", "B1.09", "D3.01a", "K6.19")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "ph2024")
    process: ClassVar[str] = "in_agonist_treatment"
    caution: ClassVar[str] = (
        "The first weeks of treatment and the weeks after leaving it are dangerous: more places also mean more "
        "people passing through both. Women enter and stay less where provision is mixed."
    )
    documented: ClassVar[Mapping[str, Any]] = {"change": 0.2, "outreach": 0.3}

    change: float = setting(
        0.0,
        ge=-1,
        le=2,
        unit="ratio",
        null=0,
        description="relative change in places: 0.2 is a fifth more, -1 closes them",
    )
    outreach: float = setting(
        0.0, ge=0, le=3, unit="ratio", null=0, description="relative rise in asking for help with opioids: outreach"
    )
    same_day: float = setting(
        0.0,
        ge=0,
        le=1,
        null=0,
        description="share of those who ask who are assessed at once, and start the same week if there is a place",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.agonist_places *= 1 + self.change * level
        policy.outreach += self.outreach * level
        policy.same_day = towards(policy.same_day, self.same_day, level)
