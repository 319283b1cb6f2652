"""Treatment services: waiting lists, places, and who is admitted."""

from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.people.care import enter_treatment
from policysim.engine.fields import Field
from policysim.vocabulary.states import Care, Substance, Use
from policysim.vocabulary.stocks import Stock

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
        self.memory = {"funded": 1.0}
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
        whole = int(places)
        return whole + int(self.rounding[care] < places - whole)

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


def queues(people: np.ndarray, rows: np.ndarray, care: np.ndarray, parameters) -> dict[Care, np.ndarray]:
    """Those of these people, in this care, to whom a place of each kind can go, in the order in which kinds are filled.

    Heroin-assisted treatment is for those whom agonist treatment failed: injecting street opioids on top after several
    episodes.
    """
    on, waiting = rows[care == int(Care.AGONIST)], rows[care == int(Care.WAITING)]
    on = on[people["on_top"][on]]
    failed = people["injects"][on] & (people["agonist_episodes"][on] >= parameters["hat_failed_episodes"])
    opioid = people["use"][waiting, int(Substance.HEROIN)] == int(Use.DEPENDENT)
    return {Care.HEROIN_ASSISTED: on[failed], Care.AGONIST: waiting[opioid], Care.PSYCHOSOCIAL: waiting[~opioid]}


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
