"""Small populations in which much happens, and the comparisons that several tests make of them."""

from typing import TYPE_CHECKING, Any

import numpy as np

from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime

if TYPE_CHECKING:
    import pandas as pd

# A place in which every event is common: a few hundred people live through what a city does in a decade.
BUSY: dict[str, float] = {
    "ocu_per_1000": 250, "injecting_share": 0.6, "kit_share": 0.4, "custody_share_dependent": 0.2,
    "agonist_coverage": 0.3, "searches_per_1000": 4000, "detection_rate": 8, "arrests_capacity_per_1000": 2000,
    "overdose_rate[heroin]": 3, "overdose_rate[crack]": 1, "overdose_rate[party]": 1, "overdose_rate[benzodiazepines]": 1,
    "fatality_opioid": 0.15, "fatality_stimulant": 0.15, "offending_rate": 60, "arrests_per_offence": 0.1,
    "cases_per_1000": 1500, "recall_rate": 3, "served_weeks[acquisitive]": 5, "served_weeks[possession]": 2,
    "recall_weeks": 2, "licence_weeks": 8, "order_weeks": 6, "hearing_weeks": 2, "prison_places_ratio": 4,
    "remand_share[supply]": 0.4, "trigger_arrest_rate[men]": 0.5, "trigger_arrest_rate[women]": 0.2, "breach_rate": 3,
    "seek_rate[opiate-group]": 6, "seek_rate[non-opiate-group]": 4,
    "seek_rate[alcohol-group]": 4, "seek_rate[non-opiate-and-alcohol-group]": 4, "give_up_waiting": 0.2,
    "dropout_rate[agonist]": 2, "completion_rate[agonist]": 2, "relapse_rate[heroin]": 4, "remission_rate[heroin]": 2,
    "remission_rate[crack]": 2, "escalation_rate[party]": 4, "dependence_rate[party]": 4, "escalation_rate[heroin]": 8,
    "dependence_rate[heroin]": 8, "kits_per_100": 200, "kit_loss": 2, "exclusion_rate[men]": 0.5, "exclusion_rate[women]": 0.5,
    "lose_work": 1, "find_work": 2, "lose_home": 0.5, "become_homeless": 1, "find_home": 2, "taper_weeks": 2,
    "batch_rate": 4, "police_carry": 0.6, "diversion_offer": 0.12, "contract_breach_rate": 0.6,
    "requirement_weeks": 6, "requirement_breach_rate": 4, "house_weeks": 4,
}  # fmt: skip


def model(**changes: Any) -> DrugPolicyModel:
    """A model of a few hundred people; any argument of DrugPolicyModel can be changed."""
    arguments: dict[str, Any] = {"place": "west-midlands", "people": 300, "years": 1, "seed": 11, "beyond_ranges": True}
    arguments |= changes
    return DrugPolicyModel(**arguments)


def after(weeks: int, **changes: Any) -> DrugPolicyModel:
    """The same, some weeks later."""
    made = model(**changes)
    for _ in range(weeks):
        made.step()
    made.close()
    return made


def weekly(made: DrugPolicyModel) -> "pd.DataFrame":
    """Every outcome of the whole place, one row a week, as tables show it."""
    found = made.outcomes.weekly([authority.name for authority in made.place.authorities], made.one_in)
    return found[
        found["area"] == "all"
    ]  # a query looks at each of the columns first, which takes longer than a short run


def regime(**levers: dict) -> Regime:
    """A regime of these levers (settings by lever id)."""
    return Regime.model_validate({"id": "drawn", "name": "Drawn", "levers": levers})


def bits(values: np.ndarray) -> np.ndarray:
    """The values so that two of them are equal only if every bit is: a NaN equals itself, 0.0 is not -0.0."""
    return values.view(f"i{values.itemsize}") if values.dtype.kind == "f" else values


def differing(one: np.ndarray, other: np.ndarray, fields=None) -> list[str]:
    """Names of the fields of two records that are not the same to the bit (padding between fields is not compared)."""
    names = one.dtype.names if fields is None else fields
    return [name for name in names if not np.array_equal(bits(one[name].copy()), bits(other[name].copy()))]


def unequal(one: np.ndarray, other: np.ndarray) -> list[str]:
    """The same by value: -0.0 equals 0.0, which Python's mixed whole and real numbers sometimes tell apart."""
    kinds = ((name, one.dtype[name].base.kind == "f") for name in one.dtype.names)
    return [name for name, real in kinds if not np.array_equal(one[name], other[name], equal_nan=real)]


def disagreements(one: DrugPolicyModel, other: DrugPolicyModel) -> list[str]:
    """What two runs differ in: people, places, world, ties, counts."""
    found = [f"people.{name}" for name in differing(one.people, other.people)]
    found += [f"places.{name}" for name in differing(one.places, other.places)]
    found += [f"world.{name}" for name in differing(one.world_array, other.world_array)]
    if not np.array_equal(one.peers.using.slots, other.peers.using.slots):
        found.append("using ties")
    for name in ("flows", "stocks", "sums", "figures", "costs", "groups", "group_sums", "group_stocks"):
        mine, theirs = (np.ascontiguousarray(getattr(m.outcomes, name)) for m in (one, other))
        if not np.array_equal(bits(mine), bits(theirs)):
            found.append(f"outcomes.{name}")
    return found
