"""Boards of police and probation, by authority, that manage the people arrested most: they see arrests, never offending.

Every force has such a programme today (integrated offender management): its places are the usual policy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Decided, Institution
from policysim.agents.institutions.police import ARRESTS
from policysim.agents.institutions.together import by_authority, first_in_each, go_on_with, keep_those
from policysim.agents.people.offending import be_taken_on
from policysim.engine.week import Pass
from policysim.engine.who import Who, above, bears, is_any, is_none
from policysim.vocabulary.rows import NOBODY, counted
from policysim.vocabulary.states import Justice
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.status_quo import Local

PER_RESIDENTS = 100_000
ARRESTED, MANAGED = Who(bears(*ARRESTS)), Who(is_any("present", True), above("managed_weeks", 0))
CAN_BE_MANAGED = Who(is_any("managed_weeks", 0), is_none("justice", Justice.CUSTODY), is_any("present", True))


@dataclass(kw_only=True)
class OffenderBoardPolicy:
    """Places per 100,000 residents; share of the cost of those added to the usual that business pays; what comes with one."""

    places: float
    business_share: float = 0.0
    managed_referral: float
    managed_enforcement: float


class OffenderBoardHere:
    """What people on the programme meet where they live."""

    managed_referral = Decided(
        "f8", "strength of a key worker's support: a way into treatment, help with a home", "share", 0, 1
    )
    managed_enforcement = Decided("f8", "share of people on the programme whom officers look for first", "share", 0, 1)


class OffenderBoard(Institution):
    """The board of one authority; whoever was arrested most within a year is taken on first, as places fall free."""

    here = OffenderBoardHere
    costs = (
        Cost("cost_managed_year", "police", ("places_of_police",), by_the_year=True, on_delivery=True),
        Cost("cost_managed_year_business", "business", ("places_of_business",), by_the_year=True, on_delivery=True),
    )
    decisions = (be_taken_on,)

    def __init__(self, model, area: int):
        p = Local(model.parameters, model.place.authorities[area])
        policy = OffenderBoardPolicy(
            places=p["managed_places"],
            managed_referral=p["managed_support"],
            managed_enforcement=p["managed_looked_for"],
        )
        super().__init__(model, f"offender board of {model.place.authorities[area].name}", area, policy)
        self.memory = {"arrested": NOBODY, "weeks": NOBODY, "managed": NOBODY, "open": 0}

    def act(self, week: int) -> None:
        super().act(week)
        police, business = self.charge("cost_managed_year"), self.charge("cost_managed_year_business")
        paid = police * self.places_of_police() + business * self.places_of_business()
        self.memory["open"] = self.whole("places of the board", paid / self.model.one_in)

    @classmethod
    def look_back_together(cls, institutions: "Sequence[OffenderBoard]", week: int, found: Pass) -> list[np.ndarray]:
        """Keep the record of arrests; give free places to those with most of them in a year, by luck among equals."""
        model, record = institutions[0].model, institutions[0].memory
        arrested, lapsed = ARRESTED.of(model.records, found.marked), week - WEEKS_PER_YEAR
        recent = slice(int(record["weeks"].searchsorted(lapsed, "right")), None)
        rows = np.concatenate([record["arrested"][recent], arrested])
        weeks = np.concatenate([record["weeks"][recent], np.full(arrested.size, week)])
        for each in institutions:  # police of the whole place have one record
            each.memory["arrested"], each.memory["weeks"] = rows, weeks
        keep_those(institutions, "managed", MANAGED)
        free = by_authority(institutions, OffenderBoard.places_free)
        if not (free > 0).any():
            return []
        chosen = cls.arrested_most(model, rows, free, week)
        go_on_with(institutions, "managed", chosen)
        return [chosen]

    def places_free(self) -> int:
        """Places that nobody has."""
        return self.memory["open"] - self.memory["managed"].size

    @staticmethod
    def arrested_most(model, arrested: np.ndarray, free: np.ndarray, week: int) -> np.ndarray:
        """Take so many on in each authority of those who can be, the most arrests within a year first; returns their rows."""
        rows, arrests = counted(arrested)
        enough = arrests >= model.parameters["managed_from_arrests"]
        rows, arrests = rows[enough], arrests[enough]
        able = CAN_BE_MANAGED.among(model.records, rows)
        if not able.any():
            return NOBODY
        rows, arrests = rows[able], arrests[able]
        luck = model.luck_of("offender board", rows, week)
        chosen = np.sort(rows[first_in_each(model.area_of_row(rows), free, luck, -arrests)])
        model.decide("be_taken_on", chosen, np.zeros(chosen.size, np.int64))
        return chosen

    def places_kept(self) -> float:
        """Places with staff, taken or not."""
        return self.policy.places * self.model.place.authorities[self.area].population / PER_RESIDENTS

    def places_of_police(self) -> float:
        """The part of them that police and probation pay."""
        return self.places_kept() - self.places_of_business()

    def places_of_business(self) -> float:
        """The part that business pays: some of what is added to the usual places, which are staffed without it."""
        added = max(self.policy.places - self.usual.places, 0.0) * self.policy.business_share
        return added * self.model.place.authorities[self.area].population / PER_RESIDENTS
