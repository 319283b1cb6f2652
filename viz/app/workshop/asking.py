"""A quiz as it is drawn: for the room with its controls, and for a guest's own device."""
# ruff: noqa: N802  (components are named like classes)

from html import escape
from typing import Any

import solara

from policysim.viz.app import html
from policysim.viz.app.compare.drawing import letters_of
from policysim.viz.app.compare.themes import Chart
from policysim.viz.app.session import Session
from policysim.viz.app.workshop import figures
from policysim.viz.app.workshop.clues import alike, told_apart
from policysim.viz.app.workshop.joining import Ways
from policysim.viz.app.workshop.message import Message
from policysim.viz.app.workshop.parts import Controls, Hands, Picking
from policysim.viz.app.workshop.quiz import HINTS, LETTERS, Quiz, score
from policysim.viz.app.workshop.shop import Shop

HEIGHT = 250
"""Of a chart, in pixels: three stand beside one another."""


@solara.component
def RoomQuiz(session: Session, shop: Shop) -> None:
    """The question, or what it was; beneath it what the facilitator can do."""
    shop.version.value  # noqa: B018  (read, so that this is drawn again when it changes)
    quiz, now = shop.quiz, shop.round.value
    if quiz is None or now is None:
        return
    acts = {"reveal": Quiz.reveal, "on": Quiz.go_on, "hint": Quiz.hint}

    def act(asked: Any) -> None:
        if asked == "end":
            shop.end_quiz()
        elif asked in acts:
            shop.ask(acts[asked])

    with solara.v.Html(tag="div", class_="ps-shop-act ps-quiz"):
        Standing(shop, quiz)
        Message(shop)
        Controls(revealed=quiz.revealed, last=quiz.is_last, hint=quiz.next_hint, count=quiz.count, event_act=act)
        with solara.v.Html(tag="div"):
            if quiz.revealed:
                Truth(quiz)
            else:
                Ways(shop)
                Hands(options=_options(quiz), question=quiz.number, event_count=shop.raise_hands)
                Options(quiz)
                Figures(session, shop, quiz)


@solara.component
def Standing(shop: Shop, quiz: Quiz) -> None:
    """Which question is open, or what it was: read out by screen readers as it changes."""
    shop.version.value  # noqa: B018
    scenario, truth = quiz.found.scenario, quiz.truth
    head = "Which regime was it?" if truth is None else f"It was “{truth.name}”."
    where = f"Question {quiz.number + 1} of {quiz.questions}: {scenario.where.name}, {scenario.years} years"
    hint = f"; with {quiz.hints} of {len(HINTS)} hints" if quiz.hints else ""
    with solara.v.Html(tag="div", class_="ps-quiz-standing", attributes={"role": "status"}):
        solara.HTML(tag="h2", unsafe_innerHTML=escape(head))
        solara.HTML(tag="p", unsafe_innerHTML=escape(f"{where}{hint}."))


@solara.component
def Options(quiz: Quiz) -> None:
    """The regimes to pick from, by letters."""
    items = "".join(
        f"<li><strong>{one['letter']}. {escape(one['name'])}</strong>{html.folded('What it does', escape(one['summary']))}</li>"
        for one in _options(quiz)
    )
    solara.HTML(
        tag="ul", unsafe_innerHTML=items, classes=["ps-quiz-options"], attributes={"aria-label": "To pick from"}
    )


@solara.component
def Figures(session: Session, shop: Shop, quiz: Quiz) -> None:
    """What the regime without a name did: a curve, a sentence and a table for each outcome."""
    shop.version.value  # noqa: B018
    letters = letters_of(session.projector.value)
    with solara.v.Html(tag="div", class_="ps-quiz-figures"):
        for outcome in figures.drawn(quiz):
            with solara.v.Html(tag="section").key(outcome.id):
                title, unit = figures.title(outcome), figures.unit(outcome)
                solara.HTML(tag="h3", unsafe_innerHTML=f"{escape(outcome.label)}<small>{escape(unit)}</small>")
                Chart(
                    option=figures.option(quiz, outcome, letters), height=HEIGHT,
                    label=f"{title}; the sentence and the table below say the same",
                )  # fmt: skip
                table = html.folded("The numbers in this chart", figures.numbers(quiz, outcome))
                solara.HTML(unsafe_innerHTML=f"<p>{escape(figures.told(quiz, outcome))}</p>{table}")
        if figures.pays(quiz):
            solara.HTML(tag="section", unsafe_innerHTML=figures.payers(quiz))
    solara.HTML(tag="p", unsafe_innerHTML=escape(figures.how(quiz)), classes=["ps-source"])


@solara.component
def Truth(quiz: Quiz) -> None:
    """How the room picked, what gave the regime away, all regimes by name, and the room's score."""
    truth = quiz.truth
    if truth is None:
        return
    solara.HTML(unsafe_innerHTML=html.folded("What it does", escape(truth.summary)))
    solara.HTML(unsafe_innerHTML=figures.picks(quiz))
    solara.HTML(tag="p", unsafe_innerHTML=escape(score(quiz)), classes=["ps-shop-count"])
    Away(quiz)
    solara.HTML(tag="h3", unsafe_innerHTML="All regimes in these figures")
    with solara.v.Html(tag="div", class_="ps-cards"):
        for one in figures.every(quiz):
            solara.HTML(tag="section", unsafe_innerHTML=one, classes=["ps-card"])


@solara.component
def Away(quiz: Quiz) -> None:
    """What gave the regime away, and from which it cannot be told."""
    told = told_apart(quiz.found, quiz.hidden, quiz.outcomes)
    caution = alike(quiz.found, quiz.hidden, quiz.outcomes)
    if told:
        solara.HTML(tag="h3", unsafe_innerHTML="What gave it away")
        solara.HTML(unsafe_innerHTML=html.bullets(told), classes=["ps-quiz-away"])
    if caution:
        solara.HTML(tag="p", unsafe_innerHTML=escape(caution), classes=["ps-outdated"])


@solara.component
def GuestQuiz(shop: Shop) -> None:
    """One person's own device: the pick, the figures in words, and after the reveal what it was."""
    shop.version.value  # noqa: B018
    quiz = shop.quiz
    if quiz is None:
        return
    Standing(shop, quiz)
    if quiz.revealed:
        Away(quiz)
        solara.HTML(tag="p", unsafe_innerHTML="How the room picked is on its screen.")
        return
    Picking(options=_options(quiz), question=quiz.number, sent=shop.picked.value, event_pick=shop.pick)
    Message(shop)
    solara.HTML(
        tag="p", classes=["ps-hint"], unsafe_innerHTML="Nobody sees whose pick it was; only the room has a score."
    )
    tables = "".join(
        f"<h3>{escape(figures.title(one))}</h3><p>{escape(figures.told(quiz, one))}</p>{figures.numbers(quiz, one)}"
        for one in figures.drawn(quiz)
    )
    inside = tables + (figures.payers(quiz) if figures.pays(quiz) else "")
    solara.HTML(unsafe_innerHTML=html.folded("What is on the room’s screen, in words and tables", inside))


def _options(quiz: Quiz) -> list[dict[str, str]]:
    return [
        {"id": regime.id, "letter": letter, "name": regime.name, "summary": regime.summary}
        for letter, regime in zip(LETTERS, quiz.options, strict=False)
    ]
