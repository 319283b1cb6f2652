"""The first room: what to compare, the run, and its answers as the years pass."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable
from html import escape

import solara

from policysim.errors import UserError
from policysim.evidence.contested import find_switch
from policysim.experiments.analysis.compare import notes
from policysim.experiments.analysis.wording import listed, sentence_case
from policysim.viz.app import html
from policysim.viz.app.choices import DETAILS, Choices
from policysim.viz.app.compare.answers import REACHES, how_sure
from policysim.viz.app.compare.cards import card_of
from policysim.viz.app.compare.form import FORM, Form
from policysim.viz.app.compare.running import Running
from policysim.viz.app.compare.shown import MAIN, THEMES
from policysim.viz.app.compare.themes import Equity, Themed
from policysim.viz.app.faults import sentence
from policysim.viz.app.session import Session
from policysim.viz.app.tabs import Tabs
from policysim.viz.words import LIMITS
from policysim.world.places import find_place


@solara.component
def Compare(session: Session) -> None:
    """Choices in one line, until they are opened; the run; the answers."""
    opened, open_form = solara.use_state(False)
    with solara.v.Html(tag="div", class_="ps-compare"):
        Chosen(session, opened, open_form)
        Running(session)  # above the questions, which are longer than a screen
        if opened:
            Form(session)
        Answers(session)


@solara.component
def Chosen(session: Session, opened: bool, open_form: Callable[[bool], None]) -> None:
    """What is chosen, in one sentence, and a way to change it."""
    choices = session.choices.value
    with solara.v.Html(tag="div", class_="ps-chosen"):
        solara.HTML(tag="p", unsafe_innerHTML=escape(chosen_in_words(session)))
        solara.Button(
            "Done" if opened else "Change", on_click=lambda: open_form(not opened), outlined=True, disabled=not choices.complete,
            attributes={"aria-expanded": "true" if opened else "false", "aria-controls": FORM},
        )  # fmt: skip


def chosen_in_words(session: Session) -> str:
    """`West Midlands, ten years: status quo against diversion; 5 runs of 10,000 simulated people.`"""
    choices = session.choices.value
    if not choices.complete:
        return "Choose a place and at least one regime to set against the status quo."
    try:
        scenario = choices.scenario(session.own.value)
    except UserError as error:  # as where a lever of a regime of one's own would begin after the end
        return sentence(error)
    names = listed([regime.name for regime in scenario.regimes[1:]])
    detail = DETAILS[choices.detail]
    return (
        f"{find_place(choices.place).name}, {choices.years} years from {scenario.start_year}: the status quo against {names}. "
        f"{detail.name}: {detail.replicates} runs of {scenario.people or 0:,} simulated people.{otherwise(choices)}"
    )


def otherwise(choices: Choices) -> str:
    """Which contested questions are not read as usual."""
    asked = [find_switch(id).question for id in choices.readings]
    return f" Not read as usual: {' '.join(asked)}" if asked else ""


@solara.component
def Answers(session: Session) -> None:
    """Three cards, then one theme after another behind tabs, then what to know."""
    theme, turn = solara.use_state(0)
    sight = session.sight.value
    if sight.comparison is None:
        solara.HTML(tag="p", unsafe_innerHTML=NOTHING, classes=["ps-nothing"])
        return
    years, found = sight.years, sight.comparison.found
    with solara.v.Html(tag="div", class_="ps-findings"):
        with solara.v.Html(tag="div", class_="ps-cards", attributes={"aria-live": "off"}):
            for outcome in MAIN:
                text = found.once(card_of, outcome, years=years)
                solara.HTML(tag="section", classes=["ps-card"], unsafe_innerHTML=text).key(outcome.id)
        told = READING.format(how_sure(found, years)) if years else ""  # its room is kept: nothing moves when it comes
        solara.HTML(tag="p", classes=["ps-source", "ps-how-sure"], unsafe_innerHTML=escape(told))
        names = [*(one.name for one in THEMES), "Who is affected"]
        Tabs(names=names, chosen=theme, label="What to look at", event_choose=turn, panel=PANEL)
        panel = {"id": PANEL, "role": "tabpanel", "aria-label": names[theme]}
        with solara.v.Html(tag="div", class_="ps-theme", attributes=panel):
            if theme < len(THEMES):
                Themed(session, THEMES[theme])
            else:
                Equity(session)
        Notes(session)


PANEL = "ps-theme"
NOTHING = "Nothing has been run. Press Run: answers come in here year by year, with how sure they are."
READING = (
    "Dot: the mean difference from the status quo. Thick bar: between which limits chance alone would put it (95%). "
    f"{REACHES} {{}}."
)


@solara.component
def Notes(session: Session) -> None:
    """What to know before using the numbers, and what speaks against each regime's levers."""
    comparison = session.comparison.value
    if comparison is None:
        return
    scenario = comparison.scenario
    told = ["A quick look: estimates of a simulation. For figures to quote, run “policysim compare”.", *notes(scenario)]
    parts = ["<h2>What to know</h2>", html.bullets(told), html.folded("Limits of the model", html.bullets(LIMITS))]
    for regime in scenario.regimes[1:]:
        cautions = [f"{lever.title}: {lever.caution}" for lever in regime.levers.values() if lever.caution]
        if cautions:
            parts.append(
                html.folded(f"Cautions about “{regime.name}”", html.bullets([sentence_case(one) for one in cautions]))
            )
    solara.HTML(tag="section", unsafe_innerHTML="".join(parts), classes=["ps-notes"])
