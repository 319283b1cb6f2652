"""Pre-arrest diversion."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.levers.lever import Lever, among, setting, towards


class PreArrestDiversion(Lever):
    """A referral to treatment or education in place of arrest, with or without an admission of guilt."""

    id: ClassVar[str] = "pre_arrest_diversion"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Pre-arrest diversion"
    path: ClassVar[str] = (
        "officers offer an agreement in place of arrest; those who keep to it get no record, dependent people a referral; "
        "those who do not may be arrested after all"
    )
    reach: ClassVar[str] = (
        "adults found with drugs, whether or not they would have been arrested; under-18s have a lever of their own"
    )
    outcome: ClassVar[str] = "convictions"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = PoliceTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_diversion"
    evidence: ClassVar[tuple[str, ...]] = ("B9.01", "B9.04", "B9.05", "B9.07", "B9.08")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "pcc2018", "appg2021")
    process: ClassVar[str] = "diversions"
    caution: ClassVar[str] = (
        "Net-widening: people who would have been dealt with on the street are drawn into the scheme and may be arrested "
        "for failing in it, and its referrals compete with others for the same treatment places."
    )

    offered: float = setting(0.8, ge=0, le=1, description="share of the eligible who are offered it, at full coverage")
    attendance: float | None = setting(
        None, ge=0, le=1, description="share of those offered who attend; without one as now"
    )
    education: float = setting(
        0.0, ge=0, le=1, null=0,
        description="share of those diverted who are sent to a session of education; the rest to an assessment",
    )  # fmt: skip
    referral: float | None = setting(
        None, ge=0, le=1, description="strength of the referral to treatment at an assessment; without one as now"
    )
    admission_required: float = setting(
        0.0, ge=0, le=1, description="share of offers that ask for an admission of guilt first"
    )

    def pull(self, policy: PolicingPolicy, level: float) -> None:
        offers = (level, policy.diversion_offer, self.offered)
        policy.diversion_attendance = among(policy.diversion_attendance, self.attendance, *offers)
        policy.diversion_education = among(policy.diversion_education, self.education, *offers)
        policy.diversion_referral = among(policy.diversion_referral, self.referral, *offers)
        policy.admission_required = among(policy.admission_required, self.admission_required, *offers)
        policy.diversion_offer = towards(policy.diversion_offer, self.offered, level)
