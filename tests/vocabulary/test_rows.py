"""Lists of rows: as sets have them, sorted, each once."""

import numpy as np
import pytest

from policysim.vocabulary.rows import NOBODY, Those, counted, is_among, joined, without

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


@pytest.mark.parametrize("one", ROWS)
@pytest.mark.parametrize("other", ROWS)
def test_rows_among_others(one, other):
    assert is_among(one, other).tolist() == [row in other.tolist() for row in one.tolist()]


@pytest.mark.parametrize("rows", ROWS)
def test_counted_rows_are_those_of_numpy(rows):
    for mine, theirs in zip(counted(rows), np.unique(rows, return_counts=True), strict=True):
        assert mine.tolist() == theirs.tolist()


def test_those_are_the_people_of_their_rows_field_by_field():
    people = np.zeros(4, [("age", "i1"), ("use", "i1", (2,))])
    people["age"] = [10, 20, 30, 40]
    people["use"][3] = [1, 2]
    those = Those(people, np.array([3, 1]))
    assert those["age"].tolist() == [40, 20]
    assert those["use"].tolist() == [[1, 2], [0, 0]]
