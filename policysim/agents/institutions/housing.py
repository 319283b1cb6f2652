"""The housing service of one authority: so many places in Housing First and supported homes beyond those of today.

Those who have places today, and what becomes of them, are in the rates at which homes are lost and found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.institutions.together import by_authority, first_in_each, go_on_with, keep_those
from policysim.agents.people.tenancies import move_in
from policysim.engine.fields import Field
from policysim.engine.week import Pass
from policysim.engine.who import Who, above, bears, is_any, is_none, within
from policysim.vocabulary.marks import JusticeMark, SocialMark, UseMark, WorkHomeMark
from policysim.vocabulary.rows import NOBODY, Those, is_among, joined
from policysim.vocabulary.states import Care, Housing, Justice, Tenancy

PER_RESIDENTS = 100_000
"""The unit of places."""
HEARD_OF_BY = (
    WorkHomeMark.LOST_HOME,
    SocialMark.LOST_TENANCY,
    UseMark.BECAME_DEPENDENT,
    UseMark.RELAPSED,
    JusticeMark.RELEASED,
)
"""What brings somebody to the service between two censuses."""
NO_HOME = is_none("housing", Housing.STABLE)
UNSTABLE = Who(NO_HOME)
HEARD_OF, STILL_WITHOUT = Who(bears(*HEARD_OF_BY), NO_HOME), Who(NO_HOME, is_any("present", True))
MOVED_ON, TENANT = Who(bears(SocialMark.MOVED_ON)), Who(is_any("present", True), is_none("tenancy", Tenancy.NONE))
FOR_WHOM = {
    Tenancy.HOUSING_FIRST: (above("dependent_on", 0),),
    Tenancy.SUPPORTED: (is_any("ill", True), is_any("ever_dependent", True)),
}


@cache
def can_move_in(kind: Tenancy, adult: float) -> Who:
    """Adults without a place and outside institutions who are those that places of a kind are for."""
    return Who(
        is_any("present", True), is_any("tenancy", Tenancy.NONE), *FOR_WHOM[kind], within("age", low=adult),
        is_none("justice", Justice.CUSTODY, Justice.HALFWAY_HOUSE), is_none("care", Care.RESIDENTIAL_COMMUNITY),
    )  # fmt: skip


@dataclass(kw_only=True)
class HousingPolicy:
    """Places beyond those of today, for every 100,000 residents."""

    housing_first: float = 0.0
    supported_homes: float = 0.0


class HousingHere:
    """What people meet of homes that the service lets."""

    homes_left = Field(
        "f8", "homes found by those who look for one, where the service lets some of them, relative to the usual", "ratio",
        0, 1, start=1,
    )  # fmt: skip


class HousingService(Institution):
    """Keeps a list of those without a stable home; free places go to the homeless first, then to the longest on the list.

    Housing First is for people who are dependent, supported homes for people who are ill as well, or were dependent. Homes that
    it lets are gone for others who look for one, as far as `homes_displaced` says; supported homes are its own.
    """

    here = HousingHere
    costs = (
        Cost("cost_housing_first_year", "council", ("housing_first_paid",), by_the_year=True, on_delivery=True),
        Cost("cost_supported_home_year", "council", ("supported_homes_paid",), by_the_year=True, on_delivery=True),
    )
    decisions = (move_in,)

    def __init__(self, model, area: int):
        super().__init__(model, f"housing service of {model.place.authorities[area].name}", area, HousingPolicy())
        self.memory = {
            "list": NOBODY, "since": NOBODY, "tenants": NOBODY, "housing first": 1.0, "supported": 1.0, "owed": 0.0,
            "usual": 0.0,
        }  # fmt: skip

    def census(self, people: Those) -> None:
        """Who is without a stable home, and how many homes are found in a week as things are."""
        unstable, p = UNSTABLE.of_those(people), self.model.parameters
        dependent = unstable["dependent_on"] > 0
        found = np.count_nonzero(~dependent) + np.count_nonzero(dependent) * p["find_home_dependent"]
        self.memory["usual"] = float(found * p["find_home"])
        self.put_on_list(unstable.rows[dependent | unstable["ill"]], self.model.week)

    def put_on_list(self, rows: np.ndarray, week: int) -> None:
        """Put people on the list who are not on it."""
        if not rows.size:
            return
        new = rows[~is_among(rows, self.memory["list"])]
        self.memory["list"] = np.concatenate([self.memory["list"], new])
        self.memory["since"] = np.concatenate([self.memory["since"], np.full(new.size, week)])

    def act(self, week: int) -> None:
        super().act(week)
        memory = self.memory
        if self.policy != self.usual:
            memory["housing first"] = self.charge("cost_housing_first_year")
            memory["supported"] = self.charge("cost_supported_home_year")
        taken = min(memory["owed"], memory["usual"])
        memory["owed"] -= taken
        self.meet(homes_left=1 - taken / memory["usual"] if taken > 0 else 1.0)

    def housing_first_places(self) -> float:
        """Places in Housing First, at the scale of the place."""
        return self.policy.housing_first * self.model.place.authorities[self.area].population / PER_RESIDENTS

    def housing_first_paid(self) -> float:
        """Those of them that somebody has or could take: support goes to tenants, and where nobody is there is none to pay."""
        places, wanted = self.housing_first_places(), self.let_to(Tenancy.HOUSING_FIRST)
        if wanted * self.model.one_in < places:
            adult = self.model.parameters["age_of_adult_court"]
            wanted += can_move_in(Tenancy.HOUSING_FIRST, adult).of(self.model.records, self.memory["list"]).size
        return min(places, float(wanted * self.model.one_in))

    def supported_homes_paid(self) -> float:
        """Supported homes, at the scale of the place."""
        return self.policy.supported_homes * self.model.place.authorities[self.area].population / PER_RESIDENTS

    def let_to(self, kind: Tenancy) -> int:
        """Tenants who have a place of a kind."""
        return int(np.count_nonzero(self.model.records["tenancy"][self.memory["tenants"]] == int(kind)))

    @classmethod
    def look_back_together(cls, institutions: "Sequence[HousingService]", week: int, found: Pass) -> list[np.ndarray]:
        """Let homes that were left, and new ones, to people on the list; returns whoever was given one."""
        at_work = [each for each in institutions if each.policy != each.usual or each.memory["tenants"].size]
        if not at_work:
            return []
        model = institutions[0].model
        left = MOVED_ON.of(model.records, np.concatenate([each.memory["tenants"] for each in at_work]))
        moved_on = np.bincount(model.area_of_row(left), minlength=len(model.areas_of))
        keep_those(at_work, "tenants", TENANT)
        listed, since = cls.hear_of(at_work, found.marked, week)
        first, homes = cls.places_left(at_work)
        housed = cls.let(model, Tenancy.HOUSING_FIRST, first, listed, since, week)
        supported = cls.let(model, Tenancy.SUPPORTED, homes, listed, since, week)
        given = model.records["home_before_tenancy"][housed] != int(Housing.STABLE)
        taken = np.bincount(model.area_of_row(housed[given]), minlength=moved_on.size) + moved_on
        moved_in = joined(housed, supported)
        go_on_with(at_work, "tenants", moved_in)
        for each in at_work:
            each.memory["owed"] += model.parameters["homes_displaced"] * int(taken[each.area])
        return [moved_in]

    @staticmethod
    def places_left(services: "Sequence[HousingService]") -> list[np.ndarray]:
        """Places of either kind that are paid for and that nobody has, by authority."""
        model = services[0].model
        tenants = np.concatenate([each.memory["tenants"] for each in services])
        areas, kinds = model.area_of_row(tenants), model.records["tenancy"][tenants]
        found = []
        for kind in FOR_WHOM:
            let = np.bincount(areas[kinds == int(kind)], minlength=len(model.areas_of))
            found.append(by_authority(services, partial(HousingService.places_open, kind=kind)) - let)
        return found

    def places_open(self, kind: Tenancy) -> int:
        """Places of a kind that are paid for, in people of the model."""
        if kind == Tenancy.HOUSING_FIRST:
            places = self.housing_first_places() * self.memory["housing first"]
        else:
            places = self.supported_homes_paid() * self.memory["supported"]
        return self.whole(f"homes {int(kind)}", places / self.model.one_in)

    @staticmethod
    def hear_of(services: "Sequence[HousingService]", marked: np.ndarray, week: int) -> tuple[np.ndarray, np.ndarray]:
        """Those to whom something happened this week after which people are without a home; the housed are struck off.

        Returns everyone on the lists, and since when each has been.
        """
        model = services[0].model
        serve = by_authority(services, lambda each: 1.0) > 0
        rows = HEARD_OF.of(model.records, marked)
        listed = np.concatenate([each.memory["list"] for each in services])
        new = rows[serve[model.area_of_row(rows)] & ~is_among(rows, listed)]
        listed = np.concatenate([listed, new])
        since = np.concatenate([*(each.memory["since"] for each in services), np.full(new.size, week)])
        still = STILL_WITHOUT.among(model.records, listed)
        listed, since = listed[still], since[still]
        areas = model.area_of_row(listed)
        order = np.argsort(areas, kind="stable")
        listed, since = listed[order], since[order]
        ends = np.bincount(areas, minlength=len(model.areas_of)).cumsum().tolist()
        for each in services:
            here = slice(ends[each.area - 1] if each.area else 0, ends[each.area])
            each.memory["list"], each.memory["since"] = listed[here], since[here]
        return listed, since

    @staticmethod
    def let(model, kind: Tenancy, free: np.ndarray, listed: np.ndarray, since: np.ndarray, week: int) -> np.ndarray:
        """Give places of a kind that nobody has to those on the list whom it is for."""
        if not (free > 0).any():
            return NOBODY
        people = model.records
        able = can_move_in(kind, model.parameters["age_of_adult_court"]).among(people, listed)
        rows, luck = listed[able], model.luck_of("housing service", listed[able], week)
        housed = people["housing"][rows] != int(Housing.HOMELESS)  # the homeless come first
        chosen = np.sort(rows[first_in_each(model.area_of_row(rows), free, luck, since[able], housed)])
        model.decide("move_in", chosen, np.full(chosen.size, int(kind), np.int64))
        return chosen
