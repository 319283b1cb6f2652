"""Drug treatment requirements."""

from collections.abc import Mapping
from typing import Any, ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.prison import Prison, PrisonPolicy
from policysim.levers.lever import Lever, among, setting, towards


class DrugRequirement(Lever):
    """More community orders that require drug treatment, and more of them linked to it."""

    id: ClassVar[str] = "drug_requirement"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Drug treatment requirement"
    path: ClassVar[str] = (
        "courts add a requirement to the orders of people dependent on drugs; those who are linked go onto a "
        "service's list in the week of the sentence; whoever breaches goes back to court, which may send them to "
        "prison"
    )
    reach: ClassVar[str] = (
        "adults and children given a community order who are dependent on drugs other than alcohol, men and women alike"
    )
    outcome: ClassVar[str] = "treatment_entries"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = Prison
    payer: ClassVar[str] = "justice"
    cost: ClassVar[str] = "cost_requirement"
    evidence: ClassVar[tuple[str, ...]] = ("F10.12", "F10.13", "F10.14", "F10.15", "F10.26")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "appg2021")
    process: ClassVar[str] = "drug_requirements"
    caution: ClassVar[str] = (
        "A requirement is not treatment: those not linked gain nothing from it and can be sent to prison for "
        "breach; those linked compete for the same places as everyone else. Probation staff are paid for and not limited."
    )

    documented: ClassVar[Mapping[str, Any]] = {"linked": 0.6}

    share: float = setting(
        0.5,
        ge=0,
        le=1,
        description="share of orders of people dependent on drugs with the requirement, at full coverage",
    )
    linked: float | None = setting(
        None, ge=0, le=1, description="share of these requirements linked to treatment; without one as now"
    )

    def pull(self, policy: PrisonPolicy, level: float) -> None:
        orders = (level, policy.drug_requirement_share, self.share)
        policy.drug_requirement_linked = among(policy.drug_requirement_linked, self.linked, *orders)
        policy.drug_requirement_share = towards(policy.drug_requirement_share, self.share, level)
