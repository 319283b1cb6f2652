"""Drug workers in the custody suites of the place: caseworkers, workers who engage people, screening."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.institutions.police import ARRESTS
from policysim.agents.people.custody_suite import engage, screen, take_up
from policysim.engine.week import Pass
from policysim.engine.who import Who, above, bears, bears_none, is_any, within
from policysim.vocabulary.marks import CustodySuiteMark, PoliceMark
from policysim.vocabulary.rows import NOBODY, joined

PER_RESIDENTS = 100_000
"""The unit of workers."""


ARRESTED = Who(bears(*ARRESTS), is_any("present", True))
NOT_SCREENED = Who(is_any("screened", False))
CASES = Who(is_any("present", True), above("case_weeks", 0))
TESTED = Who(bears(PoliceMark.TESTED_POSITIVE), is_any("case_weeks", 0))
"""Those who tested positive and whom no caseworker has."""
NEAR_HOME = Who(*bears_none(CustodySuiteMark.TESTED_AWAY))


@cache
def dependent_adults(adult: float) -> Who:
    """Adults who are dependent, of whatever age they are dealt with as adults from."""
    return Who(within("age", low=adult), above("dependent_on", 0))


@dataclass(kw_only=True)
class CustodySuitePolicy:
    """Workers beyond those by whom people are referred today, for every 100,000 residents; shares in 0 .. 1."""

    caseworkers: float
    regional: float
    engagement_workers: float
    screening: float


class CustodySuites(Institution):
    """The suites of the whole place, whichever authority somebody lives in.

    A caseworker holds so many cases at a time, a worker speaks with so many people a week; whoever comes when they are
    full is missed. Caseworkers see those tested away from home only as far as the scheme is regional.
    """

    costs = (
        Cost("cost_caseworker_year", "police", ("caseworkers",), by_the_year=True, on_delivery=True),
        Cost("cost_engagement_worker_year", "police", ("engagement_workers",), by_the_year=True, on_delivery=True),
        Cost("cost_screening", "nhs", (CustodySuiteMark.SCREENED,), on_delivery=True),
    )
    decisions = (take_up, engage, screen)

    def __init__(self, model):
        p = model.parameters
        policy = CustodySuitePolicy(
            caseworkers=p["caseworkers_per_100000"],
            regional=p["regional_share"],
            engagement_workers=p["engagement_workers_per_100000"],
            screening=p["screening_share"],
        )
        super().__init__(model, "custody suites", policy=policy)
        self.memory = {"cases": NOBODY, "staffed": 1.0, "screening": 1.0, "time": 0.0}

    def act(self, week: int) -> None:
        super().act(week)
        self.memory["staffed"] = self.charge("cost_caseworker_year", "cost_engagement_worker_year")
        self.memory["screening"] = self.charge("cost_screening")

    def workers(self, per_residents: float) -> float:
        """Workers in the whole place, so many for every 100,000 residents."""
        return per_residents * self.model.place.population / PER_RESIDENTS

    def caseworkers(self) -> float:
        """Caseworkers employed."""
        return self.workers(self.policy.caseworkers)

    def engagement_workers(self) -> float:
        """Workers employed to engage people."""
        return self.workers(self.policy.engagement_workers)

    def look_back(self, week: int, found: Pass) -> np.ndarray:
        """Meet those who were arrested this week; returns their rows."""
        people, adult = self.model.records, self.model.parameters["age_of_adult_court"]
        arrested = ARRESTED.of(people, found.marked)
        dependent = dependent_adults(adult).of(people, arrested)
        taken_up = self.take_up(dependent, week)
        engaged = self.engage(dependent, week)
        share = self.policy.screening * self.memory["screening"]
        screened = NOBODY
        if share > 0:
            screened = NOT_SCREENED.of(people, arrested)  # children as well: most in custody have a brain injury
            screened = screened[self.model.luck_of("screening in custody", screened, week) < share]
        for name, rows in (("take_up", taken_up), ("engage", engaged), ("screen", screened)):
            if rows.size:
                self.model.decide(name, rows, np.zeros(rows.size, np.int64))
        return joined(taken_up, engaged, screened)

    def take_up(self, dependent: np.ndarray, week: int) -> np.ndarray:
        """Of those dependent who tested positive as many as caseworkers have room for, by luck."""
        people = self.model.records
        self.memory["cases"] = cases = CASES.of(people, self.memory["cases"])
        tested = TESTED.of(people, dependent)
        if not tested.size:
            return NOBODY
        kept = self.model.luck_of("regional scheme", tested, week) < self.policy.regional
        tested = tested[NEAR_HOME.among(people, tested) | kept]
        places = self.caseworkers() / self.model.one_in * self.model.parameters["cases_per_caseworker"]
        free = self.whole("cases of caseworkers", places * self.memory["staffed"]) - cases.size
        taken_up = self.by_luck("caseworker", tested, week, free)
        self.memory["cases"] = joined(cases, taken_up)
        return taken_up

    def engage(self, dependent: np.ndarray, week: int) -> np.ndarray:
        """Of those dependent as many as workers have time to speak with, by luck."""
        a_week = self.engagement_workers() / self.model.one_in * self.model.parameters["engaged_per_worker"]
        a_week *= self.memory["staffed"]
        time = min(self.memory["time"] + a_week, a_week + 1)
        engaged = self.by_luck("engagement worker", dependent, week, int(time))
        self.memory["time"] = time - engaged.size
        return engaged

    def by_luck(self, name: str, rows: np.ndarray, week: int, most: int) -> np.ndarray:
        """No more than so many of these rows, in person order."""
        if rows.size <= most:
            return rows
        return np.sort(rows[np.argsort(self.model.luck_of(name, rows, week), kind="stable")[: max(most, 0)]])
