"""What is left of a division of real numbers, to the last bit: processors have it in a library, and a card only nearly."""

from typing import Any

from numba import float64, int64

from policysim.engine.exact import bits_of, from_bits
from policysim.engine.jit import inner

DIGITS, EXPONENTS = 52, 0x7FF
LEADING, FRACTION, SIGN = 1 << DIGITS, (1 << DIGITS) - 1, -(1 << 63)
NO_NUMBER = 0x7FF8 << 48


@inner
def _apart(bits: int) -> tuple[int, int]:
    """The exponent and the 53 digits of a number that is finite and not 0, given by its bits without the sign."""
    exponent, digits = bits >> DIGITS, bits & FRACTION
    if exponent > 0:
        return exponent, digits | LEADING
    exponent = 1
    while digits < LEADING:
        digits <<= 1
        exponent -= 1
    return exponent, digits


@inner
def remainder(x: Any, y: Any) -> Any:
    """x - n y for the whole number n nearest to x / y towards 0, exact, with the sign of x; NaN where there is none.

    Long division digit by digit in whole numbers, as C's `fmod` is defined (ISO C, 7.12.10.1).
    """
    bits: Any = bits_of(float64(x))  # type: ignore[call-arg]
    by: Any = bits_of(float64(y)) & ~SIGN
    sign, of = bits & SIGN, bits & ~SIGN
    if by == 0 or of >= EXPONENTS << DIGITS or by > EXPONENTS << DIGITS:
        return from_bits(NO_NUMBER)
    if of < by:
        return x
    if of == by:
        return from_bits(sign)
    exponent, digits = _apart(of)
    least, divisor = _apart(by)
    while exponent > least:
        if digits >= divisor:
            digits -= divisor
        digits <<= 1
        exponent -= 1
    if digits >= divisor:
        digits -= divisor
    if digits == 0:
        return from_bits(sign)
    while digits < LEADING:
        digits <<= 1
        exponent -= 1
    if exponent > 0:
        digits = (digits - LEADING) | (int64(exponent) << DIGITS)
    else:
        digits >>= 1 - exponent
    return from_bits(digits | sign)
