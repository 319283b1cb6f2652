"""Levers of the justice system."""

from typing import Any, ClassVar

from pydantic import Field

from policysim.levers.lever import Lever, towards


class TestOnArrest(Lever):
    """A drug test on arrest, and a referral of those who test positive."""

    __test__: ClassVar[bool] = False  # not a test case, whatever its name suggests to pytest

    id: ClassVar[str] = "test_on_arrest"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Test on arrest with referral"
    path: ClassVar[str] = (
        "custody suites test for heroin, cocaine and crack; dependent people who test positive are referred"
    )
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_drug_test"
    evidence: ClassVar[tuple[str, ...]] = ("B13.01",)
    sources: ClassVar[tuple[str, ...]] = ("appg2021",)
    process: ClassVar[str] = "tests"

    tested: float = Field(0.5, ge=0, le=1, description="share of arrests followed by a test, at full coverage")
    referred: float = Field(0.5, ge=0, le=1, description="share of positive tests referred to treatment")

    def pull(self, model: Any, level: float) -> None:
        for team in model.police:
            team.policy.test_share = towards(team.policy.test_share, self.tested, level)
            team.policy.test_referral = towards(team.policy.test_referral, self.referred, level)
