"""Qualified staff for prevention."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.schools import SchoolPolicy, Schools
from policysim.levers.lever import Lever, setting, towards


class QualifiedStaff(Lever):
    """Training and coaching of the staff who run prevention at school, on which the effect of every programme rests."""

    id: ClassVar[str] = "qualified_staff"
    group: ClassVar[str] = "prevention"
    title: ClassVar[str] = "Qualified staff for prevention"
    path: ClassVar[str] = (
        "lessons in skills, work on the school's ethos and mentoring come nearer to what they did in trials; by itself it "
        "teaches nobody"
    )
    reach: ClassVar[str] = (
        "pupils of 12 and 13 whose school's staff are trained, and those who are given a mentor, girls and boys alike"
    )
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "stays"
    scales: ClassVar[tuple[str, ...]] = ("skills_programme", "school_environment", "mentoring")
    acts_on: ClassVar[type[Institution]] = Schools
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_training_pupil"
    evidence: ClassVar[tuple[str, ...]] = ("L1.21", "L1.22", "L1.23", "L1.29")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "pupils_of_trained_staff"
    caution: ClassVar[str] = (
        "Without one of those programmes beside it, it costs money and changes nothing. How much of the trials' effect "
        "untrained staff bring about is assumed. Training makes no programme without evidence into one with."
    )

    trained: float = setting(
        0.8, ge=0, le=1, null=0, description="share of staff trained and coached, beside those who are today"
    )

    def pull(self, policy: SchoolPolicy, level: float) -> None:
        policy.trained = towards(policy.trained, self.trained, level)
