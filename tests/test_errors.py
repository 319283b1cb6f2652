"""A user's mistake is told in one sentence, with the nearest valid name."""

from pathlib import Path

import pytest

import policysim.rules
from policysim.errors import UserError, nearest
from policysim.scenarios.own_classes import load_file


def test_nearest_names_the_closest_choice():
    assert nearest("harm-reducton", ["status-quo", "harm-reduction"]) == "; did you mean 'harm-reduction'?"


def test_nearest_says_nothing_when_no_choice_is_close():
    assert nearest("tuesday", ["status-quo", "diversion"]) == ""
    assert nearest("", ["status-quo"]) == ""
    assert nearest("anything", []) == ""


def test_nearest_ignores_case_but_quotes_the_choice_as_spelt():
    assert nearest("YEARS", iter(["years", "seed"])) == "; did you mean 'years'?"
    assert nearest("birmingham", ["Birmingham", "Walsall"]) == "; did you mean 'Birmingham'?"


def test_a_user_error_stays_on_one_line():
    with pytest.raises(UserError) as caught:
        raise UserError("The cell 'two\nlines' is no number,\n   allowed are 0 to 1.")
    assert str(caught.value) == "The cell 'two lines' is no number, allowed are 0 to 1."


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Friends", "; import it: from policysim.rules import Friends"),
        ("Frends", "; did you mean 'Friends'?"),
        ("nothing_like_it", ""),
    ],
)
def test_a_name_that_was_not_imported_is_told_with_its_import(name: str, hint: str, tmp_path: Path):
    assert "Friends" in policysim.rules.__all__
    file = tmp_path / "mine.py"
    file.write_text(f"near = {name}(None)\n", encoding="utf-8")
    with pytest.raises(UserError) as told:
        load_file(file)
    assert str(told.value).endswith(
        f"mine.py, line 1: it cannot be loaded: NameError: name '{name}' is not defined{hint}"
    )
