"""A quiz of a room: which regime was it? Its questions, what was picked, and how the room did; nobody in it has a score.

The regime that is asked about is known to the server alone until it is revealed: what is drawn for a window before that holds
neither its name, nor its id, nor its colour.
"""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import SystemRandom

from policysim.counts.outcomes import COSTS, OUTCOMES, Outcome
from policysim.errors import UserError
from policysim.experiments.analysis.wording import plural
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.viz.app.compare.shown import MAIN
from policysim.viz.app.running.found import Found

LETTERS = "ABCDEFGH"
"""By which the room calls the regimes."""
MOST_PICKS = 120
"""From devices in one question; of raised hands for each regime."""
HINTS: dict[str, tuple[Outcome, ...]] = {
    "overdoses reversed": (OUTCOMES["overdoses_reversed"],),
    "people in custody": (OUTCOMES["in_custody"],),
    "who pays": tuple(COSTS.values()),
}
"""What is shown beside the main outcomes when the room asks for more, in this order."""


@dataclass(frozen=True)
class Tally:
    """A question that was revealed: which regime it was, and how many picked each."""

    regime: str
    picks: Mapping[str, int]

    @property
    def most(self) -> int:
        """Picks of the regime that most picked."""
        return max(self.picks.values(), default=0)

    @property
    def right(self) -> int:
        """Picks of the regime that it was."""
        return self.picks.get(self.regime, 0)


class Quiz:
    """The questions of one comparison that has ended, each about another of its regimes.

    One regime is never asked about, so that the last question is more than the one that is left. Raises UserError.
    """

    def __init__(self, found: Found):
        self.found = found
        self.options = [regime for regime in found.scenario.regimes if regime.id != STATUS_QUO]
        if not found.years or found.seeds(found.scenario.years) < found.scenario.replicates:
            raise UserError("A quiz is about results: wait until all runs are in.")
        if len(self.options) < 2 or found.scenario.replicates < 2:
            raise UserError(
                "A quiz takes a comparison of two or more regimes with the status quo, in two or more runs."
            )
        asked = max(1, len(self.options) - 1)
        self._asked = SystemRandom().sample([regime.id for regime in self.options], asked)
        self.number = self.hints = self.version = 0
        self.revealed = False
        self.tallies: list[Tally] = []
        self._picks: dict[str, str] = {}
        self._hands: Counter[str] = Counter()
        self._lock = threading.Lock()

    # --- what a room sees
    @property
    def questions(self) -> int:
        """How many there are."""
        return len(self._asked)

    @property
    def is_last(self) -> bool:
        """Whether no question follows."""
        return self.number + 1 == self.questions

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What is shown of the regime, hints last."""
        return (*MAIN, *(outcome for name in list(HINTS)[: self.hints] for outcome in HINTS[name]))

    @property
    def next_hint(self) -> str:
        """What the next hint shows; nothing where all are out."""
        return next(iter(list(HINTS)[self.hints :]), "")

    @property
    def hidden(self) -> str:
        """The regime that is asked about, for the server's own eyes."""
        return self._asked[self.number]

    @property
    def truth(self) -> Regime | None:
        """The regime that was asked about; nobody before it is revealed."""
        return next(one for one in self.options if one.id == self.hidden) if self.revealed else None

    @property
    def count(self) -> int:
        """How many picks are in."""
        with self._lock:
            return len(self._picks) + self._hands.total()

    @property
    def picks(self) -> Mapping[str, int]:
        """How many picked each regime; nothing before it is revealed."""
        return self.tallies[-1].picks if self.revealed else {}

    # --- what devices and the facilitator do
    def pick(self, who: str, regime: str) -> None:
        """One device's pick, in place of an earlier one of the same; raises UserError."""
        with self._lock:
            self._still_open(regime)
            if who not in self._picks and len(self._picks) >= MOST_PICKS:
                raise UserError(f"This question has {MOST_PICKS} picks already: no more fit into it.")
            self._picks[who] = regime
            self.version += 1

    def raise_hands(self, hands: Mapping[str, int]) -> None:
        """How many raised a hand for each regime, in place of what was counted before; raises UserError."""
        with self._lock:
            for regime, count in hands.items():
                self._still_open(regime)
                if not 0 <= count <= MOST_PICKS:
                    raise UserError(f"Raised hands are a number from 0 to {MOST_PICKS}.")
            self._hands = Counter({regime: count for regime, count in hands.items() if count})
            self.version += 1

    def _still_open(self, regime: str) -> None:
        if self.revealed:
            raise UserError("It has been revealed: no more picks are taken.")
        if all(one.id != regime for one in self.options):
            raise UserError("Pick one of the regimes of the list.")

    def hint(self) -> None:
        """One more hint, where there is one."""
        with self._lock:
            self.hints = min(self.hints + 1, len(HINTS))
            self.version += 1

    def reveal(self) -> None:
        """Say which it was. Who picked what is forgotten: from here on there are only counts."""
        with self._lock:
            if not self.revealed:
                picked = Counter(self._picks.values()) + self._hands
                self.tallies.append(Tally(self.hidden, {one.id: picked[one.id] for one in self.options}))
                self._picks.clear()
                self._hands.clear()
                self.revealed = True
                self.version += 1

    def go_on(self) -> None:
        """The next question, once this one is revealed."""
        with self._lock:
            if self.revealed and not self.is_last:
                self.number, self.hints, self.revealed = self.number + 1, 0, False
                self.version += 1


def score(quiz: Quiz) -> str:
    """How the room did so far, in a sentence or two; nobody in it is told how they did."""
    picks = sum(sum(one.picks.values()) for one in quiz.tallies)
    if not picks:
        return "The room has picked nothing yet."
    right = sum(one.right for one in quiz.tallies)
    led = sum(one.right == one.most > 0 for one in quiz.tallies)
    return (
        f"The room so far: {right} of {picks} {'pick was' if picks == 1 else 'picks were'} right. The right regime had the most "
        f"picks in {led} of {plural(len(quiz.tallies), 'question')}. Blind picks are right once in {len(quiz.options)} times."
    )
