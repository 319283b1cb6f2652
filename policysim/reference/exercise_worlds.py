"""The made-up places in which exercises are looked at: much happens to few, so that a run of seconds meets all that is asked.

They live by the stock rules and by a student's, in the Python engine and with the same luck. None of their numbers was measured.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from policysim.engine.ranges import failures_told
from policysim.model import DrugPolicyModel
from policysim.network.adjacency import Ties
from policysim.vocabulary.states import Care, Justice, Occupation, Role, Substance, Use

PLACE = "authority:middlesbrough"
TURNING = 13.72
"""The age from which half of the young begin, so that they turn 14 within the shortest run (years)."""
ONE_IN_CARE = 10
"""At the school every so-manieth pupil is in treatment from the start."""
Weeks = Sequence[np.ndarray]
"""Everybody as they are at the end of each week, a record a person, always in the same order; first as they began."""


@dataclass(frozen=True, eq=False)
class World:
    """How many people, for how long, with which numbers changed, and what is made of those who are there at the start."""

    people: int
    weeks: int
    parameters: dict[str, float]
    arrange: Callable[[np.ndarray], None]


@lru_cache(maxsize=8)
def lived(world: World, kinds: tuple[type, ...]) -> Weeks:
    """The same weeks of the same people, by these rules in place of the stock ones."""
    with closing(_begun(world, kinds)) as model, failures_told():
        weeks = [model.look().copy()]
        for _ in range(world.weeks):
            model.step()
            weeks.append(model.look().copy())
        return weeks


@lru_cache(maxsize=8)
def ties_of(world: World) -> Ties:
    """Who are friends, in any run of it."""
    with closing(_begun(world, ())) as model:
        return model.peers.ties


def _begun(world: World, kinds: tuple[type, ...]) -> DrugPolicyModel:
    model = DrugPolicyModel(
        PLACE,
        people=world.people,
        years=2,
        seed=1,
        engine="python",
        parameters=world.parameters,
        beyond_ranges=True,
        people_classes=kinds or None,
    )
    world.arrange(model.people)
    model.friend_counts.begin()
    return model


# ---------------------------------------------------------------- who is there


def _in_town(people: np.ndarray) -> None:
    """Half of the young turn 14 within the run, the others are of all ages to 22; those in custody are released week by week."""
    young = np.flatnonzero(people["present"] & (people["role"] == Role.YOUNG_PERSON))
    _aged(people, young[::2], TURNING, 13.98)
    _aged(people, young[1::2], 14, 22)
    inside = np.flatnonzero(people["present"] & (people["justice"] == Justice.CUSTODY))
    people["weeks_left"][inside] = np.arange(len(inside)) % TOWN.weeks + 1
    people["naloxone"][inside] = False


def _at_school(people: np.ndarray) -> None:
    """Pupils alone, who have used nothing: half turn 14 within the run, the others are 15 and have a mentor if anybody can.

    Every tenth is in treatment for cannabis, and stays there.
    """
    pupils = people["present"] & (people["role"] == Role.YOUNG_PERSON)
    people["present"] = pupils
    rows = np.flatnonzero(pupils)
    turning, older = rows[::2], rows[1::2]
    _aged(people, turning, TURNING, 13.98)
    _aged(people, older, 15, 15.4)
    people["occupation"][rows] = Occupation.SCHOOL
    for field in ("use", "using", "dependent_on", "ever_used", "care"):
        people[field][rows] = 0
    in_care = rows[::ONE_IN_CARE]
    people["use"][in_care, Substance.CANNABIS] = Use.DEPENDENT
    for field, value in (("using", 1), ("dependent_on", 1), ("ever_used", True), ("care", Care.UNDER_18)):
        people[field][in_care] = value
    if "has_mentor" in (people.dtype.names or ()):
        people["has_mentor"][older] = 1


def _aged(people: np.ndarray, rows: np.ndarray, first: float, last: float) -> None:
    people["age"][rows] = np.linspace(first, last, len(rows))
    people["band"][rows] = (people["age"][rows] // 5 - 2).astype(int)


TOWN = World(
    people=300,
    weeks=16,
    parameters={
        "ocu_per_1000": 250.0,
        "searches_per_1000": 2500.0,
        "start_level[cannabis]": 60.0,
        "start_level[party]": 60.0,
        "overdose_rate[heroin]": 2.0,
        "give_up_waiting": 0.4,
        "agonist_places_ratio": 0.7,
        "psychosocial_places_ratio": 0.5,
    },
    arrange=_in_town,
)
BEGINNING = {f"start_level[{name}]": 1.2 for name in ("cannabis", "party", "alcohol")}
SCHOOL = World(
    people=600,
    weeks=20,
    parameters={**BEGINNING, "dropout_rate[under-18]": 0.0, "completion_rate[under-18]": 0.0},
    arrange=_at_school,
)
SCHOOL_YEAR = World(
    people=300,
    weeks=57,
    parameters={
        **BEGINNING,
        "exclusion_rate[women]": 4.0,
        "exclusion_rate[men]": 4.0,
        "suspension_rate[women]": 2.0,
        "suspension_rate[men]": 2.0,
    },
    arrange=_at_school,
)
