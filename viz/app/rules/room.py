"""The room of rules: one's own file beside the stock rules, where the page was started with one, and every rule to read."""
# ruff: noqa: N802  (components are named like classes)

from dataclasses import replace

import solara
import solara.lab

from policysim.scenarios.regime import STATUS_QUO, regimes
from policysim.viz.app import states
from policysim.viz.app.compare.drawing import letters_of
from policysim.viz.app.compare.form import PlaceChooser
from policysim.viz.app.library import Library
from policysim.viz.app.pick import Pick, options
from policysim.viz.app.rules.drawn import Drawn
from policysim.viz.app.rules.own import SEEDS, Bench
from policysim.viz.app.rules.rows import card, listed_rows
from policysim.viz.app.rules.side_by_side import sides, table, whole_seeds
from policysim.viz.app.session import Session
from policysim.viz.app.started import started

ROOM = "rules"
NONE = (
    "To try rules of your own, write a class that overrides one (docs/extending.md), and start the page with "
    "“policysim app --rules my_rules.py”: it is read again whenever you save it."
)


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
            states.heading("Your rules beside the stock rules", "ps-rules-own")
            if bench.file:
                Own(bench, session.projector.value)
            else:
                states.empty(NONE)
        with solara.v.Html(tag="section", attributes={"aria-labelledby": "ps-rules-all"}):
            states.heading("Every rule", "ps-rules-all")
            rules = listed_rows()
            Library(
                groups=[{"name": "", "entries": rules}], noun="rule", example="overdose, or arrest",
                counts=f"{len(rules)} rules, in the order of a person's week.", opened=opened, card=card(opened),
                event_read=lambda id: open_card("" if id == opened else str(id)),
            )  # fmt: skip


@solara.component
def Own(bench: Bench, projector: bool = False) -> None:
    """What the check says of the file, where it is tried, and what it changes."""
    bench.version.value  # noqa: B018  (read, so that this is drawn again when it changes)
    trial = bench.trial.value
    with solara.v.Html(tag="div"):
        if bench.fault.value:
            states.wrong(bench.fault.value)
        states.paragraph(bench.said.value, "ps-rules-said", "status")
        with solara.v.Html(tag="div", class_="ps-rules-trial"):
            PlaceChooser(trial.place, lambda place: bench.trial.set(replace(trial, place=place or trial.place)))
            Pick(
                label="Beside the status quo", chosen=trial.regime,
                options=options({id: one.name for id, one in regimes().items() if id != STATUS_QUO}),
                event_choose=lambda regime: bench.trial.set(replace(bench.trial.value, regime=regime)),
            )  # fmt: skip
        Beside(bench, projector).key("beside")  # what is chosen in it stays, whatever is told above


@solara.component
def Beside(bench: Bench, projector: bool) -> None:
    """Both sides, as far as they have come."""
    bench.version.value, bench.said.value, bench.fault.value, bench.trial.value  # noqa: B018
    stock, edited = bench.stock, bench.edited
    if stock is None or edited is None:
        return
    with solara.v.Html(tag="div"):
        for fault in dict.fromkeys((stock.fault, edited.fault)):
            if fault:
                states.wrong(fault)
        if bench.as_of:
            states.paragraph(bench.as_of, "ps-outdated")
        lived = [one for one in stock.scenario.regimes if one.people_classes is None]
        found = {regime.name: sides(stock.found, edited.found, regime.id) for regime in lived}
        if not (stock.done and edited.done):
            done = sum(one.progress.weeks / max(1, one.progress.all_weeks) for one in (stock, edited)) / 2
            seeds = min(map(whole_seeds, found.values()))
            told = f"{seeds} of {SEEDS} seeds are through under both; limits narrow as more come in."
            states.at_work(told, 100 * done)
        if any(one.years for one in found.values()):
            Drawn(found, letters_of(projector)).key("drawn")
            tables = "".join(table(one, name) for name, one in found.items())
            solara.HTML(tag="div", unsafe_innerHTML=tables)
