"""A regional drug interventions programme."""

from typing import ClassVar

from policysim.agents.institutions.custody_suites import CustodySuitePolicy, CustodySuites
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, among, setting, towards


class DrugInterventionsProgramme(Lever):
    """Caseworkers in custody suites who take up those who test positive, wherever in the region they live, and stay with them."""

    id: ClassVar[str] = "drug_interventions_programme"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Regional drug interventions programme"
    path: ClassVar[str] = (
        "caseworkers take up dependent people who test positive, keep an offer of treatment standing while the "
        "case is open, and keep in touch with those on the list so that fewer give up; a regional scheme also "
        "takes up those tested away from home, whose referral is lost today"
    )
    reach: ClassVar[str] = (
        "adults dependent on any substance who test positive after arrest, men and women alike; nobody whom a "
        "caseworker has no room for"
    )
    outcome: ClassVar[str] = "treatment_entries"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = CustodySuites
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_caseworker_year"
    evidence: ClassVar[tuple[str, ...]] = ("B13.01", "F16.10")
    sources: ClassVar[tuple[str, ...]] = ("appg2021",)
    process: ClassVar[str] = "taken_up"
    caution: ClassVar[str] = (
        "Caseworkers make no places in treatment: without more of them others wait longer. There is no trial of "
        "such a programme."
    )

    caseworkers_per_100000: float = setting(
        2,
        ge=0,
        le=500,
        unit="caseworkers per 100,000",
        null=0,
        description="caseworkers in custody suites for every 100,000 residents, at full coverage",
    )
    regional: float = setting(
        0.9, ge=0, le=1, description="share of those tested away from home whom the scheme can take up"
    )

    def pull(self, policy: CustodySuitePolicy, level: float) -> None:
        policy.regional = among(policy.regional, self.regional, level, policy.caseworkers, self.caseworkers_per_100000)
        policy.caseworkers = towards(policy.caseworkers, self.caseworkers_per_100000, level)
