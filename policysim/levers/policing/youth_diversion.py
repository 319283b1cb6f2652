"""Diversion of under-18s."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.levers.lever import Lever, aimed, setting, towards


class YouthDiversion(Lever):
    """An agreement in place of arrest for children found with drugs, into education or an assessment for treatment."""

    id: ClassVar[str] = "youth_diversion"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Diversion of under-18s"
    path: ClassVar[str] = (
        "officers offer children an agreement in place of arrest; those who keep to it get no record; those who "
        "do not may be arrested after all, by the ratio for children"
    )
    reach: ClassVar[str] = (
        "children from 10 to 17 found with drugs, boys and girls, whether or not they would have been arrested"
    )
    outcome: ClassVar[str] = "children_sentenced"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = PoliceTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_diversion"
    evidence: ClassVar[tuple[str, ...]] = ("B9.12a", "B9.12b", "B9.13", "J2.07")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "appg2021", "ph2024")
    process: ClassVar[str] = "youth_diversions"
    caution: ClassVar[str] = (
        "Few children are arrested for possession, so most of those diverted would have been let go on the "
        "street: they are drawn into the net, and may be arrested for failing in it."
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
        0.0, ge=0, le=1, description="share of offers that ask for an admission of guilt first"
    )

    def pull(self, policy: PolicingPolicy, level: float) -> None:
        policy.youth_diversion_offer = towards(policy.youth_diversion_offer, self.offered, level)
        policy.youth_diversion_attendance = aimed(policy.youth_diversion_attendance, self.attendance, level)
        policy.youth_diversion_education = towards(policy.youth_diversion_education, self.education, level)
        policy.youth_diversion_referral = aimed(policy.youth_diversion_referral, self.referral, level)
        policy.youth_admission_required = towards(policy.youth_admission_required, self.admission_required, level)
