"""Detoxification from opioids."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.levers.lever import Lever, setting


class Detoxification(Lever):
    """Beds in which people come off opioids."""

    id: ClassVar[str] = "detoxification"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Detoxification from opioids"
    path: ClassVar[str] = (
        "wards take whoever in agonist treatment is willing; tolerance goes with the dose, and most use again"
        " soon after, unless a community has a place for them, for which they come first"
    )
    reach: ClassVar[str] = (
        "adults in agonist treatment who would come off opioids this year; nobody under 18, nobody dependent "
        "on alcohol alone"
    )
    outcome: ClassVar[str] = "remissions"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_detoxification_week"
    evidence: ClassVar[tuple[str, ...]] = ("F14.01", "F14.02", "F14.03", "F14.28", "K6.05", "K6.06", "B1.13")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "detoxifications"
    caution: ClassVar[str] = (
        "Whoever leaves has lost tolerance, and most use again within a month: expected deaths may rise. It "
        "takes people out of a treatment that protects them. A community to go on to, and a way back to a "
        "prescription, bound the danger and do not remove it. "
        "Three in ten are in remission after a ward (measured), seven in ten after a planned ending of a prescription "
        "(assumed, of the few who get so far): the willing are drawn at random, so what differs between these people "
        "counts against the ward. Detoxification from alcohol, the more usual kind, is not in the model."
    )

    places: float = setting(
        2.0,
        ge=-1,
        le=20,
        unit="ratio",
        null=0,
        description="relative change in beds: 2 is three times as many, -1 closes them",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.detoxification_places *= 1 + self.places * level
