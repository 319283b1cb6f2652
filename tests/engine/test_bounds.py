"""Indices, ranges and numbers that cannot be: found in the source, in Python and in debug runs, each with its line."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_rules import tiny_module
from small_worlds import model, unequal
from tiny_world import Here, Tiny, World, count_present, imported, run_compiled, run_python, state_of

from policysim.engine.bounds import check_values
from policysim.engine.compiler import compile_week, write_module, write_parts
from policysim.engine.debugging import Watch
from policysim.engine.declaring import KINDS
from policysim.engine.fields import Field, fields_of, layout, row_class
from policysim.engine.ranges import FieldError, limits_of
from policysim.engine.reads import fields_in
from policysim.errors import UserError

HEADER = """from math import sqrt

from policysim.engine.luck import draw, happens
from policysim.engine.rules import helper, rule
from policysim.vocabulary.exact import exp, log
from tiny_world import Tiny

LAST = 2
PLACES = (0, 2, 3)


@helper
def put(self, where, much):
    self.shelf[where] = much


@helper
def put_last(self, much, where=3):
    self.shelf[where] = much


@helper
def put_beside(self, where):
    put(self, where + 1, 0.0)


class Student(Tiny):
    @rule
    def try_it(self, here, world, luck):
"""
FIRST_LINE = HEADER.count("\n") + 1


def student(tmp_path, body: str):
    return imported(tmp_path, HEADER + "".join(f"        {line}\n" for line in body.splitlines())).Student


def dtypes_of(role: type):
    return tuple(layout(fields_of([cls])) for cls in (role, Here, World))


def check(role: type) -> None:
    check_values((role,), (), *map(fields_in, dtypes_of(role)))


# ---------------------------------------------------------------- what the source tells

OUTSIDE = {
    "a constant": ("self.a = self.shelf[3]", 0, "index 3 of self.shelf"),
    "a constant that is written to": ("self.shelf[7] = 1.0", 0, "index 7 of self.shelf"),
    "a loop": ("for s in range(4):\n    self.shelf[s] = 0.0", 1, "index 3 of self.shelf"),
    "a loop downwards": ("for s in range(2, -2, -1):\n    self.shelf[s] = 0.0", 1, "index -1 of self.shelf"),
    "a neighbour in a loop": ("for s in range(3):\n    self.shelf[s] = self.shelf[s - 1]", 1, "index -1 of self.shelf"),
    "a loop over a tuple": ("for s in PLACES:\n    self.a = self.shelf[s]", 1, "index 3 of self.shelf"),
    "a constant of the module": ("self.a = self.shelf[LAST + 1]", 0, "index 3 of self.shelf"),
    "a local": ("k = LAST\nk += 1\nself.a = self.shelf[k]", 2, "index 3 of self.shelf"),
    "either of two": ("k = 0 if self.flag else 5\nself.a = self.shelf[k]", 1, "index 5 of self.shelf"),
    "after a branch": ("k = 0\nif self.flag:\n    k = 3\nself.a = self.shelf[k]", 3, "index 3 of self.shelf"),
    "a test too wide": ("for s in range(9):\n    if s <= 3:\n        self.a = self.shelf[s]", 2, "index 3 of self.shelf"),
    "a table of the world": ("for s in range(3):\n    self.a = world.table[s + 1]", 1, "index 3 of world.table"),
    "in place": ("self.shelf[LAST - 3] += 1", 0, "index -1 of self.shelf"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "line", "said"), OUTSIDE.values(), ids=OUTSIDE)
def test_an_index_that_the_source_tells_is_refused_with_line_field_length_and_remedy(body, line, said, tmp_path):
    role = student(tmp_path, body)
    with pytest.raises(UserError) as caught:
        check(role)
    message = str(caught.value)
    assert (
        f"line {FIRST_LINE + line}: rule Student.try_it uses {said}, which holds 3 numbers: an index is 0 to 2; "
        in message
    )
    assert "write one of those" in message or "as range(3) does" in message
    with pytest.raises(UserError, match="an index is 0 to 2"):
        compile_week((role,), {}, dtypes_of(role), count_present)


@pytest.mark.parametrize("call", ["put(self, 3, 1.0)", "put(self, where=3, much=1.0)", "put_beside(self, LAST)"])
def test_an_index_given_to_a_helper_is_followed_and_the_call_is_named(call, tmp_path):
    with pytest.raises(
        UserError, match=r"helper put uses index 3 of self.shelf, .* \(called in .*, line \d+: (rule|helper) "
    ):
        check(student(tmp_path, call))


def test_an_index_that_a_call_leaves_as_the_helper_has_it_is_followed(tmp_path):
    with pytest.raises(UserError, match=r"helper put_last uses index 3 of self.shelf"):
        check(student(tmp_path, "put_last(self, 1.0)"))
    check(student(tmp_path, "put_last(self, 1.0, 2)\nput_last(self, where=1, much=0.0)"))


INSIDE = {
    "a loop to the end": "for s in range(LAST + 1):\n    self.shelf[s] = 0.0",
    "a test before": "for s in range(9):\n    if s < 3:\n        self.a = self.shelf[s]",
    "a test that continues": "for s in range(9):\n    if s > LAST or s < 0:\n        continue\n    self.a = self.shelf[s]",
    "a test beside": "for s in range(9):\n    self.flag = s < 3 and self.shelf[s] > 0",
    "a choice": "for s in range(9):\n    self.a = self.shelf[s] if s < 3 else 0.0",
    "one name for two loops": "for s in range(3):\n    self.a = self.shelf[s]\nfor s in range(9):\n    self.b = 0.0 + s",
    "what cannot be told": "k = 3\nfor s in range(self.m):\n    k = s % 3\n    self.a = self.shelf[k]",
    "a loop over nothing": "for s in range(3, 3):\n    self.a = self.shelf[s]",
    "a field": "self.a = self.shelf[self.k]",
    "a test that is a field": "for s in range(3 if self.flag else 2):\n    self.a = self.shelf[s]",
    "a helper": "put(self, LAST, 1.0)\nput_beside(self, 1)",
}


@pytest.mark.parametrize("body", INSIDE.values(), ids=INSIDE)
def test_what_is_inside_or_cannot_be_told_is_let_pass(body, tmp_path):
    check(student(tmp_path, body))


@settings(derandomize=True, deadline=None, max_examples=40)
@given(first=st.integers(-3, 3), end=st.integers(-3, 6), step=st.sampled_from([-2, -1, 1, 2]), shift=st.integers(-2, 2))
def test_a_loop_is_refused_exactly_where_python_would_be_outside(tmp_path_factory, first, end, step, shift):
    body = f"for s in range({first}, {end}, {step}):\n    self.a = self.shelf[s + {shift}]"
    role = student(tmp_path_factory.mktemp("loop"), body)
    if any(not 0 <= s + shift < 3 for s in range(first, end, step)):
        with pytest.raises(UserError, match="uses index"):
            check(role)
    else:
        check(role)


# ---------------------------------------------------------------- what runs tell

RUNS = (  # one by one, so that one compilation serves all: (statement, what is said of it)
    ("self.shelf[self.k + 1] = 0", "uses index 3 of self.shelf, which holds 3 numbers: an index is 0 to 2"),
    ("self.shelf[self.k - 1] += draw(luck)", "uses index -1 of self.shelf, which holds 3 numbers"),
    ("self.a = world.table[self.k * 2]", "uses index 4 of world.table, which holds 3 numbers"),
    ("self.m = 40000", "sets self.m to 40000, which must be a whole number from 0 to 1000"),
    ("self.m += 1000", "which must be a whole number from 0 to 1000"),
    ("self.m -= 50", "which must be a whole number from 0 to 1000"),
    ("self.m = self.m + 0.5", "which must be a whole number from 0 to 1000"),
    ("self.k, self.m = 1, 2000", "sets self.m to 2000, which must be a whole number from 0 to 1000"),
    ("self.m = self.k = 3", "sets self.k to 3, which must be a whole number from 0 to 2"),
    ("self.b = 1e300 * 1e300 * (1 + self.m)", "sets self.b to inf, which must be a number from -9 to 9"),
    ("self.b = (1e300 * self.m + 1e300) * 1e300 - 1e300 * (1e300 + self.m)", "sets self.b to nan, which must be"),
    ("self.shelf[self.k] = 10 + self.m", "which must be a number from -9 to 9"),
    ("put(self, self.k + 1, 0.0)", "helper put uses index 3 of self.shelf"),
)  # fmt: skip
ARITHMETIC = (
    ("self.b = min(exp(1000 + self.m), 1)", "cannot "),
    ("self.b = max(log(self.k), 0)", "cannot "),
    ("self.b = max(sqrt(self.k - 1), 0)", "cannot "),
)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """Somebody who does each of these in the world that asks for it."""
    body = "".join(f"if world.w == {k}:\n    {statement}\n" for k, (statement, _) in enumerate(RUNS + ARITHMETIC))
    return student(tmp_path_factory.mktemp("faulty"), body)


@pytest.mark.parametrize("case", range(len(RUNS + ARITHMETIC)))
def test_python_and_a_debug_run_tell_the_same_with_line_rule_field_value_and_person(case, faulty):
    said = (RUNS + ARITHMETIC)[case][1]
    messages = []
    for run in (run_python, lambda role, **which: run_compiled(role, debug=True, **which)):
        with pytest.raises(UserError) as caught:
            run(faulty, w=case)
        messages.append(str(caught.value))
    for message in messages:
        assert said in message and "(person " in message and "week 0)" in message
        assert "helper put " in message or f"line {FIRST_LINE + 1 + 2 * case}: rule Student.try_it" in message
    if case < len(RUNS):
        assert messages[0] == messages[1]


def test_with_several_threads_a_debug_run_tells_as_well(faulty):
    with pytest.raises(FieldError, match=r"sets self\.m to 40000"):
        run_compiled(faulty, debug=True, threads=3, w=3)


def test_a_debug_run_lives_the_same_lives(tmp_path):
    role = imported(tmp_path, tiny_module(3, rules=1)).Drawn
    (usual, found), (debug, expected) = run_compiled(role), run_compiled(role, debug=True)
    assert unequal(usual.people, debug.people) == []
    assert all((a.sums == b.sums).all() for a, b in zip(found, expected, strict=True))


def test_usual_code_looks_at_nothing(faulty):
    usual = write_module((faulty,), {}, count_present)
    debug = write_module((faulty,), {}, count_present, Watch((faulty,), {}, dtypes_of(faulty)))
    assert "checked_index(" in debug and "checked_whole(" in debug and "checked_number(" in debug
    assert "checked_" not in usual and "noted" not in usual and "SITES" not in usual


def test_in_a_debug_run_too_an_edited_rule_leaves_the_code_of_the_others_as_it_was(tmp_path):
    lines = (
        "        self.shelf[0] = 1.0",
        "",
        "    @rule",
        "    def use_it(self, here, world, luck):",
        "        self.shelf[1] = 2.0",
        "",
        "class Edited(Student):",
        "    @rule",
        "    def try_it(self, here, world, luck):",
        "        self.shelf[0] = 1.0",
        "        self.shelf[2] = 3.0",
    )
    module = imported(tmp_path, HEADER + "\n".join(lines) + "\n")
    roles = module.Student, module.Edited
    written = [write_parts((role,), {}, count_present, Watch((role,), {}, dtypes_of(role))) for role in roles]
    first, second = ({part.name: part.text for part in parts} for parts in written)
    assert "checked_number(" in first["Student_use_it"] and first["Student_use_it"] == second["Student_use_it"]
    assert first["live"] != second["live"]


# ---------------------------------------------------------------- fields


@given(
    kind=st.sampled_from(sorted(set(KINDS) - {"?"})), value=st.integers(-(2**62), 2**62) | st.floats(), data=st.data()
)
def test_a_field_takes_exactly_what_is_in_its_range(kind, value, data):
    least, most = limits_of(kind)
    real = kind in ("f4", "f8")
    ends = st.floats(-1e6, 1e6, width=32) if real else st.integers(max(least, -(10**6)), min(most, 10**6))
    low, high = (data.draw(st.none() | ends) for _ in range(2))
    if None not in (low, high) and low > high:
        low, high = high, low
    role = type("Drawn", (Tiny,), {"mood": Field(kind, "drawn", "", low, high)})
    role.mood.__set_name__(role, "mood")
    person = role(state_of(role, 1).people, 0)
    below = -math.inf if low is None else low
    above = math.inf if high is None else high
    fits = math.isfinite(value) and below <= value <= above and least <= value <= most
    if fits and (real or value == int(value)):
        person.mood = value
        held = float(np.dtype(kind).type(value)) if real else value  # beyond 2**53 not every whole number is one
        assert person.mood == held and below <= held <= above
    else:
        before = person.mood
        with pytest.raises(FieldError, match=r"sets self\.mood to .*, which must be a (whole )?number"):
            person.mood = value
        assert person.mood == before


@pytest.mark.parametrize(
    ("kind", "low", "high"), [("i1", 0, 200), ("i2", -40_000, 0), ("f8", 1, 0), ("f8", 0, math.inf)]
)
def test_a_range_that_a_kind_cannot_hold_is_refused(kind, low, high):
    with pytest.raises(UserError, match="range must be from low to high within what its kind holds"):
        Field(kind, "mine", "", low, high)


def test_a_field_of_four_bytes_ends_at_numbers_that_it_holds_as_they_are():
    with pytest.raises(UserError, match=r"f4 cannot end at 0\.1, which it would hold rounded; write f8"):
        Field("f4", "mine", "", 0.1, 1)


def test_a_field_declared_twice_has_one_range():
    one, other = (type("One", (Tiny,), {"mood": Field("i1", "", "", 0, high)}) for high in (2, 3))
    with pytest.raises(UserError, match=r"'mood' is declared as a whole number from 0 to 2 in .* 0 to 3 in"):
        fields_of([one, other])


def test_an_index_of_what_a_person_reads_is_looked_at_in_every_record():
    state = state_of(Tiny, 1)
    world = row_class("World", state.world.dtype)(state.world, 0)
    for record, name in ((Tiny(state.people, 0).shelf, "self.shelf"), (world.table, "world.table")):
        for index in (-1, 3):
            with pytest.raises(
                FieldError, match=rf"index {index} of {name}, which holds 3 numbers: an index is 0 to 2"
            ):
                record[index]


@pytest.mark.parametrize("engine", ["python", "compiled"])
def test_what_a_program_writes_on_a_person_is_held_to_the_range_in_either_engine(engine):
    person = model(people=60, engine=engine).person(3)
    with pytest.raises(UserError, match=r"sets self\.aces to 1000, which must be a whole number from 0 to 9"):
        person.aces = 1000
