"""Imports point downward: the contracts in pyproject.toml hold, and each of them can fail."""

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAPPED = ("experiments", "viz", "configs", "benchmarks")  # stand beside policysim, are installed inside it
LINT = Path(sysconfig.get_path("scripts")) / "lint-imports"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package in which every room lies where it is imported from."""
    for folder in ("policysim", *MAPPED):
        inside = Path("policysim") if folder == "policysim" else Path("policysim", folder)
        for path in (ROOT / folder).rglob("*.py"):
            copy = tmp_path / inside / path.relative_to(ROOT / folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    return tmp_path


def lint(house: Path, *contracts: str) -> tuple[int, str]:
    """The exit code of import-linter, and what it prints with its lines unwrapped."""
    chosen = [option for contract in contracts for option in ("--contract", contract)]
    command = [LINT, "--no-logo", "--no-cache", *chosen, ROOT / "pyproject.toml"]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, timeout=60)
    return done.returncode, re.sub(r"\s+", " ", done.stdout + done.stderr)


def add(house: Path, files: dict[str, str]) -> None:
    """Put files below policysim into the copy."""
    for file, text in files.items():
        path = house / "policysim" / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_the_contracts_hold(house: Path) -> None:
    code, said = lint(house)
    assert f"Analyzed {len(list(house.rglob('*.py')))} files" in said
    assert code == 0, said


# The contract, {file: what it says}, what is named in the answer.
BREAKS: dict[str, tuple[str, dict[str, str], str]] = {
    "an import from a room above": (
        "rooms",
        {"vocabulary/attic.py": "from policysim.levers import lever\n"},
        "policysim.vocabulary.attic -> policysim.levers.lever (l.1)",
    ),
    "an import from above inside a function": (
        "rooms",
        {"engine/attic.py": "def week():\n    from policysim.experiments import running\n"},
        "policysim.engine.attic -> policysim.experiments.running (l.2)",
    ),
    "rooms of one height": (
        "rooms",
        {"network/attic.py": "import policysim.world.here\n"},
        "policysim.network.attic -> policysim.world.here (l.1)",
    ),
    "a room that nobody placed": ("rooms", {"attic/__init__.py": ""}, "policysim.attic"),
    "a module beside the rooms": ("rooms", {"attic.py": ""}, "policysim.attic"),
    "people who know an institution": (
        "agents",
        {"agents/people/attic.py": "from policysim.agents.institutions import police\n"},
        "policysim.agents.people.attic -> policysim.agents.institutions.police (l.1)",
    ),
    "a runner that knows a design": (
        "experiments",
        {"experiments/running/attic.py": "from policysim.experiments.designs import compare\n"},
        "policysim.experiments.running.attic -> policysim.experiments.designs.compare (l.1)",
    ),
    "a kind of experiment that nobody placed": (
        "experiments",
        {"experiments/attic/__init__.py": ""},
        "policysim.experiments.attic",
    ),
    "the authors' face seen from inside": (
        "author-face",
        {"experiments/attic.py": "from policysim.rules import rule\n"},
        "policysim.experiments.attic -> policysim.rules (l.1)",
    ),
    "the public face seen from inside": (
        "public-face",
        {"engine/attic.py": "from policysim import DrugPolicyModel\n"},
        "policysim.engine.attic -> policysim (l.1)",
    ),
}


@pytest.mark.parametrize(("contract", "files", "named"), BREAKS.values(), ids=BREAKS)
def test_what_breaks_a_contract_is_named(house: Path, contract: str, files: dict[str, str], named: str) -> None:
    add(house, files)
    code, said = lint(house, contract)
    assert code != 0
    assert named in said


def test_a_circle_is_named_even_where_it_closes_inside_a_function(house: Path) -> None:
    hatch = "def hatch():\n    from policysim.vocabulary import hen\n"
    add(house, {"vocabulary/hen.py": "from policysim.vocabulary import egg\n", "vocabulary/egg.py": hatch})
    code, said = lint(house, "circles")
    assert code != 0
    assert re.search(
        r"No cycles are allowed in policysim\.vocabulary\..* - \.(hen -> \.egg|egg -> \.hen) \(1 import\)", said
    )


def test_a_type_may_be_named_from_above(house: Path) -> None:
    text = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from policysim.model import DrugPolicyModel\n"
    add(house, {"vocabulary/attic.py": text})
    assert lint(house, "rooms")[0] == 0
