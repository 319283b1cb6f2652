"""The courts: hear cases in order of waiting, as many as they can, and sentence."""

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.people.courts import sentence
from policysim.engine.jit import outer
from policysim.engine.week import Pass
from policysim.vocabulary.marks import JusticeMark, PoliceMark, rows_marked
from policysim.vocabulary.rows import NOBODY, joined, without
from policysim.vocabulary.states import Charge, Justice
from policysim.vocabulary.time import WEEKS_PER_YEAR

YEARS_REMEMBERED = 2
"""Over so many years of burn-in a court learns what its usual load is."""


class Court(Institution):
    """One court centre for the place, with time for so many cases of all kinds a week; the rest wait.

    The people followed here bring a small part of all cases. During burn-in the court learns how many they usually bring;
    from then on whatever comes on top joins the backlog of the whole court, and every hearing is listed so much later.
    """

    costs = (Cost("cost_case", "justice", ("cases_heard",), on_delivery=True),)
    decisions = (sentence,)

    def __init__(self, model):
        super().__init__(model, "court")
        self.capacity = model.parameters["cases_per_1000"] * model.place.population / model.one_in  # a week
        self.memory = {"waiting": NOBODY, "time": 0.0, "heard": 0, "usual": 0.0, "backlog": 0.0}

    def look_back(self, week: int, found: Pass) -> np.ndarray:
        """Hear the longest-waiting cases there is time for; returns the rows of the people sentenced."""
        people, prison = self.model.records, self.model.prison
        charged = rows_marked(people, found.marked, PoliceMark.CHARGED)
        listed = joined(self.memory["waiting"], charged)
        waiting, due = who_waits(people, listed, int(Charge.NONE), self.listed_after(charged.size))
        self.memory["time"] = min(self.memory["time"] + self.capacity, self.capacity + 1)
        n = min(int(self.memory["time"]), due.size)
        self.memory["time"] -= n
        heard = due if n == due.size else self.longest_waiting(due, week)[:n]
        heard.sort()
        self.memory["waiting"] = without(waiting, heard)
        # Who was recalled or remanded this week has taken a place before anyone is sentenced.
        prison.receive(rows_marked(people, found.marked, JusticeMark.RECALLED, JusticeMark.REMANDED))
        if heard.size:
            self.model.decide("sentence", heard, self.with_room_in_prison(heard, week).astype(np.int64))
            prison.receive(heard)
        self.memory["heard"] = heard.size
        self.charge("cost_case")
        return heard

    def longest_waiting(self, due: np.ndarray, week: int) -> np.ndarray:
        """These people in the order in which they are heard: the longest wait first, then by luck."""
        weeks = self.model.records["weeks_charged"][due]
        return due[np.lexsort((self.model.luck_of("court list", due, week), -weeks))]

    def listed_after(self, charged: int) -> float:
        """Weeks from a charge to its hearing, after so many were charged this week."""
        memory, p = self.memory, self.model.parameters
        if self.model.week_of_run < 0:
            weeks = min(self.model.week + 1, YEARS_REMEMBERED * WEEKS_PER_YEAR)
            memory["usual"] += (charged - memory["usual"]) / weeks
        elif self.model.burn_in_weeks > 0:
            spare = (p["court_capacity_ratio"] - 1) * self.capacity
            memory["backlog"] = max(memory["backlog"] + charged - memory["usual"] - spare, 0.0)
        return p["hearing_weeks"] + memory["backlog"] / self.capacity if self.capacity else p["hearing_weeks"]

    def cases_heard(self) -> float:
        """Cases heard when last it sat."""
        return self.memory["heard"] * self.model.one_in

    def with_room_in_prison(self, heard: np.ndarray, week: int) -> np.ndarray:
        """Whom prison has a place for, shape (n,): those whose first draw in `sentence` means custody take one each.

        Those who are inside already, on remand or recalled while their case waited, have a place.
        """
        people, p = self.model.records, self.model.parameters
        custody = p.table("custody_share")[people["charge"][heard]]
        child = people["age"][heard] < p["age_of_adult_court"]
        custody = np.where(child, custody * p["youth_custody_ratio"], custody)
        inside = people["justice"][heard] == int(Justice.CUSTODY)
        takes_a_place = (self.model.luck_of("sentence", heard, week) < custody) & ~inside
        return inside | (np.cumsum(takes_a_place) <= self.model.prison.room())


@outer
def who_waits(people, rows, no_charge, weeks):
    """Of these rows those who still wait for a court, and of those the ones who have waited so many weeks."""
    waiting, due = np.empty(rows.size, np.int64), np.empty(rows.size, np.int64)
    found, long = 0, 0
    for row in rows:
        person = people[row]
        if person["present"] and person["charge"] != no_charge:
            waiting[found] = row
            found += 1
            if person["weeks_charged"] >= weeks:
                due[long] = row
                long += 1
    return waiting[:found], due[:long]
