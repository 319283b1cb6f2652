"""Work against stigma."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.public_health import PublicHealthPolicy, PublicHealthTeam
from policysim.levers.lever import Lever, setting, towards


class StigmaReduction(Lever):
    """A programme that brings the public and services together with people in recovery, against stigma."""

    id: ClassVar[str] = "stigma_reduction"
    group: ClassVar[str] = "social"
    title: ClassVar[str] = "Stigma reduction"
    path: ClassVar[str] = "people who are dependent expect less judgement where they live, and ask for treatment sooner"
    reach: ClassVar[str] = "everyone dependent on a substance, of any age and either sex, as far as the programme goes"
    outcome: ClassVar[str] = "asked_for_treatment"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = PublicHealthTeam
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_stigma_work_year"
    evidence: ClassVar[tuple[str, ...]] = ("L4.24", "L4.25", "L4.26", "L4.27", "L4.28", "L4.31", "B14.02")
    sources: ClassVar[tuple[str, ...]] = ("appg2021", "ph2024")
    process: ClassVar[str] = "reached_on_stigma"
    caution: ClassVar[str] = (
        "Programmes change what people say about others. Whether anybody asked for treatment because of one was not measured: "
        "the effect here is assumed, and may be none. Shame that somebody feels is not only what others think."
    )

    reached: float = setting(
        0.5, ge=0, le=1, null=0, description="share of residents and of those who work in services whom it reaches"
    )

    def pull(self, policy: PublicHealthPolicy, level: float) -> None:
        policy.stigma_work = towards(policy.stigma_work, self.reached, level)
