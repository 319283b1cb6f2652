"""Places for women, with childcare."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.levers.lever import Lever, setting, towards


class WomenOnly(Lever):
    """Services where only women are, with childcare for mothers."""

    id: ClassVar[str] = "women_only"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Places for women, with childcare"
    path: ClassVar[str] = (
        "fewer women are held back from asking where provision is theirs alone, and fewer mothers where there"
        " is childcare"
    )
    reach: ClassVar[str] = "women dependent on any substance; mothers as far as there is childcare; no men"
    outcome: ClassVar[str] = "treatment_entries"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_women_only_week"
    evidence: ClassVar[tuple[str, ...]] = ("K6.16", "K6.17", "D4.01")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "women_only_weeks"
    caution: ClassVar[str] = (
        "More women ask for the same places in treatment, and everybody waits longer for them. No study "
        "measured entry with such places; once in treatment women stay as long as men."
    )

    places: float = setting(
        0.5,
        ge=0,
        le=1,
        null=0,
        description="share of women for whom there is such a place",
    )
    childcare: float = setting(
        0.5,
        ge=0,
        le=1,
        null=0,
        description="share of those places with childcare",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.childcare = towards(policy.childcare, self.childcare, level)
        policy.women_only = towards(policy.women_only, self.places, level)
