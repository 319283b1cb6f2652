"""The roster of a place: everyone who will be in the model at any week, as rows in order of entry.

A person's row is their number and the key of their luck, so a longer run begins exactly as a shorter one does, and a
person keeps identity and luck whatever the regime does to others. What is not the place's own figure is carried from
national rates by age, sex and deprivation.
"""

from dataclasses import dataclass

import numpy as np

from policysim.evidence.registry import Parameters
from policysim.vocabulary.groups import BAND_YEARS, RESIDENTS_UNTIL, YOUNGEST, band_of, ever_dependent
from policysim.vocabulary.states import Life
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.neighbourhoods import neighbourhoods
from policysim.world.places import Place
from policysim.world.residents import set_ages, set_characteristics, settle
from policysim.world.standing import set_circumstances, set_standing
from policysim.world.traits import Traits
from policysim.world.use import set_use_at_start


@dataclass
class Roster:
    """The people of one place and one seed."""

    people: np.ndarray  # shape (n,), the record of policysim.agents.people.person
    entered: np.ndarray  # shape (weeks,), how many rows have entered by each week
    areas: np.ndarray  # shape (neighbourhoods,), policysim.world.neighbourhoods.NEIGHBOURHOOD
    one_in: float  # residents that each person stands for


def synthesise(place: Place, one_in: float, weeks: int, seed: int, parameters: Parameters, dtype: np.dtype) -> Roster:
    """Everyone who is in the place now or turns ten there within `weeks`, before any tie is laid."""
    areas = neighbourhoods(place)
    first = _first_residents(place, areas, one_in, seed, parameters, dtype)
    entrants, entered = _arrivals(place, one_in, weeks, first.size)
    people = np.zeros(first.size + entrants, dtype)
    people[: first.size] = first
    traits = Traits(seed, np.arange(people.size))
    _turn_ten(people[first.size :], traits.of(slice(first.size, None)), place, areas, entered, parameters)
    set_circumstances(people, traits, parameters)
    set_standing(people, traits, parameters)
    people["present"][: first.size] = True
    people["life"][: first.size] = Life.PRESENT
    return Roster(people, entered, areas, one_in)


def _first_residents(
    place: Place, areas: np.ndarray, one_in: float, seed: int, parameters: Parameters, dtype: np.dtype
) -> np.ndarray:
    """Everyone aged 10 to 64, and of those aged 65 to 79 the ones who have been dependent."""
    residents = max(round(place.residents_10_64 / one_in), 1)
    last_band = sum(a.residents_by_band[-1] for a in place.authorities)
    older = round(last_band * parameters["older_ratio"] / one_in)
    people = np.zeros(residents + older, dtype)
    traits = Traits(seed, np.arange(people.size))
    settle(people, traits, place, areas, np.concatenate([_evenly(residents), _evenly(older)]))
    set_ages(people, residents, traits, place, areas)
    people["band"] = band_of(people["age"])
    set_characteristics(people, traits, parameters, areas)
    set_use_at_start(people, traits, parameters, place, areas, one_in)
    stays = people["age"] < RESIDENTS_UNTIL
    return people[stays | ever_dependent(people["use"])]


def _evenly(people: int) -> np.ndarray:
    """Positions in 0 .. 1 at which so many people are spread over a place."""
    return (np.arange(people) + 1 / 2) / max(people, 1)


def _turn_ten(
    people: np.ndarray, traits: Traits, place: Place, areas: np.ndarray, entered: np.ndarray, parameters: Parameters
) -> None:
    """Those who will turn ten in the place, in order of entry."""
    settle(people, traits, place, areas, traits("neighbourhood"))
    people["age"] = YOUNGEST
    people["enters"] = np.searchsorted(entered, traits.rows, side="right")
    set_characteristics(people, traits, parameters, areas)


def _arrivals(place: Place, one_in: float, weeks: int, already: int) -> tuple[int, np.ndarray]:
    """How many turn ten within the weeks, and how many rows have entered by the start of each week."""
    ten_a_week = sum(a.residents_by_band[0] for a in place.authorities) / BAND_YEARS / WEEKS_PER_YEAR / one_in
    entered = already + np.floor(np.arange(weeks) * ten_a_week).astype(np.int64)
    return int(entered[-1]) - already, entered
