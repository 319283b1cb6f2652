"""Whoever only looks at people wakes nobody: measures, a life traced, tables and copies of a start leave people at rest."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from policysim import DrugPolicyModel
from policysim.experiments.lives.picking import most_diverging
from policysim.experiments.lives.replay import record
from policysim.experiments.measures.targeted import Measurer
from policysim.model.person_table import person_table
from policysim.scenarios.regime import regimes
from policysim.viz.app.filming.film import Film

PLACE = {"people": 3_000, "years": 1, "seed": 4}
WEEKS = 8


@pytest.fixture
def lived():
    model = DrugPolicyModel("west-midlands", **PLACE)
    live(model)
    yield model
    model.close()


def live(model: DrugPolicyModel, weeks: int = WEEKS) -> None:
    for _ in range(weeks):
        model.step()


def at_rest(model: DrugPolicyModel) -> int:
    return sum(rows.size for rows in model.state.rest.by_stretches())


def most_rest(model: DrugPolicyModel) -> bool:
    return at_rest(model) > model.records["present"].sum() / 2


def test_looking_shows_everyone_as_reading_people_does_and_wakes_nobody(lived):
    resting = at_rest(lived)
    seen = lived.look().copy()
    assert at_rest(lived) == resting > 0
    assert (seen["age"] != DrugPolicyModel("west-midlands", **PLACE).records["age"]).any()
    assert np.array_equal(seen, lived.people) and at_rest(lived) == 0


def test_what_is_looked_at_cannot_be_written_to(lived):
    with pytest.raises(ValueError, match="read-only"):
        lived.look()["age"] = 3


def test_lives_go_on_to_the_same_bits_after_a_look():
    one, other = (DrugPolicyModel("west-midlands", **PLACE) for _ in range(2))
    for _ in range(WEEKS):
        one.step()
        one.look()
        other.step()
    assert np.array_equal(one.people, other.people)


def measures(model: DrugPolicyModel) -> None:
    measurer = Measurer()
    measurer.begun(regimes()["status-quo"], model)
    for _ in range(2):
        model.step()
        measurer.after_week(model)
    measurer.ended(regimes()["status-quo"], model)


def film(model: DrugPolicyModel) -> None:
    taken = Film(model)
    taken.take(model)
    taken.reel(model.regime.id)


def branch(model: DrugPolicyModel) -> None:
    DrugPolicyModel("west-midlands", "harm-reduction", start=model, **PLACE).close()


@pytest.mark.parametrize("looks", [measures, film, person_table, branch], ids=lambda looks: looks.__name__)
def test_people_rest_on_while_they_are_measured(lived, looks: Callable[[DrugPolicyModel], object]):
    looks(lived)
    assert most_rest(lived)
    lived.step()
    assert most_rest(lived)


def test_people_rest_on_while_one_life_is_traced(lived):
    made = []

    def again(regime):
        made.append(DrugPolicyModel("west-midlands", regime, start=lived, **PLACE))
        return made[-1]

    weeks = record(lived, regimes()["harm-reduction"], 5, again)
    assert [week.week for week in weeks] == list(range(WEEKS, lived.last_week))
    assert most_rest(lived) and most_rest(made[0])


def test_people_rest_on_while_somebody_is_picked(lived):
    models = [
        partial(DrugPolicyModel, "west-midlands", start=lived, **PLACE)(regime)
        for regime in ("status-quo", "harm-reduction")
    ]
    most_diverging(models)
    assert all(map(most_rest, models))


def test_one_person_is_asked_about_like_several(lived):
    children, parents = lived.parents_of(np.arange(lived.records.size))
    child, parent = int(children[0]), int(parents[0])
    assert parent in lived.parents_of(child)[1] and child in lived.children_of(parent)[1]
