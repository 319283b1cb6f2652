"""A scenario made in Python: numbers of every library, copies, and every mistake told as one made in a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from policysim import DrugPolicyModel, Regime, Scenario, UserError, compare, load_regime, read_scenario
from policysim.evidence.registry import Parameters
from policysim.scenarios.regime import find_regime
from policysim.scenarios.scales import COMPARE_ONE_IN
from policysim.scenarios.scenario import scenario_from
from policysim.vocabulary.numbers import plain
from policysim.world.places import find_place

ANY: Any = Scenario  # what a type checker would find before the model does
OVERDOSE = 'write "overdose_rate[heroin]", in quotes'


# ---------------------------------------------------------------- numbers of other libraries


@pytest.mark.parametrize("whole", [np.int64, np.int32, np.uint8, np.array, lambda number: pd.Series([number])[0]])
def test_whole_numbers_of_numpy_and_pandas_are_numbers(whole: Callable[[int], Any]) -> None:
    asked = {"years": 2, "burn_in_years": 1, "replicates": 3, "seed": 4, "people": 200}
    made = ANY(place="dorset", **{key: whole(number) for key, number in asked.items()})
    assert made == Scenario(place="dorset", **asked)  # type: ignore[arg-type]
    assert type(made.seed) is int


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64, np.longdouble, lambda x: np.array(x, "f4")])
def test_a_float_of_any_width_is_read_as_it_is_written(kind: Callable[[float], Any]) -> None:
    lever = {"coverage": kind(0.25), "start_week": np.int16(3)}
    made = scenario_from({
        "one_in": kind(60), "parameters": {"arrest_share": kind(0.1)}, "budgets": {"council": kind(2.5)},
        "regimes": [{"id": "own", "name": "Own", "levers": {"needle_exchange": lever}}],
    })  # fmt: skip
    assert made.parameters["arrest_share"] == pytest.approx(0.1, abs=1e-12)
    assert (made.one_in, made.budgets["council"]) == (60, 2.5)
    assert made.regimes[0].levers["needle_exchange"].coverage == 0.25
    assert "arrest_share = 0.1\n" in made.to_toml()


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64, np.longdouble])
def test_a_parameter_is_the_same_number_by_every_door(kind: Callable[[float], Any]) -> None:
    changed = {"arrest_share": kind(0.1)}
    for made in (Parameters(changed)["arrest_share"], ANY(parameters=changed).parameters["arrest_share"]):
        assert made == 0.1 or (kind is np.float16 and made == pytest.approx(0.1, abs=1e-4))
    assert Parameters({"class_size": np.int64(20)})["class_size"] == 20  # type: ignore[dict-item]


def test_a_row_of_a_table_is_taken_though_its_whole_numbers_are_floats() -> None:
    row = pd.DataFrame({"years": [3], "seed": [7], "people": [400], "start_year": [2026], "share": [0.5]}).loc[0]
    assert row.dtype == np.float64
    made = Scenario(**row.drop("share"))
    assert (made.years, made.seed, made.people, type(made.years)) == (3, 7, 400, int)


def test_a_list_that_holds_itself_has_an_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert isinstance(plain(endless), list)


# ---------------------------------------------------------------- copies


def test_a_copy_with_people_in_place_of_one_in_can_be_written_and_read(tmp_path: Path) -> None:
    made = Scenario(place="dorset", one_in=60).model_copy(update={"people": 400})
    assert (made.people, made.one_in) == (400, None)
    file = tmp_path / "mine.toml"
    file.write_text(made.to_toml(), encoding="utf-8")
    assert read_scenario(file) == made
    assert made.model_copy(update={"one_in": 80.0}).people is None
    assert made.model_copy(update={"years": 3, "people": None}).scale == COMPARE_ONE_IN
    assert made.model_copy() == made == made.model_copy(deep=True)


@pytest.mark.parametrize("keys", [dict, Scenario.model_dump])
def test_people_may_be_said_where_nobody_said_one_in(keys: Callable[[Scenario], dict[str, Any]]) -> None:
    made = ANY(**{**keys(Scenario()), "people": 2000})
    assert made.people == 2000
    with pytest.raises(UserError, match="contradict each other"):
        ANY(**{**keys(Scenario(one_in=60)), "people": 2000})


def test_the_usual_scale_is_the_same_said_or_unsaid_and_is_always_written() -> None:
    assert Scenario() == Scenario(one_in=COMPARE_ONE_IN) != Scenario(one_in=60)
    assert Scenario() != Scenario(people=2000)
    assert f"one_in = {COMPARE_ONE_IN}\n" in Scenario().to_toml()


# ---------------------------------------------------------------- mistakes

MISTAKES: dict[str, tuple[Callable[[], Any], str]] = {
    "a mistyped setting": (lambda: ANY(yeers=3), "did you mean 'years'?"),
    "a setting without its name": (lambda: ANY("dorset"), "takes its settings by name (schema_version, places, place,"),
    "a negative seed": (lambda: ANY(seed=-1), "seed must be at least 0, not -1"),
    "a seed that is no whole number": (lambda: ANY(seed=1.7), "seed must be a whole number, not 1.7"),
    "a fraction of numpy": (lambda: ANY(seed=np.float64(1.7)), "seed must be a whole number, not 1.7"),
    "a copy": (lambda: Scenario().model_copy(update={"years": 400}), "years must be at most 40, not 400"),
    "a mistyped copy": (lambda: Scenario().model_copy(update={"yeers": 4}), "did you mean 'years'?"),
    "setting": (lambda: setattr(Scenario(), "years", 3), "cannot be changed; a changed copy is made by model_copy"),
    "deleting": (lambda: delattr(Scenario(), "years"), "a Scenario cannot be changed"),
    "pydantic's way in": (lambda: Scenario.model_validate({"years": "x"}), "years must be a whole number, not 'x'"),
    "pydantic's JSON": (lambda: Scenario.model_validate_json('{"years": 0}'), "years must be at least 1, not 0"),
    "a regime": (lambda: Regime(id="own", nam="Own"), "did you mean 'name'?"),  # type: ignore[call-arg]
    "a file of a scenario": (lambda: read_scenario("x.toml"), "there is no file x.toml"),
    "a file of a regime": (lambda: load_regime("x.toml"), "there is no file x.toml"),
    "no file": (lambda: read_scenario(3), "a file is given by its path, not as 3"),  # type: ignore[arg-type]
    "a mistyped argument": (lambda: load_regime(pat="x"), "did you mean 'path'?"),  # type: ignore[call-arg]
    "a missing argument": (lambda: load_regime(), "missing a required argument: 'path'"),  # type: ignore[call-arg]
    "comparing, mistyped": (lambda: compare(Scenario(), thread=2), "did you mean 'threads'?"),  # type: ignore[call-arg]
    "comparing a place": (lambda: compare("dorset"), "compare runs a Scenario"),  # type: ignore[arg-type]
    "comparing with text": (lambda: compare(Scenario(), threads="2"), "threads must be 1"),  # type: ignore[arg-type]
    "comparing nowhere": (lambda: compare(Scenario(), out=3), "out must be the path"),  # type: ignore[arg-type]
    "an engine that is no name": (lambda: compare(Scenario(), engine=3), "no engine 3"),  # type: ignore[arg-type]
    "overwriting": (lambda: compare(Scenario(), overwrite="no"), "overwrite must be True or False, not 'no'"),  # type: ignore[arg-type]
    "progress": (lambda: compare(Scenario(), progress=3), "progress must be a function"),  # type: ignore[arg-type]
    "a place by number": (lambda: find_place(3), "a place is given by its name or id, not as 3"),  # type: ignore[arg-type]
    "a regime by number": (lambda: find_regime(3), "a regime is found by its id, not by 3"),  # type: ignore[arg-type]
    "many arguments": (lambda: DrugPolicyModel(*range(20)), "DrugPolicyModel: too many positional arguments"),  # type: ignore[arg-type]
    "a number beyond a limit": (lambda: ANY(one_in=9_999_999.0), "one_in must be at most 1,000,000, not 9,999,999"),
    "a key of a table after a dot": (lambda: ANY(parameters={"overdose_rate.heroin": 0.2}), OVERDOSE),
    "a table in a table": (lambda: ANY(parameters={"overdose_rate": {"heroin": 0.2}}), OVERDOSE),
    "keys the other way round": (
        lambda: ANY(parameters={"death_rate": {"40-44": {"men": 0.1}}}), 'write "death_rate[men,40-44]"',
    ),
    "a mistyped key": (
        lambda: ANY(parameters={"overdose_rate": {"herion": 0.2}}), "did you mean 'overdose_rate[heroin]'?",
    ),
    "a whole table": (lambda: ANY(parameters={"overdose_rate": 0.2}), 'as in "overdose_rate[cannabis]"'),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_in_one_sentence(case: str) -> None:
    make, says = MISTAKES[case]
    with pytest.raises(UserError) as caught:
        make()
    assert says in str(caught.value)


def test_a_number_of_a_table_in_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("years = 3\n[parameters]\narrest_share = 0.1\noverdose_rate.heroin = 0.2\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_scenario(str(file))
    assert str(caught.value).startswith(f"{file}, line 4: there is no parameter 'overdose_rate.heroin': {OVERDOSE}")
