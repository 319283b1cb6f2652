"""What each lever brings: rows from made-up runs, intervals that hold the truth as often as they say, sentences."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import NormalDist

import pytest

from policysim.engine.luck import key_of
from policysim.experiments.analysis.attribution import (
    COLUMNS,
    Lived,
    Row,
    folded,
    interacting,
    on_interactions,
    on_orders,
    rows_of,
    share_of_orders,
    table_of,
)
from policysim.experiments.analysis.coalitions import (
    GROUP,
    LEVER,
    REGIME,
    Block,
    Coalition,
    Part,
    are_all,
    blocks_of,
    coalitions,
    number_of_orders,
    orders_of,
    shared,
)

PARTS = [
    Part(id, LEVER, group, f"Lever {id}", frozenset(id))
    for id, group in zip(
        "abcdef", ["policing", "policing", "treatment", "treatment", "treatment", "prevention"], strict=True
    )
]
BLOCKS = blocks_of(PARTS, "lever-in-group")
OUTCOME = "arrests"


def noise(seed: int, name: str) -> float:
    """A normal number of mean 0 and deviation 1."""
    return NormalDist().inv_cdf((key_of(seed, name) + 0.5) / 2**32)


def expected(coalition: Coalition) -> float:
    """a and c overlap, d needs e, b makes things worse, f does nothing."""
    overlap = 6.0 if coalition & {"a", "c"} else 0.0
    return 100.0 - overlap - (4.0 if coalition >= {"d", "e"} else 0.0) + (4.0 if "b" in coalition else 0.0)


def lived(seeds: Sequence[int], worth: Callable[[int, Coalition], float], blocks: tuple[Block, ...] = BLOCKS,
          count: int = 2) -> list[Lived]:  # fmt: skip
    found = []
    for seed in seeds:
        orders = orders_of(blocks, seed, count)
        found.append(Lived(orders, {one: {OUTCOME: worth(seed, one)} for one in coalitions(blocks, orders)}))
    return found


def rows(worth: Callable[[int, Coalition], float], seeds: Sequence[int] = range(8), count: int = 2) -> list[Row]:
    return rows_of(BLOCKS, lived(seeds, worth, count=count), OUTCOME, "Made up", are_all(BLOCKS, count))


def noisy(seed: int, coalition: Coalition) -> float:
    """Chance that all coalitions of a seed share, and some that none does; and levers that matter more in some seeds."""
    own = noise(seed, "".join(sorted(coalition)))
    return expected(coalition) * (1 + 0.02 * noise(seed, "all")) + own


def test_rows_stand_by_group_with_the_largest_first_and_all_columns() -> None:
    found = rows(lambda seed, coalition: expected(coalition))
    assert [(row.level, row.id) for row in found][:2] == [(REGIME, "Made up"), (GROUP, "treatment")]
    assert [row.id for row in found if row.level == LEVER] == ["c", "d", "e", "f", "a", "b"]
    assert [row.id for row in found if row.level == GROUP] == ["treatment", "prevention", "policing"]
    regime = found[0]
    assert regime.value == -6 and regime.status_quo == 100 and math.isnan(regime.low) and math.isnan(regime.share)
    assert tuple(table_of(found).columns) == COLUMNS and COLUMNS[:5] == ("outcome", "unit", "level", "id", "group")


def test_alone_and_added_last_show_who_overlaps_and_who_needs_whom() -> None:
    found = {row.id: row for row in rows(lambda seed, coalition: expected(coalition))}
    assert (found["a"].alone, found["a"].leave_one_out) == (-6, 0)
    assert (found["d"].alone, found["d"].leave_one_out) == (0, -4)
    assert (found["b"].alone, found["b"].value, found["b"].leave_one_out, found["b"].interaction) == (4, 4, 4, 0)
    assert found["f"].value == 0 and found["f"].holds_nothing
    assert (found["treatment"].alone, found["treatment"].leave_one_out) == (-10, -4)
    assert (found["a"].value, found["c"].value) == (-3, -3) and (found["d"].value, found["e"].value) == (-2, -2)


@pytest.mark.parametrize("count", [2, 4])
def test_levers_add_up_to_groups_and_groups_to_the_regime(count: int) -> None:
    found = rows(noisy, count=count)
    groups = [row for row in found if row.level == GROUP]
    for group in groups:
        of_group = [row.value for row in found if row.level == LEVER and row.group == group.id]
        assert math.fsum(of_group) == pytest.approx(group.value, abs=1e-10)
    assert math.fsum(row.value for row in groups) == pytest.approx(found[0].value, abs=1e-10)
    assert math.fsum(row.share for row in groups) == pytest.approx(1)


def test_intervals_hold_the_value_over_all_orders_as_often_as_they_say() -> None:
    """400 sets of eight seeds with two orders each, of a game with chance of its own and sampled orders.

    Of 95% intervals 380 hold it on average; fewer than 364 or more than 394 for any of eight numbers in three of
    1,000 choices of seeds (binomial).
    """
    exact = shared(BLOCKS, orders_of(BLOCKS, 0, number_of_orders(BLOCKS)), expected).values
    truth = {"".join(sorted(levers)): value for levers, value in exact.items()}
    letters = {"policing": "ab", "treatment": "cde"}
    held = dict.fromkeys([*"abcdef", *letters], 0)
    for k in range(400):
        for row in rows(noisy, range(8 * k, 8 * k + 8)):
            if row.id in held:
                held[row.id] += row.low <= truth[letters.get(row.id, row.id)] <= row.high
    assert all(364 <= count <= 394 for count in held.values()), held


def test_how_much_the_choice_of_orders_makes_of_an_interval() -> None:
    blocks = blocks_of(PARTS, "lever")

    def of(worth: Callable[[int, Coalition], float], id: str, count: int) -> float:
        found = rows_of(blocks, lived(range(40), worth, blocks, count), OUTCOME, "Made up", are_all(blocks, count))
        return next(row.orders_share for row in found if row.id == id)

    def three(seed: int, coalition: Coalition) -> float:
        return 9.0 * (coalition >= {"a", "b", "c"}) - 5.0 * bool(coalition & {"a", "d", "e"})

    assert of(three, "a", 8) > 0.5, "nothing but orders differs"
    assert of(lambda seed, coalition: len(coalition) * noise(seed, "all"), "a", 8) == pytest.approx(0, abs=1e-20)
    assert math.isnan(of(three, "a", 2)), "one pair cannot tell"
    assert of(three, "a", 720) == 0.0
    assert share_of_orders([[1.0, 3.0], [1.0, 3.0]], all_of_them=False) == 0.0, "seeds that all gave the same"


def test_what_interacts_is_named_by_how_and_what_does_not_is_not() -> None:
    """b makes things worse by 4, and where f is pulled better by 8."""

    def worth(seed: int, coalition: Coalition) -> float:
        turned = 12.0 if coalition >= {"b", "f"} else 0.0
        return expected(coalition) - turned + 0.05 * noise(seed, "".join(sorted(coalition)))

    found = rows(worth)
    head = "to arrests for drug offences beside the others"
    assert on_interactions(found) == (
        f"Does less {head} than alone (they overlap): treatment (group), c and a.",
        f"Does more {head} than alone (it needs them): d, e, prevention (group), f and policing (group).",
        f"Does the opposite {head}: b.",
    )
    assert interacting(rows(lambda seed, coalition: 1.0)) == []


def test_chance_alone_is_seldom_named_as_interaction() -> None:
    """A game in which levers do not meet, 200 times: in 5% of them at most, so more than 21 once in 2,000 choices of seeds."""

    def worth(seed: int, coalition: Coalition) -> float:
        return float(len(coalition)) + noise(seed, "".join(sorted(coalition)))

    named = sum(bool(interacting(rows(worth, range(8 * k, 8 * k + 8)))) for k in range(200))
    assert named <= 21


def test_rounding_of_large_numbers_is_no_interaction() -> None:
    found = rows(lambda seed, coalition: 7.3e7 + sum(1.1 * (ord(id) - 90) + 0.1 * seed for id in coalition))
    assert {row.interaction for row in found if row.level == LEVER} == {0.0} and interacting(found) == []


def test_a_group_of_one_lever_is_told_in_one_row() -> None:
    found = folded(rows(noisy))
    assert [row.title for row in found if row.group == "prevention"] == ["Prevention: lever f"]
    assert len(found) == 9 and math.fsum(row.value for row in found if row.level == GROUP) == pytest.approx(
        found[0].value
    )


def test_it_is_said_what_the_intervals_are_over() -> None:
    found = rows(noisy, count=4)
    assert "over seeds and sampled orders together" in on_orders(found, 4, all_orders=False)
    assert "of the variance of a middling share" in on_orders(found, 4, all_orders=False)
    assert "middling" not in on_orders(rows(noisy), 2, all_orders=False)
    assert on_orders(found, 24, all_orders=True).startswith(
        "All 24 orders were gone through: the 95% intervals are over seeds"
    )
    single = [replace(row, seeds=1) for row in found]
    assert on_orders(single, 2, all_orders=False).startswith("One seed shows no interval")
