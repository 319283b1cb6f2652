"""Outreach of one authority: keyworkers for drinkers with complex needs, and workers with lived experience.

Keyworkers are few, and take on those of whom police and hospitals speak: whoever was called for often in a year, the most
often first. Workers with lived experience look for people who use heroin or crack and whom services do not know, and go
back to whom they met.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.people.drinking import get_keyworker
from policysim.agents.people.outreach import meet_outreach
from policysim.engine.week import Pass
from policysim.engine.who import Who, bears, is_any, is_none, within
from policysim.vocabulary.marks import DrinkingMark, OutreachMark
from policysim.vocabulary.rows import NOBODY, joined
from policysim.vocabulary.states import Care, Justice, Substance, Use

PER_RESIDENTS = 100_000
"""The unit of places and of workers: about the residents of a town."""


HELD = Who(is_any("keyworker", True), is_any("present", True))
HIDDEN = Who(
    is_any("care", Care.NONE), tuple(is_any("use", Use.DEPENDENT, at=drug) for drug in (Substance.HEROIN, Substance.CRACK)),
    is_none("justice", Justice.CUSTODY), is_any("present", True),
)  # fmt: skip
"""Those who are dependent on heroin or crack, neither in treatment nor on its list nor in custody."""


@cache
def calls_often(calls: float) -> Who:
    """Those called for this week who were called for so often in a year, at liberty, without treatment or a keyworker."""
    return Who(
        bears(DrinkingMark.CALLED_FOR_DRINK), is_any("present", True), within("drink_calls", low=calls),
        within("care", high=Care.WAITING), is_any("keyworker", False), is_none("justice", Justice.CUSTODY),
    )  # fmt: skip


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
        held = self.memory["held"] = HELD.of(people, held)
        free = self.paid_for("places of keyworkers", self.places_paid()) - held.size
        if free <= 0:
            return NOBODY
        often = calls_often(self.model.parameters["keyworker_calls"])
        rows = often.of(people, found.marked_in[self.area])
        taken = self.some_of("keyworker", rows, week, free, -people["drink_calls"][rows].astype(float))
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
        met = HIDDEN.of(self.model.records, found.followed_in[self.area])
        if met.size > number:
            met = self.some_known(met, number, week)
        self.model.decide("meet_outreach", met, np.zeros(met.size, np.int64))
        return met

    def some_known(self, rows: np.ndarray, number: int, week: int) -> np.ndarray:
        """So many of more people, by luck: first of those met before as many as there are hours for, then of the others."""
        rows = rows[np.argsort(self.model.luck_of("outreach", rows, week), kind="stable")]
        known = self.model.records["outreach_trust"][rows] > 0
        back = self.model.parameters["outreach_return"] * number * self.model.one_in
        back = max(self.whole("outreach again", back / self.model.one_in, week), number - np.count_nonzero(~known))
        first, others = rows[known][:back], rows[~known]
        return joined(first, others[: number - first.size])

    def paid_for(self, name: str, wanted: float, week: int = 0) -> int:
        """A number at the scale of the place in whole people of the model, as far as it is paid for."""
        return self.whole(name, wanted * self.memory["funded"] / self.model.one_in, week)
