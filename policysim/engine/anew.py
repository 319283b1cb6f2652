"""A compiled function for one layout of records alone."""

from types import FunctionType
from typing import Any

import numba
from numba.core.dispatcher import Dispatcher


def anew(compiled: Dispatcher) -> Any:
    """The same function, and those that it calls, as if it had been compiled for no records yet.

    Numba takes a record for a kind of any other that it begins like, as people with one more field do: where a function
    has met both it weighs one against the other, and warns that this is experimental.
    """
    plain = compiled.py_func
    known = plain.__globals__
    called = {name: known[name] for name in plain.__code__.co_names if isinstance(known.get(name), Dispatcher)}
    names = known | {name: anew(function) for name, function in called.items()}
    return numba.jit(**compiled.targetoptions)(FunctionType(plain.__code__, names, plain.__name__))
