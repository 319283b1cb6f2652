"""What a regime costs a year as far as its own settings decide it, by purse; and for the rest, that nobody knows before a run.

A lever's papers name a unit cost with its range and who pays. Where the settings alone say how many of that unit a place pays
for, as so many workers per 100,000 residents, the amount is arithmetic. Where it depends on how many people come or are
arrested, only a simulation can tell, and no figure is given.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from policysim.evidence.registry import Parameter, registry
from policysim.levers.lever import Lever
from policysim.vocabulary.purses import PURSES
from policysim.world.places import Place

PER_RESIDENTS = 100_000


@dataclass(frozen=True)
class Amount:
    """GBP a year at full delivery: by the usual unit costs, and by the least and the largest of their ranges."""

    usual: float
    low: float
    high: float

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.usual + other.usual, self.low + other.low, self.high + other.high)


NOTHING = Amount(0.0, 0.0, 0.0)


def _per_residents(unit: str, setting: str, lever: Any, place: Place) -> Mapping[str, float]:
    """So many of a unit for every 100,000 residents of any age."""
    return {unit: getattr(lever, setting) * lever.coverage * place.population / PER_RESIDENTS}


def _per_resident(unit: str, setting: str, lever: Any, place: Place) -> Mapping[str, float]:
    """A unit for every resident, as far as the setting says."""
    return {unit: getattr(lever, setting) * lever.coverage * place.population}


def _rooms(lever: Any, _place: Place) -> Mapping[str, float]:
    return {"cost_room_year": lever.rooms * lever.coverage}


def _checking(lever: Any, place: Place) -> Mapping[str, float]:
    return {
        **_per_residents("cost_checking_session", "night_sessions", lever, place),
        **_per_residents("cost_checking_festival", "festival_sessions", lever, place),
    }


def _employment(lever: Any, place: Place) -> Mapping[str, float]:
    clients = registry()["job_support_caseload"].value
    (places,) = _per_residents("", "specialists", lever, place).values()
    return {"cost_job_support_year": places * clients}


AMOUNTS: dict[str, Callable[[Any, Place], Mapping[str, float]]] = {
    "consumption_room": _rooms,
    "drug_checking": _checking,
    "lived_experience_outreach": partial(_per_residents, "cost_outreach_worker_year", "workers"),
    "custody_engagement": partial(_per_residents, "cost_engagement_worker_year", "workers_per_100000"),
    "drug_interventions_programme": partial(_per_residents, "cost_caseworker_year", "caseworkers_per_100000"),
    "hot_spot_patrol": partial(_per_resident, "cost_patrol", "intensity"),
    "stigma_reduction": partial(_per_resident, "cost_stigma_work_year", "reached"),
    "supported_employment": _employment,
    "wraparound": partial(_per_residents, "cost_supported_home_year", "homes"),
    "complex_drinkers": partial(_per_residents, "cost_keyworker_year", "places"),
}
"""Levers of which a place pays for as much as the settings say, whoever comes: units bought a year, by id of their unit cost.
They are tested against what institutions charge."""


MOST: dict[str, Callable[[Any, Place], Mapping[str, float]]] = {
    "housing_first": partial(_per_residents, "cost_housing_first_year", "places"),
}
"""Levers of which a place pays for what is taken up, and for no more than the settings say."""


def amount_of(lever: Lever, place: Place) -> Amount | None:
    """What a lever costs a year in a place at full delivery, where its settings decide it."""
    return _amount(AMOUNTS.get(lever.id), lever, place)


def most_of(lever: Lever, place: Place) -> Amount | None:
    """What a lever costs a year where everything that it offers is taken up, if its settings say how much that is."""
    return _amount(MOST.get(lever.id), lever, place)


def _amount(find: Callable[[Any, Place], Mapping[str, float]] | None, lever: Lever, place: Place) -> Amount | None:
    if find is None:
        return None
    return sum((_times(registry()[unit], count) for unit, count in find(lever, place).items()), NOTHING)


def _times(cost: Parameter, count: float) -> Amount:
    low = cost.value if cost.low is None else cost.low
    high = cost.value if cost.high is None else cost.high
    return Amount(cost.value * count, low * count, high * count)


@dataclass(frozen=True)
class Budget:
    """A regime's known spending by purse, and the levers of which nobody knows before a run, by the purses that pay them."""

    known: Mapping[str, Amount]
    counted: tuple[Lever, ...]
    open: Mapping[str, tuple[Lever, ...]]

    @property
    def purses(self) -> list[str]:
        """Those that pay something, in their usual order."""
        return [purse for purse in PURSES if purse in self.known or purse in self.open]

    @property
    def total(self) -> Amount:
        """All that is known together."""
        return sum(self.known.values(), NOTHING)

    @property
    def unknown(self) -> int:
        """Levers whose cost only a run can tell."""
        return len({lever.id for levers in self.open.values() for lever in levers})


def budget(levers: Iterable[Lever], place: Place) -> Budget:
    """What a regime of these levers costs a year in a place."""
    known: dict[str, Amount] = {}
    unsure: dict[str, tuple[Lever, ...]] = {}
    counted: list[Lever] = []
    for lever in levers:
        amount = amount_of(lever, place)
        if amount is None:
            for purse in lever.purses():
                unsure[purse] = (*unsure.get(purse, ()), lever)
        else:
            counted.append(lever)
            known[lever.payer] = known.get(lever.payer, NOTHING) + amount
    return Budget(known, tuple(counted), unsure)
