"""What the open step of a round shows, and what the facilitator can do at it."""
# ruff: noqa: N802  (components are named like classes)

import base64
import time
from html import escape
from typing import Any, cast

import solara

from policysim.experiments.analysis.wording import plural
from policysim.viz.app import html
from policysim.viz.app.compare.form import ACCENT
from policysim.viz.app.compare.running import Status
from policysim.viz.app.compare.shown import MAIN
from policysim.viz.app.session import Session
from policysim.viz.app.workshop.choosing import choices, in_millions, regimes_of
from policysim.viz.app.workshop.guesses import count_of
from policysim.viz.app.workshop.handout import NAME, handout
from policysim.viz.app.workshop.joining import Ways
from policysim.viz.app.workshop.message import Message
from policysim.viz.app.workshop.parts import Choosing, Entry, Saving
from policysim.viz.app.workshop.results import READING, cards, fields, money, side_by_side
from policysim.viz.app.workshop.rounds import Round
from policysim.viz.app.workshop.shop import Shop
from policysim.viz.app.workshop.steps import QUESTIONS
from policysim.world.places import find_place

HOW_TO_GUESS = (
    "In percent of what happens under the status quo over the same years: −20 is a fifth fewer, 0 the same, 10 a tenth more. "
    "Guesses stay hidden until they are opened."
)


@solara.component
def Act(session: Session, shop: Shop) -> None:
    """The step that is open."""
    shop.version.value, session.version.value  # noqa: B018  (read, so that this is drawn again when they change)
    now = shop.round.value
    if now is None:
        return
    draw = (Predict, Choose, Run, Discuss)[now.step]
    with solara.v.Html(tag="div", class_="ps-shop-act"):
        draw(session, shop, now).key(str(now.step))


@solara.component
def Predict(session: Session, shop: Shop, now: Round) -> None:
    """What is asked, and the ways in for guesses."""
    shop.version.value  # noqa: B018
    regime = regimes_of(now)[now.asked]
    place = find_place(now.choices.place).name
    _head(f"What would “{regime.name}” do in {place} over {now.choices.years} years?")
    _text(regime.summary, "ps-shop-summary")
    levers = html.bullets(lever.title for lever in regime.levers.values())
    solara.HTML(
        unsafe_innerHTML=html.folded(f"Its {plural(len(regime.levers), 'lever')}", levers), classes=["ps-shop-levers"]
    )
    Ways(shop)
    counts = now.counts
    if not now.opened:
        solara.HTML(tag="h3", unsafe_innerHTML="Guesses of the room")
        _text(HOW_TO_GUESS)
        Entry(outcomes=fields(), taken=max(counts), event_add=shop.add, event_clear=lambda _: _clear(shop, now))
    Message(shop)
    told = ", ".join(f"{outcome.label} {count}" for outcome, count in zip(MAIN, counts, strict=True))
    _text(f"In so far: {told}." if max(counts) else "No guess is in yet.", "ps-shop-count")


def _clear(shop: Shop, now: Round) -> None:
    now.take_back()
    shop.look()


@solara.component
def Choose(session: Session, shop: Shop, now: Round) -> None:
    """A budget, and the regimes to run."""
    shop.version.value  # noqa: B018

    def choose(asked: Any) -> None:
        if isinstance(asked, dict) and str(asked.get("id")) in regimes_of(now):
            rest = [id for id in now.choices.regimes if id != asked["id"]]
            now.choose([*rest, str(asked["id"])] if asked.get("on") else rest)
            shop.look()

    place = find_place(now.choices.place).name
    _head("Which regimes shall be run?")
    _text("Where only a run can tell what a lever costs, nobody knows it now; that is no zero.")
    Message(shop)
    Choosing(
        rows=choices(now), caption=f"More than the status quo, a year at full delivery, {place}",
        budget=in_millions(now.budget), full=now.choices.is_full, event_afford=shop.set_budget, event_choose=choose,
    )  # fmt: skip


@solara.component
def Run(session: Session, shop: Shop, now: Round) -> None:
    """The run of what was chosen; its results wait for the next step."""
    shop.version.value, session.version.value, session.clock.value  # noqa: B018
    known = regimes_of(now)
    _head("Run what was chosen")
    Message(shop)
    names = ", ".join(known[id].name for id in now.choices.regimes)
    _text(f"The status quo against: {names}.", "ps-shop-summary")

    def run() -> None:
        now.run()
        shop.look()

    with solara.v.Html(tag="div", class_="ps-go"):
        busy = bool(now.runs) and session.running
        solara.Button(
            "Running" if busy else "Run again" if now.runs else "Run", on_click=run, disabled=busy, color=ACCENT,
            dark=not busy, x_large=True,
        )  # fmt: skip
        if now.runs:
            Status(session)
    if shop.ready:
        _text("All results are in. They are shown at the next step, beside the guesses.", "ps-build-done")


@solara.component
def Discuss(session: Session, shop: Shop, now: Round) -> None:
    """Results with the guesses beside them, everything else that was run, and what to talk about."""
    shop.version.value, session.version.value, session.clock.value  # noqa: B018
    regime = regimes_of(now)[now.asked]
    _head(f"“{regime.name}”: what the room expected, and what came out")
    Message(shop)
    if not shop.ready:
        _text("There are no results yet: go back to “Run”, and wait until all runs are in.", "ps-outdated")
        return

    def show() -> None:
        now.change(opened=True)
        shop.look()

    if not now.opened:
        solara.Button(
            f"Open the guesses ({count_of(max(now.counts))})", on_click=show, color=ACCENT, dark=True, x_large=True
        )
    for k, outcome in enumerate(MAIN):
        solara.HTML(tag="section", unsafe_innerHTML=side_by_side(session, now, k), classes=["ps-shop-side"]).key(
            outcome.id
        )
    _text(READING, "ps-source")
    solara.HTML(tag="h2", unsafe_innerHTML="Everything that was run")
    with solara.v.Html(tag="div", class_="ps-cards"):
        for one in cards(session):
            solara.HTML(tag="section", unsafe_innerHTML=one, classes=["ps-card"])
    spent = money(session, now)
    if spent:
        solara.HTML(tag="h3", unsafe_innerHTML="Spending and the budget")
        solara.HTML(unsafe_innerHTML=html.bullets(spent))
    solara.HTML(tag="h2", unsafe_innerHTML="To talk about")
    solara.HTML(unsafe_innerHTML=html.bullets(QUESTIONS), classes=["ps-shop-questions"])
    Handout(session, shop, now)


@solara.component
def Handout(session: Session, shop: Shop, now: Round) -> None:
    """The handout, made when it is asked for."""
    made = solara.use_reactive(cast("dict[str, Any] | None", None))

    def make(_: Any) -> None:
        data = base64.b64encode(handout(session, now)).decode()
        made.set({"name": NAME, "data": data, "at": time.monotonic()})

    Saving(made=made.value, event_make=make)


def _head(words: str) -> None:
    solara.HTML(tag="h2", unsafe_innerHTML=escape(words))


def _text(words: str, kind: str = "") -> None:
    solara.HTML(tag="p", unsafe_innerHTML=escape(words), classes=[kind] if kind else [])
