"""Treatment services: waiting lists, places, and who is admitted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.institutions.queues import Queue
from policysim.agents.institutions.together import by_authority, first_in_each
from policysim.agents.people.care import enter_treatment
from policysim.agents.people.support import begin_vouchers
from policysim.engine.fields import Field
from policysim.engine.week import Pass
from policysim.engine.who import Who, above, is_any, within
from policysim.vocabulary.groups import WOMEN
from policysim.vocabulary.marks import SupportMark
from policysim.vocabulary.rows import NOBODY
from policysim.vocabulary.states import Care, Justice, Substance, Use
from policysim.vocabulary.stocks import Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR

PER_RESIDENTS = 3_000_000
"""The unit of places of heroin-assisted treatment: about the residents of a large police force area."""


@dataclass(kw_only=True)
class TreatmentPolicy:
    """Places relative to the usual; what is given beside a place, for every 100 usual clients; shares.

    Of heroin-assisted treatment, places for every 3 million residents; for women alone, for every 100 women who are clients.
    """

    depot_share: float
    agonist_places: float = 1.0
    psychosocial_places: float = 1.0
    heroin_assisted_places: float = 0.0
    detoxification_places: float = 1.0
    residential_places: float = 1.0
    day_places: float = 1.0
    prison_places: float = 1.0
    young_places: float = 1.0
    outreach: float = 0.0  # relative rise in asking for help
    young_outreach: float = 0.0  # the same of those under 18
    same_day: float = 0.0
    counsellors: float = 0.0
    vouchers: float = 0.0
    peers: float = 0.0
    women_only: float = 0.0
    childcare: float = 0.0
    mentored: float = 0.0


class TreatmentHere:
    """What people meet of treatment services: before they are in treatment, and beside a place in it."""

    outreach = Field(
        "f8", "asking for treatment relative to the usual, by outreach and quick starts", "ratio", 0, start=1
    )
    young_outreach = Field("f8", "asking for treatment under 18 relative to the usual", "ratio", 0, start=1)
    same_day = Field("f8", "share of those who ask for help with opioids who are assessed at once", "share", 0, 1)
    depot_share = Field("f8", "share of people in agonist treatment who are offered a depot", "share", 0, 1)
    counselled = Field("f8", "share of clients who have a session with a counsellor in a week", "share", 0, 1)
    peer_supported = Field("f8", "share of clients whom a peer supports in a week", "share", 0, 1)
    groups = Field("f8", "share of those completing treatment who find a recovery group with room", "share", 0, 1)
    women_only = Field(
        "f8", "share of women in treatment for whom there is a place where only women are", "share", 0, 1
    )
    childcare = Field("f8", "share of mothers for whom there is childcare", "share", 0, 1)
    mentored = Field("f8", "share of veterans for whom there is a mentor", "share", 0, 1)


PLACES = {
    Care.AGONIST: "agonist_places", Care.PSYCHOSOCIAL: "psychosocial_places", Care.DETOXIFICATION: "detoxification_places",
    Care.RESIDENTIAL_COMMUNITY: "residential_places", Care.DAY_COMMUNITY: "day_places",
    Care.PRISON_COMMUNITY: "prison_places", Care.UNDER_18: "young_places",
}  # fmt: skip
"""The policy that says how many places of each kind there are, relative to the usual."""
OPEN_WEEKS = {Care.DETOXIFICATION: WEEKS_PER_YEAR, Care.UNDER_18: 1}
"""A part of a place is one for part of the time, drawn anew after so many weeks, where that gives no more than is paid for: stays
on a ward are short beside a year, and of places for under-18s more are free than taken. Elsewhere it is drawn once."""
ON_DELIVERY = (
    "cost_agonist_year", "cost_psychosocial_year", "cost_hat_year", "cost_detoxification_week", "cost_residential_week",
    "cost_day_week", "cost_under_18_year", "cost_counselling_session", "cost_vouchers_week", "cost_peer_week",
    "cost_women_only_week", "cost_veteran_mentor_week", "cost_depot_week",
)  # fmt: skip


CLIENT = (is_any("care", Care.AGONIST, Care.PSYCHOSOCIAL), is_any("present", True))
OFTEN = tuple(
    is_any("use", Use.REGULAR, Use.DEPENDENT, at=substance) for substance in (Substance.CRACK, Substance.PARTY)
)
ON_VOUCHERS, FOR_VOUCHERS = (
    Who(*CLIENT, above("voucher_weeks", 0)),
    Who(*CLIENT, OFTEN, within("voucher_weeks", high=0)),
)
"""Clients who are in the programme of vouchers; those who could be, as they use stimulants."""


class Usual(NamedTuple):
    """What the services of an authority have today."""

    places: dict[Care, float]
    clients: float
    women: float  # of the clients


def served(places: float, people: float) -> float:
    """The share of people for whom there is one of so many places."""
    return min(places / people, 1.0) if people > 0 else 0.0


class TreatmentService(Institution):
    """The services of one authority. Every route in (self, police, court, prison) competes for the same places."""

    here = TreatmentHere
    costs = (
        Cost("cost_agonist_year", "council", (Stock.AGONIST,), by_the_year=True, on_delivery=True),
        Cost("cost_psychosocial_year", "council", (Stock.PSYCHOSOCIAL,), by_the_year=True, on_delivery=True),
        Cost("cost_hat_year", "council", (Stock.HEROIN_ASSISTED,), by_the_year=True, on_delivery=True),
        Cost("cost_detoxification_week", "council", (Stock.DETOXIFICATION,), on_delivery=True),
        Cost("cost_residential_week", "council", (Stock.RESIDENTIAL_COMMUNITY,), on_delivery=True),
        Cost("cost_day_week", "council", (Stock.DAY_COMMUNITY,), on_delivery=True),
        Cost("cost_under_18_year", "council", (Stock.UNDER_18,), by_the_year=True, on_delivery=True),
        Cost("cost_counselling_session", "council", ("sessions_paid",), on_delivery=True),
        Cost("cost_vouchers_week", "council", ("vouchers_paid",), on_delivery=True),
        Cost("cost_peer_week", "council", ("peers_paid",), on_delivery=True),
        Cost("cost_women_only_week", "council", ("women_only_paid",), on_delivery=True),
        Cost("cost_veteran_mentor_week", "council", (SupportMark.MENTORED,), on_delivery=True),
        Cost("cost_depot_week", "council", (SupportMark.ON_DEPOT,), on_delivery=True),
        Cost("cost_prison_community_week", "nhs", (Stock.PRISON_COMMUNITY,)),
    )
    decisions = (enter_treatment, begin_vouchers)

    def __init__(self, model, area: int, usual: Usual):
        policy = TreatmentPolicy(depot_share=model.parameters["depot_share"])
        super().__init__(model, f"treatment services of {model.place.authorities[area].name}", area, policy)
        self.usual_places, self.usual_clients, self.usual_women = dict(usual.places), usual.clients, usual.women
        # Share of places paid; GBP a week given for more of them, by whom; for sessions.
        self.memory = {"funded": 1.0, "gift": 0.0, "from_assets": 0.0, "from_partners": 0.0, "for_sessions": 0.0}

    def take_over(self, other) -> None:
        super().take_over(other)
        self.usual_places = dict(other.usual_places)
        self.usual_clients, self.usual_women = other.usual_clients, other.usual_women

    def places(self, care: Care) -> int:
        """Places this week in people, rounded by a luck of the service's own where it is not a whole number."""
        policy = self.policy
        if care == Care.HEROIN_ASSISTED:
            residents = self.model.place.authorities[self.area].population
            places = policy.heroin_assisted_places * residents / PER_RESIDENTS / self.model.one_in
        else:
            places = self.usual_places[care] * getattr(policy, PLACES[care])
        places *= self.memory["funded"]
        if care != Care.HEROIN_ASSISTED and self.memory["gift"] > 0:
            places += self.places_given(care)
        period = self.model.week // OPEN_WEEKS[care] if care in OPEN_WEEKS else 0
        return self.whole(f"places {int(care)}", places, period)

    def places_given(self, care: Care) -> float:
        """Places that money from outside the purse buys, shared between the kinds as the usual places are."""
        usual = self.usual_places[Care.AGONIST] + self.usual_places[Care.PSYCHOSOCIAL]
        share = self.usual_places[care] / usual if usual > 0 else 0.0
        unit = "cost_agonist_year" if care == Care.AGONIST else "cost_psychosocial_year"
        return share * self.memory["gift"] * WEEKS_PER_YEAR / self.model.parameters[unit] / self.model.one_in

    def act(self, week: int) -> None:
        super().act(week)
        share = self.charge(*ON_DELIVERY)
        self.memory["funded"] = share
        self.meet(outreach=1 + self.policy.outreach * share, young_outreach=1 + self.policy.young_outreach * share,
                  same_day=self.policy.same_day * share, depot_share=self.policy.depot_share * share)  # fmt: skip
        self.support(share)

    def sessions_paid(self) -> float:
        """Sessions that counsellors have time for in a week."""
        return self.sessions() * self.model.one_in

    def vouchers_paid(self) -> float:
        """Places in the programme of vouchers."""
        return self.voucher_places() * self.model.one_in

    def peers_paid(self) -> float:
        """People whom peers have time for in a week."""
        return self.peers_time() * self.model.one_in

    def women_only_paid(self) -> float:
        """Places where only women are."""
        return self.women_places() * self.model.one_in

    def sessions(self) -> float:
        """The same in people of the model."""
        return self.policy.counsellors * self.usual_clients / 100 * self.model.parameters["counsellor_sessions"]

    def sessions_given(self) -> float:
        """The same that money from outside the purse buys."""
        return self.memory["for_sessions"] / self.model.parameters["cost_counselling_session"] / self.model.one_in

    def voucher_places(self) -> float:
        """The same in people of the model."""
        return self.policy.vouchers * self.usual_clients / 100

    def peers_time(self) -> float:
        """The same in people of the model, as far as there are people in remission who can do it."""
        p = self.model.parameters
        found = self.stock(Stock.IN_REMISSION) * p["peers_in_remission"]
        return min(self.policy.peers * self.usual_clients / 100, found) * p["peer_caseload"]

    def women_places(self) -> float:
        """The same in people of the model."""
        return self.policy.women_only * self.usual_women / 100

    def support(self, share: float) -> None:
        """Staff and places beside treatment are so many: where there are more clients than that, each has less of them."""
        policy, clients = self.policy, self.stock(Stock.AGONIST) + self.stock(Stock.PSYCHOSOCIAL)
        supported = served(self.peers_time() * share, clients)
        women_only = served(self.women_places() * share, self.stock(Stock.WOMEN_TREATED))
        self.meet(
            counselled=served(self.sessions() * share + self.sessions_given(), clients),
            peer_supported=supported, groups=supported,
            women_only=women_only, childcare=women_only * policy.childcare, mentored=policy.mentored * share,
        )  # fmt: skip

    @classmethod
    def look_back_together(cls, institutions: "Sequence[TreatmentService]", week: int, found: Pass) -> list[np.ndarray]:
        """Fill free places in the programme of vouchers from clients who use stimulants, those first who had no course."""
        model = institutions[0].model
        if not any(each.policy.vouchers > 0 for each in institutions):
            return []
        places, people = by_authority(institutions, TreatmentService.vouchers_open), model.records
        held = model.area_of_row(ON_VOUCHERS.of(people, found.followed))
        rows = FOR_VOUCHERS.of(people, found.followed)
        luck, had_one = model.luck_of("vouchers", rows, week), people["voucher_weeks"][rows] < 0
        free = places - np.bincount(held, minlength=places.size)
        begun = np.sort(rows[first_in_each(model.area_of_row(rows), free, luck, had_one)])
        model.decide("begin_vouchers", begun, np.zeros(begun.size, np.int64))
        return [begun]

    def vouchers_open(self) -> int:
        """Places in the programme of vouchers that are paid for, taken or not."""
        return self.whole("vouchers", self.voucher_places() * self.memory["funded"])

    @staticmethod
    def admit(model, week: int, queue: Queue, in_care: np.ndarray) -> np.ndarray:
        """Fill free places of a kind in each authority, the longest wait first, then by luck; returns whoever is admitted."""
        kind, rows, areas = queue
        free = np.zeros(len(model.services))
        for area in set(areas.tolist()):
            free[area] = model.services[area].places(kind) - int(in_care[area, kind])
        if not (free > 0).any():
            return NOBODY
        people = model.records
        weeks, off_ward = people["weeks_waiting"][rows].astype(int), people["care"][rows] == int(Care.DETOXIFICATION)
        luck = model.luck_of("admission", rows, week)
        # Whoever leaves a ward comes first.
        admitted = np.sort(rows[first_in_each(areas, free, luck, -weeks, ~off_ward)])
        model.decide("enter_treatment", admitted, np.full(admitted.size, int(kind), np.int64))
        return admitted


def usual_services(model) -> list[Usual]:
    """The places and clients of each authority: those of the whole place, shared out by who is dependent there, as grants are.

    So few under-18s are dependent that their places are as many as are expected to be taken, shared out by who is of that age.
    """
    people, authorities, p = model.records, len(model.place.authorities), model.parameters
    dependent = np.flatnonzero((people["dependent_on"] > 0) & people["present"])
    opioids = people["use"][dependent, Substance.HEROIN] == Use.DEPENDENT
    child = people["age"][dependent] < p["age_of_adult_court"]
    given = np.bincount(people["care"][people["present"]], minlength=len(Care)).astype(float)
    expected = (~opioids & child & (people["justice"][dependent] != Justice.CUSTODY)).sum() * p["young_coverage"]
    of_age = np.flatnonzero((people["age"] < p["age_of_adult_court"]) & people["present"])
    inside = float(((people["justice"] == Justice.CUSTODY) & people["present"]).sum())
    adults = given[Care.AGONIST] + given[Care.PSYCHOSOCIAL]
    clients = np.isin(people["care"], (int(Care.AGONIST), int(Care.PSYCHOSOCIAL))) & people["present"]
    women = float((clients & (people["sex"] == WOMEN)).sum()) / max(adults, 1)
    usual: list[dict[Care, float]] = [{Care.HEROIN_ASSISTED: 0.0} for _ in range(authorities)]
    for care, places, need in (
        (Care.AGONIST, given[Care.AGONIST] * p["agonist_places_ratio"], opioids & ~child),
        (Care.PSYCHOSOCIAL, given[Care.PSYCHOSOCIAL] * p["psychosocial_places_ratio"], ~opioids & ~child),
        (Care.DETOXIFICATION, given[Care.AGONIST] * p["detoxification_places_ratio"], opioids),
        (Care.RESIDENTIAL_COMMUNITY, adults * p["residential_places_ratio"], ~child),
        (Care.DAY_COMMUNITY, adults * p["day_places_ratio"], ~child),
        (Care.PRISON_COMMUNITY, inside * p["prison_community_ratio"], opioids),
        (Care.UNDER_18, expected * p["psychosocial_places_ratio"], None),
    ):
        rows = of_age if need is None else dependent[need]
        own = np.bincount(model.area_of_row(rows), minlength=authorities)
        for held, share in zip(usual, own / max(rows.size, 1), strict=True):
            held[care] = float(places * share)
    found = []
    for held in usual:
        ratios = ((Care.AGONIST, "agonist_places_ratio"), (Care.PSYCHOSOCIAL, "psychosocial_places_ratio"))
        served_now = sum(held[care] / p[ratio] for care, ratio in ratios if p[ratio] > 0)
        found.append(Usual(held, served_now, served_now * women))
    return found
