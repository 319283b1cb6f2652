"""Counts of few people by group: hidden, and not to be had by subtraction from what is shown."""

import itertools
from math import nan

from hypothesis import example, given, settings
from hypothesis import strategies as st

from policysim.counts.outcomes import FEW
from policysim.experiments.analysis.hiding import BESIDE, SHOWN, SMALL, first_hidden, hide, in_words


def test_small_counts_are_hidden_and_large_ones_are_not() -> None:
    assert hide([80, 5, 12]) == [SHOWN, SHOWN, SHOWN]
    assert hide([3, 4, 2, 90]) == [SMALL, SMALL, SMALL, SHOWN]
    assert hide([4.99, 0, 2, 1, 300]) == [SMALL, SMALL, SMALL, SMALL, SHOWN]
    assert hide([nan, 40, 50]) == [SMALL, BESIDE, SHOWN]
    assert hide([]) == []
    assert hide([0, 0, 0]) == hide([3, 1, 0]) == [SMALL, SMALL, SMALL], "as the total says anyway"


def test_one_hidden_alone_takes_the_next_smallest_with_it() -> None:
    assert hide([3, 40, 20, 90]) == [SMALL, SHOWN, BESIDE, SHOWN]
    assert hide([3, 90]) == [SMALL, BESIDE], "of two groups both or none"
    assert hide([4, 4]) == hide([0, 5]) == [BESIDE, BESIDE], "which of them is small would tell both"


def test_where_two_small_ones_would_tell_each_other_a_third_is_hidden_too() -> None:
    assert hide([0, 0, 20, 90]) == [SMALL, SMALL, BESIDE, SHOWN], "together none: each would be none"
    assert hide([4, 4, 20, 90]) == [SMALL, SMALL, BESIDE, SHOWN], "together eight: each would be four"
    assert hide([2, 3, 20, 90]) == [SMALL, SMALL, SHOWN, SHOWN]


def possible(total: int, told: list[str], counts: list[int]) -> list[tuple[int, ...]]:
    """All that the hidden counts could be, for whoever knows their total, which are small, and how others are chosen."""
    shown = [n for n, said in zip(counts, told, strict=True) if said == SHOWN]
    most = min(shown, default=total)
    ranges = [range(FEW) if said == SMALL else range(FEW, most + 1) for said in told if said != SHOWN]
    return [found for found in itertools.product(*ranges) if sum(found) == total]


@settings(deadline=None)
@given(st.lists(st.integers(0, 14), min_size=2, max_size=4))
@example([4, 4, 4, 60])
@example([0, 5, 5, 5])
@example([4, 14, 14, 14])
def test_no_hidden_count_follows_from_what_is_shown(counts: list[int]) -> None:
    told = hide(counts)
    assert all(n >= FEW for said, n in zip(told, counts, strict=True) if said == SHOWN)
    assert all(n < FEW for said, n in zip(told, counts, strict=True) if said == SMALL)
    if told == [SHOWN] * len(counts):
        return
    if sum(counts) < FEW:
        assert told == [SMALL] * len(counts), "a total of nobody says as much of each"
        return
    if SMALL not in told:  # all that is known is the total, and that one of them is small: each may be nobody, or many
        assert told == [BESIDE] * len(counts)
        return
    hidden = [n for n, said in zip(counts, told, strict=True) if said != SHOWN]
    could_be = possible(sum(hidden), told, counts)
    assert tuple(hidden) in could_be
    for k in range(len(hidden)):
        assert len({found[k] for found in could_be}) > 1, (counts, told)


@settings(deadline=None)
@given(st.lists(st.floats(0, 200), min_size=2, max_size=7), st.randoms())
def test_the_order_of_groups_does_not_matter(counts: list[float], random) -> None:
    order = list(range(len(counts)))
    random.shuffle(order)
    told, again = hide(counts), hide([counts[k] for k in order])
    sizes = sorted(zip(counts, told, strict=True))
    assert sizes == sorted(zip((counts[k] for k in order), again, strict=True))


def test_words() -> None:
    assert (in_words(SMALL), in_words(BESIDE), in_words(SHOWN)) == ("under 5", "not told", "")
    assert first_hidden([SHOWN, BESIDE, SMALL]) == BESIDE and first_hidden([SHOWN]) == SHOWN
