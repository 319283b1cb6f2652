"""The NHS's hepatitis C networks: tests at services, exchanges and prisons, and so many courses of antivirals a year."""

from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.people.infection import take_antivirals
from policysim.engine.fields import Field
from policysim.engine.week import Pass
from policysim.engine.who import Who, bears, is_any
from policysim.vocabulary.marks import InfectionMark
from policysim.vocabulary.rows import NOBODY
from policysim.vocabulary.stocks import Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR

KEPT_WEEKS = 4
"""For how long a course of antivirals that nobody took is kept."""
FOUND, AWAITING = (
    Who(bears(InfectionMark.FOUND_HEPATITIS_C)), Who(is_any("present", True), is_any("awaits_antivirals", True))
)  # fmt: skip


@dataclass(kw_only=True)
class HepatitisPolicy:
    """Tests a year for someone in touch with services; courses of antivirals a year for every 100 who inject at the start."""

    tests_a_year: float
    courses_per_100: float


class HepatitisHere:
    """What people meet of infection and of those who look for it."""

    hepatitis_c_around = Field(
        "f8", "share of those whose equipment is shared who have chronic hepatitis C", "share", 0, 1
    )
    hiv_around = Field("f8", "share of those whose equipment is shared whose HIV is not suppressed", "share", 0, 1)
    test_rate = Field("f8", "test for hepatitis C of someone in touch with services", "hazard per week", 0)
    test_rate_elsewhere = Field("f8", "the same as it is usual, by which others are tested", "hazard per week", 0)


class HepatitisService(Institution):
    """One network for the place: whoever was found infected first is treated first, as long as there are courses.

    Courses that nobody took are kept for some weeks.
    """

    here = HepatitisHere
    costs = (
        Cost("cost_hepatitis_test", "nhs", (InfectionMark.TESTED_FOR_HEPATITIS_C,), on_delivery=True),
        Cost("cost_antivirals", "nhs", (InfectionMark.TOOK_ANTIVIRALS,), on_delivery=True),
    )
    decisions = (take_antivirals,)

    def __init__(self, model):
        p = model.parameters
        policy = HepatitisPolicy(tests_a_year=p["tests_a_year"], courses_per_100=p["courses_per_100"])
        super().__init__(model, "hepatitis C network", policy=policy)
        injecting = np.count_nonzero(model.records["injects"] & model.records["present"])
        self.memory = {"waiting": NOBODY, "courses": 0.0, "funded": 1.0, "injecting": int(injecting)}

    def act(self, week: int) -> None:
        super().act(week)
        here, p = self.model.places, self.model.parameters
        paid = self.charge("cost_hepatitis_test")
        self.meet(
            test_rate=self.policy.tests_a_year / WEEKS_PER_YEAR * paid,
            test_rate_elsewhere=self.usual.tests_a_year / WEEKS_PER_YEAR * paid,
        )
        self.memory["funded"] = self.charge("cost_antivirals")
        for area, rows in enumerate(self.model.areas_of):
            here["hepatitis_c_around"][rows] = self.around(area, Stock.INJECTING_HEPATITIS_C, p["hcv_share"])
            here["hiv_around"][rows] = self.around(area, Stock.INJECTING_HIV, p["hiv_share"]) * p["hiv_infectious"]

    def around(self, area: int, infected: Stock, elsewhere: float) -> float:
        """Of those whose equipment is shared in an authority the share who are infected: some of them are from elsewhere."""
        count = self.model.outcomes.last_count
        injecting = count(Stock.INJECTING, area)
        if injecting == 0:
            return elsewhere
        outside = self.model.parameters["sharing_from_outside"]
        return outside * elsewhere + (1 - outside) * min(count(infected, area) / injecting, 1.0)

    def courses_a_week(self) -> float:
        """Courses of antivirals that can begin in a week, in people of the model; they do not end with the injecting."""
        courses = self.policy.courses_per_100 / 100 * self.memory["injecting"]
        return courses / WEEKS_PER_YEAR * self.memory["funded"]

    def waiting(self, found: Pass) -> np.ndarray:
        """Rows of those found infected who wait for antivirals, the longest wait first."""
        people = self.model.records
        return AWAITING.of(people, np.concatenate([self.memory["waiting"], FOUND.of(people, found.marked)]))

    def look_back(self, week: int, found: Pass) -> np.ndarray:
        """Begin as many courses as there are; returns the rows of whoever takes one."""
        rows, weekly = self.waiting(found), self.courses_a_week()
        self.memory["courses"] = min(self.memory["courses"] + weekly, max(weekly * KEPT_WEEKS, 1.0))
        treated = rows[: int(self.memory["courses"])]
        self.memory["courses"] -= treated.size
        self.memory["waiting"] = rows[treated.size :]
        treated = np.sort(treated)
        self.model.decide("take_antivirals", treated, np.zeros(treated.size, np.int64))
        return treated
