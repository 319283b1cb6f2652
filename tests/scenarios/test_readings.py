"""Readings of contested evidence hold for a whole scenario, from a file and from Python; regimes only name the questions."""

from pathlib import Path

import pytest

from policysim.errors import UserError
from policysim.evidence.contested import switches
from policysim.experiments.running.draws import unknown_of
from policysim.experiments.running.settings import run_settings
from policysim.scenarios.regime import load_regime, regimes
from policysim.scenarios.scenario import Scenario, kept_scenario, read_scenario

OTHER = {"rooms_and_mortality": "no-fall"}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "scenario.toml"
    path.write_text(text)
    return path


def test_a_reading_sets_its_numbers_for_every_regime_alike() -> None:
    plain, other = Scenario(), Scenario(readings=OTHER)
    assert plain.numbers == {} and other.numbers == {"room_mortality": 0.0} and other.parameters == {}
    settings = run_settings(other)
    assert {one["readings"]["rooms_and_mortality"] for one in settings.values()} == {"no-fall"}
    assert len(settings) == 5, "the status quo among them"


def test_a_question_of_two_numbers_sets_both() -> None:
    found = Scenario(readings={"deterrence_by_arrest": "deters"} | OTHER)
    assert found.numbers == {"deterrence_effect": 0.1, "deterrence_of_arrest": 0.3, "room_mortality": 0.0}
    drawn = {one.id for one in unknown_of(found)}
    assert not drawn & found.numbers.keys(), "what a reading sets is not drawn"


def test_a_file_takes_a_reading_and_is_written_with_it(tmp_path: Path) -> None:
    found = read_scenario(written(tmp_path, 'years = 2\nreadings = { rooms_and_mortality = "no-fall" }\n'))
    assert found.readings == OTHER
    again = read_scenario(written(tmp_path, found.to_toml()))
    assert again == found and again.numbers == found.numbers


def test_a_reading_that_is_taken_is_not_drawn_as_unknown() -> None:
    plain, other = ({one.id for one in unknown_of(of)} for of in (Scenario(), Scenario(readings=OTHER)))
    assert plain - other == {"room_mortality"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('readings = { rooms_and_mortalty = "no-fall" }', "did you mean 'rooms_and_mortality'?"),
        (
            'readings = { rooms_and_mortality = "no-fal" }',
            "did you mean 'no-fall'? (readings are fewer-deaths and no-fall)",
        ),
        ("readings = { rooms_and_mortality = 3 }", "readings.rooms_and_mortality must be text, not 3"),
        ('readings = ["all"]', "readings must be a table of keys and values"),
    ],
)
def test_what_is_wrong_with_a_reading_is_told_with_its_line(tmp_path: Path, given: str, told: str) -> None:
    with pytest.raises(UserError) as fault:
        read_scenario(written(tmp_path, f"years = 2\n{given}\n"))
    assert told in str(fault.value) and "scenario.toml, line 2" in str(fault.value)


def test_a_number_is_not_changed_beside_the_reading_that_sets_it() -> None:
    with pytest.raises(
        UserError, match="room_mortality is set by the reading no-fall of rooms_and_mortality, and changed beside it"
    ):
        Scenario(readings=OTHER, parameters={"room_mortality": 0.5})
    assert Scenario(readings=OTHER, parameters={"room_distance": 1.0}).numbers == {
        "room_mortality": 0.0,
        "room_distance": 1.0,
    }


def test_a_regime_takes_no_reading_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('name = "Mine"\nreadings = { rooms_and_mortality = "no-fall" }\n')
    with pytest.raises(UserError, match="there is no key 'readings'"):
        load_regime(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('["rooms_and_mortalty"]', "did you mean 'rooms_and_mortality'?"),
        ('["rooms_and_mortality", "rooms_and_mortality"]', "is named twice"),
        ("[3]", "a contested question is named by its id, not by 3"),
        ('"rooms_and_mortality"', "contested must be a list of contested questions"),
    ],
)
def test_what_is_wrong_with_the_questions_a_regime_names_is_one_sentence(tmp_path: Path, given: str, told: str) -> None:
    (tmp_path / "mine.toml").write_text(f'name = "Mine"\ncontested = {given}\n')
    with pytest.raises(UserError) as fault:
        load_regime(tmp_path / "mine.toml")
    assert told in str(fault.value) and "mine.toml, line 2" in str(fault.value)


def test_naming_a_question_changes_no_run() -> None:
    named = regimes()["harm-reduction"]
    bare = named.model_copy(update={"contested": ()})
    assert named.contested and run_settings(Scenario(regimes=["status-quo", named])) == run_settings(
        Scenario(regimes=["status-quo", bare])
    )


def test_every_question_is_named_by_a_shipped_regime_and_no_status_quo_is() -> None:
    named = {id for regime in regimes().values() for id in regime.contested}
    assert named == set(switches()) and not regimes()["status-quo"].contested


def test_what_was_run_is_read_although_a_question_is_settled_since(tmp_path: Path) -> None:
    text = Scenario(readings=OTHER).to_toml().replace("rooms_and_mortality", "long_settled")
    found = kept_scenario(written(tmp_path, text))
    assert found.readings == {"long_settled": "no-fall"} and found.numbers == {}
