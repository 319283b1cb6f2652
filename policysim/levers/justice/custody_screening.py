"""Screening for brain injury and trauma in custody."""

from typing import ClassVar

from policysim.agents.institutions.custody_suites import CustodySuitePolicy, CustodySuites
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class CustodyScreening(Lever):
    """Screening in police custody for brain injury, neurodivergence and trauma, so that supervision can be adjusted to them."""

    id: ClassVar[str] = "custody_screening"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Screening for brain injury and trauma in custody"
    path: ClassVar[str] = (
        "people are screened after arrest; whoever supervises them later under a requirement or on licence knows, "
        "adjusts supervision, and takes away a part of their excess of breach and recall"
    )
    reach: ClassVar[str] = (
        "adults and children arrested, whatever for; it changes something for those with a brain injury, neurodivergence or "
        "many adverse experiences who come under a requirement or licence later"
    )
    outcome: ClassVar[str] = "requirements_breached"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = CustodySuites
    payer: ClassVar[str] = "nhs"
    cost: ClassVar[str] = "cost_screening"
    evidence: ClassVar[tuple[str, ...]] = ("K5.05", "K5.06", "K5.09")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "screened_in_custody"
    caution: ClassVar[str] = (
        "Studies disagree on whether brain injury leads to breach at all, and none measured what adjusted "
        "supervision does to it: at its centre less than a tenth of the breaches of those concerned goes, too few to see. "
        "Nobody is screened in prison, and that closer attention can find more breaches is not in the model."
    )

    screened: float = setting(
        0.7, ge=0, le=1, description="share of people arrested who are screened, at full coverage"
    )

    def pull(self, policy: CustodySuitePolicy, level: float) -> None:
        policy.screening = towards(policy.screening, self.screened, level)
