"""Schools of one authority: what is taught about drugs, by staff who reach only so many pupils, mentors, and whom they punish."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from policysim.agents.institutions.institution import Cost, Decided, Institution, hazard_of
from policysim.agents.institutions.together import by_authority, first_in_each, go_on_with, keep_those
from policysim.agents.people.lessons import be_mentored
from policysim.engine.fields import Field
from policysim.engine.week import Pass
from policysim.engine.who import Who, above, bears, is_any
from policysim.vocabulary.marks import SchoolMark
from policysim.vocabulary.rows import NOBODY, Those, is_among, joined
from policysim.vocabulary.states import Occupation
from policysim.vocabulary.stocks import Figure

PER_RESIDENTS, PER_PUPILS = 1000, 1000
PUPIL = Who(is_any("occupation", Occupation.SCHOOL))
SEEN = (SchoolMark.EXCLUDED_FROM_SCHOOL, SchoolMark.CAUGHT_AT_SCHOOL, SchoolMark.SUSPENDED)
"""What a school sees of a pupil and may offer a mentor for."""
WITHOUT_MENTOR = (
    is_any("mentor_weeks", 0), is_any("occupation", Occupation.SCHOOL, Occupation.EXCLUDED), is_any("present", True)
)  # fmt: skip
SEEN_THIS_WEEK, CAN_HAVE_MENTOR = Who(bears(*SEEN), *WITHOUT_MENTOR), Who(*WITHOUT_MENTOR)
"""Pupils, at school or excluded, without a mentor."""
MENTORED = Who(is_any("present", True), above("mentor_weeks", 0))


@dataclass(kw_only=True)
class SchoolPolicy:
    """Shares of each year group reached, 0 .. 1; exclusions relative to the usual; mentors per 1,000 pupils; what is offered."""

    skills_coverage: float = 0.0
    scare_coverage: float = 0.0
    exclusion_ratio: float = 1.0
    fact_coverage: float = 0.0
    visitor_coverage: float = 0.0
    peer_coverage: float = 0.0
    ethos_coverage: float = 0.0
    trained: float = 0.0  # share of staff trained for the programmes beside those who are today
    mentor_places: float = 0.0
    diversion: float = (
        0.0  # share of those caught with drugs who are offered referral and support in place of punishment
    )
    study_referral: float = 0.0


class SchoolsHere:
    """What pupils meet of their schools, and students of university."""

    skills_lessons = Field("f8", "personal and social skills lessons reaching a pupil of the age", "hazard per week", 0)
    scare_lessons = Field("f8", "fear-based talks reaching a pupil of the age", "hazard per week", 0)
    exclusion_ratio = Decided("f8", "exclusions relative to the status quo", "ratio", 0, start=1)
    fact_lessons = Field("f8", "lessons of facts alone reaching a pupil of the age", "hazard per week", 0)
    visitor_talks = Field(
        "f8", "talks by former users or police alone reaching a pupil of the age", "hazard per week", 0
    )
    peer_mentors = Field(
        "f8", "mentoring by pupils without structure reaching a pupil of the age", "hazard per week", 0
    )
    ethos_reach = Field("f8", "work on its ethos reaching the school of a pupil of the age", "hazard per week", 0)
    staff_quality = Field("f8", "effect of programmes as taught, relative to that in trials", "share", 0, 1, start=1)
    study_diversion = Field(
        "f8", "share of those caught with drugs who are offered referral and support", "share", 0, 1
    )
    study_referral = Decided("f8", "strength of the referral that comes with it", "share", 0, 1)


class Schools(Institution):
    """The schools of one authority."""

    here = SchoolsHere
    costs = (
        Cost("cost_skills_pupil", "council", (SchoolMark.TAUGHT_SKILLS,), on_delivery=True),
        Cost("cost_scare_pupil", "council", (SchoolMark.TAUGHT_BY_SCARE,), on_delivery=True),
        Cost("cost_fact_pupil", "council", (SchoolMark.TOLD_FACTS,), on_delivery=True),
        Cost("cost_visitor_pupil", "council", (SchoolMark.HEARD_VISITORS,), on_delivery=True),
        Cost("cost_peer_pupil", "council", (SchoolMark.PEER_MENTORED,), on_delivery=True),
        Cost("cost_ethos_pupil", "council", (SchoolMark.JOINED_ETHOS,), on_delivery=True),
        Cost("cost_training_pupil", "council", ("pupils_of_trained_staff",), by_the_year=True, on_delivery=True),
        Cost("cost_mentor_year", "council", ("mentors",), by_the_year=True, on_delivery=True),
        Cost("cost_study_diversion", "council", (SchoolMark.DIVERTED_AT_STUDY,), on_delivery=True),
    )
    decisions = (be_mentored,)

    def __init__(self, model: Any, area: int):
        authority, p = model.place.authorities[area], model.parameters
        super().__init__(model, f"schools of {authority.name}", area, SchoolPolicy())
        self.memory = {
            "pupils": 0,
            "untaught": 0,
            "untold": 0,
            "unreached": 0,
            "secondary": 0,
            "open": 0,
            "trained": 0.0,
        }
        self.memory |= {"in_care": NOBODY, "mentored": NOBODY}
        residents = authority.population / model.one_in
        self.lessons_a_week = (
            p["school_pupils_per_1000"] * residents
        )  # pupils whom staff can teach a programme in a week

    def census(self, people: Those) -> None:
        p, pupils = self.model.parameters, PUPIL.of_those(people)
        age = pupils["age"]
        young, secondary = age < p["lessons_to_age"], age >= p["secondary_age"]
        of_age = young & (age >= p["lessons_from_age"])
        self.memory["pupils"] = int(of_age.sum())
        self.memory["untaught"] = int((of_age & (pupils["lessons"] <= 0)).sum())
        self.memory["untold"] = int((of_age & ~pupils["told_facts"]).sum())
        self.memory["unreached"] = int((young & secondary & (pupils["ethos"] <= 0)).sum())
        self.memory["secondary"] = int(secondary.sum())
        self.memory["in_care"] = pupils.rows[secondary & pupils["care_experienced"]]

    def act(self, week: int) -> None:
        super().act(week)
        policy, p = self.policy, self.model.parameters
        years = p["lessons_to_age"] - p["lessons_from_age"]
        skills = self.hazard(policy.skills_coverage, years, "cost_skills_pupil")
        facts = self.hazard(policy.fact_coverage, years, "cost_fact_pupil")
        ethos = self.hazard(policy.ethos_coverage, p["lessons_to_age"] - p["secondary_age"], "cost_ethos_pupil")
        wanted = self.memory["untaught"] * skills + self.memory["untold"] * facts + self.memory["unreached"] * ethos
        taught = self.share_taught(wanted)
        scare, visitors, peers = (
            self.hazard(coverage, years, cost)
            for coverage, cost in (
                (policy.scare_coverage, "cost_scare_pupil"),
                (policy.visitor_coverage, "cost_visitor_pupil"),
                (policy.peer_coverage, "cost_peer_pupil"),
            )
        )
        self.memory["trained"] = trained = policy.trained * self.charge("cost_training_pupil")
        self.meet(
            skills_lessons=skills * taught, fact_lessons=facts * taught, ethos_reach=ethos * taught,
            scare_lessons=scare, visitor_talks=visitors, peer_mentors=peers,
            staff_quality=p["usual_staff_quality"] + (1 - p["usual_staff_quality"]) * trained,
            study_diversion=policy.diversion * self.charge("cost_study_diversion"),
        )  # fmt: skip
        paid = self.mentors() * self.charge("cost_mentor_year")
        self.memory["open"] = self.whole("mentors", paid / self.model.one_in)

    def hazard(self, coverage: float, years: float, cost: str) -> float:
        """The weekly hazard by which this share of pupils is reached before they outgrow it, as far as it is paid for."""
        if coverage <= 0:
            return 0.0
        at_most = self.model.parameters["lessons_at_most"]
        return hazard_of(min(coverage, at_most), years) * self.charge(cost)

    def share_taught(self, wanted: float) -> float:
        """The share of the lessons wanted in a week that staff have time for; outsiders' talks and pupils take none of it."""
        return min(1.0, self.lessons_a_week / wanted) if wanted > 0 else 1.0

    @classmethod
    def look_back_together(cls, institutions: "Sequence[Schools]", week: int, found: Pass) -> list[np.ndarray]:
        """Give free mentors to pupils whom the school saw excluded, caught or suspended this week, then to those in care."""
        keep_those(institutions, "mentored", MENTORED)
        free = by_authority(institutions, Schools.mentors_free)
        if not (free > 0).any():
            return []
        model = institutions[0].model
        seen = SEEN_THIS_WEEK.of(model.records, found.marked)
        chosen = cls.some_in_each(model, seen, free, week)
        left = free - np.bincount(model.area_of_row(chosen), minlength=free.size)
        if (left > 0).any():
            in_care = np.concatenate([each.memory["in_care"] for each in institutions])
            in_care = CAN_HAVE_MENTOR.of(model.records, in_care)
            others = in_care[~is_among(in_care, seen)]
            chosen = joined(chosen, cls.some_in_each(model, others, left, week))
        model.decide("be_mentored", chosen, np.zeros(chosen.size, np.int64))
        go_on_with(institutions, "mentored", chosen)
        return [chosen]

    @staticmethod
    def some_in_each(model: Any, rows: np.ndarray, most: np.ndarray, week: int) -> np.ndarray:
        """No more than so many of these pupils in each authority, by luck."""
        luck = model.luck_of("mentors of schools", rows, week)
        return np.asarray(np.sort(rows[first_in_each(model.area_of_row(rows), most, luck)]))

    def mentors_free(self) -> int:
        """Mentors whom no pupil has."""
        return int(self.memory["open"]) - self.memory["mentored"].size

    def tell(self, figures: np.ndarray) -> None:
        figures[self.area, Figure.PUPILS_OF_TRAINED_STAFF] = self.memory["trained"] * self.memory["pupils"]

    def pupils_of_trained_staff(self) -> float:
        """Pupils of the age whose school's staff are to be trained, at the scale of the place."""
        return self.policy.trained * self.memory["pupils"] * self.model.one_in

    def mentors(self) -> float:
        """Trained mentors with a place, taken or not, at the scale of the place."""
        return self.policy.mentor_places / PER_PUPILS * self.memory["secondary"] * self.model.one_in
