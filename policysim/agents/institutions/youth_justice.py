"""Youth justice: the service of one authority with its panel and its workers, and the places in which children are held."""

import math
from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Decided, Institution
from policysim.agents.people.youth_panel import decide_on_child
from policysim.engine.fields import Field
from policysim.engine.week import Pass
from policysim.engine.who import Who, bears, is_any, is_none
from policysim.vocabulary.marks import SchemeMark, YouthMark
from policysim.vocabulary.rows import NOBODY, joined
from policysim.vocabulary.states import Charge, Justice, PanelChoice, YouthCase
from policysim.vocabulary.stocks import Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.status_quo import Local

PER_RESIDENTS = 100_000
"""The unit of cases, sittings and places."""

PANEL_WEEKS = 13
"""Over so many weeks a panel makes up for a quiet week."""

FEWEST_PLACES = 3
"""A small place, or one of few simulated people, would otherwise have no place for a child, or one."""


CHILDREN_INSIDE = Who(is_any("justice", Justice.CUSTODY), is_any("present", True), is_any("youth", YouthCase.CUSTODY))
BEFORE_PANEL = Who(
    bears(YouthMark.BEFORE_PANEL),
    is_any("present", True),
    is_any("youth", YouthCase.PANEL),
    is_none("deferred", Charge.NONE),
)


@dataclass(kw_only=True)
class YouthJusticePolicy:
    """What a service can decide: shares in 0 .. 1; cases it has workers for and hears, for every 100,000 residents."""

    youth_diversion_offer: float
    youth_diversion_attendance: float
    youth_diversion_referral: float
    youth_admission_required: float
    youth_diversion_education: float = 0.0
    youth_panel: float = 0.0  # of those who would be charged today
    youth_outcome_22: float = 0.0  # of those who would be charged or cautioned today
    cases: float  # held at a time
    heard: float  # by the panel in a year


class YouthJusticeHere:
    """What children meet of the service."""

    youth_diversion_offer = Field("f8", "share of eligible children who are offered diversion", "share", 0, 1)
    youth_panel = Field(
        "f8",
        "share of children who would be charged with possession, theft or disorder sent to the panel",
        "share",
        0,
        1,
    )
    youth_outcome_22 = Decided(
        "f8", "share of children whom the panel would caution whose prosecution is put off instead", "share", 0, 1
    )
    youth_diversion_attendance = Decided("f8", "share of children offered diversion who attend", "share", 0, 1)
    youth_diversion_referral = Decided(
        "f8", "strength of the referral to treatment made when a child is diverted", "share", 0, 1
    )
    youth_admission_required = Decided(
        "f8", "share of offers to children without a caution that ask for an admission of guilt first", "share", 0, 1
    )
    youth_diversion_education = Decided(
        "f8", "share of children diverted who are sent to a session of education", "share", 0, 1
    )


class YouthJusticeService(Institution):
    """The panel and the youth offending team of one authority.

    Workers hold so many cases at a time: children on orders and on licence, whom courts send, and those who keep to an
    agreement or a programme. While they have held more of late, nobody is offered an agreement, charges go to court as
    before, and the panel cautions without conditions or resolves without a programme. It hears so many cases a year; what
    is more police decide alone.
    """

    here = YouthJusticeHere
    costs = (
        Cost("cost_diversion", "police", (SchemeMark.CHILD_DIVERTED,), on_delivery=True),
        Cost("cost_youth_programme", "council", (YouthMark.BEGAN_PROGRAMME,), on_delivery=True),
        Cost("cost_panel", "council", (YouthMark.PANEL_DECIDED,)),
        Cost("cost_youth_order", "council", (YouthMark.REFERRAL_ORDER, YouthMark.REHABILITATION_ORDER)),
    )
    decisions = (decide_on_child,)

    def __init__(self, model, area: int):
        p = Local(model.parameters, model.place.authorities[area])
        policy = YouthJusticePolicy(
            youth_diversion_offer=p["diversion_offer"],
            youth_diversion_attendance=p["attendance"],
            youth_diversion_referral=p["diversion_link"],
            youth_admission_required=p["admission_required"],
            cases=p["youth_cases"],
            heard=p["panel_cases"],
        )
        super().__init__(model, f"youth justice service of {model.place.authorities[area].name}", area, policy)
        self.memory = {"held": 0.0, "room": 1, "time": 1.0}

    def act(self, week: int) -> None:
        super().act(week)
        policy = self.policy
        agreements, programmes = self.charge("cost_diversion"), self.charge("cost_youth_programme")
        held = self.stock(Stock.ON_YOUTH_PROGRAMME) + self.stock(Stock.CHILDREN_SUPERVISED)
        self.memory["held"] += (held - self.memory["held"]) / self.model.parameters["caseload_look_back"]
        self.memory["room"] = room = int(self.memory["held"] < policy.cases * self.residents() * programmes)
        self.meet(
            youth_diversion_offer=policy.youth_diversion_offer * agreements * room,
            youth_panel=policy.youth_panel * room,
        )

    def residents(self) -> float:
        """Residents of the model of any age, in the unit of cases."""
        return self.model.place.authorities[self.area].population / self.model.one_in / PER_RESIDENTS

    def look_back(self, week: int, found: Pass) -> np.ndarray:
        """Let the panel decide on this week's cases, by luck as far as it has time."""
        memory = self.memory
        rows = BEFORE_PANEL.of(self.model.records, found.marked_in[self.area])
        a_week = self.policy.heard * self.residents() / WEEKS_PER_YEAR
        memory["time"] = min(memory["time"] + a_week, PANEL_WEEKS * a_week + 1)
        if not rows.size:
            return NOBODY
        rank = np.argsort(np.argsort(self.model.luck_of("panel", rows, week), kind="stable"), kind="stable")
        room = PanelChoice.FREE_CASE if memory["room"] else PanelChoice.NO_CASE
        choices = np.full(rows.size, int(room), np.int64)
        time = int(memory["time"])
        choices[rank >= time] = int(PanelChoice.NO_TIME)
        memory["time"] -= min(time, rows.size)
        self.model.decide("decide_on_child", rows, choices)
        return rows


class YouthCustody(Institution):
    """Places for children sentenced or remanded, which take none of prison's: secure homes, schools and institutions.

    A court that has none left gives an order instead; whoever is remanded is always taken in. At eighteen children go on
    to prison. There are `FEWEST_PLACES` at least: cut into parts by the scale they would be none.
    """

    costs = (Cost("cost_youth_custody_year", "justice", (Stock.CHILDREN_IN_CUSTODY,), by_the_year=True),)

    def __init__(self, model):
        super().__init__(model, "custody of children")
        places = model.parameters["youth_places"] * model.place.population / PER_RESIDENTS / model.one_in
        self.places = max(math.ceil(places), FEWEST_PLACES)
        self.memory = {"rows": CHILDREN_INSIDE.of(model.records, np.arange(model.records.size))}

    def receive(self, rows: np.ndarray) -> None:
        """These people may have been sent here: those who were, and are here still, are known from now on."""
        if rows.size:
            self.memory["rows"] = CHILDREN_INSIDE.of(self.model.records, joined(self.memory["rows"], rows))

    def room(self) -> int:
        """Places that are free now."""
        self.memory["rows"] = CHILDREN_INSIDE.of(self.model.records, self.memory["rows"])
        return max(self.places - int(self.memory["rows"].size), 0)
