"""Levers of treatment."""

from typing import Any, ClassVar

from pydantic import Field

from policysim.levers.lever import Lever


class AgonistTreatment(Lever):
    """Places for opioid agonist treatment."""

    id: ClassVar[str] = "agonist_treatment"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Agonist treatment places"
    path: ClassVar[str] = (
        "services admit from their lists up to their places; treatment lowers street use and keeps tolerance"
    )
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_agonist_year"
    evidence: ClassVar[tuple[str, ...]] = ("B1.06", "B1.07", "B1.09", "D3.01a")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "ph2024")
    process: ClassVar[str] = "in_agonist_treatment"

    change: float = Field(
        0.0, ge=-1, le=2, description="relative change in places: 0.2 is a fifth more, -1 closes them"
    )
    outreach: float = Field(0.0, ge=0, le=3, description="relative rise in asking for help: same-day starts, outreach")

    def pull(self, model: Any, level: float) -> None:
        for service in model.services:
            service.policy.agonist_places *= 1 + self.change * level
            service.policy.outreach += self.outreach * level


class HeroinAssistedTreatment(Lever):
    """Supervised heroin for those whom other treatment has failed."""

    id: ClassVar[str] = "heroin_assisted_treatment"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Heroin-assisted treatment"
    path: ClassVar[str] = "clinics admit people still injecting in agonist treatment; street use and offending fall"
    lawful: ClassVar[str] = "under licence"
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_hat_year"
    evidence: ClassVar[tuple[str, ...]] = ("B3.01a", "B3.02a", "B3.05a")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "pcc2018")
    process: ClassVar[str] = "in_heroin_assisted"

    places: int = Field(40, ge=0, le=100_000, description="places per 3 million residents, at full coverage")

    def pull(self, model: Any, level: float) -> None:
        for service in model.services:
            residents = model.place.authorities[service.area].population
            service.policy.heroin_assisted_places += self.places * level * residents / 3_000_000
