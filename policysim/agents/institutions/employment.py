"""Supported employment of one authority: employment specialists in treatment services, beyond those of today.

Every authority of England had some by 2025; what they do is in the rate at which work is found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.institutions.together import by_authority, first_in_each, go_on_with, keep_those
from policysim.agents.people.jobs import begin_job_support
from policysim.engine.fields import Field
from policysim.engine.week import Pass
from policysim.engine.who import Who, above, bears, is_any, is_none, within
from policysim.vocabulary.groups import opioid_dependent
from policysim.vocabulary.marks import SocialMark
from policysim.vocabulary.rows import NOBODY, Those
from policysim.vocabulary.states import Care, Justice, Occupation
from policysim.vocabulary.time import WEEKS_PER_YEAR

PER_RESIDENTS = 100_000
"""The unit of specialists."""
BESIDE = tuple(int(care) for care in (Care.AGONIST, Care.HEROIN_ASSISTED, Care.PSYCHOSOCIAL, Care.DAY_COMMUNITY))
"""Treatment in the community beside which people can look for work."""


@dataclass(kw_only=True)
class EmploymentPolicy:
    """Employment specialists beyond those of today, for every 100,000 residents."""

    specialists: float = 0.0


WORKLESS = Who(is_any("occupation", Occupation.WORKLESS), is_none("justice", Justice.CUSTODY))
FOUND_WORK = Who(bears(SocialMark.STARTED_SUPPORTED_WORK))
STILL_HELPED = Who(is_any("present", True), above("job_support_weeks", 0))


@cache
def can_be_helped(adult: float) -> Who:
    """Adults in treatment and without work whom no specialist helps now."""
    return Who(
        is_any("occupation", Occupation.WORKLESS), is_any("care", *BESIDE), is_any("present", True),
        within("job_support_weeks", high=0), is_none("justice", Justice.CUSTODY), within("age", low=adult),
    )  # fmt: skip


class EmploymentHere:
    """What people without work meet of those who are helped to find it."""

    vacancies = Field(
        "f8", "work found by those whom no specialist helps, where others were helped to some of it, relative to the usual",
        "ratio", 0, 1, start=1,
    )  # fmt: skip


class EmploymentService(Institution):
    """Specialists hold so many clients at a time: adults in treatment, without work, who wish for it this year.

    Free places go to those who had none so far, by luck. Work that clients found and would not have found alone is gone for
    others without work, as far as `jobs_displaced` says.
    """

    here = EmploymentHere
    costs = (Cost("cost_job_support_year", "council", ("places_paid",), by_the_year=True, on_delivery=True),)
    decisions = (begin_job_support,)

    def __init__(self, model, area: int):
        name = f"supported employment in {model.place.authorities[area].name}"
        super().__init__(model, name, area, EmploymentPolicy())
        self.memory = {"clients": NOBODY, "funded": 1.0, "owed": 0.0, "usual": 0.0}

    def census(self, people: Those) -> None:
        """How much work is found in a week as things are."""
        workless, p = WORKLESS.of_those(people), self.model.parameters
        dependent, recorded = workless["dependent_on"] > 0, workless["convictions"] > 0
        found = 0.0
        for who, ratio in ((~dependent, 1.0), (dependent, p["find_work_dependent"])):
            found += ratio * (
                np.count_nonzero(who & ~recorded) + p["find_work_with_record"] * np.count_nonzero(who & recorded)
            )
        self.memory["usual"] = float(found * p["find_work"])

    def act(self, week: int) -> None:
        super().act(week)
        memory = self.memory
        if self.policy != self.usual:
            memory["funded"] = self.charge("cost_job_support_year")
        taken = min(memory["owed"], memory["usual"])
        memory["owed"] -= taken
        self.meet(vacancies=1 - taken / memory["usual"] if taken > 0 else 1.0)

    def places_paid(self) -> float:
        """Clients for whom specialists have time, at the scale of the place."""
        specialists = self.policy.specialists * self.model.place.authorities[self.area].population / PER_RESIDENTS
        return specialists * self.model.parameters["job_support_caseload"]

    @classmethod
    def look_back_together(
        cls, institutions: "Sequence[EmploymentService]", week: int, found: Pass
    ) -> list[np.ndarray]:
        """Count what clients found; take on as many more as there is time for."""
        model = institutions[0].model
        clients = np.concatenate([each.memory["clients"] for each in institutions])
        found_work = FOUND_WORK.of(model.records, clients)
        if found_work.size:
            areas = model.area_of_row(found_work)
            for each in institutions:
                each.note_work_found(found_work[areas == each.area])
        keep_those(institutions, "clients", STILL_HELPED)
        free = by_authority(institutions, EmploymentService.places_free)
        if not (free > 0).any():
            return []
        people, p = model.records, model.parameters
        rows = can_be_helped(p["age_of_adult_court"]).of(people, found.followed)
        rows = rows[model.luck_of("wish for work", rows, week // WEEKS_PER_YEAR) < p["job_support_wish"]]
        luck, had_it = model.luck_of("employment specialist", rows, week), people["job_support_weeks"][rows] < 0
        begun = np.sort(rows[first_in_each(model.area_of_row(rows), free, luck, had_it)])
        model.decide("begin_job_support", begun, np.zeros(begun.size, np.int64))
        go_on_with(institutions, "clients", begun)
        return [begun]

    def places_free(self) -> int:
        """Clients for whom specialists have time beside those whom they go on helping."""
        memory = self.memory
        if self.policy == self.usual and not memory["clients"].size:
            return 0
        places = self.places_paid() * memory["funded"] / self.model.one_in
        return self.whole("clients of employment specialists", places) - memory["clients"].size

    def note_work_found(self, rows: np.ndarray) -> None:
        """Of the work that these found the part that they would not have found alone, and that somebody else would."""
        p = self.model.parameters
        opioids = np.count_nonzero(opioid_dependent(self.model.records[rows]))
        more = 0.0
        for found, ratio in ((rows.size - opioids, p["job_support_ratio"]), (opioids, p["job_support_ratio_opioids"])):
            more += found * max(1 - 1 / ratio, 0.0) if ratio > 0 else 0.0
        self.memory["owed"] += p["jobs_displaced"] * more
