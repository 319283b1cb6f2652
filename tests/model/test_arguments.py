"""What a model is told is checked as a scenario's settings are: the same numbers, the same sentences."""

from typing import Any

import numpy as np
import pytest

from policysim import DrugPolicyModel, Scenario, UserError
from policysim.model.reporters import of_last_week

SMALL: dict[str, Any] = {"place": "dorset", "people": 250, "years": 1}
ANY: Any = Scenario

# Arguments, and what the sentence about them says; those of the first table a scenario has too.
SHARED: dict[str, tuple[dict[str, Any], str]] = {
    "a mistyped purse": ({"budgets": {"counci": 0}}, "there is no purse 'counci'; did you mean 'council'?"),
    "no budget": ({"budgets": {"council": float("nan")}}, "must be GBP a year, zero or more, not nan"),
    "a negative budget": ({"budgets": {"council": -5}}, "must be GBP a year, zero or more, not -5"),
    "a budget in words": ({"budgets": {"council": "lots"}}, "budgets.council must be a number, not 'lots'"),
    "a purse that is no name": ({"budgets": {3: 4}}, "the names in budgets must be text, not 3"),
    "budgets without names": ({"budgets": [3]}, "budgets must be a table of keys and values"),
    "a mistyped parameter": ({"parameters": {"arrest_shar": 0.1}}, "did you mean 'arrest_share'?"),
    "a key of a table": ({"parameters": {"overdose_rate": {"heroin": 1}}}, 'write "overdose_rate[heroin]"'),
    "a parameter out of range": ({"parameters": {"arrest_share": np.float32(1.5)}}, "must lie in 0 .. 1, not 1.5"),
    "a negative seed": ({"seed": -1}, "seed must be at least 0, not -1"),
    "a fraction of a seed": ({"seed": 1.7}, "seed must be a whole number, not 1.7"),
    "a seed in words": ({"seed": "x"}, "seed must be a whole number, not 'x'"),
    "no years": ({"years": 0}, "years must be at least 1, not 0"),
    "a place that is no name": ({"place": 3}, "place must be text, not 3"),
    "a mistyped place": ({"place": "dorst"}, "did you mean 'dorset'?"),
    "people and one_in": ({"people": 900, "one_in": 5}, "people and one_in contradict each other"),
    "more people than there are": ({"people": 9_000_000}, "people = 9,000,000 is more than the"),
    "more than one in one": ({"people": None, "one_in": 1e-9}, "one_in must be at least 1, not 1e-09"),
    "a mistyped argument": ({"yeers": 1}, "did you mean 'years'?"),
}
OWN: dict[str, tuple[dict[str, Any], str]] = {
    "a table that mesa.batch_run took apart": ({"budgets": "nhs"}, "mesa.batch_run takes a table given alone apart"),
    "a key of a regime": (
        {"regime": {"id": "a", "nam": "A"}},
        "(keys are id, name, summary, levers, contested, people_classes); did you mean",
    ),
    "a mistyped regime": ({"regime": "diverson"}, "did you mean 'diversion'?"),
    "a regime that is no name": ({"regime": 3}, "a regime is given by its id or as a table, not as 3"),
    "a mistyped engine": ({"engine": "compild"}, "did you mean 'compiled'? (engines are compiled, python, debug, gpu)"),
    "no threads": ({"threads": 0}, "threads must be at least 1, not 0"),
    "no scale": ({"people": None, "one_in": 0}, "one_in must be at least 1, not 0"),
    "a scale that leaves nobody": ({"people": None, "one_in": 1e12}, "one_in = 1e+12 leaves 0 simulated people"),
    "no number of a scale": ({"people": None, "one_in": float("nan")}, "one_in must be a finite number, not nan"),
    "more years than are counted": ({"years": 301}, "years must be at most 300, not 301"),
    "a start that is no model": ({"start": 3}, "start must be another model, not 3"),
    "classes that are none": ({"people_classes": 3}, "people_classes must be a list of classes, not 3"),
    "a mistyped number to carry": ({"carried": {"arrest_shar": 0.1}}, "did you mean 'arrest_share'?"),
    "a number to carry that cannot be": ({"carried": {"arrest_share": 1.5}}, "must lie in 0 .. 1, not 1.5"),
    "a number to carry beyond its range": ({"carried": {"arrest_share": 0.99}}, "lies beyond its range"),
    "a number to carry that a changed one contradicts": (
        {"parameters": {"lessons_to_age": 13}, "carried": {"lessons_from_age": 13}},
        "13 contradict each other",
    ),
    "yes or no in words": ({"null_effects": "no"}, "null_effects must be true or false, not 'no'"),
}


@pytest.mark.parametrize("case", SHARED | OWN)
def test_an_argument_that_cannot_be(case: str) -> None:
    arguments, says = (SHARED | OWN)[case]
    with pytest.raises(UserError) as caught:
        DrugPolicyModel(**SMALL | arguments)
    assert says in str(caught.value)


@pytest.mark.parametrize("case", SHARED)
def test_a_scenario_says_the_same(case: str) -> None:
    arguments, says = SHARED[case]
    with pytest.raises(UserError) as caught:
        ANY(**SMALL | arguments)
    assert says in str(caught.value)


def test_numbers_of_numpy_are_numbers() -> None:
    made = DrugPolicyModel(
        place="dorset", people=np.int32(250), years=np.array(1), seed=np.int64(3),
        parameters={"arrest_share": np.float32(0.1)}, budgets={"council": np.float32(2.5)},
    )  # type: ignore[arg-type] # fmt: skip
    assert (made.run_seed, type(made.run_seed), made.last_week) == (3, int, 52)
    assert made.parameters["arrest_share"] == 0.1
    assert made.purses["council"].budget == 2.5
    assert made.person(np.int64(3)) is made.person(3)
    assert len(made.sample(np.int64(5))) == 5


def test_a_number_to_carry_need_agree_with_changed_ones_alone() -> None:
    with pytest.raises(UserError, match="contradict each other"):
        DrugPolicyModel(**SMALL, beyond_ranges=True, carried={"lessons_from_age": 15})
    made = DrugPolicyModel(
        **SMALL, beyond_ranges=True, parameters={"lessons_to_age": 16}, carried={"lessons_from_age": 15}
    )
    assert made.parameters["lessons_from_age"] == 15


def test_what_a_model_is_asked_for_by_a_wrong_name() -> None:
    made = DrugPolicyModel(**SMALL)
    with pytest.raises(UserError, match="there is no outcome 'expected_deths'; did you mean 'expected_deaths'"):
        of_last_week("expected_deths", made)
    for row in ("a", 1.5, -1, True):
        with pytest.raises(UserError, match="there is no person"):
            made.person(row)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="n must be a whole number from 0 on, not -2"):
        made.sample(-2)
