"""Shares of made-up games: known answers, exact sums, fair orders."""

import math
from collections import Counter
from itertools import pairwise

import pytest

from policysim.experiments.analysis.coalitions import (
    FEW,
    GROUP,
    LEVER,
    NOBODY,
    WAYS,
    Block,
    Coalition,
    Part,
    Worth,
    are_all,
    blocks_of,
    coalitions,
    number_of_orders,
    orders_of,
    shared,
    together,
)


def levers(**groups: str) -> list[Part]:
    """A lever for each letter, in the groups named."""
    return [Part(id, LEVER, group, id.upper(), frozenset(id)) for group, ids in groups.items() for id in ids]


SIX = levers(policing="ab", treatment="cde", prevention="f")


def values(parts: list[Part], by: str, worth: Worth, seed: int = 1, count: int = 2) -> dict[str, float]:
    """What each part brings, by its letters."""
    blocks = blocks_of(parts, by)
    found = shared(blocks, orders_of(blocks, seed, count), worth).values
    return {"".join(sorted(levers)): value for levers, value in found.items()}


def largest(coalition: Coalition) -> float:
    """The dearest lever pays: c costs 2, a and b cost 1."""
    return max((2.0 if id == "c" else 1.0 for id in coalition), default=0.0)


def test_a_published_example() -> None:
    """Values that the R package GameTheoryAllocation gives for this game in its documentation of the Owen value."""
    parts = levers(first="ab", second="c")
    assert values(parts, "lever", largest) == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 4 / 3})
    assert values(parts, "lever-in-group", largest) == pytest.approx({"a": 0.25, "b": 0.25, "ab": 0.5, "c": 1.5})
    assert values(parts, "group", largest) == pytest.approx({"ab": 0.5, "c": 1.5})


@pytest.mark.parametrize("by", ["lever", "lever-in-group"])
def test_where_levers_do_not_meet_each_has_its_own_whatever_the_orders(by: str) -> None:
    weights = {"a": 3.0, "b": -1.0, "c": 0.0, "d": 10.0, "e": 0.25, "f": 7.0}
    found = values(SIX, by, lambda coalition: sum(weights[id] for id in coalition))
    assert {id: found[id] for id in weights} == weights and not are_all(blocks_of(SIX, by), 2)


def test_two_that_need_each_other_share_and_one_that_does_nothing_has_exactly_nothing() -> None:
    def worth(coalition: Coalition) -> float:
        return 100.1 + (8.0 if coalition >= {"a", "c"} else 0.0)

    for by in ("lever", "lever-in-group"):
        found = values(SIX, by, worth, count=2)
        assert (found["a"], found["c"]) == pytest.approx((4.0, 4.0)), "an order and its reverse are fair to both"
        assert [found[id] for id in "bdef"] == [0.0] * 4


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("count", [2, 6])
def test_shares_add_up_to_the_whole_within_groups_and_over_them(by: str, count: int) -> None:
    def worth(coalition: Coalition) -> float:
        return 1e6 + math.sin(sum(3.7 ** (ord(id) - 96) for id in coalition))

    blocks, whole = blocks_of(SIX, by), worth(frozenset("abcdef")) - worth(NOBODY)
    for seed in range(20):
        found = shared(blocks, orders_of(blocks, seed, count), worth).values
        assert math.fsum(found[part.levers] for block in blocks for part in block) == pytest.approx(whole, abs=1e-8)
        for block in blocks:
            if len(blocks) > 1:
                of_group = math.fsum(found[part.levers] for part in block)
                assert found[together(block)] == pytest.approx(of_group, abs=1e-8)


def test_of_sampled_orders_the_mean_comes_to_the_value_over_all() -> None:
    """Six levers; 2,000 seeds with two orders each. Beyond 4.5 standard errors in any of six: once in 25,000 sets of seeds."""

    def worth(coalition: Coalition) -> float:
        return len(coalition & {"a", "c", "e"}) ** 2 * (2.0 if "f" in coalition else 1.0) - 5.0 * ("b" in coalition)

    blocks = blocks_of(SIX, "lever-in-group")
    exact = shared(blocks, orders_of(blocks, 0, number_of_orders(blocks)), worth).values
    drawn = [shared(blocks, orders_of(blocks, seed, 2), worth).values for seed in range(2000)]
    for part in SIX:
        found = [one[part.levers] for one in drawn]
        mean = math.fsum(found) / len(found)
        error = math.sqrt(math.fsum((value - mean) ** 2 for value in found)) / len(found)
        assert mean == pytest.approx(exact[part.levers], abs=max(4.5 * error, 1e-9)), part.id


def test_orders_hold_everyone_once_keep_groups_together_and_are_followed_by_their_reverse() -> None:
    blocks = blocks_of(SIX, "lever-in-group")
    for seed in range(30):
        found = orders_of(blocks, seed, 4)
        assert len(found) == 4 and all(sorted(part.id for part in order) == list("abcdef") for order in found)
        assert found[1] == found[0][::-1] and found[3] == found[2][::-1]
        assert orders_of(blocks, seed, 2) == found[:2], "more begin with the same ones"
        for order in found:
            changes = sum(one.group != other.group for one, other in pairwise(order))
            assert changes == 2, "three groups, each in one piece"


def test_whole_groups_follow_one_another_as_their_levers_do() -> None:
    """So that runs with whole groups serve those with levers."""
    by_lever, by_group = blocks_of(SIX, "lever-in-group"), blocks_of(SIX * 1, "group")
    six_groups = blocks_of(levers(a="ab", b="cd", c="ef", d="gh", e="ij"), "group")
    assert not are_all(six_groups, 2) and are_all(by_group, 2)
    parts = levers(a="ab", b="cd", c="ef", d="gh", e="ij")
    for seed in range(10):
        wholes = [part.group for part in orders_of(blocks_of(parts, "group"), seed, 2)[0]]
        singles = [part.group for part in orders_of(blocks_of(parts, "lever-in-group"), seed, 2)[0]]
        assert list(dict.fromkeys(singles)) == wholes
    assert len(by_lever) == 3


def test_every_lever_is_as_often_at_every_place() -> None:
    """3,000 seeds. Chi-squared of 25 degrees below 62: beyond it once in 20,000 sets of seeds."""
    blocks = blocks_of(SIX, "lever")
    places = Counter(
        (part.id, place) for seed in range(3000) for place, part in enumerate(orders_of(blocks, seed, 2)[0])
    )
    assert len(places) == 36 and sum((count - 500) ** 2 / 500 for count in places.values()) < 62


def test_without_one_of_them_the_others_keep_their_order() -> None:
    for seed in range(10):
        long = [part.id for part in orders_of(blocks_of(SIX, "lever"), seed, 2)[0]]
        short = [part.id for part in orders_of(blocks_of(SIX[:-1], "lever"), seed, 2)[0]]
        assert [id for id in long if id != "f"] == short


def test_few_orders_are_all_gone_through() -> None:
    four = levers(policing="ab", treatment="cd")
    for by, number in (("lever", 24), ("lever-in-group", 8), ("group", 2)):
        blocks = blocks_of(four, by)
        found = orders_of(blocks, 7, 2)
        assert are_all(blocks, 2) and len(found) == len(set(found)) == number_of_orders(blocks) == number <= FEW
    five = blocks_of(levers(policing="abcde"), "lever")
    assert not are_all(five, 2) and are_all(five, 120) and len(orders_of(five, 7, 120)) == 120


def test_a_coalition_is_run_once_and_each_alone_and_left_out_is_among_them() -> None:
    def found(blocks: tuple[Block, ...]) -> list[Coalition]:
        return coalitions(blocks, orders_of(blocks, 3, 2))

    everyone = frozenset("abcdef")
    in_groups = found(blocks_of(SIX, "lever-in-group"))
    assert len(in_groups) == len(set(in_groups)) and in_groups[:2] == [NOBODY, everyone]
    for one in [frozenset(id) for id in "abcdef"] + [frozenset("ab"), frozenset("cde")]:
        assert one in in_groups and everyone - one in in_groups
    groups = found(blocks_of(SIX, "group"))
    assert set(groups) == {frozenset(ids) for ids in ("", "ab", "cde", "f", "abcde", "abf", "cdef", "abcdef")}
    assert {part.level for block in blocks_of(SIX, "group") for part in block} == {GROUP}
