"""Compiled rules on disk: an edited rule never runs stale, an unchanged one loads at once."""

import os
import time

import numpy as np
import pytest
from small_worlds import unequal
from tiny_world import Here, World, count_present, load, run_compiled, run_python

from policysim.engine.compiler import cache_folder, write_module
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
    for name in [name for name in __import__("sys").modules if name.startswith("policysim_rules_")]:
        monkeypatch.delitem(__import__("sys").modules, name)  # as in a new process
    started = time.perf_counter()
    again, _ = run_compiled(load(tmp_path / "edited_rules.py").Student)
    assert time.perf_counter() - started < compiling
    assert {path: path.stat().st_mtime_ns for path in files} == files
    assert unequal(first.people, again.people) == []


def test_a_cache_folder_that_cannot_be_written_is_replaced(tmp_path, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("POLICYSIM_CACHE_DIR", str(blocked))
    folder = cache_folder()
    assert folder.is_dir()
    assert blocked not in folder.parents
