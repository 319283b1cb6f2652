"""What to compare: a place, regimes, years, and how closely to look."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

import solara

from policysim.scenarios.regime import STATUS_QUO, regimes
from policysim.viz.app.choices import DETAILS, DRAWS, MOST_REGIMES, YEARS
from policysim.viz.app.session import Session
from policysim.world.places import find_place, places

KINDS = {
    "whole": "", "nation": "nation", "force": "police force area", "authority": "local authority",
    "county": "county council", "region": "region", "former": "district until 2023",
}  # fmt: skip
UNKNOWNS = "Also over what nobody knows: draw the uncertain numbers from their ranges"
FORM = "ps-form"
ACCENT = "#1A4F8B"
"""Colour of everything that can be pressed."""


@cache
def place_items() -> list[dict[str, str]]:
    """Every place, for the list that completes what is typed."""
    kinds = {kind: f", {words}" if words else "" for kind, words in KINDS.items()}
    return [{"text": f"{place.name}{kinds[place.kind]}", "value": place.id} for place in places()]


@solara.component
def Form(session: Session) -> None:
    """The questions, in the order in which a trainer asks them."""
    choices = session.choices.value

    def choose(**changes: Any) -> None:
        session.choices.value = replace(session.choices.value, **changes)
        if changes.keys() & {"place", "years", "detail"}:
            session.prepare()

    with solara.v.Html(tag="section", class_="ps-form", attributes={"id": FORM, "aria-label": "What to compare"}):
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
        RegimeChooser(session)


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
def RegimeChooser(session: Session) -> None:
    """Every regime with what it does, those of the session's own too; the status quo is always there, as the comparator."""
    choices = session.choices.value

    def switch(name: str, on: bool) -> None:
        now = session.choices.value
        rest = tuple(other for other in now.regimes if other != name)
        session.choices.value = replace(now, regimes=(*rest, name) if on else rest)

    with solara.v.Html(tag="div", class_="ps-regimes"):
        for regime in (regimes() | session.own.value).values():
            fixed, chosen = regime.id == STATUS_QUO, regime.id in choices.regimes
            solara.v.Checkbox(
                label=regime.name + (" (always run)" if fixed else ""), v_model=fixed or chosen,
                disabled=fixed or (choices.is_full and not chosen), hint=regime.summary, persistent_hint=True,
                on_v_model=partial(switch, regime.id), color=ACCENT, dense=True,
            ).key(regime.id)  # fmt: skip
    if choices.is_full:
        hint(f"{MOST_REGIMES} regimes stand beside one another, which is as many as can be told apart.")


@solara.component
def Radios(label: str, options: dict[str, str], value: str, on_value: Callable[[str], None]) -> None:
    """One of a few."""
    with solara.v.RadioGroup(
        v_model=value, on_v_model=on_value, row=True, hide_details=True, class_="ps-radios",
        attributes={"aria-label": label},
    ):  # fmt: skip
        for key, words in options.items():
            solara.v.Radio(value=key, label=words, color=ACCENT).key(key)
