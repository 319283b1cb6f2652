"""Rules are written once for all models of a process, and anew where anything that their names stand for has changed."""

import pytest
from tiny_world import Here, Tiny, World, count_present

from policysim.engine import compiler
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


@pytest.fixture
def times_written(monkeypatch):
    counted, write = [], compiler.write_parts
    monkeypatch.setattr(compiler, "write_parts", lambda *given: counted.append(1) or write(*given))
    return counted


def test_the_second_model_of_the_same_rules_writes_nothing(times_written):
    _checked_parts.cache_clear()
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
