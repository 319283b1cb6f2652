"""Fields held in four bytes: read, worked with and rounded alike in both engines."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import unequal
from tiny_world import Here, Tiny, World, count_all, count_present, keys_of, state_of

from policysim.engine.compiler import compile_week
from policysim.engine.fields import Field, fields_of, layout, row_class
from policysim.engine.rules import helper, rule
from policysim.engine.week import Buffers, CompiledEngine, PythonEngine
from policysim.vocabulary.exact import exp

WEEKS, PEOPLE = 2, 4


@helper
def between(self, other):
    """Half way: of two numbers held in four bytes."""
    return (self.b + other) / 2


class Short(Tiny):
    """Somebody with two numbers held in four bytes, so that some sums are of nothing else."""

    c = Field("f4", "a real number held in four bytes")

    @rule
    def move(self, here, world, luck):
        self.a = self.b * self.c - self.b * self.b + exp(min(self.c, 1))
        self.b += (self.c - self.b) * world.x
        self.c -= self.c * world.table[0]
        self.c = max(self.c, self.b, 1) if self.flag else between(self, self.c)
        nearer = self.b
        for _ in range(self.k):
            self.b -= nearer * self.b / 1000
            nearer = self.b
        self.shelf[0] = self.b / 3
        self.m = int(abs(self.b) * 100)


@pytest.fixture(scope="module")
def engine():
    layouts = tuple(layout(fields_of([of])) for of in (Short, Here, World))
    return CompiledEngine(compile_week((Short,), {}, layouts, count_present), keys_of(Short), {})


SMALL = st.floats(-1, 1, width=32)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(b=st.lists(SMALL, min_size=PEOPLE, max_size=PEOPLE), c=st.lists(SMALL, min_size=PEOPLE, max_size=PEOPLE))
def test_both_engines_work_in_eight_bytes_and_round_where_they_write(engine, b, c):
    compiled, by_python = (state_of(Short, PEOPLE) for _ in range(2))
    for state in (compiled, by_python):
        state.people["b"], state.people["c"] = b, c
    by_python.living = [Short(by_python.people, row) for row in range(PEOPLE)]
    here, world = (row_class(name, at.dtype) for name, at in (("Here", by_python.places), ("World", by_python.world)))
    slow = PythonEngine(
        count_all,
        keys_of(Short),
        (Short,),
        {},
        [here(by_python.places, k) for k in range(2)],
        world(by_python.world, 0),
    )
    compiled.rest.attend(compiled, engine.module)
    for week in range(WEEKS):
        for state, run in ((compiled, engine.run), (by_python, slow.run)):
            run(state, week, PEOPLE, Buffers(PEOPLE, 2, 1, 1))
    assert unequal(compiled.people, by_python.people) == []


def test_what_is_written_is_what_numpy_rounds_it_to():
    people = state_of(Short, 1).people
    person = Short(people, 0)
    person.b = 0.1
    assert person.b == float(np.float32(0.1)) and isinstance(person.b, float)
    person.b += 0.1
    assert person.b == float(np.float32(float(np.float32(0.1)) + 0.1))
