"""docs/extending.md adds a lever with an event of its own: carried out word for word, in at most five places."""

import ast
import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("policysim", "experiments", "viz", "configs", "benchmarks", "tests", "docs", "pyproject.toml")
MAPPED = ("experiments", "viz", "configs", "benchmarks")
MOST_PLACES = 5
STEP = re.compile(r"\*\*\d\. .*?`([^`]+\.(?:py|csv|toml))`.*?```(?:python|csv|toml)\n(.*?)```", re.DOTALL)


def section() -> str:
    page = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    return page.split("## Add a lever\n")[1].split("\n## ")[0]


def steps() -> dict[str, str]:
    """What the section says to write, by file."""
    found = dict(STEP.findall(section()))
    assert len(found) == section().count("```") // 2, "a block of code without a file"
    return found


@pytest.fixture(scope="module")
def extended(tmp_path_factory) -> Path:
    """A copy of the project with the section carried out."""
    copy = tmp_path_factory.mktemp("extended")
    for name in COPIED:
        target = copy / "project" / name
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, target)
    for path, text in steps().items():
        file = copy / "project" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(file.read_text("utf-8") + text if path.endswith(".csv") else text, encoding="utf-8")
    inside = copy / "importable" / "policysim"
    inside.mkdir(parents=True)
    for part in (*(copy / "project" / "policysim").iterdir(), *(copy / "project" / name for name in MAPPED)):
        (inside / part.name).symlink_to(part)
    return copy


def run(extended: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = os.environ | {
        "PYTHONPATH": str(extended / "importable"),
        "POLICYSIM_CACHE_DIR": str(extended / "cache"),
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=extended / "importable", env=environment, capture_output=True, text=True, timeout=280,
    )  # fmt: skip


def test_a_lever_with_an_event_of_its_own_touches_at_most_five_places():
    assert 4 <= len(steps()) <= MOST_PLACES
    assert f"touches **{['', '', '', '', 'four', 'five'][len(steps())]} places**" in section()


def parts_of(text: str) -> dict[str, str]:
    """The functions, methods and fields of a module by name, as they are written; what a constructor does apart."""
    tree = ast.parse(text)
    owners = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
    parts = [part for owner in owners for part in owner.body if isinstance(part, ast.FunctionDef | ast.Assign)]
    named = {part.name if isinstance(part, ast.FunctionDef) else ast.unparse(part.targets[0]): part for part in parts}
    return {name: ast.unparse(part) for name, part in named.items() if name not in ("__init__", "costs")}


def test_what_stands_in_a_file_that_is_edited_is_kept():
    """The section shows the whole of a file afterwards: when the file changes, so must the section."""
    edited = [path for path in steps() if path.endswith(".py") and (ROOT / path).exists()]
    assert len(edited) == 1
    before, after = parts_of((ROOT / edited[0]).read_text(encoding="utf-8")), parts_of(steps()[edited[0]])
    assert len(before) >= 3
    assert before.items() <= after.items()


def test_rows_of_the_registry_have_its_columns():
    for path, text in steps().items():
        if path.endswith(".csv"):
            columns = next(csv.reader((ROOT / path).read_text(encoding="utf-8").splitlines()))
            assert all(len(row) == len(columns) for row in csv.reader(text.splitlines()))


@pytest.mark.slow
def test_the_lever_works_as_soon_as_its_files_lie_there(extended):
    listed = run(extended, "-m", "policysim", "levers", "overdose_follow_up")
    assert listed.returncode == 0, listed.stderr
    assert "Share of those who live who are visited" in listed.stdout
    assert "overdose-follow-up" in run(extended, "-m", "policysim", "regimes").stdout
    program = (
        "from policysim.counts.outcomes import OUTCOMES\n"
        "from policysim.experiments.lives import words\n"
        "from policysim.agents.roles import ROLES\n"
        "from policysim.engine.fields import fields_of, marks_in\n"
        "print(OUTCOMES['visited_after_overdose'].meaning, 'follow_up_marks' in marks_in(fields_of(ROLES)))"
    )
    done = run(extended, "-c", program)
    assert done.stdout.strip() == "was visited after an overdose True", done.stderr


@pytest.mark.long
@pytest.mark.slow
def test_its_own_test_passes_and_so_do_those_of_every_lever_and_of_the_source(extended):
    tests = extended / "project" / "tests"
    done = run(
        extended, "-m", "pytest", "-q", "-x", "-c", str(extended / "project" / "pyproject.toml"),
        "--rootdir", str(extended / "project"),
        str(tests / "levers" / "harm_reduction" / "test_overdose_follow_up.py"),
        str(tests / "levers" / "test_levers.py"), str(tests / "levers" / "test_catalogue.py"),
        str(tests / "whole" / "test_source_checks.py"), "-k", "overdose_follow_up or catalogue or source_checks",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "deselected" in done.stdout, "of the other levers"
