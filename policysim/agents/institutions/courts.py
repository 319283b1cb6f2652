"""The courts: hear cases in order of waiting, as many as they can, and sentence."""

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.people.courts import sentence
from policysim.engine.week import Pass
from policysim.vocabulary.marks import PoliceMark, rows_marked
from policysim.vocabulary.states import Charge, Justice


class Court(Institution):
    """One court centre for the place, with time for so many cases a week; the rest wait."""

    costs = (Cost("cost_case", "justice", ("cases_heard",), on_delivery=True),)
    decisions = (sentence,)

    def __init__(self, model):
        super().__init__(model, "court")
        self.capacity = model.parameters["cases_per_1000"] * model.place.population / model.one_in  # a week
        self.memory = {"waiting": np.empty(0, np.int32), "time": 0.0, "heard": 0}

    def look_back(self, week: int, found: Pass) -> np.ndarray:
        """Hear the longest-waiting cases there is time for; returns the rows of the people sentenced."""
        people = self.model.people
        charged = rows_marked(people, found.marked, PoliceMark.CHARGED)
        waiting = np.union1d(self.memory["waiting"], charged)
        waiting = waiting[people["present"][waiting] & (people["charge"][waiting] != Charge.NONE)]
        self.memory["time"] = min(self.memory["time"] + self.capacity, self.capacity + 1)
        n = min(int(self.memory["time"]), waiting.size)
        self.memory["time"] -= n
        order = np.lexsort((self.model.luck_of("court list", waiting, week), -people["weeks_charged"][waiting]))
        heard = np.sort(waiting[order[:n]])
        self.memory["waiting"] = np.setdiff1d(waiting, heard)
        self.model.decide("sentence", heard, self.with_room_in_prison(heard, week).astype(np.int64))
        self.memory["heard"] = heard.size
        self.charge("cost_case")
        return heard

    def cases_heard(self) -> float:
        """Cases heard when last it sat."""
        return self.memory["heard"] * self.model.one_in

    def with_room_in_prison(self, heard: np.ndarray, week: int) -> np.ndarray:
        """Whom prison has a place for, shape (n,): those whose first draw in `sentence` means custody take one each.

        Those recalled while their case waited have a place already.
        """
        people = self.model.people
        custody = self.model.parameters.table("custody_share")[people["charge"][heard]]
        inside = people["justice"][heard] == Justice.CUSTODY
        takes_a_place = (self.model.luck_of("sentence", heard, week) < custody) & ~inside
        return inside | (np.cumsum(takes_a_place) <= self.model.prison.room())
