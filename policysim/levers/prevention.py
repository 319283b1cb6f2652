"""Levers of prevention: with evidence, and without, since places buy both."""

from typing import Any, ClassVar

from policysim.levers.lever import Lever


class SkillsProgramme(Lever):
    """Personal and social skills taught by trained staff over a school year."""

    id: ClassVar[str] = "skills_programme"
    group: ClassVar[str] = "prevention"
    title: ClassVar[str] = "Personal and social skills"
    path: ClassVar[str] = "schools teach pupils of 12 and 13; resilience rises for some years; first use falls a little"
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_skills_pupil"
    evidence: ClassVar[tuple[str, ...]] = ("C.01", "C.02", "C.03a", "C.05")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "pupils_taught_skills"

    def pull(self, model: Any, level: float) -> None:
        for schools in model.schools:
            schools.policy.skills_coverage = min(schools.policy.skills_coverage + level, 1.0)


class ScareTactics(Lever):
    """Fear-based talks: in the model because places buy them."""

    id: ClassVar[str] = "scare_tactics"
    group: ClassVar[str] = "prevention without evidence"
    title: ClassVar[str] = "Scare tactics"
    path: ClassVar[str] = "schools hold fear-based talks; published effect on use is none or harm"
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_scare_pupil"
    evidence: ClassVar[tuple[str, ...]] = ("C.16", "C.18", "C.19")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "pupils_taught_by_scare"

    def pull(self, model: Any, level: float) -> None:
        for schools in model.schools:
            schools.policy.scare_coverage = min(schools.policy.scare_coverage + level, 1.0)
