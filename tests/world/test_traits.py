"""Traits are drawn by name and row: a roster that grows changes nobody, and shares come out as asked."""

import numpy as np
import pytest

from policysim.world.traits import Traits

SEED = 3


def traits(people):
    return Traits(SEED, np.arange(people))


def test_rows_added_later_change_nobody():
    assert (traits(500)("height") == traits(800)("height")[:500]).all()
    assert (traits(500).of(slice(200, 300))("height") == traits(500)("height")[200:300]).all()


def test_a_trait_has_draws_of_its_own():
    of = traits(2000)
    one = of("height")
    assert ((one >= 0) & (one < 1)).all() and one.mean() == pytest.approx(0.5, abs=0.03)
    others = {"another name": of("weight"), "number": of("height", 1), "seed": Traits(4, np.arange(2000))("height")}
    for what, other in others.items():
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.08, what


def test_a_spread_has_mean_0_and_standard_deviation_1():
    spread = traits(20_000).spread("risk")
    assert spread.mean() == pytest.approx(0, abs=0.03)
    assert spread.std() == pytest.approx(1, abs=0.02)


def test_as_many_are_chosen_as_asked_and_in_proportion_to_their_weights():
    weights = np.where(np.arange(3000) < 1000, 2.0, 1.0)
    chosen = traits(3000).weighted("users", weights, 120)
    assert chosen.sum() in (119, 120, 121)
    assert chosen[weights == 2].sum() == pytest.approx(60, abs=1)
    nobody = np.arange(3000) < 1500
    assert not traits(3000).weighted("users", np.where(nobody, 0.0, 1.0), 120)[nobody].any()


def test_where_a_weight_asks_for_more_than_certainty_the_others_take_what_is_over():
    weights = np.where(np.arange(1000) < 10, 100.0, 1.0)
    chosen = traits(1000).weighted("users", weights, 200)
    assert chosen[:10].all() and chosen.sum() in (199, 200, 201)
    assert traits(3).weighted("users", np.array([1.0, 2.0, 0.0]), 5).tolist() == [True, True, False]


@pytest.mark.parametrize(("weights", "total"), [([1.0, 1.0], 0), ([0.0, 0.0], 5), ([], 5)])
def test_nobody_is_chosen_where_nobody_is_sought_or_there(weights, total):
    assert traits(len(weights)).weighted("users", np.array(weights), total).tolist() == [False] * len(weights)
