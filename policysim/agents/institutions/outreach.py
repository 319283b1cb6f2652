"""Outreach of one authority: keyworkers for drinkers with complex needs, and workers with lived experience.

Keyworkers are few, and take on those of whom police and hospitals speak: whoever was called for often in a year, the most
often first. Workers with lived experience look for people who use heroin or crack and whom services do not know, and go
back to whom they met.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.institutions.together import by_authority, first_in_each, go_on_with, keep_those
from policysim.agents.people.drinking import get_keyworker
from policysim.agents.people.outreach import meet_outreach
from policysim.engine.week import Pass
from policysim.engine.who import Who, bears, is_any, is_none, within
from policysim.vocabulary.marks import DrinkingMark, OutreachMark
from policysim.vocabulary.rows import NOBODY
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

    @classmethod
    def look_back_together(cls, institutions: "Sequence[OutreachService]", week: int, found: Pass) -> list[np.ndarray]:
        """Take on drinkers who were called for often, where a place is free; meet people whom services do not know."""
        return [cls.take_on(institutions, week, found), cls.meet_hidden(institutions, week, found)]

    @staticmethod
    def take_on(services: "Sequence[OutreachService]", week: int, found: Pass) -> np.ndarray:
        """Of those called for this week the ones called for most often in a year, as far as there are places."""
        model = services[0].model
        rows = calls_often(model.parameters["keyworker_calls"]).of(model.records, found.marked)
        if not rows.size:
            return NOBODY
        keep_those(services, "held", HELD)
        areas, free = model.area_of_row(rows), by_authority(services, OutreachService.places_free)
        calls = model.records["drink_calls"][rows].astype(float)
        taken = np.sort(rows[first_in_each(areas, free, model.luck_of("keyworker", rows, week), -calls)])
        model.decide("get_keyworker", taken, np.zeros(taken.size, np.int64))
        go_on_with(services, "held", taken)
        return taken

    def places_free(self) -> int:
        """Drinkers whom keyworkers could take on."""
        return self.paid_for("places of keyworkers", self.places_paid()) - self.memory["held"].size

    @staticmethod
    def meet_hidden(services: "Sequence[OutreachService]", week: int, found: Pass) -> np.ndarray:
        """As many people as there are hours for, whom services do not know: a part of the hours to go back to those met before.

        Where too few of either are to be found, the hours go to the others.
        """
        number = by_authority(services, lambda each: each.contacts(week))
        if not number.any():
            return NOBODY
        model = services[0].model
        rows = HIDDEN.of(model.records, found.followed)
        areas, luck = model.area_of_row(rows), model.luck_of("outreach", rows, week)
        known = model.records["outreach_trust"][rows] > 0
        back = by_authority(services, lambda each: each.contacts_again(int(number[each.area]), week))
        new = np.bincount(areas[~known], minlength=number.size)
        again = np.flatnonzero(known)
        again = again[first_in_each(areas[known], np.minimum(np.maximum(back, number - new), number), luck[known])]
        left = number - np.bincount(areas[again], minlength=number.size)
        first = np.flatnonzero(~known)[first_in_each(areas[~known], left, luck[~known])]
        met = np.sort(rows[np.concatenate([again, first])])
        model.decide("meet_outreach", met, np.zeros(met.size, np.int64))
        return met

    def contacts(self, week: int) -> int:
        """People whom workers have hours for this week."""
        return self.paid_for("outreach", self.workers_paid() * self.model.parameters["outreach_contacts"], week)

    def contacts_again(self, number: int, week: int) -> int:
        """How many of so many contacts are with people who were met before."""
        back = self.model.parameters["outreach_return"] * number * self.model.one_in
        return self.whole("outreach again", back / self.model.one_in, week)

    def paid_for(self, name: str, wanted: float, week: int = 0) -> int:
        """A number at the scale of the place in whole people of the model, as far as it is paid for."""
        return self.whole(name, wanted * self.memory["funded"] / self.model.one_in, week)
