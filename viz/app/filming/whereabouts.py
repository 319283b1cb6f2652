"""Where a person is met in a week, as far as the model says it: in custody, by police, in a service, at school."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from policysim.vocabulary.marks import ExploitationMark, HarmReductionMark, PoliceMark
from policysim.vocabulary.states import Care, Justice, Life, Occupation

MET_POLICE = (
    PoliceMark.SEARCHED | PoliceMark.ARRESTED_FOR_DRUGS | PoliceMark.ARRESTED_OTHERWISE | PoliceMark.ARRESTED_FOR_TRIGGER
    | PoliceMark.RESOLVED_ON_STREET
)  # fmt: skip
ON_LINE = ExploitationMark.ARRESTED_ON_LINE | ExploitationMark.CAUGHT_SELLING


class Place(IntEnum):
    """Where somebody is drawn; the first that holds, from the last downwards."""

    ELSEWHERE = 0
    SCHOOL = 1
    WAITING = 2
    SERVICE = 3
    ROOM = 4
    POLICE = 5
    CUSTODY = 6


PLACE_WORDS = {
    Place.ELSEWHERE: ("", ""),
    Place.SCHOOL: ("School", "at school"),
    Place.WAITING: ("Waiting list", "waiting for treatment"),
    Place.SERVICE: ("Treatment", "in a treatment service"),
    Place.ROOM: ("Consumption room", "in a consumption room this week"),
    Place.POLICE: ("Police", "searched or arrested by police this week"),
    Place.CUSTODY: ("Custody", "in custody"),
}
"""The name of the place, and of a person that they are there."""


def whereabouts(people: np.ndarray) -> NDArray[np.int8]:
    """Where each of these people is met this week."""
    found = np.full(len(people), Place.ELSEWHERE, np.int8)
    found[people["occupation"] == Occupation.SCHOOL] = Place.SCHOOL
    found[people["care"] == Care.WAITING] = Place.WAITING
    found[people["care"] > Care.WAITING] = Place.SERVICE
    found[(people["harm_reduction_marks"] & HarmReductionMark.VISITED_ROOM) != 0] = Place.ROOM
    stopped = (people["police_marks"] & MET_POLICE) | (people["exploitation_marks"] & ON_LINE)
    found[stopped != 0] = Place.POLICE
    found[people["justice"] == Justice.CUSTODY] = Place.CUSTODY
    found[people["life"] != Life.PRESENT] = Place.ELSEWHERE
    return found
