"""The page itself: its head, its rooms behind tabs, and the session that they share."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import solara
import solara.lab

from policysim.viz.app import dark
from policysim.viz.app.compare.room import Compare
from policysim.viz.app.lives.room import Lives
from policysim.viz.app.regimes.room import Arriving, Regimes
from policysim.viz.app.rules.room import Rules
from policysim.viz.app.session import Session
from policysim.viz.app.street.room import Street
from policysim.viz.app.sweeps.room import Sweeps
from policysim.viz.app.tabs import Tabs
from policysim.viz.app.workshop.room import Joining, ProjectorSwitch, Workshop
from policysim.viz.words import CONTENT_NOTE, HELP_LINES

TITLE = "Drug policy, simulated"
LEAD = (
    "policysim lets the simulated residents of a place in England or Wales live through different drug policies, "
    "week by week, and shows what comes out differently."
)
CARE = (
    f"{CONTENT_NOTE} Everyone in it is fictional. To talk to someone: "
    + "; ".join(f"<strong>{name} {number}</strong>, {what}" for name, number, what in HELP_LINES)
    + "."
)


@dataclass(frozen=True)
class Room:
    """A part of the page behind a tab: what it is called, and what draws it for a session."""

    name: str
    draw: Callable[[Session], Any]


ROOMS = {
    "compare": Room("Compare", Compare),
    "regimes": Room("Build a regime", Regimes),
    "street": Room("The street", Street),
    "lives": Room("Two lives", Lives),
    "workshop": Room("Workshop", Workshop),
    "sweeps": Room("Explore a sweep", Sweeps),
    "rules": Room("Rules", Rules),
}
"""In the order of the tabs; a new part of the page is a line here and a folder."""


@solara.component_vue("language.vue")
def Language() -> None:
    """What the server's template leaves out: the language of the page, zooming, a name for the bar of a page at work."""


@solara.component_vue("skip.vue")
def Skip() -> None:
    """Past head and tabs, for whoever has no mouse."""


@solara.component_vue("dark.vue")
def DarkSwitch() -> None:
    """Light or dark: as the device has it, until somebody says otherwise in this browser."""


@solara.component_vue("escape.vue")
def Escape() -> None:
    """Escape closes what is open around the keyboard, which goes back to what opened it."""


@solara.component_vue("lost.vue")
def Lost() -> None:
    """That the server is gone, what stays, and what brings it back."""


@solara.component
def Page() -> None:
    """Head, tabs and the room that is open."""
    session = solara.use_memo(Session, [])
    open_room, enter = solara.use_state(next(iter(ROOMS)))
    names = list(ROOMS)
    solara.lab.use_task(session.follow, dependencies=[], raise_error=False)
    solara.use_effect(partial(_visit, session), [])
    solara.Title("policysim")
    solara.Style(dark.sheet())
    Language()
    Escape()
    Arriving(session, lambda: enter("regimes"))
    Joining(session, lambda: enter("workshop"))
    projector = " ps-projector" if session.projector.value else ""
    with solara.v.Html(tag="div", class_=f"ps-page{projector}"):
        Skip()
        Lost()
        with solara.v.Html(tag="header", class_="ps-head"):
            with solara.v.Html(tag="div", class_="ps-title"):
                solara.HTML(tag="h1", unsafe_innerHTML=TITLE)
                solara.HTML(tag="p", unsafe_innerHTML=LEAD, classes=["ps-lead"])
            Tabs(
                names=[room.name for room in ROOMS.values()],
                chosen=names.index(open_room),
                label="Parts of the page",
                event_choose=lambda k: enter(names[k]),
                panel="room",
            )
            with solara.v.Html(tag="div", class_="ps-looks"):
                DarkSwitch()
                ProjectorSwitch(session)
        panel = {"id": "room", "role": "tabpanel", "tabindex": "-1", "aria-label": ROOMS[open_room].name}
        with solara.v.Html(tag="main"), solara.v.Html(tag="div", attributes=panel):
            ROOMS[open_room].draw(session).key(open_room)
        with solara.v.Html(tag="footer", class_="ps-foot"):
            solara.HTML(tag="p", unsafe_innerHTML=CARE, classes=["ps-care"])


def _visit(session: Session) -> Callable[[], None]:
    """A comparison is there at the first look; what belongs to the visit goes when it ends."""
    session.run()
    return session.close


@solara.component
def Layout(children: Sequence[Any] = ()) -> Any:
    """The page scrolls as a whole, and prints as a whole."""
    with solara.v.Html(tag="div", children=list(children)) as whole:
        pass
    return whole
