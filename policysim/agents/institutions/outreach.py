"""Outreach of one authority: keyworkers for drinkers with complex needs, and workers with lived experience.

Keyworkers are few, and take on those of whom police and hospitals speak: whoever was called for often in a year, the most
often first. Workers with lived experience look for people who use heroin or crack and whom services do not know, and go
back to whom they met.
"""

from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.people.drinking import get_keyworker
from policysim.agents.people.outreach import meet_outreach
from policysim.engine.week import Pass
from policysim.vocabulary.mark import rows_marked
from policysim.vocabulary.marks import DrinkingMark, OutreachMark
from policysim.vocabulary.rows import NOBODY, joined
from policysim.vocabulary.states import Care, Justice, Substance, Use

PER_RESIDENTS = 100_000
"""The unit of places and of workers: about the residents of a town."""


@dataclass(kw_only=True)
class OutreachPolicy:
    """For every 100,000 residents: drinkers whom keyworkers can hold at a time, and workers with lived experience."""

    keyworker_places: float
    workers: float


class OutreachService(Institution):
    """Holds no more drinkers than it has places for, and meets no more people than its workers have hours for."""

    costs = (
        Cost("cost_keyworker_year", "council", ("places_paid",), by_the_year=True, on_delivery=True),
        Cost("cost_outreach_worker_year", "council", ("workers_paid",), by_the_year=True, on_delivery=True),
        Cost("cost_kit", "council", (OutreachMark.GOT_OUTREACH_KIT,)),
    )
    decisions = (get_keyworker, meet_outreach)

    def __init__(self, model, area: int):
        p = model.parameters
        policy = OutreachPolicy(keyworker_places=p["keyworker_places"], workers=p["outreach_workers"])
        super().__init__(model, f"outreach in {model.place.authorities[area].name}", area, policy)
        self.memory = {"held": NOBODY, "funded": 1.0}

    def act(self, week: int) -> None:
        super().act(week)
        self.memory["funded"] = self.charge("cost_keyworker_year", "cost_outreach_worker_year")

    def places_paid(self) -> float:
        """Drinkers whom keyworkers can hold at a time."""
        return self.policy.keyworker_places * self.model.place.authorities[self.area].population / PER_RESIDENTS

    def workers_paid(self) -> float:
        """Workers with lived experience."""
        return self.policy.workers * self.model.place.authorities[self.area].population / PER_RESIDENTS

    def look_back(self, week: int, found: Pass) -> np.ndarray:
        """Take on drinkers who were called for often, where a place is free; meet people whom services do not know."""
        return joined(self.take_on(week, found), self.meet(week, found))

    def take_on(self, week: int, found: Pass) -> np.ndarray:
        """Of those called for this week the ones called for most often in a year, as far as there are places."""
        people = self.model.records
        held = self.memory["held"]
        held = self.memory["held"] = held[people["keyworker"][held] & people["present"][held]]
        free = self.paid_for("places of keyworkers", self.places_paid()) - held.size
        if free <= 0:
            return NOBODY
        rows = of_area(self, rows_marked(people, found.marked, DrinkingMark.CALLED_FOR_DRINK))
        able = people["present"][rows] & (people["care"][rows] <= int(Care.WAITING)) & ~people["keyworker"][rows]
        able &= people["justice"][rows] != int(Justice.CUSTODY)
        able &= people["drink_calls"][rows] >= self.model.parameters["keyworker_calls"]
        rows = rows[able]
        order = np.lexsort((self.model.luck_of("keyworker", rows, week), -people["drink_calls"][rows].astype(float)))
        taken = np.sort(rows[order[:free]])
        self.model.decide("get_keyworker", taken, np.zeros(taken.size, np.int64))
        self.memory["held"] = joined(held, taken)
        return taken

    def meet(self, week: int, found: Pass) -> np.ndarray:
        """As many people as there are hours for, whom services do not know: a part of the hours to go back to those met before.

        Where too few of either are to be found, the hours go to the others.
        """
        wanted = self.workers_paid() * self.model.parameters["outreach_contacts"]
        number = self.paid_for("outreach", wanted, week)
        if number <= 0:
            return NOBODY
        rows = hidden(self, of_area(self, found.followed))
        rows = rows[np.argsort(self.model.luck_of("outreach", rows, week), kind="stable")]
        known = self.model.records["outreach_trust"][rows] > 0
        back = self.model.parameters["outreach_return"] * number * self.model.one_in
        back = max(self.whole("outreach again", back / self.model.one_in, week), number - np.count_nonzero(~known))
        first, others = rows[known][:back], rows[~known]
        met = np.sort(joined(first, others[: number - first.size]))
        self.model.decide("meet_outreach", met, np.zeros(met.size, np.int64))
        return met

    def paid_for(self, name: str, wanted: float, week: int = 0) -> int:
        """A number at the scale of the place in whole people of the model, as far as it is paid for."""
        return self.whole(name, wanted * self.memory["funded"] / self.model.one_in, week)


def of_area(institution: Institution, rows: np.ndarray) -> np.ndarray:
    """Those of the rows who live where an institution serves."""
    neighbourhood, served = institution.model.records["neighbourhood"][rows], institution.neighbourhoods
    first, end, _ = served.indices(institution.model.places.size)
    return rows[(neighbourhood >= first) & (neighbourhood < end)]


def hidden(institution: Institution, rows: np.ndarray) -> np.ndarray:
    """Those of these people who are dependent on heroin or crack, neither in treatment nor on its list nor in custody."""
    people = institution.model.records
    use = people["use"][rows]
    user = (use[:, int(Substance.HEROIN)] == int(Use.DEPENDENT)) | (use[:, int(Substance.CRACK)] == int(Use.DEPENDENT))
    free = (people["justice"][rows] != int(Justice.CUSTODY)) & (people["care"][rows] == int(Care.NONE))
    return rows[people["present"][rows] & user & free]
