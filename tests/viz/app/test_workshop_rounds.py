"""Rounds of a workshop: what is kept, what stays hidden, what is refused, and what windows share."""

import threading

import pytest
import solara
from tiny_page import never, words_of, workers_of

from policysim.errors import UserError
from policysim.levers.catalogue import LEVERS
from policysim.viz.app.choices import MOST_REGIMES, Choices
from policysim.viz.app.regimes.budget import budget
from policysim.viz.app.running.comparison import Comparison, Comparisons
from policysim.viz.app.session import Session
from policysim.viz.app.workshop.choosing import choices, within
from policysim.viz.app.workshop.drawing import dots, reach, rows, table
from policysim.viz.app.workshop.guesses import (
    InPercent,
    beside,
    in_percent,
    limits,
    read_line,
    read_many,
    read_single,
    written,
)
from policysim.viz.app.workshop.results import side_by_side
from policysim.viz.app.workshop.room import Workshop
from policysim.viz.app.workshop.rounds import CODE_LENGTH, IDLE, LAST_STEP, MOST_GUESSES, MOST_ROUNDS, Round, Rounds
from policysim.viz.app.workshop.shop import GUEST, GUEST_MARK, HOST_MARK, NOTES, Shop, shop_of
from policysim.viz.app.workshop.steps import STEPS
from policysim.viz.style import regime_styles
from policysim.world.places import find_place

ASKED = "harm-reduction"
RESULT = InPercent(-10, -14, -6, -20, 2)
STYLE = regime_styles([ASKED])[ASKED]


class Known:
    """Comparisons of which there is one, already finished."""

    def __init__(self, comparison: Comparison):
        self.comparison = comparison

    def watch(self, scenario):
        return self.comparison

    def leave(self, left):
        pass


def window(known: Rounds, comparison: Comparison | None = None) -> Shop:
    """A browser's window on the rounds of a server."""
    source = Known(comparison) if comparison else Comparisons(workers_of(never))
    session = Session(lambda: source)  # type: ignore[arg-type,return-value]
    shop = session.kept["workshop"] = Shop(session, lambda: known)
    assert shop_of(session) is shop
    return shop


def begun(known: Rounds) -> Round:
    return known.begin(Choices(), {}, ASKED)


def drawn(shop: Shop) -> str:
    box, context = solara.render(Workshop(shop.session), handle_error=False)
    try:
        return words_of(box)
    finally:
        context.close()


# --- guesses ----------------------------------------------------------------------------------------------------------
def test_guesses_are_read_as_a_person_types_them():
    assert read_line(" -20, −5%;0\t+10 3.5 ") == [-20, -5, 0, 10, 3.5]
    assert read_line("-20 % 5 %") == [-20, 5]
    assert read_line("") == []
    assert read_many({"expected_deaths": "-1 -2", "arrests": "5"}) == [(-1, 5, None), (-2, None, None)]
    assert read_single({"arrests": "0"}) == (None, 0, None)


@pytest.mark.parametrize("typed", ["many", "nan", "1e3", "-101", "301", "--5", "<script>", "1 " * 61, "1" * 601])
def test_what_is_no_guess_is_one_sentence(typed):
    with pytest.raises(UserError, match=r"no number|beyond|At most|too long"):
        read_line(typed)


@pytest.mark.parametrize("read", [read_many, read_single])
def test_nothing_is_no_guess(read):
    with pytest.raises(UserError):
        read({"unheard": "5"})


def test_nobody_sees_guesses_before_they_are_opened_and_none_come_after():
    now = begun(Rounds())
    now.send("a", (-20.0, None, 5.0))
    now.send("a", (-30.0, None, 5.0))
    now.add([(10.0, 1.0, None), (0.0, None, None)])
    assert now.counts == (3, 1, 1)
    assert now.guesses(0) == []
    now.change(opened=True)
    assert now.guesses(0) == [-30.0, 0.0, 10.0]
    for late in (lambda: now.send("b", (1.0,) * 3), lambda: now.add([(1.0,) * 3]), now.take_back):
        with pytest.raises(UserError, match="opened"):
            late()


def test_a_round_takes_no_more_than_it_has_room_for():
    now = begun(Rounds())
    for k in range(MOST_GUESSES):
        now.send(str(k), (0.0,) * 3)
    now.send("0", (5.0,) * 3)
    with pytest.raises(UserError, match="no more fit"):
        now.send("another", (0.0,) * 3)
    now.add([(0.0,) * 3] * MOST_GUESSES)
    with pytest.raises(UserError, match="No more than"):
        now.add([(0.0,) * 3])
    now.take_back()
    assert now.counts == (MOST_GUESSES,) * 3


def test_guesses_that_come_at_once_are_all_counted():
    now = begun(Rounds())
    threads = [threading.Thread(target=now.send, args=(str(k), (float(k), 0.0, None))) for k in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert now.counts == (50, 50, 0)
    assert now.version == 50


# --- rounds -----------------------------------------------------------------------------------------------------------
def test_a_round_is_found_by_its_code_and_forgotten_when_it_ends():
    known = Rounds()
    now = begun(known)
    assert len(now.code) == CODE_LENGTH
    assert known.find(f" {now.code[:3].lower()} {now.code[3:]}") is now
    assert known.hosted(now.key) is now
    now.send("a", (1.0,) * 3)
    known.end(now)
    assert now.ended
    assert now.counts == (0, 0, 0)
    with pytest.raises(UserError, match="No round"):
        known.find(now.code)
    with pytest.raises(UserError, match="ended"):
        known.hosted(now.key)
    with pytest.raises(UserError, match="has ended"):
        now.send("a", (1.0,) * 3)


def test_there_are_only_so_many_rounds_and_those_nobody_looks_at_go():
    known = Rounds()
    made = [begun(known) for _ in range(MOST_ROUNDS)]
    with pytest.raises(UserError, match="end one of them"):
        begun(known)
    made[0].seen -= IDLE + 1
    begun(known)
    assert made[0].ended
    with pytest.raises(UserError, match="among those"):
        known.begin(Choices(regimes=("diversion",)), {}, ASKED)


def test_steps_and_choices_stay_within_their_limits():
    now = begun(Rounds())
    assert len(STEPS) == LAST_STEP + 1
    now.go_to(99)
    assert now.step == LAST_STEP
    now.go_to(-1)
    assert now.step == 0
    now.choose(["diversion", *(f"r{k}" for k in range(9))])
    assert now.choices.regimes[:2] == (ASKED, "diversion")
    assert len(now.choices.regimes) + 1 == MOST_REGIMES


# --- windows ----------------------------------------------------------------------------------------------------------
def test_windows_share_a_round_and_guests_decide_nothing(compared):
    known = Rounds()
    room, notes, guest = window(known, compared), window(known, compared), window(known, compared)
    room.begin(ASKED)
    now = room.round.value
    assert now is not None
    notes.arrive(f"{HOST_MARK}{now.key}")
    guest.arrive(f"{GUEST_MARK}{now.code}")
    assert (notes.role.value, guest.role.value) == (NOTES, GUEST)
    guest.send({"expected_deaths": "-20"})
    assert guest.sent.value
    assert not guest.add({"arrests": "1 2 3"})
    guest.set_budget("5")
    guest.end()
    assert (now.counts, now.budget, now.ended) == ((1, 0, 0), None, False)
    guest.send({"expected_deaths": "a lot"})
    assert guest.said.value.fault
    notes.set_budget("£2.5")
    assert now.budget == 2.5e6
    notes.set_budget("inf")
    assert notes.said.value.fault
    now.run()
    for shop in (room, notes):
        shop.look()
        assert shop.session.comparison.value is compared
    notes.end()
    guest.look()
    assert guest.round.value is None
    assert "forgotten" in guest.said.value.text


def test_a_wrong_code_is_told(compared):
    shop = window(Rounds())
    shop.join("<b>" * 50)
    assert shop.said.value.fault
    shop.arrive("unheard=of")
    assert shop.round.value is None


def test_the_room_draws_every_step_for_the_room_and_for_guests(compared):
    known = Rounds()
    room = window(known, compared)
    assert "Begin a round" in drawn(room)
    room.session.choices.value = Choices(place="dorset", regimes=(ASKED,), years=5)
    room.begin(ASKED)
    now = room.round.value
    assert now is not None
    words = drawn(room)
    assert "What would “Harm reduction” do in Dorset over 5 years?" in words
    assert "No guess is in yet" in words
    room.add({"expected_deaths": "-20 -10"})
    for step, said in ((1, "nobody knows it now"), (2, "Run what was chosen"), (3, "There are no results yet")):
        now.go_to(step)
        room.look()
        assert said in drawn(room)
    guest = window(known)
    guest.join(now.code)
    assert "nobody sees whose it was" in drawn(guest)


def test_results_stand_beside_guesses_once_they_are_open(compared, monkeypatch):
    known = Rounds()
    room = window(known, compared)
    room.session.choices.value = Choices(place="dorset", regimes=(ASKED,), years=5)
    room.begin(ASKED)
    now = room.round.value
    assert now is not None
    room.add({"expected_deaths": "-20 -10", "arrests": "0"})
    now.run()
    room.look()
    room.session.look(1)
    monkeypatch.setattr(Shop, "ready", True)
    now.go_to(3)
    before = drawn(room)
    assert "Open the guesses (2 guesses)" in before or "not open yet" in before
    assert "−20%" not in before
    now.change(opened=True)
    after = drawn(room)
    assert "The room’s middle guess was −15%, from −20% to −10%" in after
    assert "Every guess: −20%, −10%." in after
    assert "To talk about" in after
    assert side_by_side(room.session, now, 0).count("<h3>") == 1


# --- in words and pictures --------------------------------------------------------------------------------------------
def test_what_the_room_said_is_told_without_blame():
    assert beside([], RESULT) == "Nobody guessed."
    assert beside([-12.0, 50.0], RESULT).endswith("1 of 2 guesses lies within what the simulation holds possible.")
    assert "wrong" not in beside([80.0], RESULT)
    assert [written(one) for one in (-20.4, 3.5, 0.0, 0.04, 250.0)] == ["−20%", "+3.5%", "0%", "0%", "+250%"]
    assert limits(float("nan"), 1.0) == "none yet"


def test_every_guess_is_a_dot_within_the_drawing():
    drawing = dots([-20.0, -20.0, 0.0, 300.0], RESULT, STYLE, "label")
    assert drawing.count('r="7"') == 4
    assert drawing.count('r="9"') == 1
    assert reach([], None) == (-2, 2)
    assert "nan" not in dots([], InPercent(*(float("nan"),) * 5), STYLE, "label")
    assert "nan" not in table("Caption", [1.0], RESULT, ("2 runs", "2 sets"))
    assert len(rows([1.0], RESULT, ("2 runs", "2 sets"))) == 3


def test_a_result_in_percent_is_that_of_the_comparison(compared):
    from policysim.viz.app.compare.answers import answers
    from policysim.viz.app.compare.shown import MAIN

    (told,) = answers(compared.found, MAIN[1], 2)
    result = in_percent(told)
    assert result is not None
    assert result.mean == pytest.approx(100 * told.found.gap.mean / told.found.base)
    assert len(result.ends) >= 3


# --- budgets ----------------------------------------------------------------------------------------------------------
def test_a_budget_never_takes_what_nobody_knows_for_nothing():
    place = find_place("west-midlands")
    known, unknown = (budget((LEVERS[id](),), place) for id in ("consumption_room", "needle_exchange"))
    assert within(None, known) == "no budget is set"
    assert within(1.0, known) == "no: what is known is more"
    assert within(1e12, known) == "yes, at the highest unit costs too"
    assert within(1e12, unknown) == "nobody knows before a run"
    both = budget((LEVERS["consumption_room"](), LEVERS["needle_exchange"]()), place)
    assert within((both.total.low + both.total.usual) / 2, both).startswith("what is known fits only at lower")
    listed = choices(begun(Rounds()))
    assert [one["fixed"] for one in listed if one["id"] == ASKED] == [True]
    assert "status-quo" not in {one["id"] for one in listed}
    assert not any(one["over"] for one in listed), "no budget is set"
    now = begun(Rounds())
    now.change(budget=1.0)
    assert all(one["over"] == (one["within"] == "no: what is known is more") for one in choices(now))
    assert any(one["over"] for one in choices(now))
