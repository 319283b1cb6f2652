"""What to compare: a place, regimes, years, and how closely to look."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import solara

from policysim.scenarios.regime import STATUS_QUO, regimes
from policysim.scenarios.scenario import FIVE, Scenario
from policysim.world.places import find_place, places

KINDS = {
    "whole": "", "nation": "nation", "force": "police force area", "authority": "local authority",
    "county": "county council", "region": "region", "former": "district until 2023",
}  # fmt: skip
YEARS = (5, 10)
DRAWS = 6
"""Sets of numbers, where what nobody knows is looked at."""
UNKNOWNS = "Also over what nobody knows: draw the uncertain numbers from their ranges"
ACCENT = "#1A4F8B"
"""Colour of everything that can be pressed."""


@dataclass(frozen=True)
class Detail:
    """How closely to look: simulated people, and how many times the years are lived through."""

    name: str
    people: int
    replicates: int
    purpose: str


DETAILS = {
    "fastest": Detail("Fastest", 4_000, 3, "to find your way around, too few for answers"),
    "quick": Detail("Quick look", 20_000, 4, "for a first answer"),
    "closer": Detail("Closer look", 40_000, 8, "for smaller differences"),
}


@dataclass(frozen=True)
class Choices:
    """The state of the form."""

    place: str = "west-midlands"
    regimes: tuple[str, ...] = tuple(name for name in FIVE if name != STATUS_QUO)
    years: int = 5
    detail: str = "quick"
    unknowns: bool = False
    """Whether to look as well at what nobody knows of the numbers."""

    def scenario(self) -> Scenario:
        """What to run; the status quo always comes first, as the comparator."""
        detail = DETAILS[self.detail]
        ordered = [name for name in regimes() if name == STATUS_QUO or name in self.regimes]
        people = min(detail.people, find_place(self.place).residents_10_64)
        return Scenario.model_validate(
            {
                "place": self.place,
                "regimes": ordered,
                "years": self.years,
                "people": people,
                "replicates": detail.replicates,
                "uncertainty": DRAWS if self.unknowns else 0,
            }
        )

    @property
    def complete(self) -> bool:
        """Whether there is something to compare."""
        return bool(self.place and self.regimes)


@cache
def place_items() -> list[dict[str, str]]:
    """Every place, for the list that completes what is typed."""
    kinds = {kind: f", {words}" if words else "" for kind, words in KINDS.items()}
    return [{"text": f"{place.name}{kinds[place.kind]}", "value": place.id} for place in places()]


Change = Callable[[Callable[[Choices], Choices]], None]


@solara.component
def Form(choices: Choices, change: Change) -> None:
    """The questions, in the order in which a trainer asks them."""

    def choose(**changes: Any) -> None:
        change(lambda now: replace(now, **changes))

    with solara.v.Html(tag="section", class_="ps-form", attributes={"aria-label": "What to compare"}):
        with solara.v.Html(tag="div", class_="ps-questions"):
            with solara.v.Html(tag="div"):
                question("Where?")
                PlaceChooser(choices.place, lambda place: choose(place=place) if place else None)
            with solara.v.Html(tag="div"):
                question("For how long?")
                years = {str(years): f"{years} years" for years in YEARS}
                Radios("For how long?", years, str(choices.years), lambda value: choose(years=int(value)))
            with solara.v.Html(tag="div"):
                question("How closely?")
                names = {name: detail.name for name, detail in DETAILS.items()}
                Radios("How closely?", names, choices.detail, lambda value: choose(detail=value))
                detail = DETAILS[choices.detail]
                hint(f"{detail.people:,} simulated people, {detail.replicates} runs of each regime: {detail.purpose}.")
                solara.v.Checkbox(
                    label=UNKNOWNS, v_model=choices.unknowns, hint=f"{DRAWS} more runs of each regime.", dense=True,
                    persistent_hint=True, on_v_model=lambda on: choose(unknowns=on), color=ACCENT,
                )  # fmt: skip
        question("Which regimes, against the status quo?")
        RegimeChooser(choices.regimes, change)


def question(words: str) -> None:
    """A heading of the form."""
    solara.HTML(tag="h2", unsafe_innerHTML=words, classes=["ps-question"])


def hint(words: str) -> None:
    """A remark in small type."""
    solara.HTML(tag="p", unsafe_innerHTML=words, classes=["ps-hint"])


@solara.component
def PlaceChooser(place: str, on_place: Callable[[str | None], None]) -> None:
    """Type a few letters of a place; the list completes them."""
    with solara.v.Html(tag="div"):
        solara.v.Autocomplete(
            label="Police force area, authority, county, region or nation", items=place_items(), v_model=place,
            on_v_model=on_place, outlined=True, dense=True, hide_details=True, menu_props={"maxHeight": 360},
        )  # fmt: skip
        hint(f"{find_place(place).residents_10_64:,} residents aged 10 to 64. Type to find another place.")


@solara.component
def RegimeChooser(chosen: tuple[str, ...], change: Change) -> None:
    """Every regime with what it does; the status quo is always there, as the comparator."""

    def switch(name: str, on: bool) -> None:
        def changed(now: Choices) -> Choices:
            rest = tuple(other for other in now.regimes if other != name)
            return replace(now, regimes=(*rest, name) if on else rest)

        change(changed)

    with solara.v.Html(tag="div", class_="ps-regimes"):
        for regime in regimes().values():
            fixed = regime.id == STATUS_QUO
            solara.v.Checkbox(
                label=regime.name + (" (always run)" if fixed else ""), v_model=fixed or regime.id in chosen,
                disabled=fixed, hint=regime.summary, persistent_hint=True,
                on_v_model=partial(switch, regime.id), color=ACCENT, dense=True,
            ).key(regime.id)  # fmt: skip


@solara.component
def Radios(label: str, options: dict[str, str], value: str, on_value: Callable[[str], None]) -> None:
    """One of a few."""
    with solara.v.RadioGroup(
        v_model=value, on_v_model=on_value, row=True, hide_details=True, class_="ps-radios",
        attributes={"aria-label": label},
    ):  # fmt: skip
        for key, words in options.items():
            solara.v.Radio(value=key, label=words, color=ACCENT).key(key)
