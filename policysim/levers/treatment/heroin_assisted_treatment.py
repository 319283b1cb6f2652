"""Heroin-assisted treatment."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.levers.lever import Lever, setting


class HeroinAssistedTreatment(Lever):
    """Supervised heroin for those whom other treatment has failed."""

    id: ClassVar[str] = "heroin_assisted_treatment"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Heroin-assisted treatment"
    path: ClassVar[str] = "clinics admit people still injecting in agonist treatment; street use and offending fall"
    lawful: ClassVar[str] = "under licence"
    reach: ClassVar[str] = "adults who inject on top of agonist treatment after several episodes of it"
    outcome: ClassVar[str] = "offences"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_hat_year"
    evidence: ClassVar[tuple[str, ...]] = ("B3.01a", "B3.02a", "B3.03", "B3.04", "B3.05a")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "pcc2018")
    process: ClassVar[str] = "in_heroin_assisted"
    caution: ClassVar[str] = (
        "It serves few people at a high cost each, and needs a licence. Trials show less street heroin and better staying, "
        "and no sure effect on deaths; that on offending here comes from a handful of people without a control group."
    )

    places: int = setting(
        40,
        ge=0,
        le=100_000,
        unit="places per 3 million",
        null=0,
        description="places per 3 million residents, at full coverage",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.heroin_assisted_places += self.places * level
