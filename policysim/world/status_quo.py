"""What a place itself has and does: published figures of forces, councils and other areas, where there are some.

`configs/places/status_quo.csv` has one row for each figure: of which place, in place of which number of the registry.
An authority goes by the most local figure that covers it (its own, its county's, its force's, its region's, its nation's)
and for the rest by the registry, whose number is then carried over to it. A number that a scenario changes is changed
everywhere: it takes the place of the figures of places too. One that is drawn from its range is carried over as the
registry's is, and leaves them as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from policysim.errors import UserError, nearest
from policysim.evidence.registry import QUALITIES, Parameter, Parameters, checked, registry, weekly
from policysim.reading import read_table
from policysim.world.authorities import Authority
from policysim.world.places import Place, places

COLUMNS = ("place", "parameter", "value", "year", "source", "url", "status", "note")
LOCAL = (
    "ocu_per_1000", "searches_per_1000", "arrest_share", "diversion_offer", "attendance", "diversion_link", "test_share",
    "test_referral_share", "police_carry", "arrests_capacity_per_1000", "kits_per_100", "needle_coverage",
    "checking_sessions",
)  # fmt: skip
"""Numbers of the registry that are read by authority, so that a place can have its own: who is there and what is usual."""


@dataclass(frozen=True)
class Figure:
    """What is published of one place, in the unit of the number of the registry whose place it takes there."""

    place: str
    """Id of the area that the figure is of."""
    parameter: str
    value: float
    year: str
    source: str
    url: str
    status: str
    """How good the figure is: one of the qualities of the registry."""
    note: str


class Local:
    """The numbers of a run as they are in one authority: `Local(parameters, authority)["police_carry"]`."""

    def __init__(self, parameters: Parameters, authority: Authority):
        self.parameters = parameters
        self.authority = authority

    def __getitem__(self, name: str) -> float:
        """One number in weekly units, by id."""
        figure = figure_of(self.authority, name, self.parameters)
        return self.parameters[name] if figure is None else weekly(figure.value, self.parameters.rows[name].unit)


def figure_of(authority: Authority, name: str, parameters: Parameters | None = None) -> Figure | None:
    """The most local figure of an authority, if there is one and the run does not set the number itself."""
    if parameters is not None and name in parameters.changed:
        return None
    return _most_local().get((authority.code, authority.force), {}).get(name)


def names_of_its_own(place: Place) -> frozenset[str]:
    """The numbers of which every part of a place has a figure, so that nothing is carried over to it."""
    return frozenset(name for name in LOCAL if all(figure_of(authority, name) for authority in place.authorities))


def names_of_parts(place: Place) -> frozenset[str]:
    """The numbers of which parts of a place have a figure and others have none."""
    some = (name for name in LOCAL if any(figure_of(authority, name) for authority in place.authorities))
    return frozenset(some) - names_of_its_own(place)


def own_and_carried(place: Place) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The figures by which a place's authorities go, with the share of residents who live there; what is carried."""
    own: list[dict[str, Any]] = []
    carried: list[dict[str, Any]] = []
    for name in LOCAL:
        parameter = registry()[name]
        residents: dict[Figure | None, int] = {}
        for authority in place.authorities:
            figure = figure_of(authority, name)
            residents[figure] = residents.get(figure, 0) + authority.population
        for figure, covered in residents.items():
            share = round(covered / place.population, 3)
            (carried if figure is None else own).append(_said(parameter, figure) | {"share_of_residents": share})
    return own, carried


def _said(parameter: Parameter, figure: Figure | None) -> dict[str, Any]:
    """A number as it stands for some of a place, and where it comes from."""
    if figure is None:
        told = {"of": "", "value": parameter.value, "unit": parameter.unit, "year": "", "status": parameter.quality}
        told |= {"source": parameter.source, "url": parameter.url, "note": ""}
    else:
        told = {"of": figure.place, "value": figure.value, "unit": parameter.unit, "year": figure.year}
        told |= {"status": figure.status, "source": figure.source, "url": figure.url, "note": figure.note}
    return {"parameter": parameter.id} | told | {"meaning": parameter.meaning}


@cache
def figures() -> tuple[Figure, ...]:
    """Every figure of the shipped file; raises UserError for a damaged one."""
    return read_figures(files("policysim.configs") / "places" / "status_quo.csv")


def read_figures(path: Traversable | Path) -> tuple[Figure, ...]:
    """The figures of a file with these columns, one for each place and number; raises UserError with the line."""
    known = _by_id()
    return tuple(
        _figure(row, f"{path}, line {line}", known)
        for line, row in read_table(path, COLUMNS, key=["parameter", "place"])
    )


def _figure(row: Mapping[str, str], where: str, known: Mapping[str, Place]) -> Figure:
    name, place = row["parameter"], row["place"]
    if place not in known:
        raise UserError(
            f"{where}: there is no place {place!r}{nearest(place, known)}; 'policysim places' lists the ids"
        )
    if name not in LOCAL:
        raise UserError(
            f"{where}: no place can have its own {name!r}{nearest(name, LOCAL)} (it can have {', '.join(LOCAL)})"
        )
    if row["status"] not in QUALITIES or not row["source"] or not row["year"]:
        raise UserError(f"{where}: a figure needs a year, a source and a status of {', '.join(QUALITIES)}")
    try:
        value = checked(registry()[name], float(row["value"]))
    except ValueError:
        raise UserError(f"{where}: value must be a number, not {row['value']!r}") from None
    except UserError as error:
        raise UserError(f"{where}: {error}") from None
    return Figure(place, name, value, row["year"], row["source"], row["url"], row["status"], row["note"])


@cache
def _by_id() -> dict[str, Place]:
    return {place.id: place for place in places()}


@cache
def _most_local() -> dict[tuple[str, str], dict[str, Figure]]:
    """By authority (its code and force) and number: the figure of the smallest place that the authority is part of."""
    known = _by_id()
    found: dict[tuple[str, str], dict[str, Figure]] = {}
    smallest_last = sorted(figures(), key=lambda figure: -known[figure.place].population)
    covered = {place.id: _covered(place) for place in known.values()}
    for figure in smallest_last:
        for key in covered[figure.place]:
            found.setdefault(key, {})[figure.parameter] = figure
    for (
        place
    ) in known.values():  # a council of several districts that has no figure goes by what covers the first of them
        if place.parts:
            own = (place.code, place.authorities[0].force)
            found[own] = found.get((place.parts[0], own[1]), {}) | found.get(own, {})
    return found


def _covered(place: Place) -> list[tuple[str, str]]:
    """The authorities, and former districts, of which a place consists."""
    forces = {authority.force for authority in place.authorities}
    codes = [(authority.code, authority.force) for authority in place.authorities]
    return codes + [(code, force) for code in place.parts for force in forces]
