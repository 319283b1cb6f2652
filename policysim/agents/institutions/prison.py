"""Prison and probation: places, treatment inside, the hand-over at the gate."""

from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Decided, Institution
from policysim.agents.people.custody import release_early
from policysim.engine.jit import outer
from policysim.engine.week import Pass
from policysim.vocabulary.marks import JusticeMark, rows_marked
from policysim.vocabulary.rows import NOBODY, joined, without
from policysim.vocabulary.states import Justice
from policysim.vocabulary.time import WEEKS_PER_YEAR


@dataclass(kw_only=True)
class PrisonPolicy:
    """What is offered inside and at release; shares in 0 .. 1."""

    prison_agonist_share: float
    through_the_gate: float
    naloxone_on_release: float
    requirement_share: float
    requirement_linked: float


class PrisonWorld:
    """What people meet of prison and probation."""

    prison_agonist_share = Decided("f8", "share of opioid-dependent prisoners who get agonist treatment", "share", 0, 1)
    through_the_gate = Decided(
        "f8", "share of those treated inside who are handed over to a community service at release", "share", 0, 1
    )
    naloxone_on_release = Decided("f8", "share of people using opioids who leave prison with a kit", "share", 0, 1)
    requirement_share = Decided(
        "f8", "share of community orders of dependent people with a treatment requirement", "share", 0, 1
    )
    requirement_linked = Decided("f8", "share of those requirements that are linked to treatment", "share", 0, 1)


class Prison(Institution):
    """The places that the people of this place can fill.

    During burn-in there is room for everyone, and it learns how many are usually inside; from then on it has
    `prison_places_ratio` as many places. Recalls and remands are always taken in. When it is full, those with no more than
    `early_release_weeks` to serve leave early on licence, the shortest time first; where that is not enough, courts give
    orders instead. Without a burn-in the usual number is that of the start.
    """

    world = PrisonWorld
    costs = (
        Cost("cost_prison_year", "justice", ("places_taken",), by_the_year=True),
        Cost("cost_order", "justice", (JusticeMark.COMMUNITY_ORDER,)),
    )
    decisions = (release_early,)

    def __init__(self, model):
        p = model.parameters
        policy = PrisonPolicy(
            prison_agonist_share=p["prison_agonist_share"],
            through_the_gate=p["through_the_gate"],
            naloxone_on_release=p["naloxone_on_release"],
            requirement_share=p["requirement_share"],
            requirement_linked=p["requirement_linked"],
        )
        super().__init__(model, "prison and probation", policy=policy)
        rows = np.flatnonzero(model.records["justice"] == Justice.CUSTODY)
        self.places = rows.size * p["prison_places_ratio"]
        self.memory = {"rows": rows, "inside": rows.size, "usual": float(rows.size)}

    def take_over(self, other) -> None:
        super().take_over(other)
        self.places = other.places

    def receive(self, rows: np.ndarray) -> None:
        """These people may have been sent here: those who were, and are here still, are known from now on."""
        people = self.model.records
        rows = joined(self.memory["rows"], rows) if rows.size else self.memory["rows"]
        self.memory["rows"] = who_is_inside(people, rows, int(Justice.CUSTODY))

    def inside(self) -> int:
        """People in custody now."""
        self.receive(NOBODY)
        return int(self.memory["rows"].size)

    def room(self) -> int:
        """Places that are free now, or can be by early release."""
        if self.model.week_of_run < 0:
            return int(self.model.records.size)
        return max(int(self.places) - self.inside() + self.may_leave().size, 0)

    def may_leave(self) -> np.ndarray:
        """Rows of those who could leave early."""
        people, rows = self.model.records, self.memory["rows"]
        soon = people["weeks_left"][rows] <= self.model.parameters["early_release_weeks"]
        rows = rows[soon & ~people["remanded"][rows]]
        return without(rows, rows_marked(people, rows, JusticeMark.IMPRISONED, JusticeMark.RECALLED))  # only just come

    def shortest_to_serve(self, rows: np.ndarray) -> np.ndarray:
        """These people in the order in which they leave early: the shortest time to serve first, then by luck."""
        luck = self.model.luck_of("early release", rows, self.model.week)
        return rows[np.lexsort((luck, self.model.records["weeks_left"][rows]))]

    def look_back(self, week: int, found: Pass) -> np.ndarray:
        """Let out early as many as are too many; returns their rows."""
        too_many = self.inside() - int(self.places)
        if self.model.week_of_run < 0 or too_many <= 0:
            return NOBODY
        leaving = np.sort(self.shortest_to_serve(self.may_leave())[:too_many])
        self.model.decide("release_early", leaving, np.zeros(leaving.size, np.int64))
        return leaving

    def places_taken(self) -> float:
        """Of the places, those taken when it last acted."""
        return self.memory["inside"] * self.model.one_in

    def act(self, week: int) -> None:
        self.memory["inside"] = self.inside()
        if self.model.week_of_run < 0:
            weeks = min(week + 1, WEEKS_PER_YEAR)
            self.memory["usual"] += (self.memory["inside"] - self.memory["usual"]) / weeks
            self.places = self.memory["usual"] * self.model.parameters["prison_places_ratio"]
        super().act(week)


@outer
def who_is_inside(people, rows, custody):
    """Of these rows those who are in custody."""
    inside, found = np.empty(rows.size, np.int64), 0
    for row in rows:
        if people[row]["present"] and people[row]["justice"] == custody:
            inside[found] = row
            found += 1
    return inside[:found]
