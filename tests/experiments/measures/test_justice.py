"""Measures of courts and prison on people whose path is known."""

import numpy as np
import pytest
from small_worlds import BUSY, model

from policysim.experiments.measures.justice import Followed, JusticeCohorts
from policysim.vocabulary.marks import JusticeMark, PoliceMark


def test_whoever_is_in_treatment_within_the_weeks_counts_and_nobody_is_judged_before_they_are_over():
    followed, treated = Followed(3), np.zeros(5, bool)
    followed.look(10, np.array([0, 1, 2]), treated)
    assert np.isnan(followed.share)
    treated[1] = True
    followed.look(12, np.array([3]), treated)
    assert followed.share == 1
    treated[2] = True  # in the third week
    followed.look(13, np.array([], int), treated)
    assert followed.share == pytest.approx(2 / 3)
    treated[3] = True
    followed.look(16, np.array([], int), treated)  # as late as it may be
    assert followed.share == pytest.approx(3 / 4)


def test_whoever_begins_again_before_the_weeks_are_over_is_followed_twice():
    followed, nobody, treated = Followed(3), np.zeros(1, bool), np.ones(1, bool)
    followed.look(10, np.array([0]), nobody)
    followed.look(12, np.array([0]), nobody)
    followed.look(13, np.array([], int), nobody)
    assert (followed.ended, followed.linked) == (1, 0), "the first three weeks passed without treatment"
    followed.look(14, np.array([], int), treated)
    assert (followed.ended, followed.linked) == (2, 1)


def test_measures_are_what_the_people_of_a_run_show():
    made, cohorts = model(people=600, parameters=BUSY), JusticeCohorts()
    held = inside = searches = 0
    for _ in range(30):
        made.step()
        cohorts.look(made)
        people = made.people[made.people["present"]]
        held += people["remanded"].sum()
        inside += (people["justice"] == 2).sum()
        searches += made.outcomes.last_count(PoliceMark.SEARCHED, -1)
    made.close()
    found = cohorts.measures()
    assert found["remanded_of_custody"] == pytest.approx(held / inside) and held > 10
    assert 0 < found["searches_of_young_men"] < 1 and searches > 100
    assert made.parameters["hearing_weeks"] - 1 <= found["weeks_to_hearing"] <= 6
    released = made.outcomes.flows[:30, :, made.outcomes.column_of[JusticeMark.RELEASED_TREATED.name]].sum()
    assert cohorts.released.ended + len(cohorts.released.since) == released > 5
