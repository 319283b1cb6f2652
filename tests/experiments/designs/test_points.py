"""The points of a sweep: within what varies, in the order of the design, the same for the same seed, and growing."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from SALib.analyze import morris, sobol

from policysim.errors import UserError
from policysim.evidence.registry import registry
from policysim.evidence.uncertain import contradicting, uncertainties, usual_values
from policysim.experiments.designs.points import asked_of, points_of, problem_of, shares_of, tasks_of
from policysim.scenarios.scenario import Scenario
from policysim.scenarios.spans import Span
from policysim.scenarios.sweep import Sweep

PLACES = ["authority:coventry", "authority:leicester"]
SCENARIO = Scenario(
    place=PLACES[0], regimes=["status-quo", "harm-reduction"], one_in=500, years=1, burn_in_years=0, replicates=2
)  # fmt: skip
NUMBER, RATE, KITS, ROOMS = (
    "parameters.fatality_opioid", "parameters.batch_rate", "levers.take_home_naloxone.kits_per_100",
    "levers.consumption_room.rooms",
)  # fmt: skip
VARY: dict[str, Any] = {NUMBER: {}, RATE: {"log": True}, KITS: [10, 20, 40], ROOMS: {"low": 1, "high": 3}}
POWERS = st.sampled_from([1, 2, 4, 8, 16])


def sweep(design: str, points: int | None = None, vary: dict[str, Any] | None = None, **more: Any) -> Sweep:
    return Sweep(
        question="?", design=design, points=points, scenario=SCENARIO, vary=VARY if vary is None else vary, **more
    )


def values(found: Sweep) -> list[dict[str, Any]]:
    points = points_of(found)
    assert [point.number for point in points] == list(range(found.size))
    return [point.values for point in points]


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(["latin-hypercube", "sobol", "morris"]), POWERS, st.integers(0, 2**62))
def test_every_point_lies_within_what_varies_and_is_the_same_for_the_same_seed(
    design: str, points: int, seed: int
) -> None:
    found = sweep(design, points, design_seed=seed)
    for point in values(found):
        assert list(point) == list(VARY)
        assert 0.024 <= point[NUMBER] <= 0.08 and 0.1 <= point[RATE] <= 1
        assert point[KITS] in (10, 20, 40) and point[ROOMS] in (1, 2, 3) and isinstance(point[ROOMS], int)
    assert values(found) == values(sweep(design, points, design_seed=seed))
    assert shares_of(found).min() >= 0 and shares_of(found).max() <= 1


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(["latin-hypercube", "sobol", "morris"]), POWERS, st.integers(0, 2**62))
def test_twice_as_many_points_begin_with_the_same(design: str, points: int, seed: int) -> None:
    few, many = (sweep(design, count, design_seed=seed) for count in (points, 2 * points))
    assert values(many)[: few.size] == values(few)


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 90), st.integers(0, 2**62))
def test_a_latin_hypercube_has_one_point_in_every_stratum_of_every_path(points: int, seed: int) -> None:
    shares = shares_of(sweep("latin-hypercube", points, design_seed=seed))
    for column in shares.T:
        assert sorted(np.floor(column * points).astype(int)) == list(range(points))
    twice = shares_of(sweep("latin-hypercube", 2 * points, design_seed=seed))
    assert np.array_equal(twice[:points], shares)


def test_another_path_or_seed_moves_no_column_of_a_latin_hypercube_that_it_should_not() -> None:
    first = shares_of(sweep("latin-hypercube", 12))
    alone = shares_of(sweep("latin-hypercube", 12, {KITS: [10, 20, 40]}))
    assert np.array_equal(first[:, [2]], alone)
    assert not np.array_equal(first, shares_of(sweep("latin-hypercube", 12, design_seed=2)))


@settings(deadline=None, max_examples=20)
@given(st.lists(st.lists(st.integers(0, 100), min_size=1, max_size=4, unique=True), min_size=2, max_size=2))
def test_a_factorial_is_complete_and_in_order(levels: list[list[int]]) -> None:
    found = sweep("factorial", vary={KITS: levels[0], ROOMS: levels[1]})
    assert [tuple(point.values()) for point in values(found)] == list(itertools.product(*levels))
    more = sweep("factorial", vary={KITS: [*levels[0], 200], ROOMS: levels[1]})
    assert values(more)[: found.size] == values(found)


def test_whole_numbers_and_choices_are_as_likely_as_one_another() -> None:
    points = values(sweep("latin-hypercube", 300))
    for path, choices in ((ROOMS, (1, 2, 3)), (KITS, (10, 20, 40))):
        assert [sum(point[path] == one for point in points) for one in choices] == [100, 100, 100]


@given(st.floats(0, 1), st.integers(-50, 50), st.integers(1, 50), st.booleans())
def test_a_share_of_a_range_lies_in_it(share: float, low: int, more: int, by_factors: bool) -> None:
    low = max(low, 1) if by_factors else low
    span = Span(low=low, high=low + more, log=by_factors)
    assert span.low <= span.at(share) <= span.high
    assert span.low <= span.at(share, whole=True) <= span.high and float(span.at(share, whole=True)).is_integer()
    assert span.at(0) == span.low and span.at(1) == span.high


def test_sobol_points_have_the_order_that_salib_analyses() -> None:
    for second_order in (False, True):
        found = sweep("sobol", 256, second_order=second_order)
        shares = shares_of(found)
        assert found.size == 256 * (2 * 4 + 2 if second_order else 4 + 2)
        told = sobol.analyze(problem_of(found), 3 * shares[:, 0] + shares[:, 1], calc_second_order=second_order, seed=1)
        assert np.allclose(told["ST"], [0.9, 0.1, 0, 0], atol=0.02)


def test_morris_points_have_the_order_that_salib_analyses() -> None:
    found = sweep("morris", 10, levels=6)
    shares = shares_of(found)
    assert found.size == 10 * 5 and set(np.rint(shares.ravel() * 5)) <= set(range(6))
    told = morris.analyze(problem_of(found), shares, 3 * shares[:, 0] + shares[:, 1], num_levels=6, seed=1)
    assert np.allclose(told["mu_star"], [3, 1, 0, 0])
    for one, other in itertools.pairwise(values(found)[:5]):
        assert sum(one[path] != other[path] for path in VARY) == 1  # a choice or a whole number moves with its share


def test_no_design_reads_or_moves_the_global_generator() -> None:
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    points = [values(sweep(design, 4)) for design in ("latin-hypercube", "sobol", "morris")]
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002
    np.random.seed(7)  # noqa: NPY002
    assert points == [values(sweep(design, 4)) for design in ("latin-hypercube", "sobol", "morris")]


def test_a_list_and_a_table_are_taken_as_they_stand() -> None:
    rows = tuple({NUMBER: 0.03 + k / 1000} for k in range(10))
    assert values(sweep("list", vary={}, points_listed=rows)) == list(rows)
    table = {"vary": {}, "points_listed": rows, "table": "kept.csv"}
    assert values(sweep("sample", **table)) == list(rows)
    some, more = values(sweep("sample", 4, **table)), values(sweep("sample", 8, **table))
    assert more[:4] == some and some != list(rows[:4]) and all(row in rows for row in more)
    assert len({row[NUMBER] for row in more}) == 8


def test_a_prior_draws_all_that_is_uncertain_and_agrees() -> None:
    few, many = (values(sweep("sample", count, vary={"place": PLACES}, table="prior")) for count in (2, 9))
    assert many[:2] == few
    drawn = {path.removeprefix("parameters."): value for path, value in many[-1].items()}
    assert not contradicting(usual_values(drawn))
    known = {row.id for one in uncertainties() for row in one.rows}
    assert set(drawn) <= known and len(drawn) > 0.9 * len(known)
    assert all(registry()[id].low <= value <= registry()[id].high for id, value in drawn.items())  # type: ignore[operator]
    task = tasks_of(sweep("sample", 2, vary={}, table="prior"))[-1]
    assert task.scenario.parameters["fatality_opioid"] == few[1]["parameters.fatality_opioid"]


def test_a_task_for_each_point_place_and_seed_in_this_order() -> None:
    found = sweep("factorial", vary={KITS: [10, 20], "place": PLACES})
    asked = list(asked_of(found))
    assert [(one.point, one.place, one.task.replicate) for one in asked] == list(
        itertools.product(range(2), PLACES, range(2))
    )
    assert [one.task for one in asked] == tasks_of(found)
    for one in asked:
        assert one.task.scenario.place == one.place and one.task.seed == SCENARIO.seed + one.task.replicate
        pulled = {regime.id: regime.levers for regime in one.task.regimes}
        assert pulled["harm-reduction"]["take_home_naloxone"].kits_per_100 == (10, 20)[one.point]  # type: ignore[attr-defined]


def test_numbers_that_contradict_one_another_name_their_point() -> None:
    found = sweep("factorial", vary={"parameters.aces_many": [4, 6], "parameters.aces_most": [9, 5]})
    with pytest.raises(
        UserError, match=r"point 3 \(parameters.aces_many = 6, parameters.aces_most = 5\) .*contradict each"
    ):
        tasks_of(found)
