"""The street as a room of the page: two regimes beside one another, driven by the session's clock."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import solara

from policysim.scenarios.regime import Regime
from policysim.viz.app.compare.form import ACCENT
from policysim.viz.app.compare.running import Speed
from policysim.viz.app.pick import Pick, options
from policysim.viz.app.running.comparison import Comparison
from policysim.viz.app.session import SPEEDS, Session
from policysim.viz.app.street.marks import drawn
from policysim.viz.app.street.telling import caption, cast_for_browser, parcel, sides_for_browser, words_for_browser
from policysim.vocabulary.time import WEEKS_PER_YEAR

TITLE = "A few of the people, and where they are met"
SLOWEST = min(speed for speed in SPEEDS.values() if speed is not None)
"""How fast the street runs where the page shows whatever is there: a year at a time would hide the weeks."""


@solara.component_vue("stage.vue")
def Stage(
    cast: dict, words: dict, marks: list, sides: list, there: list, parcel: dict, weeks: int, years: float, playing: bool,
    speed: float, event_lack: Callable, event_seek: Callable, event_play: Callable, event_pause: Callable,
) -> None:  # fmt: skip
    """The drawing, its time, its table and the person pointed at."""


@solara.component
def Street(session: Session) -> None:
    """A few hundred of the people, week by week, under the status quo and a regime of choice."""
    session.version.value  # noqa: B018  (read, so that this is drawn again when it changes)
    chosen, choose = solara.use_state("")
    comparison = session.comparison.value
    with solara.v.Html(tag="div", class_="ps-street"):
        waiting = _waiting(session)
        if comparison is None or waiting:
            solara.HTML(tag="h2", unsafe_innerHTML=TITLE)
            if session.running:
                solara.v.ProgressLinear(
                    indeterminate=True, color=ACCENT, height=8, attributes={"aria-label": "Waiting for the first year"}
                )
            failed = comparison is not None and comparison.fault
            kind, role = ("ps-fault", "alert") if failed else ("ps-nothing", "status")
            with solara.v.Html(tag="div", class_=kind, attributes={"role": role}):
                solara.HTML(tag="p", unsafe_innerHTML=escape(waiting))
            return
        regimes = comparison.scenario.regimes
        other = next((one for one in regimes[1:] if one.id == chosen), regimes[-1])
        with solara.v.Html(tag="div", class_="ps-street-head"):
            solara.HTML(tag="h2", unsafe_innerHTML=TITLE)
            names = {one.id: one.name for one in regimes[1:]}
            Pick(label="Beside the status quo", options=options(names), chosen=other.id, event_choose=choose)
            Speed(session)
        Shown(session, comparison, (regimes[0], other)).key(f"{id(comparison)} {other.id}")
        cast = comparison.reels.cast
        solara.HTML(tag="p", unsafe_innerHTML=escape(caption(len(cast.x) if cast else 0)), classes=["ps-source"])


def _waiting(session: Session) -> str:
    """Why there is nothing to see yet; nothing where there is."""
    comparison = session.comparison.value
    if comparison is None:
        return "Press Run under Compare: a few hundred of the people who are simulated come to the street."
    if comparison.fault:
        return comparison.fault
    filmed = all(comparison.reels.weeks(regime.id) for regime in comparison.scenario.regimes)
    if comparison.reels.cast is None or not filmed:
        return "People are being settled and their ties laid; the street opens once they have lived the first year."
    return ""


@solara.component
def Shown(session: Session, comparison: Comparison, sides: Sequence[Regime]) -> None:
    """The drawing, which is handed the cast once and asks for the weeks that it lacks."""
    session.version.value  # noqa: B018
    clock = session.clock.value
    handed, hand = solara.use_state({})  # type: ignore[var-annotated]
    cast = comparison.reels.cast
    fixed = solara.use_memo(
        lambda: (cast_for_browser(cast) if cast else {}, words_for_browser(), drawn(), sides_for_browser(sides)), [cast]
    )
    there = [comparison.reels.weeks(side.id) for side in sides]
    Stage(
        cast=fixed[0], words=fixed[1], marks=fixed[2], sides=fixed[3], there=there, parcel=handed,
        weeks=comparison.scenario.years * WEEKS_PER_YEAR, years=clock.years, playing=clock.playing, speed=clock.speed or 0.0,
        event_lack=lambda have: hand(parcel(comparison.reels, sides, have)),
        event_seek=lambda week: seek(session, week), event_play=lambda _=None: play(session),
        event_pause=lambda week: seek(session, week),
    )  # fmt: skip


def seek(session: Session, week: Any) -> None:
    """Hold the picture in a week."""
    session.clock.value = replace(session.clock.value, playing=False, years=max(float(week), 0.0) / WEEKS_PER_YEAR)


def play(session: Session) -> None:
    """Go on week by week, from the beginning where the end is shown."""
    comparison, clock = session.comparison.value, session.clock.value
    ended = comparison is not None and clock.years >= comparison.scenario.years
    years = 0.0 if ended else clock.years
    session.clock.value = replace(clock, playing=True, years=years, speed=clock.speed or SLOWEST)
