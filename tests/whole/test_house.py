"""The house keeps its shape: small files, short functions, few things in the hall, rooms that tests mirror."""

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ("policysim", "experiments", "viz", "configs", "benchmarks", "tests")
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60
MOST_FILES_IN_THE_HALL = 6
SAY_NOTHING = {"base", "common", "core", "helpers", "misc", "utils"}  # names under which anything could be put
NO_ROOMS = {"whole", "worlds", "cases"}  # tests end to end, the small worlds that tests share, tables of cases
FINDINGS = ROOT / "findings"
SCRIPTS = sorted(FINDINGS.glob("*.sh"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def sources() -> dict[Path, str]:
    """Every Python file of the project with its text."""
    found = [path for folder in CODE for path in (ROOT / folder).rglob("*.py")]
    return {path: path.read_text(encoding="utf-8") for path in sorted([*found, *ROOT.glob("*.py")])}


# ---------------------------------------------------------------- sizes


def test_no_file_is_longer_than_one_idea() -> None:
    lines = {name_of(path): len(text.splitlines()) for path, text in sources().items()}
    assert {name: count for name, count in lines.items() if count > MOST_LINES_OF_A_FILE} == {}


def functions() -> Iterator[tuple[str, int]]:
    """Every function with the lines it takes, from `def` to its end."""
    for path, text in sources().items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield f"{name_of(path)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def test_no_function_is_longer_than_a_screen() -> None:
    assert [f"{name}: {lines} lines" for name, lines in functions() if lines > MOST_LINES_OF_A_FUNCTION] == []


# ---------------------------------------------------------------- rooms


def test_the_hall_stays_empty() -> None:
    loose = [path.name for path in (ROOT / "policysim").iterdir() if path.is_file() and not path.name.startswith(".")]
    assert len(loose) <= MOST_FILES_IN_THE_HALL, f"a module belongs in a room: {sorted(loose)}"


def test_every_folder_of_tests_names_a_room() -> None:
    folders = [path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("*.py")]
    rooms = {folder for folder in folders if folder.parts and folder.parts[0] not in NO_ROOMS}
    assert rooms
    houses = (ROOT, ROOT / "policysim")
    assert [f"tests/{room}" for room in sorted(rooms) if not any((house / room).is_dir() for house in houses)] == []


def test_a_module_is_named_after_what_it_holds() -> None:
    named = [part for path in sources() for part in path.relative_to(ROOT).with_suffix("").parts]
    assert SAY_NOTHING.intersection(named) == set()


# ---------------------------------------------------------------- findings


def test_findings_are_scripts_that_the_readme_lists() -> None:
    listed = re.findall(r"^\| `([\w-]+\.sh)` \|", (FINDINGS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [script.name for script in SCRIPTS]
    assert {path.name for path in FINDINGS.iterdir()} == {"README.md", *listed}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_finding_has_the_form_that_the_readme_gives(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    first, *lines = text.splitlines()
    head = "\n".join(lines[: next(n for n, line in enumerate(lines) if not line.startswith("#"))])
    assert first == "#!/bin/sh"
    assert os.access(script, os.X_OK)
    assert [said for said in ("# A guess:", "# What happens:", "# Why it matters:") if said not in head] == []
    for needed in ("\nset -eu\n", "mktemp -d", "\ntrap "):
        assert needed in text, f"without {needed.strip()}"
    assert "policysim" not in text.removeprefix(first).removeprefix(head), "a finding is about other software"
    assert subprocess.run(["sh", "-n", script], capture_output=True, timeout=20).stderr == b""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_finding_pins_what_it_installs(script: Path) -> None:
    installs = re.findall(r"pip install (.+)$", script.read_text(encoding="utf-8"), re.MULTILINE)
    packages = [word for line in installs for word in line.split() if not word.startswith("-")]
    assert packages
    assert [package for package in packages if not re.fullmatch(r'"?[\w.-]+==[\w.$-]+"?', package)] == []
