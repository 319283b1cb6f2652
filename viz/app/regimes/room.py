"""The room in which a regime is built: at the left what there is, at the right what is made of it."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable
from html import escape

import solara

from policysim.errors import UserError
from policysim.scenarios.regime import Regime
from policysim.viz.app.choices import MOST_REGIMES
from policysim.viz.app.library import Library
from policysim.viz.app.regimes.bench import Bench, bench_of
from policysim.viz.app.regimes.budget import budget
from policysim.viz.app.regimes.card import card
from policysim.viz.app.regimes.fields import MONTHS
from policysim.viz.app.regimes.files import LARGEST_FILE, MARK, to_link, to_toml
from policysim.viz.app.regimes.money import budget_table, in_short, simulated
from policysim.viz.app.regimes.parts import Arrival, Chosen, Compared, Contested, Head, Sharing
from policysim.viz.app.regimes.rows import compared_rows, groups, lever_rows, questions
from policysim.viz.app.session import Session
from policysim.world.places import find_place


@solara.component
def Regimes(session: Session) -> None:
    """Choose levers, set them, see what they cost and what is contested, then compare, save or share the regime."""
    bench = bench_of(session)
    with solara.v.Html(tag="div", class_="ps-build"):
        with solara.v.Html(tag="section", class_="ps-build-left", attributes={"aria-labelledby": "ps-build-levers"}):
            _heading("Levers", "ps-build-levers")
            Shelf(bench)
        with solara.v.Html(tag="section", class_="ps-build-right", attributes={"aria-labelledby": "ps-build-regime"}):
            _heading("Your regime", "ps-build-regime")
            with solara.v.Html(tag="div", class_="ps-build-head"):
                Top(bench)
                Shared(bench)
            Message(bench)
            Money(bench)
            Rest(bench)


def _heading(words: str, id: str) -> None:
    solara.v.Html(tag="h2", attributes={"id": id}, children=[words])


def _sub(words: str) -> None:
    solara.HTML(tag="h3", unsafe_innerHTML=escape(words), classes=["ps-build-sub"])


@solara.component
def Shelf(bench: Bench) -> None:
    """Every lever, with the card of the one that is open."""
    opened, open_card = solara.use_state("")
    there = groups()
    Library(
        groups=list(there),
        noun="lever",
        example="naloxone prison",
        counts=f"{sum(len(group['entries']) for group in there)} levers in {len(there)} groups.",
        taken=list(bench.draft.value.levers),
        opened=opened,
        card=card(opened) if opened else "",
        event_read=lambda id: open_card("" if id == opened else str(id)),
        event_add=lambda id: bench.add(str(id)),
        event_remove=lambda id: bench.remove(str(id)),
    )


@solara.component
def Top(bench: Bench) -> None:
    """Where to start from, and the name."""
    draft, before = bench.draft.value, bench.before.value
    Head(
        called=draft.name,
        summary=draft.summary,
        short=draft.in_short,
        back="" if before is None else before.name or "what you had",
        known=[{"id": one.id, "name": one.name} for one in bench.known.values() if one.levers],
        event_begin=lambda id: bench.begin_from(str(id)),
        event_restore=lambda _: bench.bring_back(),
        event_rename=bench.rename,
        event_sum_up=bench.sum_up,
    )


@solara.component
def Message(bench: Bench) -> None:
    """What came of the last thing that was done."""
    said = bench.said.value
    kind = "ps-fault" if said.fault else "ps-build-done"
    with solara.v.Html(tag="div", class_="ps-build-message", attributes={"role": "alert" if said.fault else "status"}):
        if said.text:
            solara.HTML(tag="p", unsafe_innerHTML=escape(said.text), classes=[kind])


@solara.component
def Money(bench: Bench) -> None:
    """The running budget, by payer; and what the comparison found, once it has."""
    session, draft = bench.session, bench.draft.value
    session.version.value, session.clock.value  # noqa: B018  (read, so that this is drawn again when they change)
    place, levers = find_place(session.choices.value.place), tuple(draft.levers.values())
    found = budget(levers, place)
    said = f'<p class="ps-build-said">{escape(in_short(found))}</p>' if levers else ""
    with solara.v.Html(tag="div"):
        _sub("Budget")
        solara.HTML(tag="div", unsafe_innerHTML=said + budget_table(found, levers, place))
        # Apart, so that what is open above stays so while years come in.
        solara.HTML(tag="div", unsafe_innerHTML=simulated(session, draft))


@solara.component
def Rest(bench: Bench) -> None:
    """Contested evidence, the levers with their settings, files and links, and what is compared."""
    session, draft = bench.session, bench.draft.value
    choices = session.choices.value
    bearing, others = questions(draft, choices.readings)
    with solara.v.Html(tag="div"):
        _sub("Contested evidence")
        _hint("Published work gives two answers. The one you choose holds for every regime of the comparison alike.")
        Contested(bearing=bearing, others=others, event_take=bench.take_reading)
        _sub(f"Levers: {len(draft.levers)}" if draft.levers else "Levers")
        Chosen(
            levers=lever_rows(draft, bench.faults.value, choices.years),
            cards={id: card(id) for id in draft.levers},
            months=list(MONTHS),
            newest=bench.newest.value,
            event_set=bench.set,
            event_start=bench.start,
            event_remove=lambda id: bench.remove(str(id)),
        )
        _sub("In the comparison")
        Compared(
            regimes=compared_rows(bench.known, session.own.value, choices),
            full=choices.is_full,
            said=_room_left(len(choices.regimes) + 1),
            event_choose=lambda asked: bench.choose(str(asked.get("id")), bool(asked.get("on"))),
            event_edit=lambda id: bench.edit(str(id)),
            event_forget=lambda id: bench.forget(str(id)),
        )


def _hint(words: str) -> None:
    solara.HTML(tag="p", unsafe_innerHTML=escape(words), classes=["ps-build-none"])


def _room_left(there: int) -> str:
    if there >= MOST_REGIMES:
        return f"{MOST_REGIMES} regimes stand beside one another, as many as can be told apart: take one out to put another in."
    return f"{there} regimes, of at most {MOST_REGIMES}."


@solara.component
def Shared(bench: Bench) -> None:
    """The way into the comparison; the regime as a file and a link, and the ways in for those of others."""
    regime, why = _made(bench)
    link, no_link = "", ""
    if regime is not None:
        try:
            link = to_link(regime)
        except UserError as error:
            no_link = str(error)
    Sharing(
        text="" if regime is None else to_toml(regime),
        file="" if regime is None else f"{regime.id}.toml",
        link=link,
        why=why,
        no_link=no_link,
        most=LARGEST_FILE,
        edits=bool(bench.draft.value.edits),
        event_load=bench.load,
        event_open=bench.open_link,
        event_compare=lambda _: bench.compare(),
    )


def _made(bench: Bench) -> tuple[Regime | None, str]:
    """The regime as it stands, or why it is none yet."""
    try:
        return bench.regime(), ""
    except UserError as error:
        return None, str(error)


@solara.component
def Arriving(session: Session, enter: Callable[[], None]) -> None:
    """A link to a regime opens this room with it, wherever the page was."""

    def arrive(link: str) -> None:
        bench_of(session).open_link(link)
        enter()

    Arrival(mark=MARK, event_arrive=arrive)
