"""Luck: the published generator, keyed by seed, rule, person, week and number, the same in Python and compiled."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from scipy import stats

from policysim.agents.institutions.catalogue import DECISIONS
from policysim.agents.people import first_use
from policysim.agents.people.first_use import most_at_this_age, pulled_hazard, start_hazard
from policysim.agents.roles import ROLES
from policysim.engine.luck import (
    DRAWS_A_WEEK,
    LOOK_AHEAD,
    LOTS,
    LUCK,
    NO_LOT,
    OWN_WORD,
    Luck,
    counter,
    draw,
    draw_compiled,
    draw_lot,
    draw_lot_compiled,
    draw_words,
    exp_at_most,
    happens,
    key_of,
    lot_floor,
    lot_floor_compiled,
    occurs,
    peek,
    peek_compiled,
    philox,
    quiet_weeks,
    refused,
    turn_to_compiled,
    turn_to_draw,
    uniform,
    uniforms,
    unit,
    whitened,
)
from policysim.engine.rules import rule_names
from policysim.errors import UserError
from policysim.model import DrugPolicyModel
from policysim.model.bounds import most_first_use
from policysim.model.building import python_views
from policysim.vocabulary.exact import exp
from policysim.vocabulary.states import Substance

# The authors' known answers for Philox 2x32 with ten rounds (Random123, kat_vectors): counter, key, output.
KNOWN_ANSWERS = [
    ((0x00000000, 0x00000000), 0x00000000, (0xFF1DAE59, 0x6CD10DF2)),
    ((0xFFFFFFFF, 0xFFFFFFFF), 0xFFFFFFFF, (0x2C3F628B, 0xAB4FD7AD)),
    ((0x243F6A88, 0x85A308D3), 0x13198A2E, (0xDD7CE038, 0xF62A4C12)),
]
WORDS = st.integers(0, 2**32 - 1)
CHANCE = 1e-6  # of a false alarm in one statistical test; the draws are fixed, so it is paid once


@njit
def words(key, first, second):
    return philox(np.uint32(key), np.uint32(first), np.uint32(second))


@njit
def compiled_draws(lucks, values):
    for n in range(values.size):
        values[n] = draw_compiled(lucks[0])


@njit
def compiled_words(values, key, first, week):
    draw_words(values, key, first, week)


@njit
def compiled_lots(lucks, values):
    for n in range(values.shape[0]):
        values[n, 0] = lot_floor_compiled(n, lucks[0])
        values[n, 1] = draw_lot_compiled(n, lucks[0])
        values[n, 2] = draw_compiled(lucks[0])
        values[n, 3] = draw_compiled(lucks[0])


@njit
def peek_then_draw(lucks, values):
    for n in range(values.shape[0]):
        values[n, 0] = peek_compiled(lucks[0])
        values[n, 1] = draw_compiled(lucks[0])


@njit
def turn_then_draw(lucks, n, values):
    turn_to_compiled(n, lucks[0])
    for k in range(values.shape[0]):
        values[k, 0] = draw_compiled(lucks[0])


@pytest.mark.parametrize(("counters", "key", "expected"), KNOWN_ANSWERS)
def test_philox_gives_its_authors_known_answers(counters, key, expected):
    word = int(words(key, *counters))
    assert (word & 0xFFFFFFFF, word >> 32) == expected


@settings(derandomize=True, deadline=None, max_examples=50)
@given(WORDS, WORDS, WORDS)
def test_philox_is_the_same_in_python_and_compiled(key, first, second):
    assert int(words(key, first, second)) == whitened(key, first, second)


def test_a_word_becomes_a_number_in_0_to_1_that_never_reaches_1():
    assert float(unit(np.uint64(0))) == 0.0
    assert float(unit(np.uint64(2**64 - 1))) == 1 - 2**-53


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.integers(0, 2**62), st.integers(0, 2**31 - 1), st.integers(0, 4000), st.integers(1, 9))
def test_a_rule_draws_the_same_numbers_in_python_and_compiled(seed, person, week, n):
    python = Luck({"a rule": key_of(seed, "a rule")})
    python.turn_to(person, week, "a rule")
    compiled, values = np.zeros(1, LUCK), np.empty(n)
    compiled["key"], compiled["person"], compiled["week"] = key_of(seed, "a rule"), person, week
    compiled["lot"] = NO_LOT
    compiled_draws(compiled, values)
    assert [draw(python) for _ in range(n)] == values.tolist()
    assert values[0] == uniforms(key_of(seed, "a rule"), np.array([person]), counter(week))[0]


@settings(derandomize=True, deadline=None, max_examples=50)
@given(WORDS, st.integers(0, 2**31 - 100), st.integers(0, 4000), st.integers(1, 64))
def test_words_drawn_ahead_are_the_first_words_of_each_person(key, first, week, people):
    values = np.empty(people, np.uint64)
    compiled_words(values, key, first, week)
    assert values.tolist() == [whitened(key, first + k, counter(week)) for k in range(people)]


def test_peeking_shows_the_next_draw_and_takes_nothing():
    python = Luck({"a rule": 12345}, record=[])
    python.turn_to(67, 89, "a rule")
    shown = [(peek(python), draw(python)) for _ in range(4)]
    compiled, values = np.zeros(1, LUCK), np.empty((4, 2))
    compiled["key"], compiled["person"], compiled["week"] = 12345, 67, 89
    compiled["lot"] = NO_LOT
    peek_then_draw(compiled, values)
    assert values.tolist() == [list(pair) for pair in shown]
    assert all(peeked == drawn for peeked, drawn in shown)
    assert len(python.record) == 4, "a look at the next draw is no draw"


def test_who_is_refused_would_not_have_been_hit_by_any_hazard_up_to_the_bound():
    for person in range(500):
        luck = Luck({"a rule": 12345})
        luck.turn_to(person, 1, "a rule")
        passed_over = refused(0.0625, luck)
        assert passed_over == (peek(luck) >= 0.0625)
        if passed_over:
            assert not occurs(0.0625, luck)


@njit
def compiled_quiet_weeks(most, key, person, week, weeks):
    return quiet_weeks(most, key, person, week, weeks)


def test_quiet_weeks_end_where_a_first_draw_lies_below_the_bound():
    person, week, most = 7, 30, 0.05
    draws = [uniform(5, person, counter(week + 1 + n)) for n in range(200)]
    strikes = next(n for n, value in enumerate(draws) if value < most)
    assert 1 < strikes < LOOK_AHEAD
    assert compiled_quiet_weeks(most, 5, person, week, 200) == strikes
    assert compiled_quiet_weeks(most, 5, person, week, strikes - 1) == strikes - 1, "no longer than asked"
    assert compiled_quiet_weeks(draws[strikes] / 2, 5, person, week, 200) > strikes
    assert compiled_quiet_weeks(0.0, 5, person, week, 200) == 200
    assert compiled_quiet_weeks(0.5, 5, person, week, 200) == 0, "too often to rest"


def test_nobodys_first_use_is_likelier_than_the_bound_by_which_most_are_passed_over():
    made = DrugPolicyModel(seed=1, people=400, years=1, engine="python")
    here, world = python_views(made)
    tight = 0
    for person in made.sample(400):
        place = here[person.neighbourhood]
        most = most_at_this_age(person, place, world)
        total = sum(pulled_hazard(person, substance, 1.0, place, world) for substance in range(len(Substance)))
        assert total <= most
        tight += total > 0.999 * most > 0
    assert tight > 50, "for those who have used nothing the bound is the hazard itself"
    made.close()


def test_the_bound_follows_a_hazard_that_is_edited(monkeypatch):
    made = DrugPolicyModel(seed=1, people=300, years=1, engine="python")
    world = python_views(made)[1]
    most = most_first_use(world)
    assert most.tolist() == made.world["first_use"].tolist()
    monkeypatch.setattr(first_use, "start_hazard", lambda *arguments: 10 * start_hazard(*arguments))
    assert np.allclose(most_first_use(world), 10 * most, rtol=1e-9)
    monkeypatch.setattr(first_use, "start_hazard", lambda self, *_: self.aces)
    with pytest.raises(UserError, match="reads 'aces'"):
        most_first_use(world)
    made.close()


@given(st.floats(-60, 40))
def test_the_quick_bound_of_an_exponential_is_above_it(x):
    assert exp_at_most(x) >= exp(x)


@pytest.mark.parametrize("n", [0, 3, 17])
def test_the_nth_draw_is_the_same_however_many_were_made_before(n):
    for before in (0, 1, 5):
        python, compiled, values = Luck({"a rule": 12345}), np.zeros(1, LUCK), np.empty((3, 1))
        python.turn_to(67, 89, "a rule")
        compiled["key"], compiled["person"], compiled["week"], compiled["lot"] = 12345, 67, 89, NO_LOT
        for _ in range(before):
            draw(python)
        turn_to_draw(n, python)
        turn_then_draw(compiled, n, values)
        assert [draw(python) for _ in values] == values[:, 0].tolist()
        assert values[0, 0] == uniforms(12345, np.array([67]), counter(89, n))[0]


def drawn_lots(python: Luck, compiled: np.ndarray) -> tuple[list[list[float]], np.ndarray]:
    """Floor, lot and two draws after it of all seven lots, drawn by both engines."""
    values = np.empty((LOTS, 4))
    compiled_lots(compiled, values)
    return [[lot_floor(n, python), draw_lot(n, python), draw(python), draw(python)] for n in range(LOTS)], values


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.integers(0, 2**31 - 1), st.integers(0, 4000))
def test_lots_are_the_same_in_python_and_compiled_and_not_below_their_floors(person, week):
    python, compiled = Luck({"a rule": 12345}), np.zeros(1, LUCK)
    python.turn_to(person, week, "a rule")
    compiled["key"], compiled["person"], compiled["week"], compiled["lot"] = 12345, person, week, NO_LOT
    mine, theirs = drawn_lots(python, compiled)
    assert mine == theirs.tolist()
    assert all(0 <= floor <= lot < floor + 1 / 256 and lot < 1 for floor, lot, *_ in mine)
    compiled["lot"], compiled["word"] = OWN_WORD, whitened(12345, person, counter(week))
    assert drawn_lots(python, compiled)[1].tolist() == mine, "also where the word was drawn ahead"
    assert len({value for lot in mine for value in lot[1:]}) == 3 * LOTS, "no draw serves twice"


def test_lots_are_uniform_and_one_tells_nothing_of_another():
    """Chi-square of 7 lots and correlations of 21 pairs over 20,000 persons; together wrong in 1 of 1,000 seeds."""
    luck, people = Luck({"a rule": 12345}), 20_000
    lots = np.empty((people, LOTS))
    for person in range(people):
        luck.turn_to(person, 1, "a rule")
        lots[person] = [draw_lot(n, luck) for n in range(LOTS)]
    for n in range(LOTS):
        counts = np.bincount((lots[:, n] * 256).astype(int), minlength=256)
        assert stats.chisquare(counts).pvalue > 0.001 / 28
    pairs = [stats.pearsonr(lots[:, a], lots[:, b]).pvalue for a, b in itertools.combinations(range(LOTS), 2)]
    assert min(pairs) > 0.001 / 28


def test_turning_to_another_person_week_or_rule_starts_the_draws_again():
    luck = Luck({name: key_of(3, name) for name in ("one", "other")}, record=[])
    settings_ = list(itertools.product(range(3), range(3), ("one", "other")))
    first = []
    for person, week, rule in settings_ * 2:
        luck.turn_to(person, week, rule)
        first.append((draw(luck), draw(luck)))
    assert first[: len(settings_)] == first[len(settings_) :]
    assert len({value for pair in first for value in pair}) == 2 * len(settings_)
    assert luck.record[0] == (0, "one", 1, first[0][0]), "a trace reads week, rule, number of the draw, value"


def test_draws_of_one_week_never_run_into_the_next():
    assert counter(1, 0) - counter(0, 0) == DRAWS_A_WEEK
    assert counter(60 * 52, DRAWS_A_WEEK - 1) < 2**32, "sixty years fit into the counter"


def grid(people=400, weeks=100, names=("die", "overdose", "start_using", "seek_help")) -> np.ndarray:
    """First draws, shape (rules, weeks, people)."""
    rows = np.arange(people)
    return np.array([[uniforms(key_of(7, name), rows, counter(week)) for week in range(weeks)] for name in names])


def test_draws_are_uniform():
    values = grid().ravel()
    assert stats.kstest(values, "uniform").pvalue > CHANCE
    counts = np.bincount((values * 64).astype(int), minlength=64)
    assert stats.chisquare(counts).pvalue > CHANCE


@pytest.mark.parametrize("axis", [0, 1, 2], ids=["rule", "week", "person"])
def test_draws_are_independent_of_the_neighbouring_rule_week_and_person(axis):
    values = grid()
    one = np.take(values, range(values.shape[axis] - 1), axis).ravel()
    following = np.take(values, range(1, values.shape[axis]), axis).ravel()
    assert abs(np.corrcoef(one, following)[0, 1]) < 5 / math.sqrt(one.size)
    cells = np.histogram2d(one, following, bins=8, range=((0, 1), (0, 1)))[0].ravel()
    assert stats.chisquare(cells).pvalue > CHANCE


def test_draws_of_one_week_are_independent_of_one_another():
    pairs = np.array([[uniform(key_of(7, "die"), p, counter(0, n)) for n in range(4)] for p in range(5000)])
    correlation = np.corrcoef(pairs.T) - np.eye(4)
    assert np.abs(correlation).max() < 5 / math.sqrt(5000)


def test_two_people_never_share_their_luck():
    values = grid(people=2000, weeks=20, names=("die",))
    assert np.unique(values).size == values.size


def test_every_rule_and_decision_has_a_key_of_its_own_under_every_seed():
    names = [*rule_names(ROLES), *DECISIONS, "admission", "court list", "early release", "batch"]
    keys = [key_of(seed, name) for seed in (0, 1, 2, 3, 2**31, 2**32, 2**32 + 1, 2**62) for name in names]
    assert len(set(keys)) == len(keys)
    assert all(0 <= key < 2**32 for key in keys)


def test_seeds_that_differ_in_any_bit_give_different_keys():
    seeds = [0, *(1 << bit for bit in range(63))]
    assert len({key_of(seed, "die") for seed in seeds}) == len(seeds)


def test_an_event_without_hazard_draws_nothing():
    luck = Luck({"r": 1})
    luck.turn_to(0, 0, "r")
    assert not occurs(0.0, luck)
    assert not occurs(-1.0, luck)
    assert luck.draws == 0


def test_a_hazard_becomes_the_chance_of_at_least_one_event():
    luck = Luck({"r": key_of(1, "r")})
    for hazard in (0.03, 0.4, 3.0):
        n, hits = 20_000, 0
        for person in range(n):
            luck.turn_to(person, 0, "r")
            hits += occurs(hazard, luck)
        assert stats.binomtest(hits, n, 1 - math.exp(-hazard)).pvalue > CHANCE


def test_happens_has_its_probability():
    luck = Luck({"r": key_of(1, "r")})
    hits = 0
    for person in range(20_000):
        luck.turn_to(person, 5, "r")
        hits += happens(0.3, luck)
    assert stats.binomtest(hits, 20_000, 0.3).pvalue > CHANCE
    assert not any(happens(0, luck) for _ in range(100))
    assert all(happens(1, luck) for _ in range(100))
