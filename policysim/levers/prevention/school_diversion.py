"""School, college and university diversion."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.schools import SchoolPolicy, Schools
from policysim.levers.lever import Lever, among, setting, towards


class SchoolDiversion(Lever):
    """Referral and support in place of suspension, exclusion or expulsion for those caught with drugs."""

    id: ClassVar[str] = "school_diversion"
    group: ClassVar[str] = "prevention"
    title: ClassVar[str] = "School, college and university diversion"
    path: ClassVar[str] = (
        "whoever is caught with drugs where they study is offered referral and support; those who keep to it stay, "
        "and whoever is dependent is referred to treatment"
    )
    reach: ClassVar[str] = (
        "pupils of secondary schools and colleges and students of universities who use drugs and are caught, of "
        "either sex"
    )
    outcome: ClassVar[str] = "exclusions_for_drugs"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = Schools
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_study_diversion"
    evidence: ClassVar[tuple[str, ...]] = ("L1.03a", "L1.03b", "L1.09", "L1.10a", "L1.11", "L1.12a", "L1.12b")
    sources: ClassVar[tuple[str, ...]] = ("ph2024", "appg2021")
    process: ClassVar[str] = "diverted_at_study"
    caution: ClassVar[str] = (
        "Most exclusions are for other reasons: in all exclusions it is hardly seen. Of a hundred pupils caught some "
        "sixty are suspended and two excluded, so that it is suspensions that it mostly saves. Also those are drawn in whom "
        "school or university would have left to their parents or warned. The council pays for students as well. What "
        "police are told is not changed."
    )

    offered: float = setting(0.8, ge=0, le=1, null=0, description="share of those caught who are offered it")
    referral: float = setting(
        0.5, ge=0, le=1, null=0, description="strength of the referral to treatment, for those dependent"
    )

    def pull(self, policy: SchoolPolicy, level: float) -> None:
        policy.study_referral = among(policy.study_referral, self.referral, level, policy.diversion, self.offered)
        policy.diversion = towards(policy.diversion, self.offered, level)
