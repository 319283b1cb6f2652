"""The commissioner's priority."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.levers.lever import Lever, among, setting, towards


class CommissionersPriority(Lever):
    """A commissioner who makes drugs a priority moves police money from searches and arrests to diversion and treatment."""

    id: ClassVar[str] = "commissioners_priority"
    group: ClassVar[str] = "social"
    title: ClassVar[str] = "The commissioner's priority"
    path: ClassVar[str] = (
        "fewer searches and fewer arrests for possession; what they would have cost offers diversion to more of those found with "
        "drugs, and buys places in treatment above the council's own where people wait"
    )
    reach: ClassVar[str] = (
        "adults found with drugs, young men above all as searches go; people who wait for treatment, of any age and either sex"
    )
    outcome: ClassVar[str] = "arrests"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = PoliceTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_diversion"
    evidence: ClassVar[tuple[str, ...]] = ("L5.01", "L5.02", "L5.03")
    sources: ClassVar[tuple[str, ...]] = ("pcc2018",)
    process: ClassVar[str] = "moved_from_enforcement"
    caution: ClassVar[str] = (
        "What searches and arrests prevent is given up with them, as far as they do; more offers of diversion draw in people too "
        "who would have been dealt with on the street. No study tells what a commissioner's priority does."
    )

    moved: float = setting(
        0.1,
        ge=0,
        le=0.8,
        null=0,
        description="share of searches and arrests for possession that are not made and whose money is moved, at full coverage",
    )
    treatment: float = setting(0.5, ge=0, le=1, description="share of it that buys treatment; diversion has the rest")

    def pull(self, policy: PolicingPolicy, level: float) -> None:
        policy.moved_to_treatment = among(policy.moved_to_treatment, self.treatment, level, policy.moved, self.moved)
        policy.moved = towards(policy.moved, self.moved, level)
