"""Services for under-18s."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.levers.lever import Lever, setting


class Under18Services(Lever):
    """Young people's services with places of their own."""

    id: ClassVar[str] = "under_18_services"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Services for under-18s"
    path: ClassVar[str] = (
        "referrals from schools, families and youth justice make more under 18 ask, who get places of their "
        "own and mostly stop using cannabis"
    )
    reach: ClassVar[str] = "everyone under 18 who is dependent, mostly on cannabis; hardly anybody on heroin"
    outcome: ClassVar[str] = "entries_under_18"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_under_18_year"
    evidence: ClassVar[tuple[str, ...]] = ("A6.05", "A6.06a", "K6.13")
    sources: ClassVar[tuple[str, ...]] = ("appg2021", "ph2024")
    process: ClassVar[str] = "in_young_service"
    caution: ClassVar[str] = (
        "It averts no death within ten years: people die of drugs in their forties. Places without referrals "
        "stay empty, and referrals without places are a waiting list. Most whom real services see are not "
        "dependent: they are not in the model."
    )

    places: float = setting(
        0.5,
        ge=-1,
        le=20,
        unit="ratio",
        null=0,
        description="relative change in places: 0.5 is half as many again",
    )
    outreach: float = setting(
        1.0,
        ge=0,
        le=10,
        unit="ratio",
        null=0,
        description="relative rise in asking for help under 18: referrals by schools, families, youth justice",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.young_places *= 1 + self.places * level
        policy.young_outreach += self.outreach * level
