"""Prison and probation: places, treatment inside, the hand-over at the gate."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from policysim.agents.institutions.institution import Cost, Decided, Institution
from policysim.agents.people.custody import release_early
from policysim.agents.people.halfway_house import move_into_house
from policysim.engine.fields import Field
from policysim.engine.week import Pass
from policysim.engine.who import Who, bears, bears_none, is_any, is_none, within
from policysim.vocabulary.marks import JusticeMark, SupervisionMark
from policysim.vocabulary.rows import NOBODY, joined
from policysim.vocabulary.states import Housing, Justice, Substance, Use, YouthCase
from policysim.vocabulary.time import WEEKS_PER_YEAR

PER_RESIDENTS = 100_000
"""The unit of clinicians' places."""

CLINIC_WEEKS = 13
"""Over so many weeks clinicians make up for a quiet week."""

INSIDE = Who(is_any("justice", Justice.CUSTODY), is_any("present", True), is_none("youth", YouthCase.CUSTODY))
"""Who is in prison: children have places of their own."""
HOUSED = Who(is_any("justice", Justice.HALFWAY_HOUSE), is_any("present", True))


@cache
def may_leave_within(weeks: float) -> Who:
    """Of those inside whoever has no more weeks to serve than that, but for those on remand and those who only just came."""
    just_came = bears_none(JusticeMark.IMPRISONED, JusticeMark.RECALLED)
    return Who(within("weeks_left", high=weeks), is_any("remanded", False), *just_came)


@cache
def released_homeless(adult: float) -> Who:
    """Adults released this week, on licence, without a stable home."""
    return Who(
        bears(JusticeMark.RELEASED), is_any("present", True), is_any("justice", Justice.LICENCE),
        is_none("housing", Housing.STABLE), within("age", low=adult),
    )  # fmt: skip


@dataclass(kw_only=True)
class PrisonPolicy:
    """What is offered inside, at release and with an order (shares in 0 .. 1); halfway places for every 100 in prison."""

    prison_agonist_share: float
    through_the_gate: float
    naloxone_on_release: float
    drug_requirement_share: float
    drug_requirement_linked: float
    alcohol_requirement_share: float
    alcohol_requirement_linked: float
    mental_health_requirement_share: float
    mental_health_requirement_linked: float
    mental_health_places: float  # a year, for every 100,000 residents
    halfway_places: float = 0.0
    halfway_after: float = 0.0
    halfway_in_place: float = 0.0


class PrisonWorld:
    """What people meet of prison and probation."""

    prison_agonist_share = Field("f8", "share of opioid-dependent prisoners who get agonist treatment", "share", 0, 1)
    through_the_gate = Decided(
        "f8", "share of those treated inside who are handed over to a community service at release", "share", 0, 1
    )
    naloxone_on_release = Decided("f8", "share of people using opioids who leave prison with a kit", "share", 0, 1)
    drug_requirement_share = Decided(
        "f8", "share of orders of people dependent on drugs that require drug treatment", "share", 0, 1
    )
    drug_requirement_linked = Decided("f8", "share of those requirements that are linked to treatment", "share", 0, 1)
    alcohol_requirement_share = Decided(
        "f8", "share of orders of people dependent on alcohol that require alcohol treatment", "share", 0, 1
    )
    alcohol_requirement_linked = Decided(
        "f8", "share of those requirements that are linked to treatment", "share", 0, 1
    )
    mental_health_requirement_share = Field(
        "f8", "share of orders of people with a mental illness that require mental-health treatment", "share", 0, 1
    )
    mental_health_requirement_linked = Decided(
        "f8", "share of those requirements in which that treatment begins", "share", 0, 1
    )


class Prison(Institution):
    """The places that the people of this place can fill.

    During burn-in there is room for everyone, and it learns how many are usually inside; from then on it has
    `prison_places_ratio` as many places. Recalls and remands are always taken in. When it is full, those with no more than
    `early_release_weeks` to serve leave early on licence, the shortest time first; where that is not enough, courts give
    orders instead. Without a burn-in the usual number is that of the start.

    Treatment inside has staff for `prison_treatment_slack` times the usual need; beyond it fewer of those who come in are
    treated. A halfway house takes nobody whom it has no place for: they are released, or imprisoned, as before. Courts
    require mental-health treatment of nobody for whom clinicians have no time.
    """

    world = PrisonWorld
    costs = (
        Cost("cost_prison_year", "justice", ("places_taken",), by_the_year=True),
        Cost("cost_order", "justice", (JusticeMark.COMMUNITY_ORDER,)),
        Cost("cost_requirement", "justice", (JusticeMark.REQUIREMENT,)),
        Cost("cost_mental_health_requirement", "nhs", (SupervisionMark.MENTAL_HEALTH_TREATED,), on_delivery=True),
        Cost("cost_adjusted_supervision", "justice", (SupervisionMark.ADJUSTED,)),
        Cost("cost_prison_treatment_year", "nhs", ("treated_inside",), by_the_year=True),
        Cost("cost_hand_over", "nhs", (JusticeMark.HANDED_OVER,)),
        Cost("cost_kit", "nhs", (JusticeMark.KIT_AT_RELEASE,)),
        Cost("cost_house_year", "justice", ("house_places_paid",), by_the_year=True, on_delivery=True),
    )
    decisions = (release_early, move_into_house)

    def __init__(self, model):
        p = model.parameters
        policy = PrisonPolicy(
            prison_agonist_share=p["prison_agonist_share"],
            through_the_gate=p["through_the_gate"],
            naloxone_on_release=p["naloxone_on_release"],
            drug_requirement_share=p["drug_requirement_share"],
            drug_requirement_linked=p["drug_requirement_linked"],
            alcohol_requirement_share=p["alcohol_requirement_share"],
            alcohol_requirement_linked=p["alcohol_requirement_linked"],
            mental_health_requirement_share=p["mental_health_requirement_share"],
            mental_health_requirement_linked=p["mental_health_requirement_linked"],
            mental_health_places=p["mental_health_places"],
        )
        super().__init__(model, "prison and probation", policy=policy)
        inside = model.records["justice"] == Justice.CUSTODY
        rows = np.flatnonzero(inside & (model.records["youth"] != YouthCase.CUSTODY))
        self.places = rows.size * p["prison_places_ratio"]
        self.memory = {
            "rows": rows, "inside": rows.size, "usual": float(rows.size), "treated": 0, "opioids": float(self.opioids(rows)),
            "housed": NOBODY, "funded": 1.0, "clinic": 1.0,
        }  # fmt: skip

    def opioids(self, rows: np.ndarray) -> int:
        """How many of these people are dependent on opioids."""
        return int((self.model.records["use"][rows, Substance.HEROIN] == Use.DEPENDENT).sum())

    def take_over(self, other) -> None:
        super().take_over(other)
        self.places = other.places

    def receive(self, rows: np.ndarray) -> None:
        """These people may have been sent here: those who were, and are here still, are known from now on."""
        if rows.size:
            self.memory["rows"] = INSIDE.of(self.model.records, joined(self.memory["rows"], rows))

    def inside(self) -> int:
        """People in custody now."""
        self.memory["rows"] = INSIDE.of(self.model.records, self.memory["rows"])
        return int(self.memory["rows"].size)

    def room(self) -> int:
        """Places that are free now, or can be by early release."""
        if self.model.week_of_run < 0:
            return int(self.model.records.size)
        return max(int(self.places) - self.inside() + self.may_leave().size, 0)

    def may_leave(self) -> np.ndarray:
        """Rows of those who could leave early."""
        soon = may_leave_within(self.model.parameters["early_release_weeks"])
        return soon.of(self.model.records, self.memory["rows"])

    def shortest_to_serve(self, rows: np.ndarray) -> np.ndarray:
        """These people in the order in which they leave early: the shortest time to serve first, then by luck."""
        luck = self.model.luck_of("early release", rows, self.model.week)
        return rows[np.lexsort((luck, self.model.records["weeks_left"][rows]))]

    def look_back(self, week: int, found: Pass) -> np.ndarray:
        """Let out early as many as are too many, and offer halfway houses; returns the rows of both."""
        leaving, too_many = NOBODY, self.inside() - int(self.places)
        if self.model.week_of_run >= 0 and too_many > 0:
            leaving = np.sort(self.shortest_to_serve(self.may_leave())[:too_many])
            self.model.decide("release_early", leaving, np.zeros(leaving.size, np.int64))
        return joined(leaving, self.offer_houses(joined(found.marked, leaving), week))

    def offer_houses(self, marked: np.ndarray, week: int) -> np.ndarray:
        """Adults released this week without a stable home move into free places, by luck; returns their rows."""
        if self.policy.halfway_after <= 0:
            return NOBODY
        out = released_homeless(self.model.parameters["age_of_adult_court"]).of(self.model.records, marked)
        if not out.size:
            return NOBODY
        luck = self.model.luck_of("halfway house", out, week)
        offered = np.argsort(luck, kind="stable")[: self.house_room()]
        moving = np.sort(out[offered[luck[offered] < self.policy.halfway_after]])
        self.model.decide("move_into_house", moving, np.zeros(moving.size, np.int64))
        self.memory["housed"] = joined(self.memory["housed"], moving)
        return moving

    def house_room(self) -> int:
        """Free places in halfway houses."""
        people = self.model.records
        self.memory["housed"] = HOUSED.of(people, self.memory["housed"])
        places = self.house_places() * self.memory["funded"]
        return max(self.whole("places in halfway houses", places) - self.memory["housed"].size, 0)

    def house_places(self) -> float:
        """Places in halfway houses, in people of the model."""
        return self.policy.halfway_places / 100 * self.places

    def house_places_paid(self) -> float:
        """The same at the scale of the place: a house is staffed by night whether or not all its beds are taken."""
        return self.house_places() * self.model.one_in

    def places_in_place(self, heard: np.ndarray, who: np.ndarray, week: int) -> np.ndarray:
        """Of those who would go to prison (a mask of cases) those who go to a halfway house instead, by luck."""
        if self.policy.halfway_in_place <= 0 or not who.any():
            return np.zeros(heard.size, bool)
        luck = self.model.luck_of("house in place of prison", heard, week)
        luck = np.where(who & (luck < self.policy.halfway_in_place), luck, 2.0)
        first = np.argsort(luck, kind="stable")[: self.house_room()]
        given = np.zeros(heard.size, bool)
        given[first[luck[first] < 1]] = True
        self.memory["housed"] = joined(self.memory["housed"], heard[given])
        return given

    def places_taken(self) -> float:
        """Of the places, those taken when it last acted."""
        return self.memory["inside"] * self.model.one_in

    def treated_inside(self) -> float:
        """People in agonist treatment in prison when it last acted."""
        return self.memory["treated"] * self.model.one_in

    def staff(self) -> None:
        """How many of those who come in can be treated: no more than staff inside are there for."""
        rows, p = self.memory["rows"], self.model.parameters
        self.memory["treated"] = int(self.model.records["prison_agonist"][rows].sum())
        places = self.policy.prison_agonist_share * self.memory["opioids"] * p["prison_treatment_slack"]
        room = min(1.0, places / self.memory["treated"]) if self.memory["treated"] > 0 else 1.0
        self.model.world["prison_agonist_share"] = self.policy.prison_agonist_share * room

    def open_clinic(self) -> None:
        """Of whom courts may require mental-health treatment: nobody once clinicians have begun with as many as they can."""
        a_week = self.policy.mental_health_places * self.model.place.population / PER_RESIDENTS / WEEKS_PER_YEAR
        a_week *= self.charge("cost_mental_health_requirement") / self.model.one_in
        most = 1 + CLINIC_WEEKS * a_week
        taken = self.last_week(SupervisionMark.MENTAL_HEALTH_TREATED)  # whoever never begins leaves the place free
        self.memory["clinic"] = min(self.memory["clinic"] + a_week - taken, most)
        share = self.policy.mental_health_requirement_share
        self.model.world["mental_health_requirement_share"] = share if self.memory["clinic"] >= 1 else 0.0

    def act(self, week: int) -> None:
        self.memory["inside"] = self.inside()
        if self.model.week_of_run < 0:
            weeks = min(week + 1, WEEKS_PER_YEAR)
            self.memory["usual"] += (self.memory["inside"] - self.memory["usual"]) / weeks
            self.memory["opioids"] += (self.opioids(self.memory["rows"]) - self.memory["opioids"]) / weeks
            self.places = self.memory["usual"] * self.model.parameters["prison_places_ratio"]
        self.staff()
        self.open_clinic()
        self.memory["funded"] = self.charge("cost_house_year")
        super().act(week)
