"""Harm-reduction services of one authority: kits, clean equipment, foil and pipes, consumption rooms."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.institutions.together import by_authority, first_in_each
from policysim.agents.people.outreach import take_peer_kit
from policysim.engine.fields import Field
from policysim.engine.week import Pass
from policysim.engine.who import Who, above, is_any, is_none
from policysim.vocabulary.exact import total
from policysim.vocabulary.marks import HarmReductionMark
from policysim.vocabulary.rows import Those
from policysim.vocabulary.states import Care, Justice, Substance, Use
from policysim.vocabulary.stocks import Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.status_quo import Local

INJECTING = Who(is_any("injects", True), is_none("justice", Justice.CUSTODY))
"""Of those present."""
AMONG_PEERS = Who(
    is_any("use", Use.EXPERIMENTING, Use.REGULAR, Use.DEPENDENT, at=Substance.HEROIN), above("using_peers", 0),
    is_none("justice", Justice.CUSTODY), is_any("present", True),
)  # fmt: skip
"""Whoever uses opioids at liberty, with others."""


@dataclass(kw_only=True)
class HarmReductionPolicy:
    """Kits a year per 100 people using opioids; shares of injectors well supplied, given foil, given pipes; rooms."""

    kits_per_100: float
    needle_coverage: float
    foil: float
    pipes: float = 0.0
    rooms: float = 0.0
    peer_kits_per_100: float  # kits a year that peers hand to those with whom they use


class HarmReductionHere:
    """What people meet of harm reduction."""

    kit_rate = Field("f8", "take-home naloxone kits given to someone using opioids without one", "hazard per week", 0)
    needle_coverage = Field("f8", "share of people who inject with enough clean equipment", "share", 0, 1)
    foil = Field("f8", "share of people who inject heroin who are given foil to smoke it from", "share", 0, 1)
    pipes = Field("f8", "share of people who inject crack who are given pipes to smoke it in", "share", 0, 1)
    room_share = Field("f8", "share of injections that take place in a consumption room", "share", 0, 1)


class HarmReductionService(Institution):
    """Gives out no more kits than it has, and a room takes no more visits than it can watch over."""

    here = HarmReductionHere
    decisions = (take_peer_kit,)
    costs = (
        Cost("cost_kit", "council", (HarmReductionMark.GOT_KIT,), on_delivery=True),
        Cost("cost_peer_kit", "council", (HarmReductionMark.GOT_PEER_KIT,), on_delivery=True),
        Cost("cost_needles_year", "council", (Stock.NEEDLES,), by_the_year=True, on_delivery=True),
        Cost(
            "cost_means_of_smoking_year",
            "council",
            (HarmReductionMark.GOT_MEANS_OF_SMOKING,),
            by_the_year=True,
            on_delivery=True,
        ),
        Cost("cost_room_year", "council", ("open_rooms",), by_the_year=True, on_delivery=True),
    )

    def __init__(self, model, area: int):
        p = Local(model.parameters, model.place.authorities[area])
        policy = HarmReductionPolicy(
            kits_per_100=p["kits_per_100"],
            needle_coverage=p["needle_coverage"],
            foil=p["foil_coverage"],
            peer_kits_per_100=p["peer_kits_per_100"],
        )
        super().__init__(model, f"harm reduction in {model.place.authorities[area].name}", area, policy)
        self.memory = {"injecting": np.zeros(0), "rooms": 0.0, "room_share": np.zeros(1)}

    def census(self, people: Those) -> None:
        injecting = INJECTING.of_those(people)["neighbourhood"]
        here = np.bincount(injecting, minlength=self.model.places.size)[self.neighbourhoods]
        self.memory["injecting"] = here.astype(float)
        self.memory["room_share"] = self.room_share()

    def plan(self) -> None:
        """Its own among the rooms of the place: they go one by one to the services where most people inject.

        What is left of a number that is not whole is one room more that is open for that part of the hours.
        """
        super().plan()
        ranked = sorted(self.model.harm_reduction, key=lambda service: (-service.injecting(), service.area))
        left = self.policy.rooms - ranked.index(self)  # of the rooms when its turn comes first
        turns, left = divmod(max(left, 0.0), len(ranked))
        self.memory["rooms"] = turns + min(left, 1.0)
        self.memory["room_share"] = self.room_share()

    def act(self, week: int) -> None:
        super().act(week)
        kits, needles = self.charge("cost_kit"), self.charge("cost_needles_year")
        smoking, rooms = self.charge("cost_means_of_smoking_year"), self.charge("cost_room_year")
        self.meet(
            kit_rate=self.kit_rate() * kits, needle_coverage=self.policy.needle_coverage * needles,
            foil=self.policy.foil * smoking, pipes=self.policy.pipes * smoking,
        )  # fmt: skip
        self.model.places["room_share"][self.neighbourhoods] = self.memory["room_share"] * rooms

    @property
    def rooms(self) -> float:
        """Rooms that were given to it when policies were last planned."""
        return self.memory["rooms"]

    def open_rooms(self) -> float:
        """Rooms that it runs."""
        return self.rooms

    def injecting(self) -> float:
        """People who injected here when last looked at."""
        return float(self.memory["injecting"].sum())

    @classmethod
    def look_back_together(
        cls, institutions: "Sequence[HarmReductionService]", week: int, found: Pass
    ) -> list[np.ndarray]:
        """Kits that peers hand to people with whom others use, mostly those outside treatment; some have one already."""
        number = by_authority(institutions, lambda service: service.peer_kits(week))
        if not number.any():
            return []
        model = institutions[0].model
        rows = AMONG_PEERS.of(model.records, found.followed)
        treated = model.records["care"][rows] > int(Care.WAITING)
        reach = np.where(treated, model.parameters["peer_reach_treated"], 1.0)
        last = model.luck_of("peer kits", rows, week) / np.maximum(reach, np.finfo(float).tiny)
        given = np.sort(rows[first_in_each(model.area_of_row(rows), number, last)])
        model.decide("take_peer_kit", given, np.zeros(given.size, np.int64))
        return [given]

    def peer_kits(self, week: int) -> int:
        """Kits that peers have to hand out this week."""
        funded = self.charge("cost_peer_kit")
        if self.policy.peer_kits_per_100 <= 0:
            return 0
        wanted = self.policy.peer_kits_per_100 / 100 / WEEKS_PER_YEAR * self.stock(Stock.OPIOID_USERS) * funded
        return self.whole("peer kits", wanted, week)

    def kit_rate(self) -> float:
        """The hazard at which this week's kits find people without one; those in treatment are found more easily."""
        users = self.stock(Stock.OPIOID_USERS)
        kits = self.policy.kits_per_100 / 100 / WEEKS_PER_YEAR * users
        reach = self.model.parameters["kit_reach_hidden"]
        found = self.stock(Stock.OPIOID_TREATED_NO_KIT) + reach * self.stock(Stock.OPIOID_HIDDEN_NO_KIT)
        return min(kits / found, 1.0) if found > 0 else 0.0

    def room_share(self) -> np.ndarray:
        """Share of injections in a room by neighbourhood: falls with distance, bounded by booths and hours."""
        here = self.model.areas[self.neighbourhoods]
        share = np.zeros(here.size)
        if self.rooms <= 0 or self.memory["injecting"].size != here.size:
            return share
        p = self.model.parameters
        sites = np.argsort(-self.memory["injecting"], kind="stable")[: math.ceil(self.rooms)]
        for k, site in enumerate(sites):
            across, up = here["x"] - here["x"][site], here["y"] - here["y"][site]
            near = p["room_reach"] / (1 + (across * across + up * up) / (p["room_distance"] * p["room_distance"]))
            share = np.maximum(share, near * min(self.rooms - k, 1.0))
        wanted = total(share * self.memory["injecting"]) * self.model.one_in * p["injections_per_week"]
        capacity = self.rooms * p["room_visits_per_week"]
        return share * min(1.0, capacity / wanted) if wanted > 0 else share
