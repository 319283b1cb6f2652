"""Measures of who comes to use."""

from types import SimpleNamespace

import numpy as np
import pytest
from small_worlds import model

from policysim.experiments.measures.origins import origins
from policysim.vocabulary.states import Substance, Use


def a_place(aces, heroin, ethnicity, ages):
    people = np.zeros(
        len(aces), [("present", "?"), ("aces", "i1"), ("use", "i1", (7,)), ("ethnicity", "i1"), ("age", "f8")]
    )
    people["present"], people["aces"], people["ethnicity"], people["age"] = True, aces, ethnicity, ages
    people["use"][:, Substance.HEROIN] = np.where(heroin, Use.DEPENDENT, Use.NEVER)
    people["use"][:, Substance.PARTY] = Use.DEPENDENT
    return SimpleNamespace(look=lambda: people)


def test_odds_ratio_rates_and_ages_are_counted_right():
    found = origins(
        a_place([4, 5, 4, 0, 0, 0, 2], [1, 1, 0, 1, 0, 0, 0], [0, 0, 1, 1, 0, 0, 2], [17, 20, 30, 40, 50, 60, 70])
    )
    assert found["aces_odds_ratio"] == pytest.approx((2 / 1) / (1 / 2))
    assert found["heroin_asian_over_white"] == pytest.approx((1 / 2) / (2 / 4))
    assert found["heroin_black_over_white"] == 0
    assert found["party_median_age"] == 45, "of those aged 18 and over"
    assert np.isnan(found["cannabis_median_age"])


def test_a_cell_without_anybody_gives_no_number():
    assert np.isnan(origins(a_place([4, 0], [1, 1], [0, 1], [30, 30]))["aces_odds_ratio"])


def test_a_model_can_be_measured():
    made = model(people=600)
    found = origins(made)
    assert found.keys() >= {"aces_odds_ratio", "heroin_asian_over_white", "cannabis_median_age", "party_median_age"}
    made.close()
