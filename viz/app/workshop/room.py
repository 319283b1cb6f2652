"""The room for workshops: a round of predicting, choosing, running and discussing, shown to the room and to its facilitator."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any

import solara
import solara.lab

from policysim.scenarios.regime import STATUS_QUO, regimes
from policysim.viz.app import html
from policysim.viz.app.compare.form import ACCENT, Form
from policysim.viz.app.compare.room import Chosen
from policysim.viz.app.regimes.parts import Arrival
from policysim.viz.app.session import Session
from policysim.viz.app.tabs import Tabs
from policysim.viz.app.workshop.acts import Act
from policysim.viz.app.workshop.asking import GuestQuiz, RoomQuiz
from policysim.viz.app.workshop.message import Message
from policysim.viz.app.workshop.parts import OwnGuess, Start
from policysim.viz.app.workshop.results import fields
from policysim.viz.app.workshop.shop import GUEST, GUEST_MARK, HOST_MARK, NOTES, SHOWN, Shop, shop_of
from policysim.viz.app.workshop.steps import QUIZ, STEPS

INTRODUCTION = (
    "A round for a room of people: everybody predicts what a regime would do, the room chooses what to run within a "
    "budget, the simulation runs, and predictions stand beside its results. No names are asked for; guesses are kept "
    "in this computer’s memory until the round ends."
)


@solara.component
def Workshop(session: Session) -> None:
    """The beginning of a round, or the round as this window sees it."""
    shop = shop_of(session)
    solara.lab.use_task(shop.follow, dependencies=[], raise_error=False)
    solara.use_effect(lambda: shop.rest, [])
    shop.version.value  # noqa: B018  (read, so that this is drawn again when it changes)
    now = shop.round.value
    with solara.v.Html(tag="div", class_="ps-shop"):
        if now is None:
            Beginning(session, shop)
        elif shop.role.value == GUEST:
            Guest(shop)
        else:
            Top(shop)
            if now.quiz is None:
                Steps(shop)
            if shop.role.value == NOTES:
                Notes(shop)
            if now.quiz is None:
                Act(session, shop)
            else:
                RoomQuiz(session, shop)


@solara.component
def Beginning(session: Session, shop: Shop) -> None:
    """What the round is about, and its start; or a code to join one."""
    opened, open_form = solara.use_state(False)
    choices, known = session.choices.value, regimes() | session.own.value
    names = [{"id": id, "name": one.name} for id, one in known.items() if id in choices.regimes and id != STATUS_QUO]
    solara.HTML(tag="h2", unsafe_innerHTML="Begin a round")
    solara.HTML(tag="p", unsafe_innerHTML=escape(INTRODUCTION))
    Message(shop)
    Chosen(session, opened, open_form)
    if opened:
        Form(session)
    Start(
        regimes=names, event_begin=lambda asked: shop.begin(str(asked)), event_join=lambda code: shop.join(str(code)),
        event_quiz=lambda _: shop.begin_quiz(),
    )  # fmt: skip


@solara.component
def Top(shop: Shop) -> None:
    """As whom this window looks, a quiz, and the end of the round."""
    shop.version.value  # noqa: B018
    sure, ask = solara.use_state(False)
    other = NOTES if shop.role.value == SHOWN else SHOWN

    def end() -> None:
        shop.end()

    with solara.v.Html(tag="div", class_="ps-shop-top" + (" ps-quiz-top" if shop.quiz else "")):
        _button(f"Show {other} here", lambda: shop.role.set(other))
        if shop.quiz is None:
            _button("Begin a quiz", shop.begin_quiz)
        if sure:
            _button("Yes, end it and forget the guesses", end)
            _button("No, go on", lambda: ask(False))
        else:
            _button("End the round", lambda: ask(True))


@solara.component
def Steps(shop: Shop) -> None:
    """The steps of the round, one of them open, and the way to the next."""
    shop.version.value  # noqa: B018
    now = shop.round.value
    if now is None:
        return

    def go(step: Any) -> None:
        if isinstance(step, int):
            now.go_to(step)
            shop.look()

    with solara.v.Html(tag="div", class_="ps-shop-steps"):
        names = [f"{k + 1}. {step.name}" for k, step in enumerate(STEPS)]
        Tabs(names=names, chosen=now.step, label="Steps of the round", event_choose=go)
        if now.step + 1 < len(STEPS):
            following = STEPS[now.step + 1].name
            solara.Button(f"Next: {following}", on_click=partial(go, now.step + 1), color=ACCENT, dark=True)


@solara.component
def Notes(shop: Shop) -> None:
    """For the facilitator alone: time, what to say, what to watch out for, what comes next."""
    shop.version.value  # noqa: B018
    now = shop.round.value
    if now is None:
        return
    step, seconds = QUIZ if now.quiz else STEPS[now.step], shop.seconds.value
    after = f"Next: {STEPS[now.step + 1].name}." if now.step + 1 < len(STEPS) else "This is the last step."
    if now.quiz:
        after = "When it ends the round goes on where it stood."
    late = " Longer than planned." if seconds > 60 * step.minutes else ""
    with solara.v.Html(tag="aside", class_="ps-shop-notes", attributes={"aria-label": "Notes for the facilitator"}):
        solara.HTML(tag="h2", unsafe_innerHTML="Notes for the facilitator")
        told = f"{seconds // 60}:{seconds % 60:02} of {step.minutes} minutes planned.{late} {after}"
        solara.HTML(tag="p", unsafe_innerHTML=escape(told), classes=["ps-shop-count"])
        said = f"<h3>Say and do</h3>{html.bullets(step.say)}<h3>Watch out for</h3>{html.bullets(step.watch)}"
        solara.HTML(unsafe_innerHTML=said)


def _button(words: str, act: Callable[[], Any]) -> None:
    # Each is one of its own: a press that is under way while others come and go is no press on another.
    solara.Button(words, on_click=act, outlined=True).key(words)


@solara.component
def Guest(shop: Shop) -> None:
    """One person's own device: a guess, and what became of it; or a pick in a quiz."""
    shop.version.value  # noqa: B018
    now = shop.round.value
    if now is None:
        return
    if now.quiz is not None:
        GuestQuiz(shop)
        _button("Leave", shop.leave)
        return
    known = regimes() | now.own
    regime = known[now.asked]
    solara.HTML(tag="h2", unsafe_innerHTML=escape(f"What would “{regime.name}” do?"))
    solara.HTML(tag="p", unsafe_innerHTML=escape(regime.summary))
    if now.opened:
        solara.HTML(tag="p", unsafe_innerHTML="The guesses are open: look at the screen of the room.")
    else:
        OwnGuess(outcomes=fields(), sent=shop.sent.value, event_send=shop.send)
        Message(shop)
        solara.HTML(
            tag="p", classes=["ps-hint"],
            unsafe_innerHTML="Nobody sees it before all are opened, and nobody sees whose it was.",
        )  # fmt: skip
    _button("Leave this round", shop.leave)


@solara.component
def Joining(session: Session, enter: Callable[[], None]) -> None:
    """A link to a round opens this room with it, wherever the page was."""

    def arrive(link: Any) -> None:
        shop_of(session).arrive(str(link))
        enter()

    with solara.v.Html(tag="div"):
        Arrival(mark=GUEST_MARK, event_arrive=arrive)
        Arrival(mark=HOST_MARK, event_arrive=arrive)


@solara.component
def ProjectorSwitch(session: Session) -> None:
    """Larger type and stronger contrast for all rooms of this window."""
    projector = session.projector
    on = projector.value
    with solara.v.Html(tag="div", class_="ps-shop-projector"):
        solara.Button(
            "Projector: on" if on else "Projector: off", on_click=lambda: projector.set(not on), outlined=True,
            attributes={"aria-pressed": "true" if on else "false", "title": "Larger type and stronger contrast in every room"},
        )  # fmt: skip
