"""The courts: hear cases in order of waiting, as many as they can, and sentence."""

from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Decided, Institution
from policysim.agents.people.courts import sentence
from policysim.engine.jit import outer
from policysim.engine.week import Pass
from policysim.vocabulary.mark import rows_marked
from policysim.vocabulary.marks import JusticeMark, PoliceMark, SupervisionMark, YouthMark
from policysim.vocabulary.rows import NOBODY, joined, without
from policysim.vocabulary.states import Charge, Disposal, Justice, Review
from policysim.vocabulary.time import WEEKS_PER_YEAR

YEARS_REMEMBERED = 2
"""Over so many years of burn-in a court learns what its usual load is."""


PER_RESIDENTS = 100_000
"""The unit of people under a judge's reviews."""


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
        charged = rows_marked(
            people,
            found.marked,
            PoliceMark.CHARGED,
            SupervisionMark.BREACHED_REQUIREMENT,
            SupervisionMark.FAILED_REVIEW,
        )
        reviews = (
            rows_marked(people, found.marked, SupervisionMark.REVIEWED).size * self.model.parameters["review_time"]
        )
        listed = joined(self.memory["waiting"], charged)
        waiting, due = who_waits(people, listed, int(Charge.NONE), self.listed_after(charged.size + reviews))
        self.memory["time"] = min(self.memory["time"] + self.capacity, self.capacity + 1) - reviews
        n = min(max(int(self.memory["time"]), 0), due.size)
        self.memory["time"] -= n
        heard = due if n == due.size else self.longest_waiting(due, week)[:n]
        heard.sort()
        self.memory["waiting"] = without(waiting, heard)
        # Who was recalled or remanded this week has taken a place before anyone is sentenced.
        taken_in = rows_marked(
            people, found.marked, JusticeMark.RECALLED, JusticeMark.REMANDED, YouthMark.GREW_UP_INSIDE
        )
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
        people, prison = self.model.records, self.model.prison
        adult = ~self.children(heard)
        standing, charge = people["justice"][heard], people["charge"][heard]
        out = (standing == int(Justice.FREE)) | (standing == int(Justice.COMMUNITY_ORDER))
        for_prison = self.means_custody(heard, week) & adult & (standing != int(Justice.CUSTODY))
        new = adult & out & (people["dependent_on"][heard] > 0) & (charge != int(Charge.BREACH))
        new &= people["review"][heard] == int(Review.NONE)
        new &= self.model.luck_of("accepts reviews", heard, week) < self.model.parameters["review_accepted"]
        intensive = self.places_for(heard, new & for_prison, Review.INTENSIVE, self.policy.intensive_places, week)
        minor = (charge == int(Charge.POSSESSION)) | (charge == int(Charge.ACQUISITIVE))
        first = new & minor & (standing == int(Justice.FREE)) & ~intensive
        deferred = self.places_for(heard, first, Review.DEFERRED, self.policy.drug_court_places, week)
        for_house = for_prison & out & (charge != int(Charge.SUPPLY)) & ~intensive & ~deferred
        house = prison.places_in_place(heard, for_house, week)
        found = self.with_room_in_prison(heard, intensive | deferred | house, week).astype(np.int64)
        found[house] = int(Disposal.HOUSE)
        found[intensive] = int(Disposal.INTENSIVE)
        found[deferred] = int(Disposal.DEFERRED)
        self.memory["reviewed"] = joined(self.memory["reviewed"], heard[intensive | deferred])
        return found

    def places_for(self, heard: np.ndarray, who: np.ndarray, kind: Review, places: float, week: int) -> np.ndarray:
        """Of these cases (a mask) those for whom the judge who reviews has a place, by luck, shape (n,)."""
        people, rows = self.model.records, self.memory["reviewed"]
        rows = rows[people["present"][rows] & (people["review"][rows] != int(Review.NONE))]
        self.memory["reviewed"] = rows
        taken = int((people["review"][rows] == int(kind)).sum())
        places *= self.model.place.population / PER_RESIDENTS / self.model.one_in
        free = max(self.whole(f"places before the judge {int(kind)}", places) - taken, 0)
        luck = np.where(who, self.model.luck_of(f"review {int(kind)}", heard, week), 2.0)
        given = np.zeros(heard.size, bool)
        given[np.argsort(luck, kind="stable")[:free]] = True
        return given & who

    def means_custody(self, heard: np.ndarray, week: int) -> np.ndarray:
        """Whose first draw in `sentence` means custody, shape (n,)."""
        people, p = self.model.records, self.model.parameters
        custody = p.table("custody_share")[people["charge"][heard]]
        custody = np.where(self.children(heard), custody * p["youth_custody_ratio"], custody)
        return np.asarray(self.model.luck_of("sentence", heard, week) < custody)

    def with_room_in_prison(self, heard: np.ndarray, elsewhere: np.ndarray, week: int) -> np.ndarray:
        """Whom prison has a place for, shape (n,): those whose first draw in `sentence` means custody take one each.

        Those who are inside already, on remand or recalled while their case waited, have a place; those with something in
        its place (`elsewhere`, a mask) take none. Children have places of their own.
        """
        inside = self.model.records["justice"][heard] == int(Justice.CUSTODY)
        takes_a_place = self.means_custody(heard, week) & ~inside & ~elsewhere
        child = self.children(heard)
        room = np.cumsum(takes_a_place & ~child) <= self.model.prison.room()
        young = np.cumsum(takes_a_place & child) <= self.model.youth_custody.room()
        return inside | np.where(child, young, room)

    def children(self, rows: np.ndarray) -> np.ndarray:
        """Who of these people is dealt with as a child, shape (n,)."""
        return np.asarray(self.model.records["age"][rows] < self.model.parameters["age_of_adult_court"])


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
