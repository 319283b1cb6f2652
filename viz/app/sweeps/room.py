"""The room of sweeps: at the left what to show and which points, at the right the chart, its words and its numbers."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

import solara
import solara.lab

from policysim.errors import UserError
from policysim.experiments.analysis.sweeps.frames import Gathered
from policysim.experiments.analysis.wording import listed, plural
from policysim.viz.app import states
from policysim.viz.app.pick import Pick, options
from policysim.viz.app.session import Session
from policysim.viz.app.started import started
from policysim.viz.app.sweeps.asking import VIEWS, Asking, settled
from policysim.viz.app.sweeps.controls import Controls, choices, kept_in_words, path_rows
from policysim.viz.app.sweeps.opened import name_of, opened
from policysim.viz.app.sweeps.views import View, view_of
from policysim.viz.app.tabs import Tabs
from policysim.world.places import find_place

ROOM = "sweeps"
NONE = (
    "No sweep is open here: make one with “policysim sweep naloxone-and-rooms --out results/kits”, then start the page with "
    "“policysim app --sweep results/kits”."
)

MEND = "Put the folder back where it was, or start the page with another: “policysim app --sweep DIR”."


class Explorer:
    """The state of the room; components read its `solara.Reactive`s."""

    def __init__(self, folders: tuple[str, ...]):
        self.folders = folders
        self.asking = solara.reactive(Asking(sweep=folders[0] if folders else ""))
        self.view = solara.reactive(0)
        self.fault = solara.reactive("")

    def tell(self, change: Callable[[Asking], Asking]) -> None:
        """Change what is asked now, or say in one sentence why not."""
        try:
            self.asking.value, self.fault.value = change(self.asking.value), ""
        except UserError as error:
            self.fault.value = str(error)

    def open(self, folder: Any) -> None:
        """Another of the folders that the page was started with; a browser names no other."""
        if folder in self.folders:
            self.tell(lambda now: now.of(str(folder)))


def explorer_of(session: Session) -> Explorer:
    """That of a visit, made when it is first asked for."""
    if ROOM not in session.kept:
        session.kept[ROOM] = Explorer(started().sweeps)
    found: Explorer = session.kept[ROOM]
    return found


@solara.component
def Sweeps(session: Session) -> None:
    """A sweep's folder: what varies, which points are kept, and what they say."""
    explorer = explorer_of(session)
    asking = explorer.asking.value
    tried, look_again = solara.use_state(0)
    reading = solara.lab.use_task(
        lambda: opened(asking.sweep, asking.outcome) if asking.sweep else None,
        dependencies=[asking.sweep, asking.outcome, tried], raise_error=False,
    )  # fmt: skip
    with solara.v.Html(tag="div", class_="ps-sweeps"):
        if not explorer.folders:
            states.empty(NONE)
            return
        if reading.error or reading.latest is None:
            Folders(explorer)
        if reading.error:
            states.wrong(reading.exception)
            states.paragraph(MEND, "ps-base")
            solara.Button("Look again", on_click=lambda: look_again(tried + 1), outlined=True)
        elif reading.latest is None:
            states.at_work("Reading the folder.")
        else:
            Explored(explorer, reading.latest)


@solara.component
def Folders(explorer: Explorer) -> None:
    """Which folder, where there are several."""
    if len(explorer.folders) > 1:
        names = {one: f"{name_of(one)} ({one})" for one in explorer.folders}
        Pick(label="Sweep", options=options(names), chosen=explorer.asking.value.sweep, event_choose=explorer.open)


@solara.component
def Explored(explorer: Explorer, swept: Gathered) -> None:
    """Controls and what they show."""
    asking = settled(explorer.asking.value, swept)
    points = swept.points_in(asking.place)
    with solara.v.Html(tag="div", class_="ps-sweeps-head"):
        with solara.v.Html(tag="div"):
            solara.v.Html(tag="h2", class_="ps-sweeps-question", children=[swept.question or "A sweep"])
            states.paragraph(in_short(swept), "ps-base")
        Folders(explorer)
    with solara.v.Html(tag="div", class_="ps-sweeps-beside"):
        with solara.v.Html(tag="section", class_="ps-sweeps-left", attributes={"aria-label": "What to show"}):
            Controls(
                choices=choices(asking, swept),
                paths=path_rows(asking, swept),
                said=kept_in_words(asking, swept),
                fault=explorer.fault.value,
                narrowed=asking.is_narrowed,
                event_choose=lambda asked: explorer.tell(lambda now: now.choosing(asked, swept)),
                event_keep=lambda asked: explorer.tell(lambda now: now.keeping(asked, points)),
                event_take=lambda asked: explorer.tell(lambda now: now.taking(asked, points)),
                event_reset=lambda _: explorer.tell(lambda now: replace(now, ranges={}, words={})),
            )
        with solara.v.Html(tag="section", class_="ps-sweeps-right", attributes={"aria-label": "What the sweep says"}):
            Tabs(
                names=list(VIEWS),
                chosen=explorer.view.value,
                label="Ways to look at the sweep",
                event_choose=explorer.view.set,
            )
            Shown(explorer)


@solara.component
def Shown(explorer: Explorer) -> None:
    """The open view; the one before stays, paler, while the next is worked out."""
    asking, what = explorer.asking.value, VIEWS[explorer.view.value]
    made = solara.lab.use_task(
        lambda: (what, view_of(asking, what)), dependencies=[repr(asking), what], raise_error=False
    )
    before = made.latest
    if made.error:
        states.wrong(made.exception)
    elif before is None or before[0] != what:
        states.at_work("Working it out.")
    else:
        with solara.v.Html(tag="div", class_="ps-sweeps-view" + (" ps-sweeps-old" if made.pending else "")):
            if made.pending:
                states.at_work("Working it out anew.")
            drawn(before[1])


def drawn(view: View) -> None:
    """A view: title, chart, paragraph, and the table behind it."""
    parts = [f"<h3>{escape(view.title)}</h3>"]
    if view.picture:
        parts.append(
            f'<div class="ps-scroll" tabindex="0" role="region" aria-label="Chart">'
            f'<img class="ps-sweeps-picture" src="{view.picture}" alt="{escape(view.alt)}"></div>'
            f'<p class="ps-source">Source: {escape(view.source)}</p>'
        )
    parts += [f'<p class="ps-sweeps-said">{escape(view.paragraph)}</p>', view.table]
    solara.HTML(tag="div", unsafe_innerHTML="".join(parts))


def in_short(swept: Gathered) -> str:
    """`48 points of the design “latin-hypercube”, 3 regimes, 3 seeds each, 3 years, in Coventry.`"""
    names = listed([find_place(place).name for place in swept.places])
    return (
        f"{plural(len(swept.points), 'point')} of the design “{swept.design}”, {plural(len(swept.regimes), 'regime')}, "
        f"{plural(swept.replicates, 'seed')} each, {plural(swept.years, 'year')}, in {names}; {len(swept.paths)} things vary."
    )
