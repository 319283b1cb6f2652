"""The smallest people that rules can run on, so that a test of the engine compiles in a second, not in ten."""

import importlib.util
import itertools
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
from numba import njit

from policysim.engine.compiler import compile_week
from policysim.engine.fields import Field, Marks, fields_of, layout, row_class
from policysim.engine.luck import SHARED, key_of
from policysim.engine.rest import Rest
from policysim.engine.rules import rule_names
from policysim.engine.week import Buffers, CompiledEngine, DebugEngine, PythonEngine
from policysim.vocabulary.mark import Mark
from policysim.vocabulary.stocks import PARTS

NUMBERS = itertools.count()


class TinyMark(Mark):
    """What can happen to someone tiny."""

    HAPPENED = "something happened"


class Tiny:
    """A person of few fields."""

    present = Field("?", "is there")
    role = Field("i1", "role", "", 0, 0)
    tiny_marks = Marks(TinyMark)
    neighbourhood = Field("i4", "where")
    a = Field("f8", "a real number", "", -9, 9)
    b = Field("f4", "another, held in four bytes", "", -9, 9)
    k = Field("i1", "a state", "", 0, 2)
    m = Field("i2", "a count", "", 0, 1000)
    flag = Field("?", "a flag")
    shelf = Field("f8", "three real numbers", "", -9, 9, shape=3)

    def __init__(self, people, row):
        self.people, self.row = people, row


class Here:
    """What a neighbourhood of tiny people holds."""

    area = Field("i4", "area")
    p = Field("f8", "a number")
    h = Field("i2", "a small whole number")


class World:
    """What holds for all of them."""

    x = Field("f8", "a number")
    table = Field("f8", "three numbers", shape=3)
    w = Field("i2", "a small whole number")


@njit
def count_present(person, here, stocks, sums, one):
    """Counts people and adds up `a`; says whether the person is to be followed."""
    stocks[here.area, 0] += one * person.present
    sums[here.area, 0] += one * int(person.a * PARTS)
    return person.flag


@njit
def count_all(people, places, lived, any_mark, edges, marked, followed, counts, stocks, sums):
    """The same for the Python engine."""
    for chunk in range(edges.size - 1):
        for i in range(edges[chunk], edges[chunk + 1]):
            if not lived[i]:
                continue
            if any_mark[i]:
                marked[edges[chunk] + counts[chunk, 0]] = i
                counts[chunk, 0] += 1
            if count_present(people[i], places[people[i].neighbourhood], stocks, sums, 1):
                followed[edges[chunk] + counts[chunk, 1]] = i
                counts[chunk, 1] += 1


def state_of(role: type, n: int = 150) -> SimpleNamespace:
    """n tiny people in two places, with varied values in every field."""
    rng = np.random.default_rng(5)
    people = np.zeros(n, layout(fields_of([role])))
    places, world = np.zeros(2, layout(fields_of([Here]))), np.zeros(1, layout(fields_of([World])))
    people["present"] = True
    people["neighbourhood"] = np.arange(n) % 2
    for name in ("a", "b", "shelf"):
        people[name] = rng.uniform(-3, 3, people[name].shape)
    people["k"], people["m"], people["flag"] = rng.integers(0, 3, n), rng.integers(0, 50, n), rng.random(n) < 0.5
    places["area"], places["p"], places["h"] = [0, 1], [0.25, -1.5], [2, 7]
    world["x"], world["table"], world["w"] = 0.7, [0.1, 1.0, 2.5], 3
    rest = Rest(n, 2, 1, 1)
    return SimpleNamespace(people=people, places=places, world=world, rest=rest)


def keys_of(role: type) -> dict[str, int]:
    return {name: key_of(1, name) for name in [*rule_names((role,)), SHARED]}


def run_compiled(
    role: type, weeks: int = 3, threads: int = 1, debug: bool = False, w: int = 3
) -> tuple[SimpleNamespace, list]:
    """The state after some weeks, and what each week's pass found; `w` is the world's small whole number."""
    state = state_of(role)
    state.world["w"] = w
    dtypes = (state.people.dtype, state.places.dtype, state.world.dtype)
    module = compile_week((role,), {}, dtypes, count_present, debug)
    state.rest = Rest(state.people.size, 2, 1, 1, threads)
    state.rest.attend(state, module)
    engine = (DebugEngine if debug else CompiledEngine)(module, keys_of(role), {}, threads)
    buffers = Buffers(state.people.size, 2, 1, 1, threads)
    found = [engine.run(state, week, state.people.size, buffers) for week in range(weeks)]
    engine.close()
    return state, found


def run_python(role: type, weeks: int = 3, w: int = 3) -> tuple[SimpleNamespace, list]:
    """The same by Python."""
    state = state_of(role)
    state.world["w"] = w
    state.living = [role(state.people, row) for row in range(state.people.size)]
    here_class, world_class = row_class("Here", state.places.dtype), row_class("World", state.world.dtype)
    here = [here_class(state.places, k) for k in range(2)]
    engine = PythonEngine(count_all, keys_of(role), (role,), {}, here, world_class(state.world, 0))
    buffers = Buffers(state.people.size, 2, 1, 1)
    return state, [engine.run(state, week, state.people.size, buffers) for week in range(weeks)]


def imported(folder: Path, source: str) -> ModuleType:
    """A module of this text, from a file of its own, as a student's would be."""
    path = folder / f"drawn_rules_{next(NUMBERS)}.py"
    path.write_text(source, encoding="utf-8")
    return load(path)


def load(path: Path) -> ModuleType:
    """The module in this file as it is now."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
