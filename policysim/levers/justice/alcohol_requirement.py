"""Alcohol treatment requirements."""

from collections.abc import Mapping
from typing import Any, ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.prison import Prison, PrisonPolicy
from policysim.levers.lever import Lever, among, setting, towards


class AlcoholRequirement(Lever):
    """More community orders that require alcohol treatment, and more of them linked to it."""

    id: ClassVar[str] = "alcohol_requirement"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Alcohol treatment requirement"
    path: ClassVar[str] = (
        "courts add a requirement to the orders of people dependent on alcohol; those who are linked go onto a "
        "service's list in the week of the sentence; whoever breaches goes back to court, which may send them to "
        "prison"
    )
    reach: ClassVar[str] = (
        "adults and children given a community order who are dependent on alcohol and of whom no drug treatment "
        "is required, men and women alike"
    )
    outcome: ClassVar[str] = "treatment_entries"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = Prison
    payer: ClassVar[str] = "justice"
    cost: ClassVar[str] = "cost_requirement"
    evidence: ClassVar[tuple[str, ...]] = ("F10.14", "F10.15", "F10.27")
    sources: ClassVar[tuple[str, ...]] = ("appg2021",)
    process: ClassVar[str] = "alcohol_requirements"
    caution: ClassVar[str] = (
        "A requirement is not treatment: those not linked gain nothing from it and can be sent to prison for "
        "breach; those linked compete for the same places as everyone else. Probation staff are paid for and not limited."
    )

    documented: ClassVar[Mapping[str, Any]] = {"linked": 0.6}

    share: float = setting(
        0.5,
        ge=0,
        le=1,
        description="share of orders of people dependent on alcohol with the requirement, at full coverage",
    )
    linked: float | None = setting(
        None, ge=0, le=1, description="share of these requirements linked to treatment; without one as now"
    )

    def pull(self, policy: PrisonPolicy, level: float) -> None:
        orders = (level, policy.alcohol_requirement_share, self.share)
        policy.alcohol_requirement_linked = among(policy.alcohol_requirement_linked, self.linked, *orders)
        policy.alcohol_requirement_share = towards(policy.alcohol_requirement_share, self.share, level)
