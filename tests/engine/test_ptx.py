"""PTX of rules: made on any machine, without what would differ in the last bit on a card, kept on disk and made once."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit, types
from tiny_world import Tiny, TinyMark, count_present, state_of

from policysim.engine.compiler import compile_week
from policysim.engine.gpu import program
from policysim.engine.gpu.ptx import CARD, FUSED, Kernel, local_bytes, ptx_of
from policysim.engine.gpu.remainder import remainder
from policysim.errors import UserError
from policysim.rules import draw, exp, rule

remainder_of = njit(lambda x, y: remainder(x, y))
ANY = st.floats(allow_nan=True, allow_infinity=True, width=64)


@settings(deadline=None)
@given(ANY, ANY)
def test_what_is_left_of_a_division_is_that_of_the_processors_library_to_the_bit(x, y):
    expected = np.fmod(np.float64(x), np.float64(y)) if not (math.isinf(x) or y == 0) else math.nan
    found = remainder_of(x, y)
    assert (math.isnan(found) and math.isnan(expected)) or np.float64(found).tobytes() == np.float64(expected).tobytes()


class Mixed(Tiny):
    """Products, sums, divisions, remainders and powers of e."""

    @rule
    def mix(self, here, world, luck):
        self.a = (self.a * here.p + exp(draw(luck))) % 3.0 + self.b * self.shelf[self.k] / 7.5
        if self.a > world.x:
            self.tiny_marks |= TinyMark.HAPPENED


def program_of_mixed():
    state = state_of(Mixed)
    layouts = (state.people.dtype, state.places.dtype, state.world.dtype)
    return program.program_of(compile_week((Mixed,), {}, layouts, count_present), layouts)


def test_a_program_rounds_every_product_and_sum_and_serves_drivers_and_cards_of_long_ago():
    text = program_of_mixed().ptx
    assert re.search(r"^\.version 6\.3$", text, re.MULTILINE) and f".target {CARD}" in text
    assert {"live_one", "find", "count", "place", "gather", "scatter"} == set(
        re.findall(r"\.visible \.entry (\w+)", text)
    )
    assert "mul.rn.f64" in text and "add.rn.f64" in text and "div.rn.f64" in text
    assert not FUSED.search(text) and ".extern" not in text
    assert local_bytes(text) == 0


@njit(_nrt=False)
def _product_and_sum(t, numbers):
    numbers[t] = numbers[t] * 3.0 + 1.0
    return types.int64(0)


@njit(_nrt=False)
def _root(t, numbers):
    numbers[t] = math.floor(math.sqrt(numbers[t]) * 0.5)
    return types.int64(0)


@njit(_nrt=False)
def _sine(t, numbers):
    numbers[t] = math.sin(numbers[t])
    return types.int64(0)


GIVEN = (types.int64, types.Array(types.float64, 1, "C"))


def test_what_a_card_has_not_is_said_and_does_not_stop_the_process():
    line, root = ptx_of([Kernel("line", _product_and_sum, GIVEN)]), ptx_of([Kernel("root", _root, GIVEN)])
    assert "fma" not in line and "sqrt.rn.f64" in root and "cvt.rmi.f64.f64" in root
    with pytest.raises(
        UserError, match=r"a rule asks for .*sin.*, which an NVIDIA card does not have; engine 'compiled' has it"
    ):
        ptx_of([Kernel("sine", _sine, GIVEN)])


def test_a_program_is_made_once_and_made_again_where_what_is_kept_is_not_whole(monkeypatch):
    made = []

    def counted(kernels):
        made.append(kernels)
        return ptx_of(kernels)

    monkeypatch.setattr(program, "ptx_of", counted)
    text = program_of_mixed().ptx
    made.clear()
    assert program_of_mixed().ptx == text and not made
    for path in program.cache_folder().glob("*.ptx"):
        if text in (kept := path.read_text(encoding="utf-8")):
            path.write_text(kept[:-9], encoding="utf-8")
    assert program_of_mixed().ptx == text and len(made) == 1
    assert program_of_mixed().ptx == text and len(made) == 1
