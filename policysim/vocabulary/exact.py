"""exp and log to the same bit on every machine: made of + - * / alone, each of which is rounded in one way everywhere.

Those of a system's library, and so of `math` and NumPy, differ in the last bit from system to system, from one version to
the next and, in NumPy, from processor to processor. These lie within one unit in the last place of the true value over
the whole range (tests/engine/test_exact.py; the most that was found is 0.88).

Both take the number apart by powers of two (Cody and Waite, "Software Manual for the Elementary Functions", 1980), with
ln 2 in two parts of which the first has so few digits that its multiples are exact. What remains is small enough for the
series that everybody knows; its first terms, which are exact, are added last, so that hardly more than the last rounding
is left. The terms are summed in pairs, which a processor works out side by side.

Rules are given `exp` and `log` of here in every engine: compiled code is made of `exp_of` and `log_of` themselves
(`policysim/engine/exact.py`).
"""

from math import frexp, inf, ldexp, nan

import numpy as np

LN2_HIGH = float.fromhex("0x1.62e42feep-1")
"""The first 32 binary digits of ln 2."""
LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
"""What they leave over, to 53 digits more."""
PER_LN2 = float.fromhex("0x1.71547652b82fep+0")
"""1 / ln 2."""
ROUND = float.fromhex("0x1.8p+52")
"""Added and taken away again it leaves the nearest whole number."""
ROOT_HALF = float.fromhex("0x1.6a09e667f3bcdp-1")
"""The root of 1/2: numbers are taken apart to lie around 1."""
SMALLEST, LARGEST = float.fromhex("0x1p-1022"), float.fromhex("0x1.fffffffffffffp+1023")
"""Of the numbers that have all their digits."""
PLAIN = 700.0
"""As far as this the exponential has all its digits."""


def two_to(k: float) -> float:
    """2 to the whole number k, of -1022 to 1023."""
    return ldexp(1.0, int(k))


def parted(x: float) -> tuple[float, float]:
    """x as a number from the root of 1/2 to that of 2 and a whole power of two; x has all its digits."""
    fraction, power = frexp(x)
    if fraction < ROOT_HALF:
        return 2 * fraction, power - 1.0
    return fraction, float(power)


def exp_of(x: float) -> float:
    """e to the x: infinite where it is too large for a number, 0 where it is too small.

    x = k ln 2 + r, |r| below 0.35; exp(r) by its series to the 13th power.
    """
    x = float(x)
    plain = -PLAIN <= x <= PLAIN
    if not plain:
        if x != x:
            return x
        x = 710.0 if x > 710.0 else (-746.0 if x < -746.0 else x)
    k = (x * PER_LN2 + ROUND) - ROUND
    high, low = x - k * LN2_HIGH, k * LN2_LOW
    r = high - low
    square = r * r
    fourth = square * square
    first = (1 / 2 + r * (1 / 6)) + square * (1 / 24 + r * (1 / 120))
    middle = (1 / 720 + r * (1 / 5040)) + square * (1 / 40320 + r * (1 / 362880))
    last = (1 / 3628800 + r * (1 / 39916800)) + square * (1 / 479001600 + r * (1 / 6227020800))
    value = 1 + (high + (square * (first + fourth * (middle + fourth * last)) - low))
    if plain:
        return value * two_to(k)
    half = (k / 2 + ROUND) - ROUND
    return value * two_to(half) * two_to(k - half)


def log_of(x: float) -> float:
    """The natural logarithm: minus infinity for 0, NaN below it.

    x = 2^k (1 + f); with s = f / (2 + f), log(1 + f) = 2 (s + s^3 / 3 + s^5 / 5 + ... + s^21 / 21), in which
    2 s = f - s f.
    """
    x, k = float(x), 0.0
    if not SMALLEST <= x <= LARGEST:
        if x == 0:
            return -inf
        if not x > 0:
            return nan
        if x > LARGEST:
            return x
        x, k = x * 18014398509481984.0, -54.0
    fraction, power = parted(x)
    k += power
    f = fraction - 1
    s = f / (2 + f)
    square = s * s
    fourth = square * square
    first = (2 / 3 + square * (2 / 5)) + fourth * (2 / 7 + square * (2 / 9))
    middle = (2 / 11 + square * (2 / 13)) + fourth * (2 / 15 + square * (2 / 17))
    eighth = fourth * fourth
    rest = square * (first + eighth * (middle + eighth * (2 / 19 + square * (2 / 21))))
    half = f * f / 2
    return k * LN2_HIGH - ((half - (s * (half + rest) + k * LN2_LOW)) - f)


def exp(x: float) -> float:
    """e to the x; raises OverflowError where it is too large for a number. Compiled rules are given infinity."""
    value = exp_of(x)
    if value == inf and x < inf:
        raise OverflowError("math range error")
    return value


def log(x: float) -> float:
    """The natural logarithm; raises ValueError for 0 and below. Compiled rules are given minus infinity, or NaN."""
    if x <= 0:
        raise ValueError("math domain error")
    return log_of(x)


exp.compiled_as = ("policysim.engine.exact", "exp")  # type: ignore[attr-defined]
log.compiled_as = ("policysim.engine.exact", "log")  # type: ignore[attr-defined]


AT_A_TIME = 1 << 16
FEW = 64
"""Numbers that are added up one by one, before a library is done with being asked."""


def total(values: np.ndarray) -> float:
    """A sum from the first to the last: floating point addition is not associative, and libraries choose the order."""
    flat = np.ravel(values)
    if 0 < flat.size <= FEW and flat.dtype == np.float64:
        first, *others = flat.tolist()
        for value in others:
            first += value
        return float(first)
    found = np.zeros(min(flat.size, 1))
    for first in range(0, flat.size, AT_A_TIME):  # few at a time: each sum on the way is a number too
        some = flat[first : first + AT_A_TIME]
        found = np.cumsum(np.concatenate((found, some)) if first else some)[-1:]
    return float(found[0]) if found.size else 0.0
