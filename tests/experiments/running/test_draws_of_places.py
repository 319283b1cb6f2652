"""Drawn sets of numbers leave what is published of a place, or of a part of it, and move all that nobody knows there."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import after, disagreements

from policysim.evidence.registry import registry, weekly
from policysim.experiments.analysis.compare import notes
from policysim.experiments.designs import sensitivity
from policysim.experiments.running.draws import drawn, unknown_of, with_numbers
from policysim.experiments.running.plan import Task, draws_of, plan
from policysim.experiments.running.seed import model_of
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import find_regime
from policysim.scenarios.scenario import Scenario
from policysim.world.places import find_place, places
from policysim.world.status_quo import LOCAL, Local, figure_of, names_of_its_own, names_of_parts

REGION = "region:west-midlands"
"""Of each number that a force can have here some of its forces have a figure and others have none."""


def scenario(place: str, **changes: Any) -> Scenario:
    told: dict[str, Any] = {"place": place, "regimes": ["status-quo"], "people": 300, "years": 1, "burn_in_years": 0}
    return Scenario(**told | {"seed": 3, "uncertainty": 2} | changes)


def numbers(place: str, **changes: Any) -> dict[str, float]:
    return drawn(scenario(place, **changes), 1)


def in_draw(asked: Scenario, draw: int = 1) -> DrugPolicyModel:
    """The model of one set of numbers, as a comparison makes it."""
    made = model_of(with_numbers(plan(asked, draws_of(asked)).tasks[draw - 1]))
    made.close()
    return made


def test_what_all_of_a_place_has_of_its_own_is_not_drawn_for_it_and_all_else_is_as_drawn_elsewhere():
    west_midlands, durham = numbers("west-midlands"), numbers("durham")
    own = names_of_its_own(find_place("west-midlands"))
    assert {"searches_per_1000", "diversion_offer", "police_carry", "ocu_per_1000"} <= own
    assert not own & west_midlands.keys()
    assert not names_of_its_own(find_place("durham")) and own <= durham.keys()
    assert west_midlands == {name: value for name, value in durham.items() if name not in own}


def test_what_only_a_part_of_a_place_has_of_its_own_is_unknown_of_the_place_and_drawn_as_elsewhere():
    parts = names_of_parts(find_place(REGION))
    assert parts == {"attendance", "diversion_offer", "ocu_per_1000", "police_carry", "searches_per_1000"}
    assert parts <= {one.id for one in unknown_of(scenario(REGION))}
    assert numbers(REGION) == numbers("durham")
    wales = find_place("nation:wales")
    assert (names_of_its_own(wales), names_of_parts(wales)) == (
        {"searches_per_1000"}, {"police_carry", "test_referral_share"},
    )  # fmt: skip
    assert "searches_per_1000" not in numbers(wales.id) and "police_carry" in numbers(wales.id)


@pytest.mark.parametrize(
    ("name", "policy"),
    [
        ("diversion_offer", "diversion_offer"),
        ("attendance", "diversion_attendance"),
        ("police_carry", "police_naloxone"),
    ],
)
def test_within_a_draw_each_force_with_a_figure_keeps_it_and_the_others_go_by_what_was_drawn(name: str, policy: str):
    made = in_draw(scenario(REGION))
    number = numbers(REGION)[name]
    assert number != registry()[name].value
    kept = 0
    for authority, team in zip(made.place.authorities, made.police, strict=True):
        figure = figure_of(authority, name)
        assert getattr(team.policy, policy) == (figure.value if figure else number), authority.name
        kept += figure is not None
    assert 0 < kept < len(made.police)


def test_a_number_that_the_scenario_changes_is_changed_everywhere_within_a_draw_too():
    changed = scenario(REGION, parameters={"diversion_offer": 0.3})
    assert "diversion_offer" not in drawn(changed, 1)
    assert {team.policy.diversion_offer for team in in_draw(changed).police} == {0.3}


PLACES = [place.id for place in places() if len(place.authorities) < 40]


@given(st.sampled_from(PLACES), st.integers(0, 2**32), st.sampled_from([1, 2]))
@settings(max_examples=6, deadline=None)
def test_no_draw_changes_a_published_figure_and_every_authority_without_one_has_what_was_drawn(place, seed, draw):
    asked = scenario(place, seed=seed)
    made, found = in_draw(asked, draw).parameters, drawn(asked, draw)
    for authority in asked.where.authorities:
        for name in LOCAL:
            figure = figure_of(authority, name)
            value = figure.value if figure else found.get(name, registry()[name].value)
            assert Local(made, authority)[name] == weekly(value, registry()[name].unit), (authority.name, name)


def test_where_nothing_of_a_place_is_published_carried_numbers_are_as_changed_ones_to_the_bit():
    found = numbers("durham")
    arguments: dict[str, Any] = {"place": "durham", "people": 300, "seed": 5}
    as_carried, as_changed = after(6, carried=found, **arguments), after(6, parameters=found, **arguments)
    assert disagreements(as_carried, as_changed) == []
    assert disagreements(as_carried, after(6, **arguments))


def test_the_screening_moves_what_parts_of_a_place_have_no_figure_of_and_leaves_the_others(monkeypatch):
    lived: list[Task] = []
    monkeypatch.setattr(sensitivity, "live", lambda task, *rest: lived.append(task))
    screening = sensitivity.Screening(scenario("humberside", regimes=["status-quo", "diversion"], uncertainty=0), 2)
    assert "ocu_per_1000" in {one.id for one in screening.unknown}
    for task in screening.tasks()[sensitivity.SEEDS - 1 : sensitivity.SEEDS + 1]:
        sensitivity.live_point(screening, task)
    usual, moved = lived
    assert not usual.carried and "ocu_per_1000" in moved.carried
    assert moved.scenario == screening.scenario, "what is moved is nothing that the scenario changes"


def test_the_notes_tell_what_all_and_what_parts_of_a_place_have_of_their_own():
    said = {place: " ".join(notes(scenario(place))) for place in ("dorset", "nation:wales", REGION)}
    assert f"Of {len(LOCAL)} numbers that a place can have of its own 1 is; the others" in said["dorset"]
    assert "of its own 1 is, and 2 are in parts of it; the others" in said["nation:wales"]
    assert "of its own none are, and 5 are in parts of it; the others" in said[REGION]


def test_a_task_of_the_scenarios_own_numbers_stays_as_it_is():
    task = Task(scenario("durham"), 0, (find_regime("status-quo"),))
    assert with_numbers(task) is task and not task.carried
