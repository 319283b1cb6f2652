"""Bystander training."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.levers.lever import Lever, setting


class BystanderTraining(Lever):
    """Family and friends who know an overdose when they see one, call, stay, and have a kit."""

    id: ClassVar[str] = "bystander_training"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Bystander training"
    path: ClassVar[str] = (
        "family and friends learn to recognise an overdose, call and stay; half take a kit home; what was learnt fades"
    )
    reach: ClassVar[str] = (
        "family and friends of people who use heroin, of those dependent or in treatment who have any; the more somebody "
        "fears the police the less"
    )
    outcome: ClassVar[str] = "expected_deaths"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = PoliceTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_bystander_training"
    evidence: ClassVar[tuple[str, ...]] = ("K3.17", "K3.18", "B4.05")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "circles_trained"
    caution: ClassVar[str] = (
        "Better knowledge is shown, more calls are not; those who fear the police most come least, and those who have nobody "
        "cannot be reached."
    )

    trained_per_100: float = setting(
        20.0, ge=0, le=200, unit="people per 100", null=0,
        description="people per 100 using opioids whose family and friends are trained in a year, at full coverage",
    )  # fmt: skip

    def pull(self, policy: PolicingPolicy, level: float) -> None:
        policy.bystander_training += self.trained_per_100 * level
