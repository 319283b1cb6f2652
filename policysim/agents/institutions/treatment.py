"""Treatment services: waiting lists, places, and who is admitted."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.people.care import enter_treatment
from policysim.engine.fields import Field
from policysim.engine.jit import outer
from policysim.vocabulary.states import Care, Substance, Use
from policysim.vocabulary.stocks import Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR

PER_RESIDENTS = 3_000_000
"""The unit of places of heroin-assisted treatment: about the residents of a large police force area."""


@dataclass(kw_only=True)
class TreatmentPolicy:
    """Places relative to the usual; of heroin-assisted treatment, places for every 3 million residents."""

    agonist_places: float = 1.0
    psychosocial_places: float = 1.0
    heroin_assisted_places: float = 0.0
    outreach: float = 0.0  # relative rise in asking for help


class TreatmentHere:
    """What people meet of treatment services before they are in treatment."""

    outreach = Field(
        "f8", "asking for treatment relative to the usual, by outreach and quick starts", "ratio", 0, start=1
    )


CARE_ASKED_ABOUT = (int(Care.NONE), int(Care.WAITING), int(Care.AGONIST))
OPIOID_DEPENDENCE = (int(Substance.HEROIN), int(Use.DEPENDENT))


class Queue(NamedTuple):
    """Those to whom a place of a kind can go, in person order, and the authority in which each lives."""

    kind: Care
    rows: np.ndarray
    areas: np.ndarray


class TreatmentService(Institution):
    """The services of one authority. Every route in (self, police, court, prison) competes for the same places."""

    here = TreatmentHere
    costs = (
        Cost("cost_agonist_year", "council", (Stock.AGONIST,), by_the_year=True, on_delivery=True),
        Cost("cost_psychosocial_year", "council", (Stock.PSYCHOSOCIAL,), by_the_year=True, on_delivery=True),
        Cost("cost_hat_year", "council", (Stock.HEROIN_ASSISTED,), by_the_year=True, on_delivery=True),
    )
    decisions = (enter_treatment,)

    def __init__(self, model, area: int, usual: dict[Care, float]):
        super().__init__(model, f"treatment services of {model.place.authorities[area].name}", area, TreatmentPolicy())
        self.usual_places = usual
        self.memory = {"funded": 1.0, "gift": 0.0}  # share of places paid; GBP a week given for more
        self.rounding = {
            care: float(model.luck_of(f"places {area} {care}", np.zeros(1, np.int64), 0)[0])
            for care in self.usual_places
        }

    def take_over(self, other) -> None:
        super().take_over(other)
        self.usual_places = dict(other.usual_places)

    def places(self, care: Care) -> int:
        """Places this week in people, rounded by a luck of the service's own where it is not a whole number."""
        policy = self.policy
        if care == Care.HEROIN_ASSISTED:
            residents = self.model.place.authorities[self.area].population
            places = policy.heroin_assisted_places * residents / PER_RESIDENTS / self.model.one_in
        else:
            ratio = policy.agonist_places if care == Care.AGONIST else policy.psychosocial_places
            places = self.usual_places[care] * ratio
        places *= self.memory["funded"]
        if care != Care.HEROIN_ASSISTED and self.memory["gift"] > 0:
            places += self.places_given(care)
        whole = int(places)
        return whole + int(self.rounding[care] < places - whole)

    def places_given(self, care: Care) -> float:
        """Places that money from outside the purse buys, shared between the kinds as the usual places are."""
        usual = self.usual_places[Care.AGONIST] + self.usual_places[Care.PSYCHOSOCIAL]
        share = self.usual_places[care] / usual if usual > 0 else 0.0
        unit = "cost_agonist_year" if care == Care.AGONIST else "cost_psychosocial_year"
        return share * self.memory["gift"] * WEEKS_PER_YEAR / self.model.parameters[unit] / self.model.one_in

    def act(self, week: int) -> None:
        super().act(week)
        share = self.charge("cost_agonist_year", "cost_psychosocial_year", "cost_hat_year")
        self.memory["funded"] = share
        self.model.places["outreach"][self.neighbourhoods] = 1 + self.policy.outreach * share

    def admit(self, week: int, kind: Care, queue: np.ndarray, free: int) -> np.ndarray:
        """Fill free places of a kind from these rows, the longest wait first, then by luck; returns whoever is admitted."""
        admitted = queue if queue.size <= free else np.sort(self.longest_waiting(queue, week)[:free])
        self.model.decide("enter_treatment", admitted, np.full(admitted.size, int(kind), np.int64))
        return admitted

    def longest_waiting(self, queue: np.ndarray, week: int) -> np.ndarray:
        """These people in the order in which they are admitted: the longest wait first, then by luck."""
        weeks = self.model.records["weeks_waiting"][queue].astype(int)
        return queue[np.lexsort((self.model.luck_of("admission", queue, week), -weeks))]


def queues(model, followed: np.ndarray) -> tuple[list[Queue], np.ndarray]:
    """Of the people followed those to whom a place of each kind can go, in the order in which kinds are filled.

    Heroin-assisted treatment is for those whom agonist treatment failed: injecting street opioids on top after several
    episodes. Beside them how many are in each care by authority, shape (authorities, kinds of care).
    """
    in_care = np.zeros((len(model.services), len(Care)), np.int64)
    failed = model.parameters["hat_failed_episodes"]
    rows, areas, ends = _queue_up(
        model.records, model.places, followed, failed, CARE_ASKED_ABOUT, OPIOID_DEPENDENCE, in_care
    )
    kinds = (Care.HEROIN_ASSISTED, Care.AGONIST, Care.PSYCHOSOCIAL)
    return [
        Queue(kind, rows[k, :end], areas[k, :end]) for k, (kind, end) in enumerate(zip(kinds, ends, strict=True))
    ], in_care


@outer
def _queue_up(people, places, followed, failed_episodes, care_asked_about, opioid_dependence, in_care):
    """The rows of each queue and the authorities they live in, shape (3, n), filled to `ends`.

    States come as arguments: what is compiled and kept on disk would not notice that one has changed.
    """
    none, waiting, agonist = care_asked_about
    substance, dependent = opioid_dependence
    rows, areas = np.empty((3, followed.size), np.int64), np.empty((3, followed.size), np.int64)
    heroin_assisted, agonists, psychosocial = 0, 0, 0
    for row in followed:
        p = people[row]
        if p["care"] == none or not p["present"]:
            continue
        area = places[p["neighbourhood"]]["area"]
        in_care[area, p["care"]] += 1
        if p["care"] == waiting and p["use"][substance] == dependent:
            rows[1, agonists], areas[1, agonists] = row, area
            agonists += 1
        elif p["care"] == waiting:
            rows[2, psychosocial], areas[2, psychosocial] = row, area
            psychosocial += 1
        elif p["care"] == agonist and p["on_top"] and p["injects"] and p["agonist_episodes"] >= failed_episodes:
            rows[0, heroin_assisted], areas[0, heroin_assisted] = row, area
            heroin_assisted += 1
    return rows, areas, (heroin_assisted, agonists, psychosocial)


def usual_places(model) -> list[dict[Care, float]]:
    """The places of each authority: those of the whole place, shared out by who is dependent there, as grants are."""
    people, authorities = model.records, len(model.place.authorities)
    dependent = np.flatnonzero((people["dependent_on"] > 0) & people["present"])
    opioids = people["use"][dependent, Substance.HEROIN] == Use.DEPENDENT
    given = np.bincount(people["care"][people["present"]], minlength=len(Care))
    usual: list[dict[Care, float]] = [{Care.HEROIN_ASSISTED: 0.0} for _ in range(authorities)]
    for care, name, need in (
        (Care.AGONIST, "agonist_places_ratio", dependent[opioids]),
        (Care.PSYCHOSOCIAL, "psychosocial_places_ratio", dependent[~opioids]),
    ):
        own = np.bincount(model.area_of_row(need), minlength=authorities)
        shares = own / max(need.size, 1)
        for places, share in zip(usual, shares, strict=True):
            places[care] = float(given[care] * model.parameters[name] * share)
    return usual
