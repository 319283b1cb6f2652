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
from policysim.world.blocks import in_blocks
from policysim.world.neighbourhoods import neighbourhoods
from policysim.world.places import Place
from policysim.world.residents import set_ages, set_characteristics, settle
from policysim.world.standing import set_circumstances, set_standing
from policysim.world.traits import Traits
from policysim.world.use import set_opiate_and_crack, set_use_from_birth, set_what_follows, use_by_age


@dataclass
class Roster:
    """The people of one place and one seed."""

    people: np.ndarray  # shape (n,), the record of policysim.agents.people.person
    entered: np.ndarray  # shape (weeks,), how many rows have entered by each week
    areas: np.ndarray  # shape (neighbourhoods,), policysim.world.neighbourhoods.NEIGHBOURHOOD
    one_in: float  # residents that each person stands for


def synthesise(
    place: Place, one_in: float, weeks: int, seed: int, parameters: Parameters, dtype: np.dtype, threads: int = 1
) -> Roster:
    """Everyone who is in the place now or turns ten there within `weeks`, before any tie is laid."""
    areas = neighbourhoods(place)
    residents, older, entrants = _numbers(place, one_in, weeks, parameters)
    people = np.zeros(residents + older + entrants, dtype)
    now = _first_residents(people[: residents + older], residents, seed, place, areas, parameters, one_in, threads)
    people.resize(now + entrants, refcheck=False)  # in place: of those over 64 most are gone again
    entered = now + _entrants_by_week(place, one_in, weeks)
    everyone = Traits(seed, range(people.size))

    def lives(rows: slice) -> None:
        of, traits = people[rows], everyone.of(rows)
        new = max(now - rows.start, 0)
        _turn_ten(of[new:], traits.of(slice(new, None)), place, areas, entered, parameters)
        set_circumstances(of, traits, parameters)
        set_standing(of, traits, parameters)
        of["present"][:new] = True
        of["life"][:new] = Life.PRESENT

    in_blocks(people.size, lives, threads)
    return Roster(people, entered, areas, one_in)


def _numbers(place: Place, one_in: float, weeks: int, parameters: Parameters) -> tuple[int, int, int]:
    """How many are aged 10 to 64, how many 65 to 79, and how many turn ten within the weeks."""
    residents = max(round(place.residents_10_64 / one_in), 1)
    last_band = sum(a.residents_by_band[-1] for a in place.authorities)
    older = round(last_band * parameters["older_ratio"] / one_in)
    return residents, older, int(_entrants_by_week(place, one_in, weeks)[-1])


def _first_residents(
    people: np.ndarray, residents: int, seed: int, place: Place, areas: np.ndarray, parameters: Parameters,
    one_in: float, threads: int,
) -> int:  # fmt: skip
    """Everyone aged 10 to 64, and of those aged 65 to 79 the ones who have been dependent; returns how many that are."""
    everyone = Traits(seed, range(people.size))
    shares = use_by_age(parameters)

    def born(rows: slice) -> None:
        of, traits = people[rows], everyone.of(rows)
        settle(of, traits, place, areas, _evenly(np.arange(rows.start, rows.stop), residents, people.size - residents))
        set_ages(of, min(max(residents - rows.start, 0), of.size), traits, place, areas)
        of["band"] = band_of(of["age"])
        set_characteristics(of, traits, parameters, areas)
        set_use_from_birth(of, traits, parameters, shares)

    in_blocks(people.size, born, threads)
    users = set_opiate_and_crack(people, everyone, parameters, place, areas, one_in, threads)
    in_blocks(
        people.size, lambda rows: set_what_follows(people[rows], users[rows], everyone.of(rows), parameters), threads
    )
    old = people[residents:]
    kept = old[(old["age"] < RESIDENTS_UNTIL) | ever_dependent(old["use"])]
    old[: kept.size] = kept
    old[kept.size :] = np.zeros(1, people.dtype)
    return residents + kept.size


def _evenly(rows: np.ndarray, residents: int, older: int) -> np.ndarray:
    """Positions in 0 .. 1 at which residents are spread over a place, and those who are older once more."""
    after = rows >= residents
    return (rows - residents * after + 1 / 2) / np.where(after, older, residents)


def _turn_ten(
    people: np.ndarray, traits: Traits, place: Place, areas: np.ndarray, entered: np.ndarray, parameters: Parameters
) -> None:
    """Those who will turn ten in the place, in order of entry."""
    settle(people, traits, place, areas, traits("neighbourhood"))
    people["age"] = YOUNGEST
    people["enters"] = np.searchsorted(entered, traits.rows, side="right")
    set_characteristics(people, traits, parameters, areas)


def _entrants_by_week(place: Place, one_in: float, weeks: int) -> np.ndarray:
    """How many have turned ten in the place by the start of each week."""
    ten_a_week = sum(a.residents_by_band[0] for a in place.authorities) / BAND_YEARS / WEEKS_PER_YEAR / one_in
    return np.floor(np.arange(weeks) * ten_a_week).astype(np.int64)
