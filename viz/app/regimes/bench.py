"""What one visit is building: the draft, what was said of it last, and everything that can be done with it."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import solara

from policysim.errors import UserError
from policysim.evidence.contested import find_switch
from policysim.experiments.analysis.wording import listed
from policysim.levers.catalogue import LEVERS
from policysim.scenarios.regime import Regime, check_together, regimes
from policysim.viz.app.choices import MOST_REGIMES
from policysim.viz.app.faults import sentence
from policysim.viz.app.regimes.draft import Draft, draft_of, free_name
from policysim.viz.app.regimes.fields import MONTHS, START_YEAR, Fault, first_week, read
from policysim.viz.app.regimes.files import LARGEST_FILE, regime_linked, regime_sent
from policysim.viz.app.session import Session
from policysim.vocabulary.time import WEEKS_PER_YEAR

ROOM = "regimes"
MOST_OWN = 20
"""Regimes of a session's own that are kept."""
LONGEST_SENTENCE = 500
"""Letters of what is said to be wrong: a file may name a key of thousands."""


@dataclass(frozen=True)
class Said:
    """The last thing that was said, and whether it is a fault."""

    text: str = ""
    fault: bool = False


class Bench:
    """The state of the room; components read its `solara.Reactive`s."""

    def __init__(self, session: Session):
        self.session = session
        self.draft = solara.reactive(Draft())
        self.before: solara.Reactive[Draft | None] = solara.reactive(None)
        """What was being built before another regime took its place."""
        self._begun = Draft()
        self.said = solara.reactive(Said())
        self.faults: solara.Reactive[Mapping[str, Mapping[str, Fault]]] = solara.reactive({})
        """What is wrong with what was typed last, by lever and setting."""
        self.newest = solara.reactive("")
        """The lever that was added last, which stands open."""

    # --- what is built
    def begin(self, draft: Draft, said: str) -> None:
        """Put another regime in place of what is there, which can be brought back."""
        now = self.draft.value
        if now != self._begun and (now.levers or now.name):
            self.before.value = now
        self._begun = draft
        self.draft.value, self.faults.value, self.newest.value = draft, {}, ""
        self.said.value = Said(said)

    def begin_from(self, id: str) -> None:
        """From a shipped regime or one of the session's own, under a name of its own; from nothing where there is none."""
        regime = self.known.get(id)
        if regime is None:
            self.begin(Draft(), "Begun from nothing: add levers from the list.")
            return
        name = free_name(regime.name, {one.name.casefold() for one in self.known.values()})
        levers = dict(regime.levers)
        self.begin(Draft(name, "", levers, regime.contested), f"Begun from “{regime.name}”, which stays as it is.")

    def bring_back(self) -> None:
        """What was there before."""
        before = self.before.value
        if before is not None:
            self.before.value = None
            self.begin(before, "What you had is back.")

    def rename(self, name: str) -> None:
        """Another name."""
        self.draft.value = replace(self.draft.value, name=str(name or "")[:80])

    def sum_up(self, summary: str) -> None:
        """Another sentence on what it does."""
        self.draft.value = replace(self.draft.value, summary=str(summary or "")[:600])

    def add(self, id: str) -> None:
        """A lever more."""
        if id in LEVERS and id not in self.draft.value.levers:
            self.draft.value, self.newest.value = self.draft.value.with_lever(id), id
            self.said.value = Said(f"{LEVERS[id].title} is in the regime.")

    def remove(self, id: str) -> None:
        """A lever less."""
        if id in self.draft.value.levers:
            self.draft.value = self.draft.value.without(id)
            self.faults.value = {key: found for key, found in self.faults.value.items() if key != id}
            self.said.value = Said(f"{LEVERS[id].title} is taken out.")

    def set(self, asked: Mapping[str, Any]) -> None:
        """A setting of a lever as it was typed; what is wrong with it stands beside it."""
        id, name = str(asked.get("lever")), str(asked.get("name"))
        lever = self.draft.value.levers.get(id)
        if lever is None or name not in type(lever).model_fields:
            return
        faults = {key: fault for key, fault in self.faults.value.get(id, {}).items() if key != name}
        typed = asked.get("value")
        try:
            self.draft.value = self.draft.value.with_setting(id, name, read(lever, name, typed))
        except UserError as error:
            faults[name] = Fault(str(typed)[:40], str(error))
        self.faults.value = {**self.faults.value, id: faults}

    def start(self, asked: Mapping[str, Any]) -> None:
        """The month and year in which a lever begins."""
        month, year = asked.get("month"), asked.get("year")
        if isinstance(month, int) and isinstance(year, int) and 0 <= month < len(MONTHS):
            week = (year - START_YEAR) * WEEKS_PER_YEAR + first_week(month)
            self.set({"lever": asked.get("lever"), "name": "start_week", "value": week})

    def take_reading(self, asked: Mapping[str, Any]) -> None:
        """A reading of a contested question, for all regimes of the comparison alike."""
        try:
            switch = find_switch(str(asked.get("id")))
            reading = switch.reading(str(asked.get("reading")))
        except UserError:
            return
        choices = self.session.choices.value
        rest = {id: taken for id, taken in choices.readings.items() if id != switch.id}
        taken = rest if reading is switch.usual else {**rest, switch.id: reading.id}
        self.session.choices.value = replace(choices, readings=taken)

    # --- what is compared
    @property
    def known(self) -> dict[str, Regime]:
        """Every regime that can be compared, by id."""
        return regimes() | self.session.own.value

    @property
    def others(self) -> list[Regime]:
        """All but the one that is being edited."""
        return [one for one in self.known.values() if one.id != self.draft.value.edits]

    def regime(self) -> Regime:
        """What is built, as a regime; raises UserError."""
        if any(self.faults.value.values()):
            raise UserError("A setting is not right yet: what is wrong stands beside it.")
        return self.draft.value.regime(self.others)

    def compare(self) -> None:
        """Put it among the session's own regimes and, while there is room, into the comparison."""
        self.told(self._compare)

    def _compare(self) -> str:
        regime, edits, own = self.regime(), self.draft.value.edits, self.session.own.value
        if edits not in own and len(own) >= MOST_OWN:
            raise UserError(f"{MOST_OWN} regimes of your own are kept already: remove one first.")
        check_together([*self.others, regime])
        choices = self.session.choices.value
        kept = {id: one for id, one in own.items() if id != edits}
        chosen = tuple(id for id in choices.regimes if id != edits)
        was_in = edits in choices.regimes
        room = len(chosen) + 1 < MOST_REGIMES
        compared = replace(choices, regimes=(*chosen, regime.id) if room else chosen)
        compared.scenario({**kept, regime.id: regime})  # judged before anything is changed
        self.session.own.value = {**kept, regime.id: regime}
        self.session.choices.value = compared
        self.draft.value = replace(self.draft.value, name=regime.name, edits=regime.id)
        if not room:
            return (
                f"“{regime.name}” is kept, but {MOST_REGIMES} regimes stand in the comparison already, as many as can be told "
                "apart: take one out below, then put this one in."
            )
        return f"“{regime.name}” {'is renewed' if was_in else 'stands'} in the comparison: open Compare and press Run."

    def edit(self, id: str) -> None:
        """Take up one of the session's own regimes again."""
        regime = self.session.own.value.get(id)
        if regime is not None:
            self.begin(draft_of(regime, (), edits=True), f"“{regime.name}” is open again.")

    def choose(self, id: str, on: bool) -> None:
        """Put a regime into the comparison, or take it out."""
        choices = self.session.choices.value
        rest = tuple(name for name in choices.regimes if name != id)
        if id not in self.known or (on and len(rest) + 1 >= MOST_REGIMES):
            return
        self.session.choices.value = replace(choices, regimes=(*rest, id) if on else rest)
        self.said.value = Said(f"“{self.known[id].name}” is {'in' if on else 'out of'} the comparison.")

    def forget(self, id: str) -> None:
        """Remove one of the session's own regimes altogether; what is being built stays."""
        own = self.session.own.value
        if id in own:
            self.choose(id, False)
            self.session.own.value = {key: one for key, one in own.items() if key != id}
            if self.draft.value.edits == id:
                self.draft.value = replace(self.draft.value, edits="")
            else:
                self.before.value = draft_of(own[id], ())
            self.said.value = Said(f"“{own[id].name}” is removed.")

    # --- files and links
    def load(self, asked: Mapping[str, Any]) -> None:
        """A file that was chosen: its name, and its bytes in base64."""
        self.told(lambda: self._loaded(asked))

    def _loaded(self, asked: Mapping[str, Any]) -> str:
        name, data, size = str(asked.get("name", "")), asked.get("data"), asked.get("size")
        if not isinstance(data, str) or len(data) > LARGEST_FILE * 2:
            told = f"{size:,} bytes" if isinstance(size, int) else "too many bytes"
            raise UserError(f"{name[:80]} has {told}, and a regime at most {LARGEST_FILE:,}: is it another file?")
        try:
            raw = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            raise UserError(f"{name[:80]} did not arrive whole: choose it again.") from None
        regime = regime_sent(name, raw)
        self.begin(draft_of(regime, self.known.values()), "")
        return f"“{self.draft.value.name}” is loaded, with {_count(regime)}."

    def open_link(self, link: Any) -> bool:
        """What stands in a link; says whether there was a regime."""
        return self.told(lambda: self._opened(str(link)))

    def _opened(self, link: str) -> str:
        regime = regime_linked(link)
        self.begin(draft_of(regime, self.known.values()), "")
        return f"“{self.draft.value.name}” is open from a link, with {_count(regime)}. Nothing is run until you say so."

    def told(self, act: Callable[[], str]) -> bool:
        """Do it and say what came of it, or what is wrong in one sentence; says whether it was done."""
        try:
            self.said.value = Said(act())
        except UserError as error:
            self.said.value = Said(sentence(error)[:LONGEST_SENTENCE], fault=True)
            return False
        return True


def _count(regime: Regime) -> str:
    titles = [lever.title for lever in regime.levers.values()]
    return listed(titles) if 0 < len(titles) < 3 else f"{len(titles)} levers"


def bench_of(session: Session) -> Bench:
    """That of a visit, made when it is first asked for."""
    if ROOM not in session.kept:
        session.kept[ROOM] = Bench(session)
    found: Bench = session.kept[ROOM]
    return found
