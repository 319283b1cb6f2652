"""By what means runs are lived, which changes no result: which engine, how many processors."""

from operator import index
from typing import Any

from policysim.errors import UserError, nearest

ENGINES = ("compiled", "python", "debug", "gpu")
MOST_THREADS = 256


def engine_given(value: Any) -> str:
    """An engine by its name; raises UserError with the nearest valid one, and where this machine has no card for it."""
    if value not in ENGINES:
        raise UserError(
            f"there is no engine {_shown(value)}{nearest(str(value), ENGINES)} (engines are {', '.join(ENGINES)})"
        )
    if value == "gpu":
        from policysim.engine.gpu.card import check_card  # with NVIDIA's package, which no other engine needs

        check_card()
    return str(value)


def threads_given(value: Any, called: str = "threads") -> int:
    """How many processors to use; raises UserError, which names the number as whoever gave it did."""
    try:
        number = 0 if isinstance(value, bool) else index(value)
    except TypeError:
        number = 0
    if not 1 <= number <= MOST_THREADS:
        raise UserError(f"{called} must be 1 to {MOST_THREADS}, not {_shown(value)}")
    return number


def _shown(value: Any) -> str:
    from policysim.scenarios.faults import shown  # with pydantic, which a sound value does not need

    return shown(value)
