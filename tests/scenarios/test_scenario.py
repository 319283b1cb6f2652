"""A scenario from a place or a file, with changes laid over it: read once, and every fault told where it was made."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policysim.errors import UserError
from policysim.levers.lever import Lever
from policysim.scenarios import scales
from policysim.scenarios.regime import regime_from
from policysim.scenarios.scenario import Scenario, read_scenario, scenario_of
from policysim.scenarios.sweep import sweep_of

CALLED = {"years": "--years", "regimes": "--regimes", "people": "--people", "one_in": "--one-in"}
MINE = """# mine
place = "dorset"
one_in = 50
years = 3

[[regimes]]
id = "status-quo"
name = "Status quo"

[[regimes]]
id = "kits-only"
name = "Kits"
[regimes.levers.take_home_naloxone]
kits_per_100 = 40
start_week = 60
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A sound scenario with a regime of its own."""
    return written(tmp_path, MINE)


def written(folder: Path, text: str) -> Path:
    """A file of this text."""
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_place_or_nothing_at_all_is_a_scenario() -> None:
    assert scenario_of(None) == Scenario()
    assert scenario_of("authority:dorset") == Scenario(place="authority:dorset")
    assert scenario_of("dorset").scale == scales.COMPARE_ONE_IN


def test_a_file_without_changes_is_what_it_says(mine: Path) -> None:
    found = scenario_of(str(mine))
    assert found == read_scenario(mine)
    assert (found.place, found.one_in, found.years) == ("dorset", 50, 3)
    assert [regime.id for regime in found.regimes] == ["status-quo", "kits-only"]


def test_changes_stand_over_what_a_file_says(mine: Path) -> None:
    changed = scenario_of(str(mine), {"regimes": ["harm-reduction"], "people": 900, "years": 4})
    assert (changed.people, changed.one_in, changed.years, changed.place) == (900, None, 4, "dorset")
    assert [regime.id for regime in changed.regimes] == ["harm-reduction"]


def test_a_regime_is_found_in_the_file_in_a_file_of_its_own_or_among_the_shipped(mine: Path, tmp_path: Path) -> None:
    own = tmp_path / "rooms-only.toml"
    own.write_text('name = "Rooms"\n[levers.consumption_room]\n')
    found = scenario_of(str(mine), {"regimes": ["status-quo", "kits-only", str(own), "diversion"]}).regimes
    assert [regime.id for regime in found] == ["status-quo", "kits-only", "rooms-only", "diversion"]
    assert found[1] == read_scenario(mine).regimes[1]


def test_what_a_change_replaces_need_not_be_sound(tmp_path: Path) -> None:
    file = written(tmp_path, MINE.replace("years = 3", 'years = "three"'))
    with pytest.raises(UserError, match="line 4: years must be a whole number, not 'three'"):
        scenario_of(str(file))
    assert scenario_of(str(file), {"years": 5}).years == 5


@pytest.mark.parametrize("people", [50, 51])
@pytest.mark.parametrize("place", ["north-wales", "authority:basildon", "authority:coventry"])
def test_the_fewest_people_are_enough_in_every_place(place: str, people: int) -> None:
    assert scenario_of(place, {"people": people}).people == people


def test_a_usual_scale_too_coarse_for_a_place_is_told_by_the_name_it_can_be_changed_by() -> None:
    with pytest.raises(UserError, match=r"^--one-in = 75 leaves 18 simulated people of the 1,418 residents"):
        scenario_of("authority:isles-of-scilly", {}, CALLED)


# Text of the file that is replaced, by what; changes; where the fault is told; what is said.
FAULTS: dict[str, tuple[tuple[str, str], dict[str, Any], str, str]] = {
    "a change": (("", ""), {"years": 400}, "", "--years must be at most 40, not 400"),
    "a change of scale": (("", ""), {"one_in": 1e6}, "", "--one-in = 1e+06 leaves 0 simulated people"),
    "two changes at odds": (("", ""), {"people": 300, "one_in": 5.0}, "", "--people and --one-in contradict each other"),
    "a regime among the changes": (
        ("", ""), {"regimes": ["status-quo", "kits-onl"]}, "", "--regimes: there is no regime 'kits-onl'",
    ),
    "a regime named twice": (("", ""), {"regimes": ["kits-only"] * 2}, "", "--regimes: regime 'kits-only' is named twice"),
    "a regime called as a key": (("", ""), {"regimes": ["people"], "people": 300}, "", "there is no regime 'people'"),
    "the file": (("one_in = 50", "one_in = 0.5"), {"years": 5}, "line 3", "one_in must be at least 1, not 0.5"),
    "a key of the file": (("one_in", "onein"), {"years": 5}, "line 3", "there is no key 'onein'"),
    "a regime of the file": (
        ("kits_per_100 = 40", "kits_per_100 = -4"), {"regimes": ["kits-only"]}, "line 14", "kits_per_100 must be at least",
    ),
    "a regime of the file that begins too late": (
        ("", ""), {"years": 1}, "line 15", "would begin in week 60, but the run ends after 52 weeks",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_where_it_was_made(case: str, tmp_path: Path) -> None:
    (old, new), changes, where, says = FAULTS[case]
    file = written(tmp_path, MINE.replace(old, new) if old else MINE)
    with pytest.raises(UserError) as caught:
        scenario_of(str(file), changes, CALLED)
    message = str(caught.value)
    assert says in message
    assert message.startswith(f"{file}, {where}: ") if where else str(file) not in message


def test_a_lever_of_ones_own_says_what_it_acts_on() -> None:
    class Aimless(Lever):
        """Says nothing of an institution."""

    with pytest.raises(
        UserError, match=r"Aimless does not say which institution it acts on: give it one, as in acts_on"
    ):
        regime_from({"id": "own", "name": "Own", "levers": {"aimless": Aimless()}})


def test_a_file_that_is_named_without_its_ending_is_said_to_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    meant = "; the file mine.toml is there: name it with its ending"
    asked: tuple[Callable[[], object], ...] = (
        lambda: scenario_of("mine"),
        lambda: scenario_of("dorset", {"regimes": ["status-quo", "mine"]}),
        lambda: sweep_of("mine"),
    )
    for ask in asked:
        with pytest.raises(UserError) as before:
            ask()
        (tmp_path / "mine.toml").write_text("years = 1\n", encoding="utf-8")
        with pytest.raises(UserError) as told:
            ask()
        assert str(told.value) == f"{before.value}{meant}"
        (tmp_path / "mine.toml").unlink()
    (tmp_path / "dorset.toml").write_text("years = 1\n", encoding="utf-8")
    assert scenario_of("dorset").place == "dorset", "a place stays what its name says"
    with pytest.raises(UserError, match="there is no place"):
        scenario_of("m" * 400)
