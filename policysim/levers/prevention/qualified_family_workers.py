"""Qualified family workers."""

from typing import ClassVar

from policysim.agents.institutions.children import ChildrenPolicy, ChildrensService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class QualifiedFamilyWorkers(Lever):
    """More of those who work with children and families are qualified for what they do."""

    id: ClassVar[str] = "qualified_family_workers"
    group: ClassVar[str] = "prevention"
    title: ClassVar[str] = "Qualified family workers"
    path: ClassVar[str] = (
        "programmes of children's services are truer to what was tried, and do more of whatever they do; by itself it "
        "reaches nobody but families in early help"
    )
    reach: ClassVar[str] = (
        "whoever children's services reach: children in pre-school, families in programmes, families in early help"
    )
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "stays"
    scales: ClassVar[tuple[str, ...]] = ("pre_school", "parenting", "early_identification")
    acts_on: ClassVar[type[Institution]] = ChildrensService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_qualified_worker_year"
    evidence: ClassVar[tuple[str, ...]] = ("L2.27", "L2.28")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "qualified_workers"
    caution: ClassVar[str] = (
        "It is worth what the programmes are worth that it makes truer: where they do nothing, neither does it. In "
        "England the qualifications of nursery staff hardly tell how children do."
    )

    qualified: float = setting(0.9, ge=0, le=1, description="share of workers with families who are qualified")

    def pull(self, policy: ChildrenPolicy, level: float) -> None:
        policy.qualified = towards(policy.qualified, self.qualified, level)
