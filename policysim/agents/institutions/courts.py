"""The courts: hear cases in order of waiting, as many as they can, and sentence."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from policysim.agents.institutions.institution import Cost, Decided, Institution
from policysim.agents.people.courts import sentence
from policysim.engine.jit import outer
from policysim.engine.week import Pass
from policysim.engine.who import Who, bears, is_any, is_none
from policysim.vocabulary.marks import JusticeMark, PoliceMark, SupervisionMark, YouthMark
from policysim.vocabulary.rows import NOBODY, joined, without
from policysim.vocabulary.states import Charge, Disposal, Justice, Review
from policysim.vocabulary.time import WEEKS_PER_YEAR

YEARS_REMEMBERED = 2
"""Over so many years of burn-in a court learns what its usual load is."""


PER_RESIDENTS = 100_000
"""The unit of people under a judge's reviews."""


CHARGED = Who(bears(PoliceMark.CHARGED, SupervisionMark.BREACHED_REQUIREMENT, SupervisionMark.FAILED_REVIEW))
REVIEWED = Who(bears(SupervisionMark.REVIEWED))
TAKEN_IN = Who(bears(JusticeMark.RECALLED, JusticeMark.REMANDED, YouthMark.GREW_UP_INSIDE))
UNDER_REVIEW = Who(is_any("present", True), is_none("review", Review.NONE))
FREE, ORDER, CUSTODY = int(Justice.FREE), int(Justice.COMMUNITY_ORDER), int(Justice.CUSTODY)
BREACH, POSSESSION, ACQUISITIVE, SUPPLY = (
    int(charge) for charge in (Charge.BREACH, Charge.POSSESSION, Charge.ACQUISITIVE, Charge.SUPPLY)
)
NO_REVIEW = int(Review.NONE)


class Standing(NamedTuple):
    """Of each case heard what could follow, shape (n,) each."""

    child: np.ndarray  # is dealt with as a child
    inside: np.ndarray  # is in custody already
    means_custody: np.ndarray  # the first draw in `sentence` does
    for_prison: np.ndarray  # an adult who would go there
    for_review: np.ndarray  # by a judge, who is accepted
    for_drug_court: np.ndarray  # of these, those whose sentence can be put off
    for_house: np.ndarray  # of those for prison, who could live in a halfway house


@dataclass(kw_only=True)
class CourtPolicy:
    """People whom judges can have under review at a time, for every 100,000 residents; weeks of a drug court."""

    intensive_places: float
    drug_court_places: float
    drug_court_weeks: float


class CourtWorld:
    """What people meet of courts."""

    drug_court_weeks = Decided("f8", "weeks for which a drug court puts a sentence off", "weeks", 4, 208)


class Court(Institution):
    """One court centre for the place, with time for so many cases of all kinds a week; the rest wait.

    The people followed here bring a small part of all cases. During burn-in the court learns how many they usually bring;
    from then on whatever comes on top joins the backlog of the whole court, and every hearing is listed so much later.
    Breaches are cases, and a judge's reviews take a part of the time of one.
    """

    world = CourtWorld
    costs = (
        Cost("cost_case", "justice", ("cases_heard",), on_delivery=True),
        Cost("cost_review", "justice", (SupervisionMark.REVIEWED,)),
        Cost("cost_court_sanction", "justice", (SupervisionMark.SANCTIONED,)),
    )
    decisions = (sentence,)

    def __init__(self, model):
        p = model.parameters
        policy = CourtPolicy(
            intensive_places=p["intensive_places"],
            drug_court_places=p["drug_court_places"],
            drug_court_weeks=p["drug_court_weeks"],
        )
        super().__init__(model, "court", policy=policy)
        self.capacity = p["cases_per_1000"] * model.place.population / model.one_in  # a week
        self.memory = {"waiting": NOBODY, "reviewed": NOBODY, "time": 0.0, "heard": 0, "usual": 0.0, "backlog": 0.0}

    def look_back(self, week: int, found: Pass) -> np.ndarray:
        """Hear the longest-waiting cases there is time for; returns the rows of the people sentenced."""
        people, prison, youth = self.model.records, self.model.prison, self.model.youth_custody
        charged = CHARGED.of(people, found.marked)
        reviews = int(REVIEWED.among(people, found.marked).sum()) * self.model.parameters["review_time"]
        listed = joined(self.memory["waiting"], charged)
        waiting, due = who_waits(people, listed, int(Charge.NONE), self.listed_after(charged.size + reviews))
        self.memory["time"] = min(self.memory["time"] + self.capacity, self.capacity + 1) - reviews
        n = min(max(int(self.memory["time"]), 0), due.size)
        self.memory["time"] -= n
        heard = due if n == due.size else self.longest_waiting(due, week)[:n]
        heard.sort()
        self.memory["waiting"] = without(waiting, heard)
        # Who was recalled or remanded this week has taken a place before anyone is sentenced.
        taken_in = TAKEN_IN.of(people, found.marked)
        prison.receive(taken_in)
        youth.receive(taken_in)
        if heard.size:
            self.model.decide("sentence", heard, self.disposals(heard, week))
            prison.receive(heard)
            youth.receive(heard)
        self.memory["heard"] = heard.size
        self.charge("cost_case")
        return heard

    def longest_waiting(self, due: np.ndarray, week: int) -> np.ndarray:
        """These people in the order in which they are heard: the longest wait first, then by luck."""
        weeks = self.model.records["weeks_charged"][due]
        return due[np.lexsort((self.model.luck_of("court list", due, week), -weeks))]

    def listed_after(self, charged: float) -> float:
        """Weeks from a charge to its hearing, after so many were charged this week."""
        memory, p = self.memory, self.model.parameters
        if self.model.week_of_run < 0:
            weeks = min(self.model.week + 1, YEARS_REMEMBERED * WEEKS_PER_YEAR)
            memory["usual"] += (charged - memory["usual"]) / weeks
        elif self.model.burn_in_weeks > 0:
            spare = (p["court_capacity_ratio"] - 1) * self.capacity
            memory["backlog"] = max(memory["backlog"] + charged - memory["usual"] - spare, 0.0)
        return p["hearing_weeks"] + memory["backlog"] / self.capacity if self.capacity else p["hearing_weeks"]

    def cases_heard(self) -> float:
        """Cases heard when last it sat."""
        return self.memory["heard"] * self.model.one_in

    def disposals(self, heard: np.ndarray, week: int) -> np.ndarray:
        """What there is room for, case by case (Disposal), shape (n,): an order under review, a house, a prison place.

        Reviews are for adults at liberty who are dependent and accept them: an intensive order for those who would go to
        prison, a drug court for those charged with possession or theft who are under no sentence, whatever they would have
        been given otherwise. A house is never for suppliers. Prison has room for whoever is then left.
        """
        prison, stand = self.model.prison, self.standing(heard, week)
        intensive = self.places_for(
            heard, stand.for_review & stand.for_prison, Review.INTENSIVE, self.policy.intensive_places, week
        )
        deferred = self.places_for(
            heard, stand.for_drug_court & ~intensive, Review.DEFERRED, self.policy.drug_court_places, week
        )
        reviewed = intensive | deferred
        house = prison.places_in_place(heard, stand.for_house & ~reviewed, week)
        found = self.with_room_in_prison(stand, reviewed | house).astype(np.int64)
        found[house] = int(Disposal.HOUSE)
        found[intensive] = int(Disposal.INTENSIVE)
        found[deferred] = int(Disposal.DEFERRED)
        self.memory["reviewed"] = joined(self.memory["reviewed"], heard[reviewed])
        return found

    def places_for(self, heard: np.ndarray, who: np.ndarray, kind: Review, places: float, week: int) -> np.ndarray:
        """Of these cases (a mask) those for whom the judge who reviews has a place, by luck, shape (n,)."""
        given = np.zeros(heard.size, bool)
        if places <= 0 or not who.any():
            return given
        people = self.model.records
        self.memory["reviewed"] = rows = UNDER_REVIEW.of(people, self.memory["reviewed"])
        taken = int((people["review"][rows] == int(kind)).sum())
        places *= self.model.place.population / PER_RESIDENTS / self.model.one_in
        free = max(self.whole(f"places before the judge {int(kind)}", places) - taken, 0)
        luck = np.where(who, self.model.luck_of(f"review {int(kind)}", heard, week), 2.0)
        given[np.argsort(luck, kind="stable")[:free]] = True
        return given & who

    def standing(self, heard: np.ndarray, week: int) -> Standing:
        """What there could be for each of these people, were there room."""
        p, luck = self.model.parameters, self.model.luck_of
        stand = Standing(*np.empty((len(Standing._fields), heard.size), bool))
        weigh(
            self.model.records, heard, luck("sentence", heard, week), luck("accepts reviews", heard, week),
            p.table("custody_share"), p["youth_custody_ratio"], p["age_of_adult_court"], p["review_accepted"], stand,
        )  # fmt: skip
        return stand

    def with_room_in_prison(self, stand: Standing, elsewhere: np.ndarray) -> np.ndarray:
        """For which of these cases prison has a place, shape (n,): whose first draw in `sentence` means custody takes one.

        Those who are inside already, on remand or recalled while their case waited, have a place; those with something in
        its place (`elsewhere`, a mask) take none. Children have places of their own.
        """
        takes_a_place = stand.means_custody & ~stand.inside & ~elsewhere
        room = np.cumsum(takes_a_place & ~stand.child) <= self.model.prison.room()
        young = np.cumsum(takes_a_place & stand.child) <= self.model.youth_custody.room()
        return stand.inside | np.where(stand.child, young, room)


@outer
def who_waits(people, rows, no_charge, weeks):
    """Of these rows those who still wait for a court, and of those the ones who have waited so many weeks."""
    waiting, due = np.empty(rows.size, np.int64), np.empty(rows.size, np.int64)
    found, long = 0, 0
    for row in rows:
        person = people[row]
        if person["present"] and person["charge"] != no_charge:
            waiting[found] = row
            found += 1
            if person["weeks_charged"] >= weeks:
                due[long] = row
                long += 1
    return waiting[:found], due[:long]


@outer
def weigh(people, heard, sentence, accepts, custody_share, youth_ratio, adult, accepted, stand):
    """Where people stand, of whom two draws are known: the first of `sentence`, and whether they accept reviews."""
    for k in range(heard.size):
        person = people[heard[k]]
        justice, charge = person["justice"], person["charge"]
        child = person["age"] < adult
        means_custody = sentence[k] < custody_share[charge] * (youth_ratio if child else 1.0)
        at_liberty = justice in (FREE, ORDER)
        review = not child and at_liberty and person["dependent_on"] > 0 and charge != BREACH
        review = review and person["review"] == NO_REVIEW and accepts[k] < accepted
        for_prison = means_custody and not child and justice != CUSTODY
        stand.child[k], stand.inside[k], stand.means_custody[k] = child, justice == CUSTODY, means_custody
        stand.for_prison[k], stand.for_review[k] = for_prison, review
        stand.for_drug_court[k] = review and justice == FREE and charge in (POSSESSION, ACQUISITIVE)
        stand.for_house[k] = for_prison and at_liberty and charge != SUPPLY
