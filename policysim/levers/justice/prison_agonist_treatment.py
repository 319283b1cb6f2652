"""Agonist treatment in prison."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.prison import Prison, PrisonPolicy
from policysim.levers.lever import Lever, setting, towards


class PrisonAgonistTreatment(Lever):
    """Agonist treatment for more of those who are dependent on opioids and in prison."""

    id: ClassVar[str] = "prison_agonist_treatment"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Agonist treatment in prison"
    path: ClassVar[str] = (
        "more people dependent on opioids are treated inside: they leave with tolerance, and can be handed over "
        "to treatment outside"
    )
    reach: ClassVar[str] = (
        "people dependent on opioids who come into prison, on remand or sentenced, men and women alike, as many "
        "as staff can treat"
    )
    outcome: ClassVar[str] = "expected_deaths"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = Prison
    payer: ClassVar[str] = "nhs"
    cost: ClassVar[str] = "cost_prison_treatment_year"
    evidence: ClassVar[tuple[str, ...]] = ("A10.09", "B2.03", "B2.04", "B2.05")
    sources: ClassVar[tuple[str, ...]] = ("appg2021",)
    process: ClassVar[str] = "releases_treated"
    caution: ClassVar[str] = (
        "Only those who come in after it begins are reached; what it saves is within weeks of release, and fades "
        "where nobody takes over the prescription."
    )

    treated: float = setting(
        0.85,
        ge=0,
        le=1,
        description="share of opioid-dependent people coming into prison who are treated, at full coverage",
    )

    def pull(self, policy: PrisonPolicy, level: float) -> None:
        policy.prison_agonist_share = towards(policy.prison_agonist_share, self.treated, level)
