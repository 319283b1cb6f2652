"""Family drug courts."""

from typing import ClassVar

from policysim.agents.institutions.family_court import FamilyCourt, FamilyCourtPolicy
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class FamilyDrugCourt(Lever):
    """Care proceedings before one judge with a team of treatment and social workers."""

    id: ClassVar[str] = "family_drug_court"
    group: ClassVar[str] = "social"
    title: ClassVar[str] = "Family drug and alcohol courts"
    path: ClassVar[str] = (
        "parents in care proceedings who accept are handed over to treatment in the same week and held in it; some have"
        " ceased when the case is closed; children stay at home the more often where the parent is in treatment or has "
        "ceased, and fewer parents lose what holds them"
    )
    reach: ClassVar[str] = (
        "mothers and fathers dependent on heroin, crack or alcohol in care proceedings who accept, as many as there are"
        " places for"
    )
    outcome: ClassVar[str] = "families_parted"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = FamilyCourt
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_family_court_case"
    evidence: ClassVar[tuple[str, ...]] = ("L2.01", "L2.02", "L2.03", "L2.04", "L2.05", "L2.06", "L2.08")
    sources: ClassVar[tuple[str, ...]] = ("appg2021",)
    process: ClassVar[str] = "family_court_cases"
    caution: ClassVar[str] = (
        "The good results are of London and of parents who had agreed; the larger evaluation found better ones "
        "too, and draws no firm conclusion on what the court did to them. Treatment needs a free place. Money that care "
        "would have cost is not counted here; its advocates put it"
        " at four times the price of a case."
    )

    places_per_100000: float = setting(
        6.0,
        ge=0,
        le=10_000,
        unit="families per 100,000",
        description="families before the court at a time for every 100,000 residents",
    )

    def pull(self, policy: FamilyCourtPolicy, level: float) -> None:
        policy.places = towards(policy.places, self.places_per_100000, level)
