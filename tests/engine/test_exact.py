"""exp and log of our own: within one unit in the last place, and the same bits in Python, compiled and anywhere."""

import hashlib
import math
import sys
from pathlib import Path

import mpmath
import numpy as np
import pytest
from numba import njit
from small_worlds import bits
from tiny_world import imported

from policysim.engine import exact as compiled
from policysim.errors import UserError
from policysim.vocabulary import exact

LUCK = np.random.default_rng(1)
ODD = np.array(
    [0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 1e-310, sys.float_info.max, 1e300]
)
TIPS = (np.arange(-1074, 1024) + 0.5) * math.log(2)  # where the nearest multiple of ln 2 is another
EXPONENTS = {
    "all that has an exponential": LUCK.uniform(-745.1, 709.7, 4000),
    "around 0": LUCK.uniform(-1, 1, 4000),
    "next to 0": LUCK.choice([-1, 1], 2000) * 10.0 ** LUCK.uniform(-320, 0, 2000),
    "too small for all digits": LUCK.uniform(-745.1, -700, 2000),
    "between two multiples of ln 2": np.concatenate([TIPS, np.nextafter(TIPS, 1e9), np.nextafter(TIPS, -1e9)]),
    "at the ends": np.array([709.782712893384, 709.78, 700, np.nextafter(700, 1e9), -700, -708.4, -745.13]),
}
KNOWN = "a3452287c76b0e5cbc6322ab1ff20154df3eda512cf699da43c53cb22de53e76"
"""A hash of bits that were worked out once."""
POWERS = 2.0 ** np.arange(-1022, 1023)
NUMBERS = {
    "every size": LUCK.integers(1, 0x7FEFFFFFFFFFFFFF, 4000).view(np.float64),
    "around 1": LUCK.uniform(0.7, 1.45, 4000),
    "next to 1": 1 + LUCK.choice([-1, 1], 2000) * 10.0 ** LUCK.uniform(-16, -1, 2000),
    "without all digits": LUCK.integers(1, 2**52, 2000).view(np.float64),
    "where the power of two changes": np.concatenate(
        [np.nextafter(POWERS * start, way) for start in (math.sqrt(0.5), 1) for way in (0, 1e308)]
    ),
}


@njit
def exp_compiled(values):
    found = np.empty_like(values)
    for k in range(values.size):
        found[k] = compiled.exp(values[k])
    return found


@njit
def log_compiled(values):
    found = np.empty_like(values)
    for k in range(values.size):
        found[k] = compiled.log(values[k])
    return found


def furthest(found: np.ndarray, of: np.ndarray, true) -> float:
    """The greatest distance from the true value, in units of the last place."""
    with mpmath.workprec(120):
        return max(
            float(abs(value - true(mpmath.mpf(x))) / math.ulp(float(true(mpmath.mpf(x)))))
            for value, x in zip(found.tolist(), of.tolist(), strict=True)
        )


def in_python(function, values: np.ndarray) -> np.ndarray:
    return np.array([function(x) for x in values.tolist()])


@pytest.mark.parametrize("where", EXPONENTS)
def test_exp_is_within_one_unit_in_the_last_place(where):
    values = EXPONENTS[where]
    assert furthest(in_python(exact.exp, values), values, mpmath.exp) < 0.9


@pytest.mark.parametrize("where", NUMBERS)
def test_log_is_within_one_unit_in_the_last_place(where):
    values = NUMBERS[where]
    assert furthest(in_python(exact.log, values), values, mpmath.log) < 0.9


@pytest.mark.slow
def test_compiled_code_gives_the_same_bits():
    exponents = np.concatenate([*EXPONENTS.values(), ODD, [709.79, 1e6, -745.2, -1e6]])
    numbers = np.concatenate([*NUMBERS.values(), ODD, -POWERS])
    assert np.array_equal(bits(exp_compiled(exponents)), bits(in_python(exact.exp_of, exponents)))
    assert np.array_equal(bits(log_compiled(numbers)), bits(in_python(exact.log_of, numbers)))
    table = exponents[:60].reshape(3, 20)[:, ::2]
    assert np.array_equal(
        bits(compiled.exp_of_each(table)), bits(in_python(exact.exp_of, table.ravel())).reshape(3, 10)
    )


def test_the_ends_are_those_of_mathematics():
    of = dict(zip(ODD.tolist(), in_python(exact.exp_of, ODD).tolist(), strict=True))
    assert of[0.0] == of[5e-324] == 1 and of[math.inf] == math.inf == of[1e300] and of[-math.inf] == 0
    assert exact.exp_of(710) == math.inf and exact.exp_of(-746) == 0 < exact.exp_of(-745)
    assert exact.log(1) == 0 and exact.log(math.inf) == math.inf
    assert math.isnan(exact.exp(math.nan)) and math.isnan(exact.log(math.nan)) and math.isnan(exact.log_of(-1))
    assert exact.log_of(0) == exact.log_of(-0.0) == -math.inf and exact.exp(math.inf) == math.inf
    with pytest.raises(OverflowError):
        exact.exp(710)
    for x in (0, -1, -math.inf):
        with pytest.raises(ValueError):
            exact.log(x)


def test_the_bits_are_those_of_every_machine():
    """On another processor, system or version they must come out as they were kept."""
    powers = compiled.exp_of_each(np.arange(-3000, 3001) / 8.5)
    values = np.concatenate([powers, in_python(exact.log_of, powers)])
    assert hashlib.sha256(values.astype("<f8").tobytes()).hexdigest() == KNOWN


@pytest.mark.slow
def test_no_product_and_sum_are_rounded_as_one():
    """Processors can (a fused multiply-add); the last bit would then be another."""
    exp_compiled(ODD), log_compiled(ODD.copy())
    for function in (exp_compiled, log_compiled):
        for text in function.inspect_asm().values():
            assert "mul" in text and "fmadd" not in text and "fmsub" not in text and "fmla" not in text


RULE = """{imports}
from policysim.engine.rules import rule
from tiny_world import Tiny


class Student(Tiny):
    @rule
    def try_it(self, here, world, luck):
        self.a = sqrt({called}(self.a))
"""


@pytest.mark.parametrize(
    "imports, called",
    [("from math import exp, sqrt", "exp"), ("from math import log as ln, sqrt", "ln"),
     ("import math\nfrom math import sqrt", "math.exp"), ("import math as m\nfrom math import sqrt", "m.log")],
)  # fmt: skip
def test_exp_and_log_of_the_module_math_are_refused_with_the_line_and_the_remedy(imports, called, tmp_path: Path):
    line = (
        RULE.format(imports=imports, called=called).splitlines().index(f"        self.a = sqrt({called}(self.a))") + 1
    )
    name = "log" if called in ("ln", "m.log") else "exp"
    with pytest.raises(UserError, match=f"line {line}.*uses {name} of .*write from policysim.rules import {name}$"):
        imported(tmp_path, RULE.format(imports=imports, called=called))


def test_sums_go_from_the_first_to_the_last(monkeypatch):
    values = LUCK.uniform(-1, 1, 10_001)
    expected = 0.0
    for value in values.tolist():
        expected += value
    assert exact.total(values) == expected and exact.total(values[:0]) == 0
    monkeypatch.setattr(exact, "AT_A_TIME", 7)
    assert exact.total(values) == expected, "and however few numbers are added up at a time"
