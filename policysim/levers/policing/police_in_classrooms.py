"""Police in classrooms."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.levers.lever import Lever, setting, towards


class PoliceInClassrooms(Lever):
    """Trained officers teach fair treatment and the law, on procedural-justice lines."""

    id: ClassVar[str] = "police_in_classrooms"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Police in classrooms"
    path: ClassVar[str] = (
        "pupils who had a lesson by a trained officer trust the police more for some months, and if they are found with drugs "
        "meanwhile take up an offer of diversion more; until an age of overdoses it has faded"
    )
    reach: ClassVar[str] = "pupils of 13 to 15, boys and girls alike, as far as trained officers go"
    outcome: ClassVar[str] = "trusting_police"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = PoliceTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_police_lesson"
    evidence: ClassVar[tuple[str, ...]] = ("K4.01", "K4.10", "C.18")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "taught_by_police"
    caution: ClassVar[str] = (
        "It does nothing about use, and the trial followed trust for ten weeks: a search takes half of what a lesson gave. "
        "Lessons by police alone are listed among what has no or a negative effect. What pupils do when police meet them is "
        "not modelled."
    )

    reached: float = setting(
        0.8, ge=0, le=1, null=0, description="share of each year group who are taught before they outgrow the age"
    )

    def pull(self, policy: PolicingPolicy, level: float) -> None:
        policy.lessons_coverage = towards(policy.lessons_coverage, self.reached, level)
