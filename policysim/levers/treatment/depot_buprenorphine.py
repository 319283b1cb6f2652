"""Depot buprenorphine."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.levers.lever import Lever, setting, towards


class DepotBuprenorphine(Lever):
    """Agonist treatment by a depot that works for a month, for those who choose it."""

    id: ClassVar[str] = "depot_buprenorphine"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Depot buprenorphine"
    path: ClassVar[str] = (
        "services offer a depot in place of a daily dose; no weeks in which a dose is found, fewer drop out or "
        "begin to use on top, and who leaves loses tolerance more slowly"
    )
    reach: ClassVar[str] = "adults in agonist treatment, men and women alike; nobody whom services do not treat"
    outcome: ClassVar[str] = "expected_deaths"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_depot_week"
    evidence: ClassVar[tuple[str, ...]] = ("K6.07", "K6.08", "K6.09")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "ph2024")
    process: ClassVar[str] = "depot_weeks_given"
    caution: ClassVar[str] = (
        "It costs more than a daily dose, adds no place, and trials were of people who had agreed to injections. "
        "Two things that are said for it are not modelled: that heroin on top of a depot does less, and a depot "
        "given in prison before release."
    )

    offered: float = setting(
        0.3,
        ge=0,
        le=1,
        null=None,
        description="share of people in agonist treatment who have a depot",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.depot_share = towards(policy.depot_share, self.offered, level)
