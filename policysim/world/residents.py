"""Residents: where they live, how old they are, and what they were born with or bring from childhood."""

import numpy as np

from policysim.evidence.registry import Parameters
from policysim.vocabulary.groups import (
    BAND_YEARS,
    ETHNIC_GROUPS,
    MEN,
    OLDEST,
    QUINTILES,
    RESIDENT_BANDS,
    RESIDENTS_UNTIL,
    YOUNGEST,
)
from policysim.world.places import Place
from policysim.world.traits import Traits, reached

MIDDLE_QUINTILE = (len(QUINTILES) - 1) / 2
SHARES = (
    ("care_experienced", "care_share"),
    ("family_history", "family_share"),
    ("ill", "ill_share"),
    ("brain_injury", "brain_injury_share"),
    ("neurodivergent", "neurodivergent_share"),
)
"""Characteristics that each person has or has not whatever the others are, and the number that says how many have."""


def settle(people: np.ndarray, traits: Traits, place: Place, areas: np.ndarray, position: np.ndarray) -> None:
    """Neighbourhood by its share of residents, at these positions in 0 .. 1; sex and ethnic group of its authority."""
    where = np.minimum(np.searchsorted(np.cumsum(areas["share"]), position, side="right"), areas.size - 1)
    people["neighbourhood"] = where
    authority = areas["authority"][where]
    women = np.array([a.women_share for a in place.authorities])[authority]
    people["sex"] = traits("sex") >= women
    shares = np.cumsum([a.ethnic_shares for a in place.authorities], axis=1).T
    group = reached(traits("ethnic group"), (share[authority] for share in shares))
    people["ethnicity"] = np.minimum(group, len(ETHNIC_GROUPS) - 1)


def set_ages(people: np.ndarray, residents: int, traits: Traits, place: Place, areas: np.ndarray) -> None:
    """Ages of the first `residents` by the bands of their authority; the others are older than all of those."""
    bands = np.array([a.residents_by_band for a in place.authorities], float)
    bands = np.cumsum(bands / bands.sum(axis=1, keepdims=True), axis=1).T
    authority = areas["authority"][people["neighbourhood"][:residents]]
    last = len(RESIDENT_BANDS) - 1
    band = np.minimum(reached(traits("age band")[:residents], (share[authority] for share in bands)), last)
    within = traits("age")
    people["age"][:residents] = YOUNGEST + BAND_YEARS * (band + within[:residents])
    people["age"][residents:] = RESIDENTS_UNTIL + (OLDEST - RESIDENTS_UNTIL) * within[residents:]


def set_characteristics(people: np.ndarray, traits: Traits, parameters: Parameters, areas: np.ndarray) -> None:
    """What a person is born with or brings from childhood, and the risk and resilience that follow from it."""
    people["aces"] = _aces(traits, parameters)
    for field, name in SHARES:
        people[field] = traits(field) < parameters[name]
    if people.size and people["enters"][0] > 0:  # care that follows from parents' dependence comes with the parents
        elsewhere = parameters["care_share"] * (1 - parameters["care_by_parents_use"])
        people["care_experienced"] = traits("care_experienced") < elsewhere
    adult = people["age"] >= parameters["adult_role_age"]
    people["has_children"] = adult & (traits("children") < parameters["parent_share"])
    people["veteran"] = adult & (people["sex"] == MEN) & (traits("veteran") < parameters["veteran_share"])
    people["risk_at_rest"] = _risk_at_rest(people, traits, parameters, areas)
    people["resilience_at_rest"] = parameters["trait_spread"] * traits.spread("resilience")
    alone = parameters["alone_share"] + parameters["alone_spread"] * _off_centre(traits("alone"))
    people["alone"] = np.clip(alone, 0, 1)
    stigma = parameters["stigma_mean"] * (1 + parameters["stigma_spread"] * _off_centre(traits("stigma")))
    people["stigma"] = np.maximum(stigma, 0)
    people["offending_level"] = _offending_level(traits("offending"), parameters)


def _offending_level(draw: np.ndarray, parameters: Parameters) -> np.ndarray:
    """Offending relative to the mean: a few commit a large part of all offences; 1 on average."""
    share, part = parameters["prolific_share"], parameters["prolific_part"]
    return np.where(draw < share, part / share, (1 - part) / (1 - share))


def _off_centre(draw: np.ndarray) -> np.ndarray:
    """An even draw in 0 .. 1 as a distance from the middle."""
    return draw - 1 / 2


def _risk_at_rest(people: np.ndarray, traits: Traits, parameters: Parameters, areas: np.ndarray) -> np.ndarray:
    """Where risk settles when nothing else acts (standard deviations): what has a name, and a spread that has none."""
    risk = parameters["trait_spread"] * traits.spread("risk")
    risk += parameters["trait_of_aces"] * (people["aces"] - _mean_aces(parameters))
    risk += parameters["trait_of_care"] * people["care_experienced"]
    risk += parameters["trait_of_family"] * people["family_history"]
    risk += parameters["trait_of_illness"] * (people["ill"] - parameters["ill_share"])
    return risk + risk_of_deprivation(people, parameters, areas)


def balance_at_rest(people: np.ndarray) -> np.ndarray:
    """Risk less resilience where they settle, as real numbers of eight bytes: NumPy would work in the four of the record."""
    return people["risk_at_rest"].astype(float) - people["resilience_at_rest"]


def risk_of_deprivation(people: np.ndarray, parameters: Parameters, areas: np.ndarray) -> np.ndarray:
    """What the deprivation of the neighbourhood adds to risk at rest (standard deviations), zero in the middle fifth."""
    return parameters["trait_of_deprivation"] * (MIDDLE_QUINTILE - areas["quintile"][people["neighbourhood"]])


def _aces(traits: Traits, parameters: Parameters) -> np.ndarray:
    """Adverse childhood experiences: none, some or many by their published shares, and each count of a group as likely."""
    group, within = traits("adverse childhood experiences"), traits("adverse childhood experiences", 1)
    from_many, most = parameters["aces_many"], parameters["aces_most"]
    some = 1 + (within * (from_many - 1)).astype(int)
    many = from_many + (within * (most - from_many + 1)).astype(int)
    share = parameters["four_aces_share"]
    return np.where(group < share, many, np.where(group < share + parameters["one_ace_share"], some, 0))


def _mean_aces(parameters: Parameters) -> float:
    """What `_aces` gives on average."""
    some, many = parameters["aces_many"] / 2, (parameters["aces_many"] + parameters["aces_most"]) / 2
    return many * parameters["four_aces_share"] + some * parameters["one_ace_share"]
