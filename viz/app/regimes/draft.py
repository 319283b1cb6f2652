"""A regime while it is being built: a name, levers with their settings, and what makes it one that can be compared."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from policysim.errors import UserError
from policysim.evidence.contested import switches
from policysim.experiments.analysis.wording import listed, plural
from policysim.levers.catalogue import LEVERS
from policysim.levers.lever import Lever
from policysim.scenarios.regime import Regime

LONGEST_ID = 60
TOLD = 4
"""Levers that are named where a regime is summed up in one line."""


@dataclass(frozen=True)
class Draft:
    """What is being built. `edits` is the id of the session's own regime of which it is the next version, if it is one."""

    name: str = ""
    summary: str = ""
    levers: Mapping[str, Lever] = field(default_factory=dict)
    named: tuple[str, ...] = ()
    """Contested questions that whoever began it named as bearing on it."""
    edits: str = ""

    def with_lever(self, id: str) -> "Draft":
        """With one lever more, as it usually is."""
        return replace(self, levers={**self.levers, id: LEVERS[id](**dict(LEVERS[id].documented))})

    def without(self, id: str) -> "Draft":
        """With one lever less."""
        return replace(self, levers={key: lever for key, lever in self.levers.items() if key != id})

    def with_setting(self, id: str, name: str, value: object) -> "Draft":
        """With one setting of a lever changed; raises UserError."""
        return replace(self, levers={**self.levers, id: self.levers[id].model_copy(update={name: value})})

    @property
    def questions(self) -> tuple[str, ...]:
        """Contested questions that bear on it: those named, and those that act through its levers."""
        return tuple(
            id for id, switch in switches().items() if id in self.named or self.levers.keys() & set(switch.levers)
        )

    def regime(self, others: Iterable[Regime]) -> Regime:
        """The regime, told apart from all others by id and name; raises UserError."""
        others = list(others)
        name = self.name.strip()
        if not name:
            raise UserError("Give the regime a name first: it is what charts and tables call it.")
        if not self.levers:
            raise UserError("Add a lever first: without any, a regime is the status quo.")
        if name.casefold() in {other.name.casefold() for other in others}:
            raise UserError(f"There is a regime called “{name}” already: give this one another name.")
        return Regime(
            id=free_id(name, {other.id for other in others}), name=name, summary=self.summary.strip() or self.in_short,
            levers=dict(self.levers), contested=self.questions,
        )  # fmt: skip

    @property
    def in_short(self) -> str:
        """Its levers in a line, for where nobody wrote one."""
        titles = [lever.title for lever in self.levers.values()]
        more = len(titles) - TOLD
        return listed([*titles[:TOLD], plural(more, "other")] if more > 0 else titles) + "." if titles else ""


def draft_of(regime: Regime, others: Iterable[Regime], edits: bool = False) -> Draft:
    """A regime taken up to go on with: under its own name where it is edited or nobody else has it."""
    name = regime.name if edits else free_name(regime.name, {other.name.casefold() for other in others})
    summary = "" if regime.summary == Draft(levers=regime.levers).in_short else regime.summary
    return Draft(name, summary, dict(regime.levers), regime.contested, regime.id if edits else "")


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, or with a number where somebody has it; `taken` are names in small letters."""
    name, number, found = name[:72], 2, name
    while found.casefold() in taken:
        found, number = f"{name}, version {number}"[:80], number + 1
    return found


def free_id(name: str, taken: Collection[str]) -> str:
    """An id made of a name: small letters, digits and hyphens, with a number where somebody has it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    id = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    id = (id if id[:1].isalpha() else f"regime-{id}".rstrip("-"))[: LONGEST_ID - 4].rstrip("-")
    number, found = 2, id
    while found in taken:
        found, number = f"{id}-{number}", number + 1
    return found
