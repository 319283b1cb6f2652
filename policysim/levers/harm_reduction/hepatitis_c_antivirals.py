"""Tests for hepatitis C and antivirals."""

from typing import ClassVar

from policysim.agents.institutions.hepatitis import HepatitisPolicy, HepatitisService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class HepatitisCAntivirals(Lever):
    """More tests for hepatitis C where people who inject come anyway, and more courses of antivirals."""

    id: ClassVar[str] = "hepatitis_c_antivirals"
    group: ClassVar[str] = "harm reduction"
    title: ClassVar[str] = "Hepatitis C antivirals"
    path: ClassVar[str] = (
        "drug services, needle exchanges and prisons test more often; whoever is found takes a course as soon as one is "
        "free; whoever is cured infects nobody, and can be infected again"
    )
    reach: ClassVar[str] = (
        "people of any age and either sex who inject or once did, where they are in drug treatment, at an exchange or in prison; "
        "others are tested as seldom as today"
    )
    outcome: ClassVar[str] = "hepatitis_c"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = HepatitisService
    payer: ClassVar[str] = "nhs"
    cost: ClassVar[str] = "cost_antivirals"
    evidence: ClassVar[tuple[str, ...]] = ("K1.01", "D4.04b", "K1.06", "K1.09", "K1.11")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "hepatitis_c_tests"
    caution: ClassVar[str] = (
        "A cure is no protection: without clean equipment people are infected again. It saves livers years later, and "
        "nobody from an overdose. Where as few are infected as today, tests decide how many are cured, and courses bind for "
        "a year at most. The price that the NHS pays is confidential."
    )

    tests: float = setting(
        1.0, ge=0, le=4, unit="count", description="tests a year for someone in touch with services, at full coverage"
    )
    courses: float = setting(
        10.0, ge=0, le=50, unit="count",
        description="courses of antivirals a year for every 100 people who inject at the start, at full coverage",
    )  # fmt: skip

    def pull(self, policy: HepatitisPolicy, level: float) -> None:
        policy.tests_a_year = towards(policy.tests_a_year, self.tests, level)
        policy.courses_per_100 = towards(policy.courses_per_100, self.courses, level)
