"""How functions beside the rules are compiled: with nothing that nobody uses, which takes longer to compile than they do."""

from typing import Any

from numba import njit

inlined: Any = njit(forceinline=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
"""A function that becomes part of the week that calls it: without a call, and without counting references."""
inner: Any = njit(_nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
"""A function that only compiled ones call, and that makes and returns no array."""
outer: Any = njit(cache=True, nogil=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
"""A function that Python calls."""
