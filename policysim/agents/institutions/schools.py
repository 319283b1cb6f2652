"""Schools of one authority: what is taught about drugs, by staff who can reach only so many pupils."""

import math
from dataclasses import dataclass

from policysim.agents.institutions.institution import Cost, Decided, Institution
from policysim.engine.fields import Field
from policysim.vocabulary.exact import log
from policysim.vocabulary.marks import SchoolMark
from policysim.vocabulary.rows import Those
from policysim.vocabulary.states import Occupation
from policysim.vocabulary.time import WEEKS_PER_YEAR


@dataclass(kw_only=True)
class SchoolPolicy:
    """Shares of each year group reached, 0 .. 1; exclusions relative to the usual."""

    skills_coverage: float = 0.0
    scare_coverage: float = 0.0
    exclusion_ratio: float = 1.0


class SchoolsHere:
    """What pupils meet of their schools."""

    skills_lessons = Field("f8", "personal and social skills lessons reaching a pupil of the age", "hazard per week", 0)
    scare_lessons = Field("f8", "fear-based talks reaching a pupil of the age", "hazard per week", 0)
    exclusion_ratio = Decided("f8", "exclusions relative to the status quo", "ratio", 0, start=1)


class Schools(Institution):
    """The schools of one authority."""

    here = SchoolsHere
    costs = (
        Cost("cost_skills_pupil", "council", (SchoolMark.TAUGHT_SKILLS,), on_delivery=True),
        Cost("cost_scare_pupil", "council", (SchoolMark.TAUGHT_BY_SCARE,), on_delivery=True),
    )

    def __init__(self, model, area: int):
        super().__init__(model, f"schools of {model.place.authorities[area].name}", area, SchoolPolicy())
        self.memory = {"pupils": 0}
        self.lessons_a_week = math.inf  # trained staff: pupils that can be taught skills in a week

    def census(self, people: Those) -> None:
        low, high = (self.model.parameters[name] for name in ("lessons_from_age", "lessons_to_age"))
        due = (people["age"] >= low) & (people["age"] < high) & (people["occupation"] == Occupation.SCHOOL)
        self.memory["pupils"] = int(due.sum())

    def act(self, week: int) -> None:
        super().act(week)
        here, rows = self.model.places, self.neighbourhoods
        skills = self.hazard(self.policy.skills_coverage, "cost_skills_pupil")
        if self.memory["pupils"] * skills > self.lessons_a_week:
            skills = self.lessons_a_week / self.memory["pupils"]
        here["skills_lessons"][rows] = skills
        here["scare_lessons"][rows] = self.hazard(self.policy.scare_coverage, "cost_scare_pupil")

    def hazard(self, coverage: float, cost: str) -> float:
        """The weekly hazard by which this share of pupils is reached before they outgrow it, as far as it is paid for."""
        if coverage <= 0:
            return 0.0
        p = self.model.parameters
        years = p["lessons_to_age"] - p["lessons_from_age"]
        return -log(1 - min(coverage, p["lessons_at_most"])) / (years * WEEKS_PER_YEAR) * self.charge(cost)
