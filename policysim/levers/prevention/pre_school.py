"""Pre-school."""

from typing import ClassVar

from policysim.agents.institutions.children import ChildrenPolicy, ChildrensService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class PreSchool(Lever):
    """Letters and numbers with qualified teachers at 3 and 4, beyond the hours that every child has today."""

    id: ClassVar[str] = "pre_school"
    group: ClassVar[str] = "prevention"
    title: ClassVar[str] = "Pre-school that teaches"
    path: ClassVar[str] = (
        "children of 3 and 4 in the most deprived fifths get a place; the share of each cohort that had one is "
        "remembered, and whoever of it turns ten has more resilience; nobody who is ten already is reached"
    )
    reach: ClassVar[str] = (
        "girls and boys of 3 and 4 in the two most deprived fifths of neighbourhoods; the first of them turn ten five "
        "to seven years later"
    )
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = ChildrensService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_pre_school_year"
    evidence: ClassVar[tuple[str, ...]] = ("C.14", "L2.17", "L2.18", "L2.19", "L2.20")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "pre_school_children"
    caution: ClassVar[str] = (
        "It is paid for from the first year, and the first whom it reached turn ten in the sixth: within ten years it "
        "can move next to nothing and no deaths; look at 25 years. The good results are of two small American "
        "programmes, one of them not randomised; larger ones found mixed effects, some of them worse behaviour. What it"
        " does to schooling, work and health otherwise is not counted."
    )

    reached: float = setting(
        0.5, ge=0, le=1, null=0, description="share of children of 3 and 4 in the most deprived fifths who get a place"
    )

    def pull(self, policy: ChildrenPolicy, level: float) -> None:
        policy.pre_school = towards(policy.pre_school, self.reached, level)
