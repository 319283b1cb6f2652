"""Conditions asked person by person answer as NumPy does, field by field."""

import numpy as np
import pytest

from policysim.engine.who import Who, above, bears, bears_none, is_any, is_none, within
from policysim.vocabulary.marks import CareMark, PoliceMark

N = 500
KINDS = [("age", "f8"), ("trust", "f4"), ("police_marks", "i4"), ("care_marks", "i4"), ("weeks", "i2"), ("present", "?"),
         ("care", "i1"), ("use", "i1", (3,))]  # fmt: skip


@pytest.fixture
def people() -> np.ndarray:
    luck = np.random.default_rng(1)
    made = np.zeros(N, np.dtype(KINDS, align=True))
    made["age"], made["trust"] = luck.uniform(10, 30, N), luck.integers(-1, 2, N) * 0.7
    made["police_marks"], made["care_marks"] = luck.integers(0, 8, (2, N))
    made["weeks"], made["present"] = luck.integers(-2, 3, N), luck.random(N) < 0.8
    made["care"], made["use"] = luck.integers(0, 5, N), luck.integers(0, 4, (N, 3))
    return made


def test_every_kind_of_condition(people):
    use, care = people["use"], people["care"]
    mark, other = PoliceMark.SEARCHED, CareMark.DROPPED_OUT
    carries = (people["police_marks"] & mark != 0) | (people["care_marks"] & other != 0)
    for condition, expected in (
        (is_any("care", 1, 4), np.isin(care, (1, 4))),
        (is_none("care", 1, 4), ~np.isin(care, (1, 4))),
        (is_any("present", True), people["present"]),
        (is_any("present", False), ~people["present"]),
        (is_any("weeks", 0), people["weeks"] == 0),
        (above("weeks", 0), people["weeks"] > 0),
        (above("trust", 0), people["trust"] > 0),
        (within("trust", 0.7), people["trust"] >= np.float32(0.7)),
        (within("age", 18, 25.5), (people["age"] >= 18) & (people["age"] <= 25.5)),
        (within("weeks", high=0), people["weeks"] <= 0),
        (is_any("use", 3, at=2), use[:, 2] == 3),
        ((is_any("use", 3, at=0), is_any("use", 3, at=1)), (use[:, 0] == 3) | (use[:, 1] == 3)),
        (bears(mark, other), carries),
    ):
        assert 0 < expected.sum() < N
        assert np.array_equal(Who(condition).among(people, np.arange(N)), expected), condition


def test_all_must_hold_and_rows_stay_in_their_order(people):
    who = Who(is_any("present", True), (is_any("use", 3, at=0), is_any("use", 3, at=1)), within("age", low=18))
    rows = np.array([7, 3, 400, 12, 9, 250, *range(300, 350)])
    those = people[rows]
    expected = those["present"] & ((those["use"][:, 0] == 3) | (those["use"][:, 1] == 3)) & (those["age"] >= 18)
    assert 0 < expected.sum() < rows.size
    assert np.array_equal(who.of(people, rows), rows[expected])
    assert who.of(people, rows[:0]).size == 0
    none = Who(*bears_none(PoliceMark.SEARCHED, CareMark.DROPPED_OUT))
    carries = (people["police_marks"] & PoliceMark.SEARCHED) | (people["care_marks"] & CareMark.DROPPED_OUT)
    assert np.array_equal(none.among(people, np.arange(N)), carries == 0)
