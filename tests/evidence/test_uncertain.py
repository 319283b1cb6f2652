"""What nobody knows: which numbers are drawn, together with which, and never from outside their ranges."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policysim.evidence.registry import Parameter, registry
from policysim.evidence.uncertain import (
    Uncertainty,
    contradicting,
    is_uncertain,
    quantile,
    uncertainties,
    usual_values,
)


def row(**changes) -> Parameter:
    """An assumed ratio of 2, between 1 and 3."""
    usual = Parameter("effect", 2.0, 1.0, 3.0, None, "ratio", "assumed", (), "", "", "", "somewhere.csv, line 2")
    return replace(usual, **changes)


def test_every_number_with_a_range_is_drawn_once_and_no_other() -> None:
    drawn = [one.id for unknown in uncertainties() for one in unknown.rows]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {key for key, one in registry().items() if is_uncertain(one)}
    assert not any(registry()[key].quality == "definition" for key in drawn)


@pytest.mark.parametrize("changes", [{"quality": "definition"}, {"low": None, "high": None}, {"low": 2.0, "high": 2.0},
                                     {"place": "targets.csv, line 3"}])  # fmt: skip
def test_what_is_known_or_only_held_against_is_not_drawn(changes) -> None:
    assert is_uncertain(row())
    assert not is_uncertain(row(**changes))


def test_a_table_along_age_is_one_curve_and_other_rows_stand_alone() -> None:
    by_name: dict[str, list[Uncertainty]] = {}
    for one in uncertainties():
        by_name.setdefault(one.name, []).append(one)
    (curve,) = by_name["search_ratio_age"]
    assert curve.id == "search_ratio_age" and len(curve.rows) > 5
    assert len(by_name["relapse_rate"]) == sum(
        one.name == "relapse_rate" and is_uncertain(one) for one in registry().values()
    )


def test_a_number_that_is_fixed_is_not_drawn() -> None:
    some = uncertainties()[0]
    assert some.id not in {one.id for one in uncertainties(fixed=[one.id for one in some.rows])}


@given(st.floats(0, 1), st.sampled_from(uncertainties()))
def test_no_number_leaves_its_range(share: float, unknown: Uncertainty) -> None:
    for one in unknown.rows:
        assert one.low is not None and one.high is not None
        assert one.low <= unknown.at(share)[one.id] <= one.high


@given(st.sampled_from(uncertainties()), st.floats(0, 1), st.floats(0, 1))
def test_a_greater_share_is_never_a_smaller_number(unknown: Uncertainty, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert all(unknown.at(less)[row.id] <= unknown.at(more)[row.id] for row in unknown.rows)


def test_what_is_assumed_lies_anywhere_and_what_is_sourced_about_its_value() -> None:
    assert quantile(row(), 0.25) == pytest.approx(1.5)
    sourced = row(quality="verified")
    assert 1.5 < quantile(sourced, 0.25) < quantile(sourced, 0.5) == pytest.approx(2.0)


@given(st.sampled_from(uncertainties()))
def test_half_of_the_draws_lie_below_the_value_of_the_registry(unknown: Uncertainty) -> None:
    for one in unknown.rows:
        assert unknown.at(0.5)[one.id] == pytest.approx(one.value)
        assert (unknown.at(0)[one.id], unknown.at(1)[one.id]) == pytest.approx((one.low, one.high))


def test_wide_ratios_are_spread_over_factors() -> None:
    assert quantile(row(low=0.5, high=8.0), 0.75) == pytest.approx(4.0)
    assert quantile(row(low=0.5, high=8.0, unit="share"), 0.75) == pytest.approx(5.0)
    assert quantile(row(low=0.0, high=8.0), 0.75) == pytest.approx(5.0)


def test_what_is_counted_stays_whole() -> None:
    assert {quantile(row(unit="count"), share / 10) for share in range(11)} == {1.0, 2.0, 3.0}


def test_contradictions_are_named_and_the_registry_has_none() -> None:
    usual = usual_values({})
    assert contradicting(usual) == set()
    assert contradicting(usual | {"charge_share": 0.9, "caution_share": 0.2}) == {"charge_share", "caution_share"}
    assert contradicting(usual | {"lessons_from_age": usual["lessons_to_age"]}) == {
        "lessons_from_age",
        "lessons_to_age",
    }


def test_the_worst_quality_speaks_for_numbers_that_are_drawn_together() -> None:
    assert Uncertainty("x", (row(quality="verified"), row(quality="derived"))).quality == "derived"
    assert (
        Uncertainty("x", (row(quality="fitted"), row(quality="assumed"), row(quality="unverified"))).quality
        == "assumed"
    )
