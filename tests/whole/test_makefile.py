"""What make does beside its tools: two at once do not disturb each other, and nobody else's folder is emptied."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"
PARTS = ("experiments", "viz", "configs", "benchmarks")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The folders that make knows by name, with nothing in them."""
    shutil.copy(MAKEFILE, tmp_path)
    (tmp_path / "requirements.txt").touch()
    for part in ("policysim/cli", "policysim/world", *PARTS):
        (tmp_path / part).mkdir(parents=True)
    return tmp_path


def make(repository: Path, target: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["make", target], cwd=repository, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={key: value for key, value in os.environ.items() if not key.startswith("MAKE")},
    )  # fmt: skip


def test_several_at_once_lay_one_tree_of_links(repository: Path) -> None:
    running = [make(repository, ".tree") for _ in range(6)]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in running] == [("", 0)] * 6
    links = {link.name: link for link in (repository / ".tree" / "policysim").iterdir()}
    assert links.keys() == {"cli", "world", *PARTS}
    assert all(link.is_symlink() and link.resolve().is_dir() for link in links.values())
    assert not list((repository / "policysim" / "cli").iterdir()), "no link within a folder that is linked"


def test_a_link_stays_while_it_leads_somewhere_and_goes_with_what_it_led_to(repository: Path) -> None:
    make(repository, ".tree").communicate(timeout=60)
    kept, gone = (repository / ".tree" / "policysim" / name for name in ("cli", "world"))
    before = kept.lstat().st_ino
    (repository / "policysim" / "world").rmdir()
    make(repository, ".tree").communicate(timeout=60)
    assert kept.lstat().st_ino == before and not gone.is_symlink()


def test_an_environment_that_is_only_linked_is_not_emptied(repository: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "somebody" / "venv"
    elsewhere.mkdir(parents=True)
    (elsewhere / "theirs").touch()
    (repository / ".venv").symlink_to(elsewhere)
    process = make(repository, ".venv")
    _, err = process.communicate(timeout=60)
    assert process.returncode != 0 and "is a link to" in err
    assert [path.name for path in elsewhere.iterdir()] == ["theirs"]


@pytest.mark.parametrize("words", [("main",), ("REF=main",), ("HEAD~2", "BENCH=--full")])
def test_the_commit_to_compare_with_is_a_word_or_a_value(repository: Path, words: tuple[str, ...]) -> None:
    for name in ("pyproject.toml", "setup.py"):
        (repository / name).touch()
    said = subprocess.run(["make", "-n", "bench-against", *words], cwd=repository, text=True, capture_output=True)
    asked = " ".join(word.removeprefix("REF=").removeprefix("BENCH=") for word in words)
    assert f"-m policysim.benchmarks.against {asked}" in said.stdout and said.returncode == 0
