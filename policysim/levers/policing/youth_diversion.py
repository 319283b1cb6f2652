"""Diversion of under-18s."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.youth_justice import YouthJusticePolicy, YouthJusticeService
from policysim.levers.lever import Lever, among, setting, towards


class YouthDiversion(Lever):
    """Agreements in place of arrest for children found with drugs, and a panel in place of court for those arrested."""

    id: ClassVar[str] = "youth_diversion"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Diversion of under-18s"
    path: ClassVar[str] = (
        "officers offer children an agreement in place of arrest; of those arrested who would be charged some go before "
        "the panel of the youth justice service, which puts prosecution off (outcome 22) or cautions, with a programme "
        "where workers have room; those who break off are arrested or charged after all"
    )
    reach: ClassVar[str] = (
        "children from 10 to 17 found with drugs, boys and girls, whether or not they would have been arrested, and those "
        "arrested for possession, theft or disorder, whether or not they would have been charged; not for supply"
    )
    outcome: ClassVar[str] = "children_sentenced"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = YouthJusticeService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_youth_programme"
    evidence: ClassVar[tuple[str, ...]] = ("B9.12a", "B9.12b", "B9.13", "J2.07", "L3.05", "L3.06", "L3.07", "L3.11")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "appg2021", "ph2024")
    process: ClassVar[str] = "youth_diversions"
    caution: ClassVar[str] = (
        "Few children are arrested for possession, so most of those diverted would have been let go on the "
        "street: they are drawn into the net, and may be arrested for failing in it. The panel draws in some who would "
        "have been let go at the station, and a caution stays on file."
    )

    offered: float = setting(
        0.8, ge=0, le=1, description="share of eligible children who are offered it, at full coverage"
    )
    attendance: float | None = setting(
        None, ge=0, le=1, description="share of those offered who attend; without one as now"
    )
    education: float = setting(
        0.5, ge=0, le=1, null=0,
        description="share of those diverted who are sent to a session of education; the rest to an assessment",
    )  # fmt: skip
    referral: float | None = setting(
        None, ge=0, le=1, description="strength of the referral to treatment at an assessment; without one as now"
    )
    admission_required: float = setting(
        0.0, ge=0, le=1, description="share of offers without a caution that ask for an admission of guilt first"
    )
    panel: float = setting(
        0.5, ge=0, le=1, null=0,
        description="share of those who would be charged, but for supply, who are sent to the panel instead",
    )  # fmt: skip
    outcome_22: float = setting(
        0.7, ge=0, le=1, null=0,
        description="share of those whom the panel would caution whose prosecution is put off instead, without a caution",
    )  # fmt: skip
    cases: float = setting(
        2.0, ge=0, le=100, null=0, unit="per 100,000 residents",
        description="cases that more workers of the service hold at a time",
    )  # fmt: skip

    def pull(self, policy: YouthJusticePolicy, level: float) -> None:
        offers = (level, policy.youth_diversion_offer, self.offered)
        policy.youth_diversion_attendance = among(policy.youth_diversion_attendance, self.attendance, *offers)
        policy.youth_diversion_education = among(policy.youth_diversion_education, self.education, *offers)
        policy.youth_diversion_referral = among(policy.youth_diversion_referral, self.referral, *offers)
        policy.youth_admission_required = among(policy.youth_admission_required, self.admission_required, *offers)
        policy.youth_diversion_offer = towards(policy.youth_diversion_offer, self.offered, level)
        policy.youth_panel = towards(policy.youth_panel, self.panel, level)
        policy.youth_outcome_22 = towards(policy.youth_outcome_22, self.outcome_22, level)
        policy.cases += level * self.cases
