"""Rules are written once for all models, of other processes too, and anew where anything that decides has changed."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_world import Here, Tiny, World, count_present

from policysim.engine import compiler
from policysim.engine.cache import VARIABLE, cache_folder
from policysim.engine.compiler import _checked_parts
from policysim.engine.fields import fields_of, layout
from policysim.engine.written import shape_of
from policysim.rules import helper, rule
from policysim.vocabulary.states import Use

STEP = 0.25
FAR = (1, 2.5)


@helper
def stride(x):
    return x * STEP


@helper
def stroll(x):
    return x


class Walker(Tiny):
    @rule
    def walk(self, here, world, luck):
        self.a = stride(self.a) + FAR[0] * Use.REGULAR


class Runner(Walker):
    @rule
    def walk(self, here, world, luck):
        super().walk(here, world, luck)


def parts_of(role):
    layouts = tuple(layout(fields_of([cls])) for cls in (role, Here, World))
    return _checked_parts(shape_of((role,), []), (role,), (), layouts, count_present, False)


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    _checked_parts.cache_clear()


@pytest.fixture
def times_written(monkeypatch):
    counted, write = [], compiler.write_parts
    monkeypatch.setattr(compiler, "write_parts", lambda *given: counted.append(1) or write(*given))
    return counted


def test_the_second_model_of_the_same_rules_writes_nothing(times_written):
    assert parts_of(Runner) is parts_of(Runner) and len(times_written) == 1
    assert parts_of(Walker) is not parts_of(Runner) and len(times_written) == 2


@pytest.mark.parametrize("role", [Walker, Runner])
@pytest.mark.parametrize(("name", "value"), [("STEP", 0.5), ("STEP", 1), ("FAR", (2, 2.5)), ("stride", stroll)])
def test_a_changed_number_or_helper_is_written(role, name, value, monkeypatch):
    before = [part.text for part in parts_of(role)]
    monkeypatch.setitem(globals(), name, value)
    after = [part.text for part in parts_of(role)]
    assert after != before
    monkeypatch.undo()
    assert [part.text for part in parts_of(role)] == before


def test_a_rule_put_in_place_of_another_is_written(monkeypatch):
    before = [part.text for part in parts_of(Runner)]

    @rule
    def walk(self, here, world, luck):
        self.b = self.a

    monkeypatch.setattr(Walker, "walk", walk)  # met through super() alone
    assert [part.text for part in parts_of(Runner)] != before


# --- from one process to the next

ODD = np.ones(2)


def as_in_another_process(role):
    _checked_parts.cache_clear()
    return parts_of(role)


def test_another_process_need_not_write_what_one_has_written(times_written):
    first = parts_of(Runner)
    assert as_in_another_process(Runner) == first and len(times_written) == 1


@pytest.mark.parametrize(("name", "value"), [("STEP", 0.5), ("FAR", (2, 2.5)), ("stride", stroll)])
def test_what_names_stand_for_decides(name, value, times_written, monkeypatch):
    before = parts_of(Runner)
    monkeypatch.setitem(Walker.walk.__globals__, name, value)
    assert as_in_another_process(Runner) != before and len(times_written) == 2


def test_the_file_of_a_rule_decides(tmp_path):
    """Two processes whose rule differs by one sign, which its names and numbers do not tell."""
    text = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[1] / "worlds")!r})
from tiny_world import Here, Tiny, World, count_present
from policysim.engine.compiler import _checked_parts
from policysim.engine.fields import fields_of, layout
from policysim.engine.written import shape_of
from policysim.rules import rule

class Own(Tiny):
    @rule
    def walk(self, here, world, luck):
        self.a = self.a + 1

layouts = tuple(layout(fields_of([cls])) for cls in (Own, Here, World))
for part in _checked_parts(shape_of((Own,), []), (Own,), (), layouts, count_present, False):
    print(part.text)
"""
    told = []
    for sign in "+-":
        script = tmp_path / "own.py"
        script.write_text(text.replace("self.a + 1", f"self.a {sign} 1"))
        run = subprocess.run([sys.executable, script], capture_output=True, text=True, env=os.environ, check=True)
        told.append(run.stdout)
    assert ["self.a + 1" in text for text in told] == [True, False]
    assert ["self.a - 1" in text for text in told] == [False, True]


@pytest.mark.parametrize("damage", [lambda text: text[:-100], lambda text: "[[1]]", lambda text: ""])
def test_a_damaged_file_is_written_anew(damage, times_written):
    first = parts_of(Runner)
    (file,) = cache_folder().glob("*.json")
    file.write_text(damage(file.read_text()))
    assert as_in_another_process(Runner) == first and len(times_written) == 2


def test_rules_that_go_by_one_name_are_not_taken_for_one_another(times_written):
    def stepping(by):
        @helper
        def step(x):
            return x + by

        class Own(Tiny):
            @rule
            def walk(self, here, world, luck):
                self.a = step(self.a)

        return Own

    one, two = parts_of(stepping(1)), as_in_another_process(stepping(2))
    assert len(times_written) == 2 and [p.text for p in one] != [p.text for p in two]


def test_what_another_process_could_not_tell_is_not_remembered(monkeypatch):
    monkeypatch.setitem(Walker.walk.__globals__, "a", ODD)  # a name that the rule has for a field alone
    assert parts_of(Walker) and not list(cache_folder().glob("*.json"))
