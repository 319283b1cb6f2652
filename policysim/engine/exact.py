"""exp and log of policysim.vocabulary.exact in compiled code: the same text, with the digits of a number for powers of two."""

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np
from llvmlite import ir
from numba import int64, types
from numba.extending import intrinsic

from policysim.engine.jit import inlined, outer
from policysim.vocabulary import exact
from policysim.vocabulary.exact import ROOT_HALF

BIAS, DIGITS = 1023, 52
"""How a double is laid out: its exponent is kept with this added, above so many binary digits."""
BITS_OF_ROOT_HALF = int(np.float64(ROOT_HALF).view(np.int64))


@intrinsic
def bits_of(typing_context, x):
    """The 64 bits of a double as a whole number."""

    def code(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), code


@intrinsic
def from_bits(typing_context, bits):
    """The double that has these 64 bits."""

    def code(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), code


@inlined
def two_to(k):
    """As policysim.vocabulary.exact.two_to."""
    return from_bits((int64(k) + BIAS) << DIGITS)  # type: ignore[call-arg]


@inlined
def parted(x):
    """As policysim.vocabulary.exact.parted."""
    bits: Any = bits_of(x)  # type: ignore[call-arg]
    power = (bits - BITS_OF_ROOT_HALF) >> DIGITS
    return from_bits(bits - (power << DIGITS)), float(power)


def _compiled(function: Callable) -> Any:
    known = vars(exact) | {"two_to": two_to, "parted": parted}
    return inlined(FunctionType(function.__code__, known, function.__name__))


exp, log = _compiled(exact.exp_of), _compiled(exact.log_of)


def _of_each(text: str) -> Any:
    """Numba keeps what it compiles by the file it stands in, and by what a function has from around it: this text."""

    @outer
    def exp_of_each(values):
        text  # noqa: B018
        found = np.empty_like(values)
        for k in range(values.size):
            found[k] = exp(values[k])
        return found

    return exp_of_each


_exp_of_each = _of_each(inspect.getsource(exact))


def exp_of_each(values: np.ndarray) -> np.ndarray:
    """e to each of these numbers, of any shape."""
    return _exp_of_each(values.ravel()).reshape(values.shape)
