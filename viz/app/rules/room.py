"""The room of rules: one's own file beside the stock rules, where the page was started with one, and every rule to read."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path

import solara
import solara.lab

from policysim.scenarios.regime import STATUS_QUO, regimes
from policysim.viz.app.compare.form import PlaceChooser
from policysim.viz.app.pick import Pick, options
from policysim.viz.app.regimes.parts import Told
from policysim.viz.app.rules.own import PEOPLE, SEEDS, Bench
from policysim.viz.app.rules.rows import card, listed_rows
from policysim.viz.app.rules.side_by_side import beside, whole_seeds
from policysim.viz.app.session import Session
from policysim.viz.app.started import started

ROOM = "rules"
NONE = (
    "To try rules of your own, write a class that overrides one (docs/extending.md), and start the page with "
    "“policysim app --rules my_rules.py”: it is read again whenever you save it."
)


@solara.component_vue("library.vue")
def Library(rules: list[dict[str, str]], opened: str, card: str, event_read: Told) -> None:
    """Every rule, found by words, each with its card."""


def bench_of(session: Session) -> Bench:
    """That of a visit, made when it is first asked for."""
    if ROOM not in session.kept:
        session.kept[ROOM] = Bench(started().rules)
    found: Bench = session.kept[ROOM]
    return found


@solara.component
def Rules(session: Session) -> None:
    """One's own rules, then all of them."""
    bench = bench_of(session)
    opened, open_card = solara.use_state("")
    solara.lab.use_task(bench.follow, dependencies=[], raise_error=False)
    solara.use_effect(lambda: bench.close, [])
    with solara.v.Html(tag="div", class_="ps-rules"):
        with solara.v.Html(tag="section", attributes={"aria-labelledby": "ps-rules-own"}):
            _heading("Your rules beside the stock rules", "ps-rules-own")
            if bench.file:
                Own(bench)
            else:
                _paragraph(NONE, "ps-rules-none")
        with solara.v.Html(tag="section", attributes={"aria-labelledby": "ps-rules-all"}):
            _heading("Every rule", "ps-rules-all")
            Library(
                rules=listed_rows(), opened=opened, card=card(opened),
                event_read=lambda id: open_card("" if id == opened else str(id)),
            )  # fmt: skip


def _heading(words: str, id: str) -> None:
    solara.v.Html(tag="h2", attributes={"id": id}, children=[words])


def _paragraph(words: str, kind: str, role: str = "") -> None:
    solara.v.Html(tag="p", class_=kind, attributes={"role": role} if role else {}, children=[words])


@solara.component
def Own(bench: Bench) -> None:
    """What the check says of the file, where it is tried, and what it changes."""
    bench.version.value  # noqa: B018  (read, so that this is drawn again when it changes)
    trial = bench.trial.value
    _paragraph(f"{Path(bench.file).name} is read again whenever it is saved.", "ps-base")
    if bench.fault.value:
        _paragraph(bench.fault.value, "ps-fault", "alert")
    _paragraph(bench.said.value, "ps-rules-said", "status")
    with solara.v.Html(tag="div", class_="ps-rules-trial"):
        PlaceChooser(trial.place, lambda place: bench.trial.set(replace(trial, place=place or trial.place)))
        RegimeChosen(trial.regime, lambda regime: bench.trial.set(replace(bench.trial.value, regime=regime)))
    Beside(bench)


@solara.component
def RegimeChosen(regime: str, on_regime: Callable[[str], None]) -> None:
    """The regime beside the status quo."""
    names = {id: one.name for id, one in regimes().items() if id != STATUS_QUO}
    Pick(label="Regime beside the status quo", options=options(names), chosen=regime, event_choose=on_regime)


@solara.component
def Beside(bench: Bench) -> None:
    """Both sides, as far as they have come."""
    bench.version.value  # noqa: B018
    stock, edited = bench.stock, bench.edited
    if stock is None or edited is None:
        return
    for fault in dict.fromkeys((stock.fault, edited.fault)):
        if fault:
            _paragraph(fault, "ps-fault", "alert")
    table = beside(stock.found, edited.found)
    seeds = whole_seeds(stock.found, edited.found)
    if not (stock.done and edited.done):
        done = sum(one.progress.weeks / max(1, one.progress.all_weeks) for one in (stock, edited)) / 2
        solara.v.ProgressLinear(value=100 * done, height=10, rounded=True, color="#1A4F8B",
                                attributes={"aria-label": "Progress of both runs"})  # fmt: skip
        _paragraph(f"{seeds} of {SEEDS} seeds are through under both; limits narrow as more come in.", "ps-waiting")
    if table:
        note = f"<p class='ps-source'>{escape(NOTE)}</p>"
        solara.HTML(tag="div", unsafe_innerHTML=table + note)


NOTE = (
    f"policysim simulation, {PEOPLE:,} simulated people, scaled to residents: a first look, too few for answers. Each seed is "
    "lived under the stock rules and under yours with the same luck, and differences are taken seed by seed; the intervals "
    "show chance alone."
)
