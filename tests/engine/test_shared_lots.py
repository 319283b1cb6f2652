"""Lots of the word that common rules share: the same chances in Python and compiled, and no lot tells of another."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from scipy import stats

from policysim.engine.luck import (
    LUCK,
    SHARED,
    SHARED_BITS,
    Luck,
    counter,
    draw,
    draw_below_compiled,
    draw_compiled,
    draw_words,
    lot_of,
    peek,
    places_of,
    refused,
    refused_compiled,
    turn_to_draw,
)


@njit
def compiled_words(values, key, first, week):
    draw_words(values, key, first, week)


@njit
def compiled_chances(lucks, hazards, found):
    for n in range(hazards.size):
        lucks[0].draws = 0
        found[n, 0] = refused_compiled(hazards[n], lucks[0])
        found[n, 1] = draw_below_compiled(hazards[n], lucks[0])
        found[n, 2] = lucks[0].draws
        found[n, 3] = draw_compiled(lucks[0])


LOTS_SHARED = st.integers(0, len(SHARED_BITS) - 1)


def lot_holder(person: int, week: int, lot: int) -> tuple[Luck, np.ndarray]:
    """The luck of a rule that begins with a lot of the shared word, in Python and as compiled rules are given it."""
    python = Luck({"a rule": 12345, SHARED: 678}, {"a rule": lot})
    python.turn_to(person, week, "a rule")
    compiled, bits = np.zeros(1, LUCK), SHARED_BITS[lot]
    compiled["key"], compiled["person"], compiled["week"], compiled["steps"] = 12345, person, week, 1 << bits
    compiled["lot"] = lot_of(678, person, counter(week), places_of(SHARED_BITS)[lot], bits)
    return python, compiled


@settings(derandomize=True, deadline=None, max_examples=100)
@given(
    st.integers(0, 2**31 - 1), st.integers(0, 4000), LOTS_SHARED, st.lists(st.floats(-0.1, 2), min_size=1, max_size=9)
)
def test_a_rule_with_a_lot_meets_the_same_chances_in_python_and_compiled(person, week, lot, hazards):
    python, compiled = lot_holder(person, week, lot)
    begins = int(compiled["lot"][0]) / (1 << SHARED_BITS[lot])
    assert begins <= peek(python) < begins + 1 / (1 << SHARED_BITS[lot]), "its first draw begins with its lot"
    found = np.empty((len(hazards), 4))
    compiled_chances(compiled, np.array(hazards), found)
    for hazard, theirs in zip(hazards, found.tolist(), strict=True):
        turn_to_draw(0, python)
        mine = [refused(hazard, python), draw(python), python.draws, draw(python)]
        assert (mine[0], *mine[2:]) == (theirs[0], *theirs[2:])
        assert theirs[1] == mine[1] if mine[1] < hazard else theirs[1] >= hazard


def test_the_lots_of_a_word_are_uniform_and_do_not_overlap():
    """Chi-square of each lot over 20,000 persons; together wrong in 1 of 1,000 seeds."""
    words = np.empty(20_000, np.uint64)
    compiled_words(words, 678, 0, 1)
    taken = 0
    for place, bits in zip(places_of(SHARED_BITS), SHARED_BITS, strict=True):
        lots = np.array([int(word) >> place & ((1 << bits) - 1) for word in words.tolist()])
        assert stats.chisquare(np.bincount(lots, minlength=1 << bits)).pvalue > 0.001 / len(SHARED_BITS)
        mask = ((1 << (bits + 1)) - 1) << place  # the lot and the bit behind it
        assert not taken & mask and mask < 1 << 64
        taken |= mask
