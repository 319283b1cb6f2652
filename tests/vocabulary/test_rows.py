"""Lists of rows: as sets have them, sorted, each once."""

import numpy as np
import pytest

from policysim.vocabulary import rows as rows_module
from policysim.vocabulary.rows import NOBODY, Those, in_groups, joined, without

ROWS = (NOBODY, np.array([4]), np.array([9, 2, 4]), np.array([4, 4, 0]), np.array([2, 9], np.int32))


@pytest.mark.parametrize("one", ROWS)
@pytest.mark.parametrize("other", ROWS)
def test_joined_rows_are_sorted_and_stand_once(one, other):
    rows = joined(one, other)
    assert rows.tolist() == sorted({*one.tolist(), *other.tolist()})
    assert rows.base is None or not np.shares_memory(rows, one), "whoever keeps the one may change the other"


def test_without_some_the_others_stay_in_order():
    rows = np.array([1, 3, 5, 8])
    assert without(rows, np.array([1, 8])).tolist() == [3, 5]
    assert without(rows, rows).size == 0
    assert without(rows, NOBODY).tolist() == rows.tolist()


def test_those_are_the_people_of_their_rows_field_by_field():
    people = np.zeros(4, [("age", "i1"), ("use", "i1", (2,))])
    people["age"] = [10, 20, 30, 40]
    people["use"][3] = [1, 2]
    those = Those(people, np.array([3, 1]))
    assert those["age"].tolist() == [40, 20]
    assert those["use"].tolist() == [[1, 2], [0, 0]]


@pytest.mark.parametrize("at_a_time", [3, 7, 1000])
@pytest.mark.parametrize("people", [0, 1, 20])
def test_the_rows_of_each_group_rise_however_many_are_looked_at_at_once(monkeypatch, people, at_a_time):
    monkeypatch.setattr(rows_module, "AT_A_TIME", at_a_time)
    group = np.random.default_rng(1).integers(0, 4, people).astype(np.int16)
    found = in_groups(people, lambda some: group[some], 5)
    assert [rows.tolist() for rows in found] == [np.flatnonzero(group == k).tolist() for k in range(5)]


@pytest.mark.parametrize("which", [np.array([5, 0, 3, 8]), np.arange(10) % 3 == 0, np.array([], np.int32)])
def test_stretches_are_all_of_those_in_order(monkeypatch, which):
    monkeypatch.setattr(rows_module, "AT_A_TIME", 3)
    people = np.zeros(10, [("age", "i1")])
    people["age"] = np.arange(10)
    those = Those(people, which)
    stretches = [some["age"] for some in those.by_stretches()]
    assert np.concatenate(stretches).tolist() == those["age"].tolist() and max(map(len, stretches)) <= 3
