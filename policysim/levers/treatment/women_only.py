"""Places for women, with childcare."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.levers.lever import Lever, among, setting


class WomenOnly(Lever):
    """Services where only women are, with childcare for mothers."""

    id: ClassVar[str] = "women_only"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Places for women, with childcare"
    path: ClassVar[str] = (
        "fewer women are held back from asking where provision is theirs alone, as far as they ask less than men, "
        "and fewer mothers where there is childcare"
    )
    reach: ClassVar[str] = "women dependent on any substance; mothers as far as there is childcare; no men"
    outcome: ClassVar[str] = "treatment_entries"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_women_only_week"
    evidence: ClassVar[tuple[str, ...]] = ("K6.16", "K6.17", "D4.01")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "women_only_weeks"
    caution: ClassVar[str] = (
        "Women ask hardly less than men by today's numbers, so that few more enter: about 2 in 100 more women ask, 4 "
        "in 100 more mothers. Every place is paid for beside treatment itself. No study measured entry with such "
        "places; once in treatment women stay as long as men."
    )

    places: float = setting(
        50,
        ge=0,
        le=200,
        unit="per 100 women",
        null=0,
        description="places where only women are for every 100 women who are clients today",
    )
    childcare: float = setting(
        0.5,
        ge=0,
        le=1,
        null=0,
        description="share of those places with childcare",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.childcare = among(
            policy.childcare, self.childcare, level, policy.women_only, policy.women_only + self.places
        )
        policy.women_only += self.places * level
