"""What one window has of a round: which it is, as whom it looks, and what was said to it last."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from policysim.errors import UserError
from policysim.viz.app.session import Clock, Session
from policysim.viz.app.workshop.guesses import count_of, read_many, read_single
from policysim.viz.app.workshop.quiz import Quiz
from policysim.viz.app.workshop.rounds import Round, Rounds, rounds

ROOM = "workshop"
LOOK = 0.4
"""Seconds between two looks at the round."""
GUEST_MARK, HOST_MARK = "workshop=", "facilitator="
"""What stands behind # in the address of a guest and of the facilitator's second screen."""
SHOWN, NOTES, GUEST = "the room's view", "the facilitator's notes", "a guest's own device"
MOST_POUNDS = 1e12


@dataclass(frozen=True)
class Said:
    """The last thing that was said, and whether it is a fault."""

    text: str = ""
    fault: bool = False


class Shop:
    """The state of the room in one window; components read its `solara.Reactive`s."""

    def __init__(self, session: Session, known: Callable[[], Rounds] = rounds):
        self.session, self._known = session, known
        self.round: solara.Reactive[Round | None] = solara.reactive(None)
        self.role = solara.reactive(SHOWN)
        self.version = solara.reactive((0, 0))
        """Changes whenever the round or its quiz did."""
        self.seconds = solara.reactive(0)
        """How long the step has lasted."""
        self.said = solara.reactive(Said())
        self.sent = solara.reactive(False)
        """Whether this device's guess is in."""
        self.picked = solara.reactive(False)
        """Whether this device's pick is in, in the question of a quiz that is open."""
        self._me = secrets.token_hex(8)
        self._ran = 0
        self._spot: object = None
        """At which step or question this window stands."""
        self._following: object | None = None

    # --- into a round and out of it
    def begin(self, asked: str) -> None:
        """A new round about what this session has chosen."""
        session = self.session
        self._try(lambda: self._enter(self._known().begin(session.choices.value, session.own.value, asked), SHOWN))

    def join(self, code: str) -> None:
        """As a guest, by the code that the room shows."""
        self._try(lambda: self._enter(self._known().find(code[:40]), GUEST))

    def arrive(self, link: str) -> None:
        """By a link: a guest's, or the facilitator's second screen."""
        if link.startswith(HOST_MARK):
            self._try(lambda: self._enter(self._known().hosted(link[len(HOST_MARK) :][:80]), NOTES))
        elif link.startswith(GUEST_MARK):
            self.join(link[len(GUEST_MARK) :])

    def end(self) -> None:
        """The round is over for everybody."""
        now = self.round.value
        if now is not None and self.role.value != GUEST:
            self._known().end(now)
            self.look()

    def leave(self) -> None:
        """This window looks no more; the round goes on."""
        self.round.value = None

    def _enter(self, found: Round, role: str) -> None:
        self._ran, self.sent.value, self.picked.value = 0, False, False
        self.round.value, self.role.value = found, role
        self.look()

    def _try(self, act: Callable[[], Any], said: str = "") -> None:
        try:
            act()
        except UserError as error:
            self.said.value = Said(str(error), True)
        else:
            self.said.value = Said(said)

    # --- guesses and choices
    def send(self, lines: Any) -> None:
        """This device's guess; what came before from it is replaced."""
        now = self.round.value
        if now is not None and isinstance(lines, dict):
            self._try(
                lambda: now.send(self._me, read_single(lines)),
                "Your guess is in. Until it is opened you can change it.",
            )
            self.sent.value = self.sent.value or not self.said.value.fault
            self.look()

    def add(self, lines: Any) -> bool:
        """What the facilitator typed; whether it was taken."""
        now = self.round.value
        if now is None or not isinstance(lines, dict) or self.role.value == GUEST:
            return False
        self._try(lambda: now.add(read_many(lines)))
        if not self.said.value.fault:
            self.said.value = Said(f"Taken in: {count_of(max(now.counts))} so far, hidden until they are opened.")
        self.look()
        return not self.said.value.fault

    def set_budget(self, typed: Any) -> None:
        """The room's budget in millions of pounds a year; nothing takes it away."""
        now, text = self.round.value, str(typed).replace("£", "").replace(",", "").strip()
        if now is None or self.role.value == GUEST:
            return
        try:
            pounds = float(text) * 1e6 if text else None
        except ValueError:
            pounds = -1.0
        if pounds is not None and not 0 <= pounds <= MOST_POUNDS:
            self.said.value = Said("Give the budget as a number of millions of pounds a year, such as 5.", True)
            return
        self.said.value = Said()
        now.change(budget=pounds)
        self.look()

    # --- a quiz
    def begin_quiz(self) -> None:
        """A quiz about the comparison that this window shows, in the round or instead of one."""
        comparison = self.session.comparison.value
        if self.role.value == GUEST and self.round.value is not None:
            return
        if comparison is None:
            self.said.value = Said("A quiz is about results: run a comparison first.", True)
            return

        def begin() -> None:
            quiz = Quiz(comparison.found)
            if self.round.value is None:
                choices = self.session.choices.value
                self._enter(self._known().begin(choices, self.session.own.value, choices.regimes[0]), SHOWN)
            assert self.round.value is not None
            self.round.value.change(quiz=quiz, entered=time.monotonic())

        self._try(begin)
        self.look()

    def end_quiz(self) -> None:
        """Back to the round; what was picked is forgotten."""
        now = self.round.value
        if now is not None and self.role.value != GUEST:
            now.change(quiz=None, entered=time.monotonic())
            self.look()
            self.said.value = Said("The quiz has ended; what was picked is forgotten.")

    def pick(self, told: Any) -> None:
        """This device's pick, and for which question: it may be late."""
        self.look()
        quiz = self.quiz
        if quiz is None or not isinstance(told, dict):
            return
        if told.get("question") != quiz.number:
            self.said.value = Said("That pick came too late: another question is open.", True)
            return
        said = "Your pick is in. Until the reveal you can change it."
        self._try(lambda: quiz.pick(self._me, str(told.get("regime"))), said)
        self.picked.value = self.picked.value or not self.said.value.fault
        self.look()

    def raise_hands(self, counts: Any) -> None:
        """How many hands the facilitator counted for each regime."""
        self.look()
        quiz = self.quiz
        if quiz is None or not isinstance(counts, dict) or self.role.value == GUEST:
            return

        def read() -> None:
            try:
                hands = {str(id): int(str(count).strip() or 0) for id, count in counts.items()}
            except ValueError:
                raise UserError("Type how many hands were raised as whole numbers, such as 7.") from None
            quiz.raise_hands(hands)

        self._try(read, "The hands are counted in.")
        self.look()

    def ask(self, act: Callable[[Quiz], None]) -> None:
        """A hint, the reveal or the next question, as the facilitator wants."""
        if self.quiz is not None and self.role.value != GUEST:
            self.said.value = Said()
            act(self.quiz)
            self.look()

    @property
    def quiz(self) -> Quiz | None:
        """The one that is open."""
        return self.round.value.quiz if self.round.value is not None else None

    # --- following
    def look(self) -> None:
        """See what changed in the round, and run what it asks to run."""
        now = self.round.value
        if now is None:
            return
        now.seen = time.monotonic()
        if now.ended:
            self.round.value, self.said.value = None, Said("The round has ended; its guesses are forgotten.")
            return
        step = now.step if self.role.value != GUEST else 0  # a guest's own device shows no steps
        spot = (now.quiz, now.quiz.number) if now.quiz else step
        if spot != self._spot:  # what was said belongs to the one before
            self._spot, self.picked.value, self.said.value = spot, False, Said()
        self.seconds.value = int(now.seen - now.entered)
        if now.runs != self._ran:
            self._ran = now.runs
            self.session.own.value = {**self.session.own.value, **now.own}
            self.session.choices.value, self.session.clock.value = now.choices, Clock()
            self.session.run()
        self.version.value = now.version, now.quiz.version if now.quiz else 0

    async def follow(self) -> None:
        """Look again and again, as long as the room is open."""
        mine = self._following = object()
        while self._following is mine and not self.session.closed:
            await asyncio.sleep(LOOK)
            try:
                self.look()
            except Exception:  # the page goes on; whoever serves it reads why
                logging.getLogger(__name__).exception("a look at a round failed")

    def rest(self) -> None:
        """The room is closed for now."""
        self._following = None

    @property
    def ready(self) -> bool:
        """Whether this window has all results of what the round ran, to the last year."""
        now, comparison = self.round.value, self.session.comparison.value
        if now is None or comparison is None or not self._ran or self.session.years < comparison.scenario.years:
            return False
        try:
            return comparison.done and not comparison.fault and now.choices.scenario(now.own) == comparison.scenario
        except UserError:
            return False


def shop_of(session: Session) -> Shop:
    """That of a visit, made when it is first asked for."""
    if ROOM not in session.kept:
        session.kept[ROOM] = Shop(session)
    found: Shop = session.kept[ROOM]
    return found
