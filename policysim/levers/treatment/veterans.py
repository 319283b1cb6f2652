"""Veterans and peer mentors."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.levers.lever import Lever, setting, towards


class Veterans(Lever):
    """Mentors who served themselves, for veterans who need treatment."""

    id: ClassVar[str] = "veterans"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Veterans and peer mentors"
    path: ClassVar[str] = (
        "a mentor who served takes away part of what holds veterans back from asking, and keeps some in treatment"
    )
    reach: ClassVar[str] = (
        "men who served in the armed forces and are dependent on any substance, one in thirty of the men in "
        "treatment; no women, as the model has no women veterans"
    )
    outcome: ClassVar[str] = "treatment_entries"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_veteran_mentor_week"
    evidence: ClassVar[tuple[str, ...]] = ("K6.18",)
    sources: ClassVar[tuple[str, ...]] = ("pcc2018",)
    process: ClassVar[str] = "veteran_mentor_weeks"
    caution: ClassVar[str] = (
        "So few are veterans that no count of a place moves by it beyond luck. What holds veterans back is "
        "described, not measured. A mentor is paid for while the veteran is in treatment, not before."
    )

    mentored: float = setting(
        0.6,
        ge=0,
        le=1,
        null=0,
        description="share of veterans for whom there is a mentor",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.mentored = towards(policy.mentored, self.mentored, level)
