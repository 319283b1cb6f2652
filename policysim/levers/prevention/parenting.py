"""Parenting and programmes for families."""

from typing import ClassVar

from policysim.agents.institutions.children import ChildrenPolicy, ChildrensService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class Parenting(Lever):
    """Parenting programmes before ten, and programmes for families with a child of 10 to 15."""

    id: ClassVar[str] = "parenting"
    group: ClassVar[str] = "prevention"
    title: ClassVar[str] = "Parenting and programmes for families"
    path: ClassVar[str] = (
        "families with a child of 3 to 9 go through a parenting programme, which is remembered by cohort and takes a "
        "little off the risk of whoever turns ten; families with a child of 10 to 15 go through a programme of some "
        "weeks, for which no effect was found in Britain"
    )
    reach: ClassVar[str] = (
        "families with a child of 3 to 9, girls and boys of 10 to 15 with a parent, wherever they live; each child of "
        "10 to 15 once"
    )
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = ChildrensService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_parenting_family"
    evidence: ClassVar[tuple[str, ...]] = ("L2.19", "L2.21", "L2.22", "L2.23", "L2.24", "L2.25", "L2.26")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "families_supported"
    caution: ClassVar[str] = (
        "Documents list it among what helps; the one British trial with families of 10 to 14-year-olds found no effect "
        "on drinking or drugs, a Cochrane review no clear benefit, and some trials in the first years a little harm. "
        "The programme for families therefore has no effect here unless its range is explored."
    )

    early: float = setting(
        0.1, ge=0, le=0.9, null=0, description="share of families with a child of 3 to 9 who are reached in a year"
    )
    late: float = setting(
        0.05, ge=0, le=0.9, null=0, description="share of children of 10 to 15 who are reached with a parent in a year"
    )

    def pull(self, policy: ChildrenPolicy, level: float) -> None:
        policy.parenting = towards(policy.parenting, self.early, level)
        policy.family_programme = towards(policy.family_programme, self.late, level)
