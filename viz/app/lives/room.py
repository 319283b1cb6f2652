"""Two lives as a room of the page: whose life, the lines, where they part, and what the average is."""
# ruff: noqa: N802  (components are named like classes)

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import solara
import solara.lab

from policysim.errors import UserError
from policysim.experiments.lives.several import Wanted
from policysim.viz.app.compare.form import ACCENT
from policysim.viz.app.faults import sentence
from policysim.viz.app.lives import telling
from policysim.viz.app.lives.drawing import key, life_drawn
from policysim.viz.app.lives.life import Life
from policysim.viz.app.lives.life import Lives as Found
from policysim.viz.app.lives.pool import AT_FIRST, MORE_AT_RANDOM, Ask, pools
from policysim.viz.app.pick import Pick, options
from policysim.viz.app.running.comparison import Comparison
from policysim.viz.app.session import Session
from policysim.viz.style import regime_styles
from policysim.vocabulary.time import WEEKS_PER_YEAR

TITLE = "One life, lived under each regime"
WAIT = (
    "Lives are being lived: the same people under each regime, to find those whose paths part. It takes as long as a run or "
    "two, after what is under way."
)


@dataclass(frozen=True)
class Look:
    """Whose life is shown: `how` says from which list, `turn` how often another one was asked for, `person` their number."""

    how: str = "parting"
    turn: int = 0
    person: int = 0
    known: bool = False
    """Whether the person is of those found at first."""

    def another(self, how: str) -> "Look":
        """The next of a list."""
        return Look(how, self.turn + 1 if how == self.how else 0)

    @property
    def wanted(self) -> Wanted:
        """What to ask a worker for: at first a good many together, then more at random, or a person by number."""
        if self.how == "chosen" and not self.known:
            return Wanted(people=(self.person,))
        round_, _ = self._place
        if self.how == "random" and round_:
            return Wanted(at_random=MORE_AT_RANDOM, draw=round_)
        return AT_FIRST

    @property
    def _place(self) -> tuple[int, int]:
        """Of those at random, in which batch and where in it."""
        if self.turn < AT_FIRST.at_random:
            return 0, self.turn
        later = self.turn - AT_FIRST.at_random
        return 1 + later // MORE_AT_RANDOM, later % MORE_AT_RANDOM

    def pick(self, found: Found) -> Life | None:
        """The life to show."""
        if self.how == "chosen":
            return next(
                (life for life in (*found.people, *found.parting, *found.at_random) if life.person == self.person), None
            )
        if self.how == "random":
            return found.at_random[self._place[1] % len(found.at_random)] if found.at_random else None
        return found.parting[self.turn % len(found.parting)] if found.parting else None


@solara.component
def Lives(session: Session, ask: Ask | None = None) -> None:
    """One simulated person at a time, under the regimes of the session's comparison."""
    session.version.value  # noqa: B018  (read, so that this is drawn again when it changes)
    comparison = session.comparison.value
    sensitive, show_sensitive = solara.use_state(False)
    with solara.v.Html(tag="div", class_="ps-life"):
        with solara.v.Html(tag="div", class_="ps-street-head"):
            solara.HTML(tag="h2", unsafe_innerHTML=TITLE)
            solara.v.Checkbox(
                label=telling.SENSITIVE, v_model=sensitive, on_v_model=show_sensitive, color=ACCENT, dense=True,
                hide_details=True, class_="ps-life-sensitive",
            )  # fmt: skip
        solara.HTML(tag="p", unsafe_innerHTML=escape(telling.CARE), classes=["ps-care"])
        if comparison is None:
            _wait("Press Run under Compare first: the lives are those of the people simulated there.")
            return
        Shown(session, comparison, ask or pools().ask, sensitive).key(str(id(comparison)))


def _wait(words: str, role: str = "status") -> None:
    kind = "ps-fault" if role == "alert" else "ps-nothing"
    with solara.v.Html(tag="div", class_=kind, attributes={"role": role}):
        solara.HTML(tag="p", unsafe_innerHTML=escape(words))


@solara.component
def Shown(session: Session, comparison: Comparison, ask: Ask, sensitive: bool) -> None:
    """Whose life, and that life."""
    look, turn_to = solara.use_state(Look())
    tried, retry = solara.use_state(0)

    async def find() -> Found | UserError:
        try:
            return await asyncio.shield(asyncio.wrap_future(ask(comparison, look.wanted)))
        except UserError as error:  # something that was asked for cannot be: no fault of the server's
            return error

    async def find_first() -> Found | None:
        try:
            return await asyncio.shield(asyncio.wrap_future(ask(comparison, AT_FIRST)))
        except UserError:
            return None  # told where it is asked for

    first: Any = solara.lab.use_task(find_first, dependencies=[tried], raise_error=False)
    now: Any = solara.lab.use_task(find, dependencies=[look.wanted, tried], raise_error=False)
    choosable = [] if not first.finished or first.value is None else [*first.value.parting, *first.value.at_random]
    with solara.v.Html(tag="div"):
        life = look.pick(now.value) if isinstance(now.value, Found) and not now.pending else None
        Whose(look, turn_to, choosable, comparison.scenario.start_year, None if life is None else life.person)
        if now.error or isinstance(now.value, UserError):
            _wait(_fault(now.value if isinstance(now.value, UserError) else now.exception), "alert")
            with solara.v.Html(tag="p", class_="ps-life-again"):
                solara.Button("Try again", on_click=lambda: retry(tried + 1), outlined=True)
        elif now.pending or now.value is None:
            solara.v.ProgressLinear(
                indeterminate=True, color=ACCENT, height=8, attributes={"aria-label": "Looking for lives"}
            )
            _wait(WAIT)
        else:
            if life is None and look.how != "parting":
                _wait(WAIT)  # what was found before is not what is asked for now
            elif life is None:
                _wait("No life comes to differ between these regimes: choose others, more years or more people.")
            else:
                solara.HTML(tag="p", unsafe_innerHTML=escape(counted(look, now.value)), classes=["ps-hint"])
                Told(session, comparison, life, sensitive)


def counted(look: Look, found: Found) -> str:
    """Which of those found it is."""
    if look.how == "parting":
        number = len(found.parting)
        return f"{look.turn % number + 1} of {number} found whose paths part: picked by how far, whichever way."
    if look.how == "random":
        return "Drawn at random from everybody who is there when the regimes part; most people’s paths never part."
    return f"Person {look.person:,}."


def _fault(error: BaseException | None) -> str:
    return (
        sentence(error) if isinstance(error, UserError) else "The lives could not be found: the run in a worker failed."
    )


@solara.component
def Whose(
    look: Look, turn_to: Callable[[Look], None], choosable: list[Life], start_year: int, shown: int | None = None
) -> None:
    """Another one whose path parts, anyone at random, or somebody of choice; `shown` is the number of the one there."""
    number, type_number = solara.use_state("")
    wrong = "" if number == "" or number.isdecimal() else "A whole number"
    with solara.v.Html(tag="div", class_="ps-controls ps-life-whose"):
        solara.Button(
            "Another one whose path parts",
            on_click=lambda: turn_to(look.another("parting")),
            color=ACCENT,
            dark=True,
            large=True,
        )
        solara.Button("Anyone at random", on_click=lambda: turn_to(look.another("random")), outlined=True, large=True)
        found = {str(life.person): telling.label(life, start_year) for life in choosable}
        names = found if str(shown) in found else {"": "choose one" if found else "nobody yet"} | found
        Pick(
            label="One of those found",
            options=options(names),
            chosen=str(shown) if str(shown) in found else "",
            event_choose=lambda person: turn_to(Look("chosen", person=int(person), known=True)) if person else None,
        )
        with solara.v.Html(tag="div", class_="ps-life-number"):
            solara.v.TextField(
                label="Or a person’s number", v_model=number, on_v_model=lambda text: type_number((text or "").strip()),
                outlined=True, dense=True, hide_details=not wrong, error_messages=[wrong] if wrong else [],
            )  # fmt: skip
            solara.Button(
                "Show", on_click=lambda: turn_to(Look("chosen", person=int(number))), outlined=True,
                disabled=bool(wrong) or number == "",
            )  # fmt: skip


@solara.component
def Told(session: Session, comparison: Comparison, life: Life, sensitive: bool) -> None:
    """The life: who, the lines, where they part, the average."""
    session.version.value, session.clock.value  # noqa: B018
    scenario, told = comparison.scenario, life.told(sensitive)
    names = {regime.id: regime.name for regime in scenario.regimes}
    styles = regime_styles(names)
    start = scenario.start_year
    drawn = solara.use_memo(
        lambda: life_drawn(told, scenario.years * WEEKS_PER_YEAR, start, names, styles), [life, sensitive]
    )
    with solara.v.Html(tag="article", attributes={"aria-label": "The life"}):
        solara.HTML(unsafe_innerHTML=telling.opening(life, told), attributes={"aria-live": "polite"})
        solara.HTML(unsafe_innerHTML=drawn + key())
        with solara.v.Html(tag="div", class_="ps-life-words-below"):
            solara.HTML(unsafe_innerHTML=telling.partings(told, names, start), classes=["ps-life-partings"])
            solara.HTML(
                unsafe_innerHTML=telling.average(life, comparison.found, comparison.found.years),
                classes=["ps-life-average"],
            )
        solara.HTML(unsafe_innerHTML=telling.everything(life, told, names, start))
