"""Rounds that several windows share: what the room guesses, what it chooses, and the step at which it stands.

They are kept in the server's memory alone, without names, and let go when they end. A guess is seen by nobody but whoever
gave it until the facilitator opens them all.
"""

import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from policysim.errors import UserError
from policysim.scenarios.regime import Regime
from policysim.viz.app.choices import MOST_REGIMES, Choices
from policysim.viz.app.compare.shown import MAIN
from policysim.viz.app.workshop.quiz import Quiz

LETTERS = "BCDFGHJKMNPQRSTVWXZ"
"""Of codes: none that is taken for another, none that makes words."""
CODE_LENGTH = 6
MOST_ROUNDS = 30
"""At a time on one server."""
MOST_GUESSES = 120
"""Of each outcome in a round, from devices and typed ones each."""
IDLE = 2 * 3600.0
"""Seconds after which a round at which no window has looked is let go."""
LAST_STEP = 3


class Round:
    """One round. code: what people type to send guesses. key: what the facilitator's windows know it by.

    asked: the regime whose results are predicted. A guess is a number for each main outcome, in percent of the status quo:
    -20.0 is a fifth fewer, None where nothing was said. Every change raises `version`, by which windows see that there is one.
    """

    def __init__(self, code: str, key: str, choices: Choices, own: Mapping[str, Regime], asked: str):
        self.code, self.key, self.asked = code, key, asked
        self.choices, self.own = choices, dict(own)
        self.step, self.entered, self.seen = 0, time.monotonic(), time.monotonic()
        self.version = self.runs = 0
        self.opened = self.ended = False
        self.budget: float | None = None
        """GBP a year more than the status quo."""
        self.quiz: Quiz | None = None
        """While it is open all windows show it in place of the round's step."""
        self._sent: dict[str, tuple[float | None, ...]] = {}
        self._typed: list[tuple[float | None, ...]] = []
        self._lock = threading.Lock()

    # --- guesses
    def send(self, who: str, guess: tuple[float | None, ...]) -> None:
        """One device's guess, in place of an earlier one of the same; raises UserError."""
        with self._lock:
            self._still_closed()
            if who not in self._sent and len(self._sent) >= MOST_GUESSES:
                raise UserError(f"This round has {MOST_GUESSES} guesses already: no more fit into it.")
            self._sent[who] = guess
            self.version += 1

    def add(self, guesses: Sequence[tuple[float | None, ...]]) -> None:
        """Guesses that the facilitator typed in for the room; raises UserError."""
        with self._lock:
            self._still_closed()
            if len(self._typed) + len(guesses) > MOST_GUESSES:
                raise UserError(f"No more than {MOST_GUESSES} lines of typed guesses fit into a round.")
            self._typed += guesses
            self.version += 1

    def take_back(self) -> None:
        """Without any of the typed guesses, to type them anew."""
        with self._lock:
            self._still_closed()
            self._typed.clear()
            self.version += 1

    def _still_closed(self) -> None:
        if self.ended:
            raise UserError("This round has ended.")
        if self.opened:
            raise UserError("The guesses of this round have been opened: no more are taken.")

    @property
    def counts(self) -> tuple[int, ...]:
        """How many guesses there are of each outcome."""
        with self._lock:
            return tuple(len(self._values(k)) for k in range(len(MAIN)))

    def guesses(self, k: int) -> list[float]:
        """All guesses of an outcome, from the lowest; none before they are opened."""
        with self._lock:
            return self._values(k) if self.opened else []

    def _values(self, k: int) -> list[float]:
        return sorted(value for guess in (*self._sent.values(), *self._typed) if (value := guess[k]) is not None)

    # --- what the facilitator does
    def go_to(self, step: int) -> None:
        """Another step, from which its time counts."""
        self.change(step=min(max(step, 0), LAST_STEP), entered=time.monotonic())

    def choose(self, names: Sequence[str]) -> None:
        """The regimes to run; the one that is asked about always among them."""
        chosen = tuple(dict.fromkeys((self.asked, *names)))[: MOST_REGIMES - 1]
        self.change(choices=replace(self.choices, regimes=chosen))

    def run(self) -> None:
        """Ask every window to run what is chosen, or to join whoever does."""
        self.change(runs=self.runs + 1)

    def change(self, **values: object) -> None:
        """Set some of what windows read, all at once."""
        with self._lock:
            for name, value in values.items():
                setattr(self, name, value)
            self.version += 1

    def end(self) -> None:
        """Forget what was guessed; the windows that still look see that it is over."""
        with self._lock:
            self._sent.clear()
            self._typed.clear()
            self.ended, self.opened, self.quiz = True, False, None
            self.version += 1


class Rounds:
    """The rounds of a server; nothing of a session is in them beyond what its round holds."""

    def __init__(self) -> None:
        self._known: dict[str, Round] = {}
        self._lock = threading.Lock()

    def begin(self, choices: Choices, own: Mapping[str, Regime], asked: str) -> Round:
        """A new round about what is chosen; raises UserError."""
        if asked not in choices.regimes:
            raise UserError("Choose the regime to predict among those that are compared.")
        with self._lock:
            self._forget_idle()
            if len(self._known) >= MOST_ROUNDS:
                raise UserError(f"{MOST_ROUNDS} rounds are under way on this server: end one of them first.")
            code = self._free_code()
            kept = {id: regime for id, regime in own.items() if id in choices.regimes}
            made = self._known[code] = Round(code, secrets.token_urlsafe(12), choices, kept, asked)
            return made

    def find(self, code: str) -> Round:
        """The round of a code, as people type it; raises UserError."""
        wanted = "".join(code.split()).upper()[: 2 * CODE_LENGTH]
        with self._lock:
            if wanted not in self._known:
                raise UserError("No round has this code: look at the screen again, or ask whether it has ended.")
            return self._known[wanted]

    def hosted(self, key: str) -> Round:
        """The round of a facilitator's link; raises UserError."""
        with self._lock:
            for known in self._known.values():
                if secrets.compare_digest(known.key.encode(), key.encode()):
                    return known
        raise UserError("The round of this link has ended.")

    def end(self, which: Round) -> None:
        """Let a round go, with everything that was guessed."""
        which.end()
        with self._lock:
            self._known.pop(which.code, None)

    def _free_code(self) -> str:
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
            if code not in self._known:
                return code

    def _forget_idle(self) -> None:
        now = time.monotonic()
        for code, known in list(self._known.items()):
            if now - known.seen > IDLE:
                known.end()
                del self._known[code]


@cache
def rounds() -> Rounds:
    """Those of this server."""
    return Rounds()
