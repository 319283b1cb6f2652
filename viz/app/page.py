"""The page itself: title, form, progress, results. Everything it remembers belongs to one browser session."""
# ruff: noqa: N802  (components are named like classes)

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, Protocol, cast

import solara
import solara.lab

from policysim.errors import UserError
from policysim.experiments.analysis.compare import notes
from policysim.experiments.running.progress import RunStoppedError
from policysim.scenarios.scenario import Scenario
from policysim.viz.app import html
from policysim.viz.app.form import ACCENT, Choices, Form
from policysim.viz.app.results import Results, precision_notes
from policysim.viz.app.runs import Job
from policysim.viz.app.sections import Curves, Network, Table
from policysim.viz.words import CONTENT_NOTE, HELP_LINES, LIMITS

TITLE = "Drug policy, simulated"
LEAD = (
    "policysim lets the simulated residents of a place in England or Wales live through different drug policies, "
    "week by week, and shows what comes out differently: deaths, arrests, treatment, spending."
)
CARE = (
    f"{CONTENT_NOTE} Everyone in it is fictional. To talk to someone: "
    + "; ".join(f"<strong>{name} {number}</strong>, {what}" for name, number, what in HELP_LINES)
    + "."
)
PROMISE = "A quick look: estimates of a simulation, with intervals. For figures to quote, run “policysim compare”."
LOOK = 0.3
"""Seconds between two looks at the progress of a run."""


class Held(Protocol):
    """What holds the run under way in one browser session."""

    current: Job | None


@solara.component_vue("language.vue")
def Language() -> None:
    """Tells the browser the language of the page, and lets people zoom."""


@solara.component_vue("reveal.vue")
def Reveal() -> None:
    """Brings what follows it into view, once."""


@solara.component
def Page() -> None:
    """Title, form, progress, results."""
    choices, change = solara.use_state(Choices())
    progress, set_progress = solara.use_state(0.0)
    results, set_results = solara.use_state(cast(Results | None, None))
    fault, set_fault = solara.use_state("")
    job = cast(Held, solara.use_ref(None))
    task = solara.lab.use_task(follow, dependencies=None, raise_error=False)
    solara.use_effect(lambda: partial(_stop, job), [])

    def run() -> None:
        set_progress(0.0)
        set_fault("")
        task(choices.scenario(), job, set_progress, set_results, set_fault)

    solara.Title("policysim")
    solara.Style(Path(__file__).with_name("page.css"))
    Language()
    with solara.v.Html(tag="div", class_="ps-page"):
        with solara.v.Html(tag="header", class_="ps-head"):
            solara.HTML(tag="h1", unsafe_innerHTML=TITLE)
            solara.HTML(tag="p", unsafe_innerHTML=LEAD, classes=["ps-lead"])
            solara.HTML(tag="p", unsafe_innerHTML=CARE, classes=["ps-care"])
        with solara.v.Html(tag="main"):
            Form(choices, change)
            with solara.v.Html(tag="div", class_="ps-go"):
                if task.pending:
                    solara.Button("Stop", on_click=partial(_stop, job), outlined=True, x_large=True)
                else:
                    solara.Button(
                        "Run", on_click=run, disabled=not choices.complete, color=ACCENT, dark=True, x_large=True
                    )
                Status(task.pending, progress, job.current, fault, choices.complete)
            if results is not None:
                Findings(results, choices.scenario() != results.scenario and not task.pending)


@solara.component
def Layout(children: Sequence[Any] = ()) -> Any:
    """The page scrolls as a whole, and prints as a whole."""
    with solara.v.Html(tag="div", children=list(children)) as whole:
        pass
    return whole


async def follow(
    scenario: Scenario,
    job: Held,
    set_progress: Callable[[float], None],
    set_results: Callable[[Results], None],
    set_fault: Callable[[str], None],
) -> None:
    """Run a scenario in the worker processes, telling the page how far it is and what came of it."""
    try:
        job.current = Job(scenario)
        while not job.current.done:
            set_progress(job.current.progress)
            await asyncio.sleep(LOOK)
        set_results(job.current.results())
    except (CancelledError, RunStoppedError):
        return
    except UserError as error:
        set_fault(str(error))
    except Exception as error:
        logging.getLogger(__name__).exception("a run failed")
        set_fault(f"The run failed: {error}")


def _stop(job: Held) -> None:
    if job.current is not None:
        job.current.stop()


@solara.component
def Status(pending: bool, progress: float, job: Job | None, fault: str, complete: bool) -> None:
    """How far a run is, for eyes and for screen readers; or what went wrong; or what to expect."""
    # Only ends are announced: a screen reader that spelt out every percent would be no help.
    announced = {} if pending else {"role": "status"}
    with solara.v.Html(tag="div", class_="ps-status", attributes=announced):
        if pending:
            with solara.v.Html(tag="div", class_="ps-progress"):
                solara.v.ProgressLinear(
                    value=100 * progress, height=14, rounded=True, color=ACCENT, indeterminate=progress == 0,
                    attributes={"aria-label": "Progress of the run"},
                )  # fmt: skip
                solara.Text(_words(progress, job))
        elif fault:
            solara.HTML(tag="p", unsafe_innerHTML=escape(fault), classes=["ps-fault"])
        elif complete:
            solara.HTML(tag="p", unsafe_innerHTML=PROMISE)
        else:
            solara.HTML(tag="p", unsafe_innerHTML="Choose at least one regime to set against the status quo.")


def _words(progress: float, job: Job | None) -> str:
    if job is None or progress == 0:
        return "Getting ready: settling people and laying their ties (the first run on a machine takes longer)"
    return f"Simulating: {progress:.0%} done, about {job.seconds_left:.0f} s to go"


@solara.component
def Findings(results: Results, outdated: bool) -> None:
    """A finished run, from the one sentence to the details."""
    with solara.v.Html(tag="div", class_="ps-findings"):
        Reveal().key(f"reveal-{id(results)}")
        if outdated:
            solara.HTML(
                tag="p", unsafe_innerHTML="The choices have changed since this run: press Run.", classes=["ps-outdated"]
            )
        Table(results)
        Curves(results)
        Network(results)
        Notes(results)


@solara.component
def Notes(results: Results) -> None:
    """What to know before using the numbers, and what speaks against each regime's levers."""
    scenario = results.scenario
    told = [
        f"A quick look, taken in {results.seconds:.0f} s with {scenario.people or 0:,} simulated people. For figures "
        "to quote, run “policysim compare”.",
        *precision_notes(results),
        *notes(scenario),
    ]
    parts = ["<h2>What to know</h2>", html.bullets(told), html.folded("Limits of the model", html.bullets(LIMITS))]
    for regime in results.others:
        cautions = [f"{lever.title}: {lever.caution}" for lever in regime.levers.values() if lever.caution]
        if cautions:
            parts.append(html.folded(f"Cautions about “{regime.name}”", html.bullets(cautions)))
    solara.HTML(tag="section", unsafe_innerHTML="".join(parts), classes=["ps-notes"])
