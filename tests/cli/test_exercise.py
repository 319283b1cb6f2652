"""`policysim exercise`: what is asked, and a sentence for whatever is not as it should be."""

from pathlib import Path

import pytest
from command_line import Command


def test_all_are_listed_and_one_is_told(policysim: Command) -> None:
    listed = policysim("exercise")
    assert listed.code == 0 and len(listed.out.splitlines()) == 10
    told = policysim("exercise", "show", "2")
    assert told.code == 0 and told.out.startswith("2. Nobody under 18 is searched\n") and "meet_police" in told.out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("chek",), "followed by list, show or check, not chek"),
        (("list", "2"), "it is 'policysim exercise list'"),
        (("show",), "it is 'policysim exercise show N'"),
        (("check", "2"), "it is 'policysim exercise check N FILE'"),
        (("show", "0"), "numbered 1 to 10, not 0"),
        (("check", "2", "nothing.py"), "there is no file nothing.py"),
        (("check", "99", "nothing.py"), "numbered 1 to 10, not 99"),
    ],
    ids=str,
)
def test_what_is_not_asked_for_so_is_one_sentence(policysim: Command, given: tuple[str, ...], said: str) -> None:
    answered = policysim("exercise", *given)
    assert answered.code == 2 and said in answered.err and len(answered.err.splitlines()) == 1


def test_a_file_without_people_is_told(policysim: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("mine = 1\n")
    answered = policysim("exercise", "check", "2", str(file))
    assert answered.code == 2 and "holds no class of people" in answered.err
