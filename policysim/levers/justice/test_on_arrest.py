"""Test on arrest with referral."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.levers.lever import Lever, among, setting, towards


class TestOnArrest(Lever):
    """A drug test on arrest, and a referral of those who test positive."""

    __test__: ClassVar[bool] = False  # not a test case, whatever its name suggests to pytest

    id: ClassVar[str] = "test_on_arrest"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Test on arrest with referral"
    path: ClassVar[str] = (
        "custody suites test adults held for a trigger offence for heroin, cocaine and crack; dependent people who test "
        "positive are referred"
    )
    reach: ClassVar[str] = (
        "adults arrested for a trigger offence; of those who test positive, people who are dependent are referred"
    )
    outcome: ClassVar[str] = "treatment_entries"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = PoliceTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_drug_test"
    evidence: ClassVar[tuple[str, ...]] = ("B13.01",)
    sources: ClassVar[tuple[str, ...]] = ("appg2021",)
    process: ClassVar[str] = "tests"
    caution: ClassVar[str] = (
        "A positive test is not dependence, and a referral without a free place is a longer waiting list."
    )

    tested: float = setting(
        0.9, ge=0, le=1, description="share of arrests for a trigger offence followed by a test, at full coverage"
    )
    referred: float | None = setting(
        None, ge=0, le=1, description="share of positive tests referred to treatment; without one as now"
    )

    def pull(self, policy: PolicingPolicy, level: float) -> None:
        policy.test_referral = among(policy.test_referral, self.referred, level, policy.test_on_arrest, self.tested)
        policy.test_on_arrest = towards(policy.test_on_arrest, self.tested, level)
