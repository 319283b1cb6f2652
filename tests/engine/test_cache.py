"""Compiled rules on disk: an edited rule never runs stale, an unchanged one loads at once."""

import io
import os
import subprocess
import sys
import time
import warnings
from contextlib import redirect_stderr
from pathlib import Path

import numpy as np
import pytest
from small_worlds import unequal
from tiny_world import Here, World, count_present, load, run_compiled, run_python

from policysim.engine.cache import PREFIX, SEAL, VARIABLE, cache_folder, remove_foreign_files
from policysim.engine.compiler import write_module
from policysim.engine.fields import fields_of, layout
from policysim.engine.reads import check_fields, fields_in
from policysim.errors import UserError

HEADER = """
from policysim.rules import helper, rule
from small_worlds import unequal
from tiny_world import Tiny

STEP = 0.25


@helper
def half(x):
    return x / 2


class Student(Tiny):
"""
OWNERS = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no such owners here")
RULE = "    @rule\n    def try_it(self, here, world, luck):\n"


def checked(role) -> str:
    """Everything that is checked before Numba."""
    check_fields((role,), (), *(fields_in(layout(fields_of([cls]))) for cls in (role, Here, World)))
    return write_module((role,), {}, count_present)


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("POLICYSIM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("numba.core.config.CACHE_DIR", "")  # beside the rules, wherever else this process would keep it
    return tmp_path / "cache"


def written(tmp_path, step: str):
    path = tmp_path / "edited_rules.py"
    path.write_text(HEADER + RULE + f"        self.a = min(self.a + {step}, 9)\n", encoding="utf-8")
    return path


def forget(monkeypatch):
    """Let go of what this process has compiled or loaded, as a new process begins."""
    for name in [name for name in sys.modules if name.startswith(PREFIX)]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.slow
def test_an_edited_rule_gives_the_new_behaviour(tmp_path, own_cache):
    results = []
    for step in ("1", "1.5", "half(1)", "1"):
        path = written(tmp_path, step)
        os.utime(path, (0, 0))  # the clock of the file must not matter
        role = load(path).Student
        results.append(run_compiled(role, weeks=1)[0].people["a"] - run_python(role, weeks=0)[0].people["a"])
    assert np.allclose(results[1] - results[0], 0.5)
    assert np.allclose(results[2] - results[0], -0.5)
    assert np.array_equal(results[3], results[0])


@pytest.mark.slow
def test_an_edited_constant_or_helper_gives_the_new_behaviour(tmp_path, own_cache):
    path = tmp_path / "edited_constant.py"
    results = []
    for step, divisor in ((0.25, 2), (0.5, 2), (0.5, 4)):
        text = HEADER.replace("STEP = 0.25", f"STEP = {step}").replace("return x / 2", f"return x / {divisor}")
        path.write_text(text + RULE + "        self.a = self.a + half(STEP)\n", encoding="utf-8")
        results.append(float(run_compiled(load(path).Student, weeks=1)[0].people["a"][0]))
    assert results[1] - results[0] == pytest.approx(0.125)
    assert results[2] - results[1] == pytest.approx(-0.125)


def test_a_file_edited_after_it_was_loaded_is_not_compiled_for_the_rules_of_before(tmp_path):
    role = load(written(tmp_path, "1")).Student
    written(tmp_path, "2.75")
    with pytest.raises(UserError, match=r"has changed since rule Student.try_it was loaded from it; load it again"):
        checked(role)


def test_unchanged_rules_load_from_disk(tmp_path, own_cache, monkeypatch):
    role = load(written(tmp_path, "1.0625")).Student  # rules that no other test has compiled
    started = time.perf_counter()
    first, _ = run_compiled(role)
    compiling = time.perf_counter() - started
    files = {path: path.stat().st_mtime_ns for path in own_cache.rglob("*") if path.suffix in {".nbi", ".nbc", ".py"}}
    assert {path.suffix for path in files} == {".nbi", ".nbc", ".py"}
    forget(monkeypatch)
    started = time.perf_counter()
    again, _ = run_compiled(load(tmp_path / "edited_rules.py").Student)
    assert time.perf_counter() - started < compiling
    assert {path: path.stat().st_mtime_ns for path in files} == files
    assert unequal(first.people, again.people) == []


def stand_in(monkeypatch, folder):
    """The folder that is used in place of one, with the warning that says why."""
    monkeypatch.setenv(VARIABLE, str(folder))
    with pytest.warns(UserWarning, match="compiled rules cannot be kept in") as said:
        used = cache_folder()
    assert f"{folder}" in str(said[0].message)
    assert folder not in used.parents
    assert used.stat().st_mode & 0o077 == 0
    assert cache_folder() == used  # and a process started from here finds the same
    return str(said[0].message)


def test_a_cache_folder_that_cannot_be_written_is_replaced(tmp_path, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    assert "not a directory" in stand_in(monkeypatch, blocked)


@OWNERS
def test_a_cache_folder_is_made_for_its_user_alone(tmp_path, own_cache):
    before = os.umask(0)
    try:
        assert cache_folder().stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)
    (own_cache / "rules").chmod(0o755)  # as an earlier version made it
    assert cache_folder().stat().st_mode & 0o777 == 0o700


@OWNERS
@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777, 0o1777])
def test_a_cache_folder_that_others_can_write_to_is_not_used(tmp_path, monkeypatch, mode):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules").chmod(mode)
    assert "other users can write to it" in stand_in(monkeypatch, tmp_path)


@OWNERS
@pytest.mark.parametrize("part", ["rules", "rules/__pycache__"])
def test_a_cache_folder_of_another_user_is_not_used(tmp_path, monkeypatch, part):
    owner = os.geteuid()
    (tmp_path / part).mkdir(parents=True)
    (tmp_path / "rules").chmod(0o700)
    found = (tmp_path / part).lstat().st_ino
    lstat = Path.lstat

    def as_seen(path):
        real = lstat(path)
        return os.stat_result((*real[:4], owner + 1, *real[5:])) if real.st_ino == found else real

    monkeypatch.setattr(Path, "lstat", as_seen)
    assert "belongs to another user" in stand_in(monkeypatch, tmp_path)


@OWNERS
def test_a_cache_folder_that_is_a_link_is_not_used(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "rules").symlink_to(tmp_path / "elsewhere")
    stand_in(monkeypatch, tmp_path)


@OWNERS
def test_a_file_that_is_not_the_users_own_is_removed_and_not_loaded(own_cache, tmp_path):
    folder = cache_folder()
    (tmp_path / "of somebody else").write_text("raise SystemExit")
    (folder / "policysim_rules_1.py").symlink_to(tmp_path / "of somebody else")
    (folder / "policysim_rules_2.py").write_text("own = True")
    for name in ("policysim_rules_1", "policysim_rules_2"):
        remove_foreign_files(folder, name)
    assert [path.name for path in folder.iterdir()] == ["policysim_rules_2.py"]
    assert (tmp_path / "of somebody else").exists()


@OWNERS
def test_rules_are_compiled_anew_where_somebody_elses_lie(own_cache, tmp_path, monkeypatch):
    role = load(written(tmp_path, "1.1875")).Student
    first, _ = run_compiled(role, weeks=1)
    [path] = [p for p in (own_cache / "rules").glob("*.py") if "def Student_try_it" in p.read_text(encoding="utf-8")]
    text = path.read_text(encoding="utf-8")
    path.rename(tmp_path / "changed.py")
    path.symlink_to(tmp_path / "changed.py")
    (tmp_path / "changed.py").write_text("raise SystemExit", encoding="utf-8")
    forget(monkeypatch)
    again, _ = run_compiled(load(tmp_path / "edited_rules.py").Student, weeks=1)
    assert path.read_text(encoding="utf-8") == text
    assert not path.is_symlink()
    assert unequal(first.people, again.people) == []


def compiled_again(tmp_path, monkeypatch) -> tuple[np.ndarray, list[str]]:
    """What the rules give in a new process, and what was said of compiling them."""
    forget(monkeypatch)
    with redirect_stderr(io.StringIO()) as said, warnings.catch_warnings():
        warnings.simplefilter("error")
        found, _ = run_compiled(load(tmp_path / "edited_rules.py").Student, weeks=1)
    return found.people, said.getvalue().splitlines()


@pytest.mark.parametrize("kind", ["*.nbc", "*.nbi", f"*{SEAL}"])
def test_what_a_killed_process_left_half_written_is_compiled_anew_and_never_loaded(
    tmp_path, own_cache, monkeypatch, kind
):
    first, _ = run_compiled(load(written(tmp_path, "1.3125")).Student, weeks=1)
    for path in own_cache.rglob(kind):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found, said = compiled_again(tmp_path, monkeypatch)
    assert unequal(first.people, found) == []
    assert len(said) == 1 and said[0].startswith("policysim: rules that have changed are being compiled (")
    found, said = compiled_again(tmp_path, monkeypatch)
    assert unequal(first.people, found) == [] and said == [], "then it is whole"


def test_a_process_that_was_killed_before_it_sealed_is_as_if_it_had_not_been(tmp_path, own_cache, monkeypatch):
    first, _ = run_compiled(load(written(tmp_path, "1.4375")).Student, weeks=1)
    for path in own_cache.rglob(f"*{SEAL}"):
        path.unlink()
    found, said = compiled_again(tmp_path, monkeypatch)
    assert unequal(first.people, found) == [] and len(said) == 1


TWO = (
    HEADER
    + RULE
    + "        self.a = half(self.b)\n\n    @rule\n    def other(self, here, world, luck):\n        self.b = {}\n"
)


def test_after_an_edit_the_other_rules_are_not_compiled_again(tmp_path, own_cache, monkeypatch):
    forget(monkeypatch)  # what other tests have compiled of the parts around the rules
    path = tmp_path / "edited_rules.py"
    path.write_text(TWO.format("0.5625"), encoding="utf-8")
    run_compiled(load(path).Student, weeks=1)
    before = {file: file.stat().st_mtime_ns for file in own_cache.rglob("*.nbc")}
    path.write_text(TWO.format("0.6875"), encoding="utf-8")
    found, said = compiled_again(tmp_path, monkeypatch)
    assert (found["b"] == 0.6875).all()
    assert {file: file.stat().st_mtime_ns for file in before} == before
    assert len(list(own_cache.rglob("*.nbc"))) == len(before) + 2, "the edited rule and the pass around it"
    assert len(said) == 1


def test_two_processes_that_compile_at_once_take_turns(tmp_path, own_cache):
    written(tmp_path, "1.5625")
    program = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from tiny_world import load, run_compiled\nfrom pathlib import Path\n"
        "print(run_compiled(load(Path(sys.argv[1]) / 'edited_rules.py').Student, weeks=1)[0].people['a'].sum())"
    )
    worlds = str(Path(__file__).parents[1] / "worlds")
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path), worlds],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said, warned = zip(*(process.communicate(timeout=300) for process in started), strict=True)
    assert said[0] == said[1] != ""
    assert sum("the rules are being compiled, which takes about half a minute" in text for text in warned) == 1
    assert [process.returncode for process in started] == [0, 0]
    assert list(own_cache.rglob("*.part")) == []
