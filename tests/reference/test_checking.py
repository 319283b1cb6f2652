"""`policysim check` on a Python file: rules are tried, levers are pulled, and nothing else is run or replaced."""

import random
import re
import sys
from pathlib import Path

import pytest

from policysim.cli import door
from policysim.errors import UserError
from policysim.levers.catalogue import LEVERS
from policysim.reference.checking import check_file

ROOT = Path(__file__).resolve().parents[2]

RULES = '''from policysim.rules import Field, Use, YoungPerson, draw, exp, happens, helper, rule, set_use


@helper
def note(self, what):
    self.police_marks |= what


class Mine(YoungPerson):
    """Somebody of my own."""
{field}
    @rule
    def try_it(self, here, world, luck):
'''
OWN = '\n    mine = Field("i1", "a number of mine", "count", 0)\n'
LINE = RULES.format(field="").count("\n") + 1


def written(folder: Path, body: str, field: str = "", name: str = "my_rules.py") -> Path:
    path = folder / name
    path.write_text(RULES.format(field=field) + "".join(f"        {line}\n" for line in body.splitlines()), "utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        check_file(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


SEEN = {
    "too many cells": ("self.use[7] = 100", "uses index 7 of self.use, which holds 7 numbers: an index is 0 to 6"),
    "a loop too long": ("for s in range(8): self.use[s] = 0", "uses index 7 of self.use"),
    "a table of the registry": ("self.risk = world.start_rate[0, 14]", "uses index 14 of world.start_rate"),
    "a whole number too large": ("self.aces = 1000", "sets self.aces to 1000, which must be a whole number from 0 to 9"),
    "a share above one": ("self.alone = 7", "sets self.alone to 7, which must be a number from 0 to 1"),
    "a number too large": ("self.risk = exp(10000 * self.age)", "cannot be worked out: math range error"),
    "a rare branch": (
        "if self.aces == 9 and happens(1e-12, luck):\n    self.alone = 7", "sets self.alone to 7, .*, tried with .*aces 9"
    ),
    "rare luck": ("self.risk = min(1 / draw(luck), 1)", "cannot be worked out: .*division by zero"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("body", "said"), SEEN.values(), ids=SEEN)
def test_rules_that_would_corrupt_or_part_the_engines_are_told_with_file_and_line(body, said, tmp_path):
    path = written(tmp_path, body)
    line = LINE + body.count("\n")
    assert re.match(rf"{path}, line {line}: rule Mine.try_it {said}", refused(path)), refused(path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("self.mine += 1", "sets self.mine to 128, which must be a whole number from 0 to 127"),
        ("self.use[self.mine] = 0", "uses index .* of self.use, which holds 7 numbers"),
    ],
)
def test_a_field_of_ones_own_is_tried_at_the_ends_of_its_range(body, said, tmp_path):
    assert re.search(rf"line {LINE + 2}: rule Mine.try_it {said}", refused(written(tmp_path, body, OWN)))


def test_a_mark_handed_to_a_helper_belongs_to_the_part_of_life_it_is_left_in(tmp_path):
    path = written(tmp_path, "note(self, Use.NEVER)")
    path.write_text(path.read_text().replace("Use, ", "CareMark, Use, ").replace("Use.NEVER)", "CareMark.DROPPED_OUT)"))
    assert "helper note leaves CareMark.DROPPED_OUT in self.police_marks; it belongs in self.care_marks" in refused(
        path
    )
    assert f"(called in {path}, line {LINE}: rule Mine.try_it)" in refused(path)


@pytest.mark.slow
def test_sound_rules_are_tried_and_lines_that_nobody_reached_are_said(tmp_path):
    body = "if self.age > 90:\n    self.risk = 1\nelif happens(1e-12, luck) and self.aces == 9:\n    self.risk = 2"
    said = check_file(written(tmp_path, body))
    assert "holds sound rules: Mine, tried by " in said
    assert said.endswith(f"who never reached line {LINE + 1}.")


@pytest.mark.slow
def test_a_rule_that_fails_in_another_way_is_one_sentence(tmp_path):
    said = refused(written(tmp_path, "for _ in range(self.age):\n    self.risk = 0.0"))
    assert f"line {LINE}: rule Mine.try_it fails: TypeError" in said


def test_the_command_says_it_in_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["policysim", "check", str(written(tmp_path, "self.use[7] = 100"))])
    assert door._run() == 2
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) == 1 and "uses index 7 of self.use" in err


# ---------------------------------------------------------------- what a file is, and what it may do


def test_a_file_replaces_no_module_whatever_it_is_called(tmp_path):
    path = written(tmp_path, "self.use[7] = 0", name="random.py")
    assert "uses index 7" in refused(path)
    assert sys.modules["random"] is random and str(tmp_path) not in sys.path


def test_a_file_may_import_its_neighbours(tmp_path):
    (tmp_path / "my_numbers_for_this_test.py").write_text("CELL = 7\n")
    path = written(tmp_path, "self.use[CELL] = 0")
    path.write_text(
        path.read_text().replace("from policysim", "from my_numbers_for_this_test import CELL\nfrom policysim", 1)
    )
    assert "uses index 7" in refused(path)


@pytest.mark.parametrize(
    "runs", ["for k in range(3):\n    left()", "left()", "while False:\n    pass", "with left():\n    pass"]
)
def test_what_would_run_when_the_file_is_loaded_is_told_and_not_run(runs, tmp_path):
    path, mark = tmp_path / "mine.py", tmp_path / "was run"
    text = f"from pathlib import Path\n\n\ndef left():\n    Path({str(mark)!r}).touch()\n\n\n"
    path.write_text(text + runs + "\n")
    assert f"{path}, line 8: this runs whenever the file is loaded" in refused(path)
    assert 'under if __name__ == "__main__":' in refused(path) and not mark.exists()


def test_an_institution_and_a_file_of_neither_are_told_what_they_are(tmp_path):
    path, clinic = tmp_path / "mine.py", "from policysim.rules import *\n\n\nclass Clinic(Institution):\n    {}\n\n\n"
    path.write_text(clinic.format("..."))
    assert check_file(path) == f"{path} holds a sound institution: Clinic."
    path.write_text(clinic.format("def act(self, week): self.wek"))
    assert "mine.py, line 5: Clinic.act fails: AttributeError" in refused(path)
    path.write_text(clinic.format("...") + "class Mine(YoungPerson): ...\n")
    assert "line 4: institution Clinic is named by no class of people in the file" in refused(path)
    path.write_text("class Clinic: ...\n")
    assert "holds no class of people (derive one from YoungPerson, Adult or DependentUser) and no lever" in refused(
        path
    )


def test_rules_in_a_class_of_no_role_are_told_by_name(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "from policysim.rules import rule\n\n\nclass Calm:\n    @rule\n    def wait(self, here, world, luck): self.risk = 0.0\n"
    )
    assert "Calm has rules or helpers, and nobody lives by them: derive it from YoungPerson" in refused(path)


def test_a_rule_with_the_name_of_a_helper_is_told(tmp_path):
    path = written(tmp_path, "self.risk = 0.0")
    path.write_text(path.read_text().replace("try_it(", "search_exposure("))
    assert "rule Mine.search_exposure has the name of a helper of the model: write @helper above it" in refused(path)
    assert refused(path).endswith("def search_exposure(self, world)")


@pytest.mark.slow
def test_a_rule_of_the_model_that_is_replaced_whole_is_said_and_one_that_hands_on_is_not(tmp_path):
    path = written(tmp_path, "if self.age > 30:\n    return\nself.risk = 0.0")
    path.write_text(path.read_text().replace("try_it(", "start_using("))
    said = check_file(path)
    assert f"who never reached line {LINE + 1}; Mine lives by its own start_using alone" in said, (
        "no young person is 30"
    )
    path.write_text(path.read_text() + "        super().start_using(here, world, luck)\n")
    assert check_file(path).endswith(f"who never reached line {LINE + 1}.")


@pytest.mark.slow
def test_of_classes_that_derive_from_one_another_the_last_is_lived_by(tmp_path):
    path = written(tmp_path, "self.risk = 0.0")
    path.write_text(path.read_text() + "\n\nclass Further(Mine): ...\n")
    assert "holds sound rules: Further, tried by" in check_file(path)


# ---------------------------------------------------------------- levers

LEVER = '''from typing import ClassVar

from policysim.rules import Lever, PoliceTeam, Purse, setting, towards


class Milder(Lever):
    """Fewer arrests."""

    id = "milder"
    group = "policing"
    title = "Milder"
    path = "fewer are arrested"
    acts_on = PoliceTeam
    payer = "police"
    cost = "cost_arrest"
    process = "arrests"

    arrested: float = setting(0.1, ge=0, le=1, description="share arrested")

    def pull(self, policy, level):
        policy.arrest_share = towards(policy.arrest_share, self.arrested, level)
'''


def lever(folder: Path, before: str = "", now: str = "") -> Path:
    assert before in LEVER
    path = folder / "milder.py"
    path.write_text(LEVER.replace(before, now) if before else LEVER)
    return path


def test_a_sound_lever_is_told_what_it_is(tmp_path):
    path = lever(tmp_path)
    assert check_file(path) == f"{path} holds a sound lever: Milder, which acts on PoliceTeam."


WRONG = {
    "nobody to act on": ("    acts_on = PoliceTeam\n", "", "Milder does not say which institution it acts on"),
    "a purse that is not": ('"police"\n    cost', '"polise"\n    cost', "'polise', which is no purse; did you mean 'police'"),
    "a purse among several that is not": (
        '"police"\n    cost',
        '"police"\n    payers = ("police", "nsh")\n    cost',
        "'nsh' among its payers, which is no purse",
    ),
    "a cost that is not": ("cost_arrest", "cost_arest", "did you mean 'cost_arrest'"),
    "an outcome that is not": ('"arrests"', '"arests"', "process 'arests', which is no outcome; did you mean 'arrests'"),
    "a setting without a value": ("setting(0.1, ", "setting(", "setting arrested of Milder has no usual value"),
    "a part that the policy has not": ("policy.arrest_share =", "policy.arrest_shar =", "did you mean 'arrest_share'"),
    "a setting whose end is too far": (
        "policy.arrest_share = towards(policy.arrest_share, self.arrested, level)",
        "policy.diversion_attendance += 3 * self.arrested * level",
        "sets diversion_attendance of PolicingPolicy to [12][.0-9]*; .* it must be 0 to 1",
    ),
    "something at level 0": ("level)\n", "1.0)\n", "Milder changes arrest_share at level 0, where nothing may change"),
    "a pull that fails": ("self.arrested, level", "self.arested, level", r"line 21: Milder.pull fails: AttributeError"),
    "a setting misspelt": ("self.arrested, level", "self.arested, level", r"'arested'; did you mean 'arrested'\?"),
    "an institution misspelt": ("acts_on = PoliceTeam", "acts_on = PoliceTeem", "did you mean 'PoliceTeam'"),
    "the model's id": ('id = "milder"', 'id = "agonist_treatment"', "the id 'agonist_treatment', which is that of the model's"),
    "a setting without limits": (
        'setting(0.1, ge=0, le=1, description="share arrested")', "0.1", r"no limits .* write arrested: .* setting\(0.1, "
    ),
    "nothing to pull": ("PoliceTeam\n    payer", "Purse\n    payer", "acts on Purse, which has no policy"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "now", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_lever_is_one_sentence_with_its_file(before, now, said, tmp_path):
    path = lever(tmp_path, before, now)
    message = refused(path)
    assert re.search(said, message), message
    assert message.startswith(str(path))


def test_the_lever_of_the_docs_is_sound(tmp_path):
    [text] = [
        block
        for block in re.findall(r"```python\n(.*?)```", (ROOT / "docs/extending.md").read_text("utf-8"), re.DOTALL)
        if "class ReleaseAppointments" in block
    ]
    (tmp_path / "gate.py").write_text(text)
    assert "a sound lever: ReleaseAppointments, which acts on Prison" in check_file(tmp_path / "gate.py")


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_that_is_shipped_is_sound(name):
    assert "a sound lever: " in check_file(Path(sys.modules[LEVERS[name].__module__].__file__))


@pytest.mark.parametrize("index", ["self.age > 12", "self.age / 50", "True"])
def test_an_index_that_is_no_whole_number_is_told_and_not_taken_for_all_or_none(tmp_path, index):
    file = written(tmp_path, f"self.mine[{index}] = 1", OWN.replace("0)", "0, shape=3)"))
    with pytest.raises(
        UserError, match=rf"line {LINE + 2}: rule .*uses index .* of self\.mine; an index is a whole number"
    ):
        check_file(file)


def test_a_scenario_is_checked_with_the_rules_that_it_names(tmp_path):
    file = tmp_path / "study.toml"
    file.write_text('place = "authority:rutland"\npeople = 300\npeople_classes = ["my_rules.py:Mine"]\n', "utf-8")
    written(tmp_path, "self.aces = 1000")
    with pytest.raises(UserError, match=rf"my_rules\.py, line {LINE}: .*sets self\.aces to 1000"):
        check_file(file)
    written(tmp_path, "pass")
    assert "rules of Mine, tried by" in check_file(file)


def test_a_lever_may_name_an_outcome_that_people_of_its_file_declare(tmp_path):
    path = tmp_path / "milder.py"
    people = '\n\nclass Young(YoungPerson):\n    let_off = Event("was let off")\n'
    own = LEVER.replace('"arrests"', '"let_off"').replace("import Lever,", "import Event, Lever, YoungPerson,")
    path.write_text(own + people)
    assert "a sound lever: Milder" in check_file(path)
    path.write_text(own.replace('"let_off"', '"let_of"') + people)
    assert "has the process 'let_of', which is no outcome; did you mean 'let_off'?" in refused(path)
