"""The quiz of a workshop: picks, the room's score, what gives a regime away, and that nobody is told before the reveal."""

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import solara
from tiny_page import TINY, never, workers_of

from policysim.counts.outcomes import COLUMNS
from policysim.errors import UserError
from policysim.scenarios.regime import STATUS_QUO, regimes
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.choices import Choices
from policysim.viz.app.compare.drawing import PROJECTED
from policysim.viz.app.compare.shown import MAIN
from policysim.viz.app.running.comparison import Comparisons
from policysim.viz.app.running.found import Found
from policysim.viz.app.session import Session
from policysim.viz.app.workshop import figures
from policysim.viz.app.workshop.clues import alike, clues, enough, told_apart
from policysim.viz.app.workshop.quiz import HINTS, MOST_PICKS, Quiz, score
from policysim.viz.app.workshop.room import Workshop
from policysim.viz.app.workshop.rounds import Rounds
from policysim.viz.app.workshop.shop import GUEST, GUEST_MARK, Shop
from policysim.viz.style import regime_styles

REGIMES = ("diversion", "harm-reduction", "services-cut")
DEATHS, ARRESTS, ENTRIES = (COLUMNS.index(outcome.id) for outcome in MAIN)


@pytest.fixture
def found() -> Found:
    """Made-up results: diversion has far fewer arrests, harm reduction fewer deaths; the cut is the status quo but for luck."""
    kept = {"regimes": [STATUS_QUO, *REGIMES], "replicates": 6, "uncertainty": 0}
    made = Found(Scenario.model_validate({**TINY.model_dump(mode="json"), **kept}))
    luck = np.random.default_rng(1)
    made.values[...] = 200 + luck.normal(0, 1, made.values.shape)
    made.values[:, 1, :, ARRESTS] -= 90
    made.values[:, 2, :, DEATHS] -= 20
    return made


def quiz_about(found: Found, regime: str) -> Quiz:
    quiz = Quiz(found)
    quiz._asked = [regime, next(one for one in REGIMES if one != regime)]
    return quiz


# --- picks and the score ----------------------------------------------------------------------------------------------
def test_picks_are_counted_once_a_device_and_told_only_at_the_reveal(found):
    quiz = quiz_about(found, "diversion")
    quiz.pick("a", "services-cut")
    quiz.pick("a", "diversion")
    quiz.pick("b", "services-cut")
    quiz.raise_hands({"diversion": 9})
    quiz.raise_hands({"diversion": 3, "services-cut": 0})
    assert quiz.count == 5
    assert (quiz.truth, quiz.picks) == (None, {})
    assert score(quiz) == "The room has picked nothing yet."
    quiz.reveal()
    quiz.reveal()
    assert quiz.truth is not None and quiz.truth.id == "diversion"
    assert quiz.picks == {"diversion": 4, "harm-reduction": 0, "services-cut": 1}
    assert score(quiz).startswith(
        "The room so far: 4 of 5 picks were right. The right regime had the most picks in 1 of 1 question."
    )
    assert quiz._picks == {} and len(quiz.tallies) == 1
    for late in (lambda: quiz.pick("c", "diversion"), lambda: quiz.raise_hands({"diversion": 1})):
        with pytest.raises(UserError, match="revealed"):
            late()


def test_what_is_no_pick_is_refused(found):
    quiz = Quiz(found)
    for id in (STATUS_QUO, "unheard-of", ""):
        with pytest.raises(UserError, match="list"):
            quiz.pick("a", id)
    with pytest.raises(UserError, match="from 0"):
        quiz.raise_hands({"diversion": -1})
    for k in range(MOST_PICKS):
        quiz.pick(str(k), "diversion")
    with pytest.raises(UserError, match="no more fit"):
        quiz.pick("another", "diversion")


def test_questions_follow_one_another_each_about_another_regime(found):
    quiz = Quiz(found)
    assert quiz.questions == len(REGIMES) - 1
    quiz.go_on()
    assert quiz.number == 0
    first = quiz.hidden
    for _ in range(9):
        quiz.hint()
    assert (quiz.hints, quiz.next_hint) == (len(HINTS), "")
    quiz.reveal()
    quiz.go_on()
    assert (quiz.number, quiz.hints, quiz.revealed, quiz.count) == (1, 0, False, 0)
    assert quiz.hidden != first
    quiz.reveal()
    quiz.go_on()
    assert quiz.is_last and quiz.revealed


def test_a_quiz_takes_results_and_something_to_tell_apart(found):
    alone = Found(TINY)
    alone.values[...] = 1.0
    with pytest.raises(UserError, match="two or more regimes"):
        Quiz(alone)
    found.values[0, 1, 1] = np.nan
    with pytest.raises(UserError, match="wait until all runs"):
        Quiz(found)


# --- what gives it away -----------------------------------------------------------------------------------------------
def test_what_stands_out_gives_a_regime_away_in_standard_errors(found):
    nearest, furthest = clues(found, "diversion", MAIN[1])
    totals = found.by_seed(MAIN[1], 2)
    gap = totals["diversion"] - totals[furthest.other.id]
    assert furthest.errors == pytest.approx(abs(gap.mean()) / (gap.std() / np.sqrt(len(gap))))
    assert nearest.errors <= furthest.errors
    told = told_apart(found, "diversion", MAIN)
    assert told[0].startswith("It stands out most in arrests for drug offences")
    assert sum(one.startswith("Against") for one in told) == 2 and "fewer arrests" in told[1]
    assert alike(found, "diversion", MAIN) == ""


def test_regimes_that_figures_cannot_tell_apart_get_a_caution(found):
    found.values[:, 3] = found.values[:, 2] + np.random.default_rng(2).normal(0, 0.1, found.values[:, 3].shape)
    assert "told for certain from “Harm reduction”:" in alike(found, "services-cut", MAIN)
    assert any("Against “Diversion”" in one for one in told_apart(found, "services-cut", MAIN))
    found.values[:, 3] = found.values[:, 2]
    found.values[:, 1] = found.values[:, 2]
    assert "“Diversion” or “Harm reduction”:" in alike(found, "services-cut", MAIN)
    assert told_apart(found, "services-cut", MAIN) == []
    assert enough(found, 9) > enough(found, 3) > 2


# --- nobody is told before the reveal ---------------------------------------------------------------------------------
def everything_sent(shop: Shop) -> str:
    """All that a window's browser holds: the state of every widget within what is drawn."""
    box, context = solara.render(Workshop(shop.session), handle_error=False)
    try:
        return " ".join(state(box))
    finally:
        context.close()


def state(widget: Any) -> list[str]:
    own = [
        str(value)
        for name, value in widget.get_state().items()
        if name not in ("children", "template", "layout", "style")
    ]
    return own + [
        word for child in getattr(widget, "children", ()) if not isinstance(child, str) for word in state(child)
    ]


def window(known: Rounds, found: Found) -> Shop:
    session = Session(lambda: Comparisons(workers_of(never)))
    session.comparison.value = SimpleNamespace(found=found, done=True)  # type: ignore[assignment]
    shop = session.kept["workshop"] = Shop(session, lambda: known)
    return shop


def test_what_is_sent_before_the_reveal_is_the_same_but_for_the_figures_whichever_it_is(found):
    sent = {}
    for regime in REGIMES:
        quiz = quiz_about(found, regime)
        for _ in HINTS:
            quiz.hint()
        options = [figures.option(quiz, outcome, PROJECTED) for outcome in figures.drawn(quiz)]
        words = [
            figures.payers(quiz), figures.how(quiz), figures.picks(quiz), score(quiz),
            *(make(quiz, outcome) for outcome in figures.drawn(quiz) for make in (figures.told, figures.numbers)),
        ]  # fmt: skip
        sent[regime] = json.dumps([options, words])
    told = [one for id, style in regime_styles(REGIMES).items() for one in (id, style.colour)]
    told += [one.name for one in Quiz(found).options]
    assert not [(regime, one) for regime, text in sent.items() for one in told if one in text]


@pytest.mark.slow
def test_guests_pick_and_nothing_sent_to_any_window_names_it_before_the_reveal(found):
    known = Rounds()
    room, guest = window(known, found), window(known, found)
    room.session.choices.value = Choices(place="dorset", regimes=REGIMES, years=5)
    room.begin_quiz()
    now = room.round.value
    assert now is not None
    guest.arrive(f"{GUEST_MARK}{now.code}")
    assert guest.role.value == GUEST
    for shop in (room, guest):
        told = set()
        for regime in REGIMES:
            now.change(quiz=quiz_about(found, regime))
            sent = everything_sent(shop)
            assert "Which regime was it?" in sent
            told.add(tuple(sent.count(one) for id in REGIMES for one in (id, regimes()[id].name)))
        assert len(told) == 1
    now.quiz = quiz = quiz_about(found, "harm-reduction")
    guest.pick({"question": 0, "regime": "harm-reduction"})
    assert (guest.picked.value, quiz.count) == (True, 1)
    for act in (Quiz.hint, Quiz.reveal, Quiz.go_on):
        guest.ask(act)
    guest.raise_hands({"diversion": "5"})
    guest.end_quiz()
    assert (quiz.hints, quiz.revealed, quiz.count, now.quiz) == (0, False, 1, quiz)
    room.raise_hands({"diversion": "many"})
    assert room.said.value.fault
    room.raise_hands({"diversion": "5", "harm-reduction": ""})
    room.ask(Quiz.reveal)
    shown = everything_sent(room)
    assert "It was “Harm reduction”" in shown and "✓ it was this one" in shown and "1 of 6 picks were right" in shown
    guest.look()
    assert "It was “Harm reduction”" in everything_sent(guest)
    guest.pick({"question": 1, "regime": "diversion"})
    assert guest.said.value.fault
    guest.pick({"question": 0, "regime": "diversion"})
    assert guest.said.value.fault
    room.end_quiz()
    assert now.quiz is None and "What would" in everything_sent(guest)


def test_a_quiz_without_results_is_told_in_a_sentence(found):
    shop = window(Rounds(), found)
    shop.session.comparison.value = None
    shop.begin_quiz()
    assert shop.said.value.fault and shop.round.value is None
