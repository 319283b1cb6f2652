"""A file of one's own rules: looked at again whenever it is saved, checked in a worker, and set beside the stock rules.

The file is named on the command line alone. An edit that fails its check is told, and the last one that passed stays.
"""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import solara

from policysim.errors import UserError
from policysim.reference.checking import check_file, people_in
from policysim.scenarios.own_arms import with_own_arms
from policysim.scenarios.own_classes import content_of
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.running.comparison import Comparison, Comparisons
from policysim.viz.app.running.turns import Turns
from policysim.viz.app.session import comparisons
from policysim.world.places import find_place

PEOPLE, YEARS, SEEDS = 4_000, 5, 5
LOOK = 1.0
"""Seconds between two looks at the file and at what has come in."""
KEPT = 20
"""Checks whose outcome is kept for whoever asks again."""


@dataclass(frozen=True)
class Trial:
    """What is tried: where, and which regime beside the status quo."""

    place: str = "west-midlands"
    regime: str = "harm-reduction"

    @property
    def stock(self) -> Scenario:
        """Under the stock rules."""
        regimes = list(dict.fromkeys((STATUS_QUO, self.regime)))
        return Scenario.model_validate(
            {"place": self.place, "regimes": regimes, "years": YEARS, "replicates": SEEDS,
             "people": min(PEOPLE, find_place(self.place).residents_10_64)}
        )  # fmt: skip

    def sides(self, people: Sequence[type]) -> tuple[Scenario, Scenario]:
        """Stock rules, and these classes from where the regimes part: of the same seeds, and so of the same luck.

        One and the same where the classes declare outcomes of their own, which are counted under the stock rules then too.
        """
        both = with_own_arms(self.stock, people)
        if both.own_outcomes:
            return both, both
        known = [regime.id for regime in self.stock.regimes]
        return self.stock, both.model_copy(update={"regimes": [one for one in both.regimes if one.id not in known]})


@lru_cache(maxsize=KEPT)
def checked(turns: Turns, file: str, content: str) -> Future:
    """The check of a file as it stands, in a worker: once for all visits."""
    return turns.of(f"check {content}")(check_as_it_was, Path(file), content)


def check_as_it_was(file: Path, content: str) -> str:
    """What the check says of this content; nothing where the file was saved again before or meanwhile."""
    if not _is(file, content):
        return ""
    try:
        said = check_file(file)
    except UserError:
        if _is(file, content):
            raise
        return ""
    return said if _is(file, content) else ""


def _is(file: Path, content: str) -> bool:
    try:
        return content_of(file) == content
    except OSError:
        return False


class Bench:
    """The state of the room in one visit; components read its `solara.Reactive`s."""

    def __init__(self, file: str, known: Comparisons | None = None):
        self.file, self._known = file, known
        self.trial = solara.reactive(Trial())
        self.said = solara.reactive("Looking at the file.")
        self.fault = solara.reactive("")
        self.version = solara.reactive(0)
        self.stock: Comparison | None = None
        self.edited: Comparison | None = None
        self._seen, self._good = "", ""
        self._saved = ""
        """When the file was saved that is tried."""
        self._check: Future | None = None
        self._kinds: list[type] = []
        self._tried: tuple[Trial, str] | None = None
        self.open = False

    @property
    def as_of(self) -> str:
        """Of which file the results are, where another stands there now; nothing where they are of what stands there."""
        if self.edited is None or self._seen == self._good:
            return ""
        name, chosen = Path(self.file).name, self._tried is None or self._tried[0] != self.trial.value
        later = " The place and the regime chosen since are tried once it is sound." if chosen else ""
        return f"What stands below is of {name} as it was saved at {self._saved}; what is in it now has not been tried.{later}"

    @property
    def known(self) -> Comparisons:
        """Those of this server."""
        return self._known or comparisons()

    async def follow(self) -> None:
        """Look at the file and at what comes in while the room is open."""
        self.open = True
        while self.open and self.file:
            try:
                self.look()
            except Exception:  # the page goes on; whoever serves it reads why
                logging.getLogger(__name__).exception("a look at the rules failed")
            await asyncio.sleep(LOOK)

    def look(self) -> None:
        """One look."""
        self._look_at_file()
        self._take_check()
        if self._good and self._seen == self._good and self._tried != (self.trial.value, self._good):
            self._begin()
        came = sum(one.look() for one in (self.stock, self.edited) if one is not None)
        self.version.value = came + 1_000_000 * (self.edited is not None)

    def _look_at_file(self) -> None:
        try:
            content = content_of(Path(self.file))
        except OSError as error:
            self.fault.value, self._seen = f"{self.file} cannot be read ({error.strerror}): put it back.", ""
            return
        if content != self._seen:
            self._seen = content
            self._check = checked(self.known.workers.turns, self.file, content)
            self.said.value = f"Checking {Path(self.file).name}: some seconds."

    def _take_check(self) -> None:
        if self._check is None or not self._check.done():
            return
        check, self._check = self._check, None
        name = Path(self.file).name
        try:
            sentence = check.result()
            if not sentence:  # saved again before a worker came to it
                checked.cache_clear()
                self._seen = ""
                return
            kinds = people_in(Path(self.file))
            saved = datetime.fromtimestamp(Path(self.file).stat().st_mtime)
        except UserError as error:
            again = "Mend it and save: it is read again."
            self.fault.value, self.said.value = str(error), f"{name} was saved and is not sound. {again}"
            return
        except Exception as error:  # noqa: BLE001 - rules of anybody may raise anything
            self.fault.value = f"{name} could not be checked: {type(error).__name__}: {error}"
            return
        self.fault.value, self.said.value = "", f"{sentence} It is read again whenever it is saved."
        self._kinds, self._good, self._saved = kinds, self._seen, f"{saved:%H:%M:%S}"

    def _begin(self) -> None:
        """Both sides of what is tried, or join whoever computes them."""
        trial = self.trial.value
        self._tried = (trial, self._good)
        self.leave()
        try:
            stock, edited = trial.sides(self._kinds)
            self.stock, self.edited = self.known.watch(stock), self.known.watch(edited)
        except UserError as error:
            self.fault.value = str(error)

    def leave(self) -> None:
        """Wait for them no longer; those that have ended are there when they are asked for again."""
        for one in (self.stock, self.edited):
            if one is not None:
                self.known.leave(one)
        self.stock = self.edited = None

    def close(self) -> None:
        """The room is left; a file that is open again is tried anew."""
        self.open, self._tried = False, None
        self.leave()
