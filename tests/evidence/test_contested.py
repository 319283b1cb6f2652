"""Contested evidence: the shipped switches are sound, and what is wrong with one is told in a sentence."""

from pathlib import Path

import pytest

from policysim.errors import UserError
from policysim.evidence.contested import find_switch, numbers_of, read_switches, switches
from policysim.evidence.registry import registry
from policysim.levers.catalogue import LEVERS

GOOD = """
[rooms]
question = "Do rooms lower deaths?"
usual = "fewer"

[rooms.readings.fewer]
says = "they do"
parameters = { room_reach = 0.35 }
evidence = ["B6.01a"]

[rooms.readings.none]
says = "they do not"
parameters = { room_reach = 0.1 }
evidence = ["B6.01b"]
"""
THIRD = '\n[rooms.readings.third]\nsays = "who knows"\nparameters = { room_reach = 0.2 }\nevidence = ["B6.01b"]\n'
AGAIN = GOOD.replace("[rooms", "[again")


def test_the_usual_reading_is_what_the_registry_has_and_the_other_is_not() -> None:
    assert switches()
    for switch in switches().values():
        for name, value in switch.usual.parameters.items():
            assert registry()[name].value == value
        assert dict(switch.other.parameters) != dict(switch.usual.parameters)
        assert all((reading.evidence or reading.source) and reading.says for reading in switch.readings)


def test_a_reading_sets_its_numbers_and_the_other_one_is_beside_it() -> None:
    rooms = find_switch("rooms_and_mortality")
    assert numbers_of({"rooms_and_mortality": rooms.other.id}) == dict(rooms.other.parameters)
    assert numbers_of({}) == {} == numbers_of({"gone": "long"})
    assert rooms.beside(rooms.usual.id) is rooms.other and rooms.beside(rooms.other.id) is rooms.usual


def test_a_file_that_is_right_is_read(tmp_path: Path) -> None:
    (tmp_path / "contested.toml").write_text(GOOD)
    found = read_switches(tmp_path / "contested.toml")["rooms"]
    assert (found.usual.id, found.other.id, found.other.parameters) == ("fewer", "none", {"room_reach": 0.1})


def test_a_question_names_levers_that_there_are_or_none(tmp_path: Path) -> None:
    for switch in switches().values():
        assert switch.levers and set(switch.levers) <= set(LEVERS)
    (tmp_path / "contested.toml").write_text(GOOD)
    assert read_switches(tmp_path / "contested.toml")["rooms"].levers == ()


def test_a_reading_for_which_nothing_is_published_says_why(tmp_path: Path) -> None:
    text = GOOD.replace('["B6.01b"]', '[]\nsource = "nobody looked"')
    (tmp_path / "contested.toml").write_text(text)
    found = read_switches(tmp_path / "contested.toml")["rooms"].other
    assert (found.evidence, found.source) == ((), "nobody looked")


WRONG = {
    "key": (GOOD.replace("question", "qestion"), "there is no key 'qestion'; did you mean 'question'?"),
    "missing": (GOOD.replace('usual = "fewer"', ""), "rooms: the key 'usual' is missing"),
    "usual": (GOOD.replace('usual = "fewer"', 'usual = "fewr"'), "the usual reading 'fewr' is none of fewer, none"),
    "levers": (GOOD.replace('usual = "fewer"', 'usual = "fewer"\nlevers = "a"'), "rooms: levers must be a list of ids"),
    "three": (GOOD + THIRD, "a contested question has two readings, not 3"),
    "parameter": (
        GOOD.replace("room_reach", "room_reech"),
        "there is no parameter 'room_reech'; did you mean 'room_reach'?",
    ),
    "range": (GOOD.replace("= 0.1 ", "= 0.9 "), "lies beyond its range 0.1 to 0.6"),
    "evidence": (GOOD.replace("B6.01b", "B6.1b"), "there is no evidence 'B6.1b'; did you mean"),
    "registry": (GOOD.replace("0.35", "0.3"), "the usual reading sets room_reach to 0.3, and the registry to 0.35"),
    "alike": (GOOD.replace("= 0.1 ", "= 0.35 "), "both readings set the same values"),
    "others": (GOOD.replace("room_reach = 0.1", "room_distance = 1"), "both readings must set the same numbers"),
    "nothing": (GOOD.replace('["B6.01b"]', "[]"), "names at least one row of evidence"),
    "no table": (
        GOOD.partition("[rooms.readings.none]")[0] + "[rooms.readings]\nnone = 3\n",
        "rooms.none must be a table",
    ),
    "twice": (GOOD + AGAIN, "rooms and again both set room_reach"),
    "toml": (GOOD + "[", "is not valid TOML"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_a_switch_is_one_sentence(tmp_path: Path, what: str) -> None:
    text, told = WRONG[what]
    (tmp_path / "contested.toml").write_text(text)
    with pytest.raises(UserError) as fault:
        read_switches(tmp_path / "contested.toml")
    assert told in str(fault.value) and "contested.toml" in str(fault.value)


def test_a_name_that_is_none_is_told_with_the_nearest() -> None:
    with pytest.raises(UserError, match="there is no contested question 'rooms_and_mortalty'; did you mean"):
        find_switch("rooms_and_mortalty")
    with pytest.raises(UserError, match="has no reading 'nofall'; did you mean 'no-fall'"):
        find_switch("rooms_and_mortality").reading("nofall")
