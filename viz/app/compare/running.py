"""Run, and the line beneath it: how far the simulation is, and how far the page shows it."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable
from html import escape

import solara

from policysim.experiments.analysis.wording import plural
from policysim.viz.app.compare.form import ACCENT
from policysim.viz.app.faults import sentence
from policysim.viz.app.pick import Pick, options
from policysim.viz.app.session import SPEEDS, Session


@solara.component
def Running(session: Session) -> None:
    """Run or stop; pause, a year more, back to the start, speed; and where things stand."""
    standing, choices = session.standing.value, session.choices.value
    running = standing.comparison is not None and not standing.done
    with solara.v.Html(tag="section", class_="ps-go", attributes={"aria-label": "The run"}):
        if running:
            solara.Button("Stop", on_click=session.stop, outlined=True, x_large=True)
        else:
            solara.Button(
                "Run", on_click=session.run, disabled=not choices.complete, color=ACCENT, dark=True, x_large=True
            )
        with solara.v.Html(tag="div", class_="ps-time", attributes={"role": "group", "aria-label": "Time"}):
            playing = session.clock.value.playing
            idle = standing.comparison is None
            if playing:
                _control("Pause", "mdi-pause", session.pause, idle)
            else:
                _control("Play", "mdi-play", session.play, idle)
            _control("One year more", "mdi-skip-next", session.step, idle)
            _control("Back to the start", "mdi-restart", session.reset, idle)
            Speed(session)
        Status(session)


def _control(label: str, icon: str, act: Callable[[], None], disabled: bool) -> None:
    solara.Button(
        icon_name=icon, on_click=act, icon=True, disabled=disabled, attributes={"aria-label": label, "title": label}
    )


@solara.component
def Speed(session: Session) -> None:
    """How many simulated years the page shows in a second."""
    now = next(name for name, speed in SPEEDS.items() if speed == session.clock.value.speed)
    Pick(label="Speed", options=options({name: name for name in SPEEDS}), chosen=now, event_choose=session.set_speed)


@solara.component
def Status(session: Session) -> None:
    """How far a run is, for eyes and for screen readers; or what went wrong; or what to expect."""
    told, _ = session.standing.value, session.sight.value  # what is shown is told as well
    comparison = told.comparison
    fault = session.fault.value or (comparison.fault if comparison else "")
    # Only ends are announced: a screen reader that spelt out every percent would be no help.
    announced = {} if session.running else {"role": "status"}
    with solara.v.Html(tag="div", class_="ps-status", attributes=announced):
        if fault:
            solara.HTML(tag="p", unsafe_innerHTML=escape(sentence(fault)), classes=["ps-fault"])
            return
        if comparison is not None and session.running:
            state = comparison.progress
            solara.v.ProgressLinear(
                value=100 * state.weeks / state.all_weeks, height=14, rounded=True, color=ACCENT,
                attributes={"aria-label": "Progress of the run"},
            )  # fmt: skip
        solara.HTML(tag="p", unsafe_innerHTML=escape(standing(session)))
        if session.outdated:
            solara.HTML(
                tag="p", classes=["ps-outdated"], unsafe_innerHTML="The choices have changed since this run: press Run."
            )


def standing(session: Session) -> str:
    """Where things stand, in a sentence."""
    comparison = session.comparison.value
    if comparison is None:
        return "Press Run to simulate what is chosen."
    years, seeds = session.years, comparison.found.seeds(comparison.scenario.years)
    shown = f"Shown: {plural(years, 'year')} of {comparison.scenario.years}."
    if comparison.done:
        return f"{shown} All {plural(seeds, 'run')} of each regime are in, after {comparison.seconds:.0f} s."
    if not years and comparison.ahead is not None:
        return (
            f"{plural(comparison.ahead, 'other')} before you in the queue."
            if comparison.ahead
            else "Next in the queue."
        )
    if not comparison.found.years:
        return "Settling people and laying their ties; the first year follows."
    left = comparison.progress.seconds_left
    to_go = f", about {left:.0f} s to go" if left is not None else ""
    return (
        f"{shown} {seeds} of {comparison.scenario.replicates} runs are through{to_go}; limits narrow as more come in."
    )
