"""A file to begin with: sound as it stands, the same lives as without it, and one sentence where it cannot be written."""

from pathlib import Path

import pytest
from small_worlds import BUSY, disagreements, model

from policysim.agents.roles import roles_with
from policysim.engine.rules import rules_of
from policysim.errors import UserError
from policysim.reference.checking import check_file, people_in
from policysim.reference.listings import helpers, rules
from policysim.reference.new_rules import EXAMPLES, write_new


@pytest.mark.parametrize("rule", sorted({row["rule"] for row in rules()}))
def test_every_rule_can_be_begun_with(rule: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    names = write_new(file, rule)
    roles = {role for row in rules() if row["rule"] == rule for role in row["roles"]}
    assert [kind.__name__ for kind in people_in(file)] == names and {f"My{role}" for role in roles} == set(names)
    assert all(rule in vars(kind) or rule in vars(kind.__mro__[1]) for kind in people_in(file))
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 60


@pytest.mark.parametrize(
    "helper", ["begin", "search_exposure", "be_excluded", "answer_possession", "pull_of", "trouble"]
)
def test_a_helper_can_be_begun_with_too(helper: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    names = write_new(file, helper)
    lived = roles_with(people_in(file))
    assert [role.__name__ for role in lived if role.__name__.startswith("My")] == names
    assert any(helper in getattr(rule, "__qualname__", "") for rule in rules_of(lived[0]).values()), "rules call it"
    (row,) = [row for row in helpers() if row["helper"] == helper]
    assert row["returns_value"] == (f"return {helper}(" in file.read_text("utf-8"))


def test_first_use_points_to_its_helper_its_sisters_and_examples_that_are_there(tmp_path: Path) -> None:
    write_new(tmp_path / "mine.py", "start_using")
    text = " ".join((tmp_path / "mine.py").read_text("utf-8").replace("#", "").split())
    assert "--changes begin' changes one alone" in text and "By begin live start_later and start_another too" in text
    for helper, names in EXAMPLES.items():
        assert all(f"def {helper}(" in Path("examples", name).read_text("utf-8") for name in names)
    assert all(f"examples/{name}" in text for name in EXAMPLES["begin"])


@pytest.mark.slow
def test_as_it_stands_it_is_sound_and_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    write_new(file, "meet-police")
    assert "MyYoungPerson" in check_file(file)
    kinds = people_in(file)
    stock, mine = (
        model(engine="python", people=200, years=1, parameters=BUSY, people_classes=classes) for classes in ((), kinds)
    )
    for _ in range(20):
        stock.step()
        mine.step()
    assert disagreements(stock, mine) == []


def test_what_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "there.py").write_text("mine = 1\n")
    for file, rule, said in (
        (tmp_path / "there.py", "start_using", "there.py is there already"),
        (tmp_path / "mine.txt", "start_using", "ends in .py"),
        (tmp_path / "my-rules.py", "start_using", "such as my_rules.py"),
        (tmp_path / "none" / "mine.py", "start_using", r"cannot be written \(no such file or directory\)"),
        (tmp_path / "mine.py", "start_usin", "did you mean 'start_using'"),
    ):
        with pytest.raises(UserError, match=said):
            write_new(file, rule)
    assert (tmp_path / "there.py").read_text() == "mine = 1\n"
