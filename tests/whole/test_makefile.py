"""What make does beside its tools: two at once do not disturb each other, and nobody else's folder is emptied."""

import os
import re
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


def make(repository: Path, *targets: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["make", *targets], cwd=repository, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
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


def git(repository: Path, *arguments: str) -> str:
    named = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    done = subprocess.run(["git", *named, *arguments], cwd=repository, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def versioned(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of the files that say a version, with something to release and an environment that builds nothing."""
    for name in ("pyproject.toml", "CITATION.cff", "setup.py"):
        shutil.copy(MAKEFILE.parent / name, repository)
    (repository / "policysim" / "__init__.py").write_text('__version__ = "0.1.0"\n', encoding="utf-8")
    (repository / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n### Added\n- Much.\n", encoding="utf-8")
    (repository / ".gitignore").write_text(".venv\n", encoding="utf-8")
    python = repository / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n", encoding="utf-8")
    python.chmod(0o755)
    for done in (".locked", ".installed"):
        (repository / ".venv" / done).touch()
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "somebody@example.org")
    git(repository, "init", "-q")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "First")
    return repository


def test_a_release_is_said_wherever_a_version_stands_and_tagged_once(versioned: Path) -> None:
    process = make(versioned, "release", "VERSION=0.2.0")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "git push --follow-tags" in out
    assert 'version = "0.2.0"' in (versioned / "pyproject.toml").read_text("utf-8")
    assert (versioned / "policysim" / "__init__.py").read_text("utf-8") == '__version__ = "0.2.0"\n'
    assert "\nversion: 0.2.0\n" in (versioned / "CITATION.cff").read_text("utf-8")
    log = (versioned / "CHANGELOG.md").read_text("utf-8")
    assert re.fullmatch(r"# Changelog\n\n## Unreleased\n\n## 0\.2\.0 - \d{4}-\d\d-\d\d\n\n### Added\n- Much\.\n", log)
    assert git(versioned, "describe", "--tags") == "v0.2.0" and git(versioned, "status", "--porcelain") == ""
    for wrong, said in (
        ("VERSION=0.2.0", "released already"),
        ("VERSION=two", "say which"),
        ("VERSION=0.3.0", "nothing under"),
    ):
        process = make(versioned, "release", wrong)
        assert said in process.communicate(timeout=60)[1] and process.returncode == 2
    (versioned / "CITATION.cff").write_text("", encoding="utf-8")
    assert "no commit holds" in make(versioned, "release", "VERSION=0.3.0").communicate(timeout=60)[1]


def test_a_hook_asks_before_each_commit_and_takes_nobodys_place(versioned: Path) -> None:
    hook = versioned / ".git" / "hooks" / "pre-commit"
    for _ in range(2):
        assert make(versioned, "hooks").wait(timeout=60) == 0
    assert os.access(hook, os.X_OK) and "make --silent lint layers types" in hook.read_text("utf-8")
    hook.write_text("#!/bin/sh\ntheirs\n", encoding="utf-8")
    process = make(versioned, "hooks")
    assert "another's" in process.communicate(timeout=60)[1] and process.returncode == 2
    assert "theirs" in hook.read_text("utf-8")
