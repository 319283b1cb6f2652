"""Therapeutic communities."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.levers.lever import Lever, setting


class TherapeuticCommunity(Lever):
    """Places in communities that are free of drugs: residential, by day, in prison."""

    id: ClassVar[str] = "therapeutic_community"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Therapeutic communities"
    path: ClassVar[str] = (
        "communities take people from wards and from other treatment; residents are housed and use little, "
        "and some who complete stop using"
    )
    reach: ClassVar[str] = (
        "adults who leave a ward or are in treatment other than agonist treatment and are willing; in prison "
        "those without agonist treatment who have months to serve"
    )
    outcome: ClassVar[str] = "remissions"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_residential_week"
    evidence: ClassVar[tuple[str, ...]] = ("K6.01", "K6.02", "K6.03", "K6.04", "B10.05", "E.19")
    sources: ClassVar[tuple[str, ...]] = ("cop2022", "ph2024")
    process: ClassVar[str] = "joined_community"
    caution: ClassVar[str] = (
        "Few enter and it costs much for each: at three times today's places there are about as many as people who "
        "are willing, and more stay empty. Whoever was dependent on opioids has no tolerance left: who drops out "
        "is in danger. In England too few go through a community for its effect on deaths to be seen."
    )

    residential: float = setting(
        2.0,
        ge=-1,
        le=20,
        unit="ratio",
        null=0,
        description="relative change in residential places: 2 is three times as many",
    )
    day: float = setting(
        2.0,
        ge=-1,
        le=20,
        unit="ratio",
        null=0,
        description="relative change in places by day",
    )
    custody: float = setting(
        2.0,
        ge=-1,
        le=20,
        unit="ratio",
        null=0,
        description="relative change in places in prison",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.residential_places *= 1 + self.residential * level
        policy.day_places *= 1 + self.day * level
        policy.prison_places *= 1 + self.custody * level
