"""Bounds by which rules pass over most people; they save time and change nothing.

They are worked out by the very hazards that they bound, so that a hazard which is edited is never cut off.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np

from policysim.agents.people import first_use
from policysim.errors import UserError
from policysim.vocabulary.groups import AGE_BANDS, SEXES
from policysim.vocabulary.states import SUBSTANCES, Use


def most_first_use(world: Any) -> tuple[np.ndarray, np.ndarray]:
    """Hazards of any first use by someone who has used nothing: without heroin and crack, and those two; shape (2, 14).

    With them `begin` passes over most people. `start_hazard` itself works them out, so that whatever is changed in it
    holds; they are a hair more than its sums, in whatever order those are added up. Raises UserError where it has come
    to depend on more of a person than sex, age band and use.
    """

    def total(sex: int, band: int, use_ratio: float) -> float:
        person = SimpleNamespace(sex=sex, band=band, use=(Use.NEVER,) * SUBSTANCES)
        here = SimpleNamespace(use_ratio=use_ratio)
        return sum(first_use.start_hazard(person, substance, here, world) for substance in range(SUBSTANCES))

    def totals(use_ratio: float) -> np.ndarray:
        return np.array([[total(sex, k, use_ratio) for k in range(len(AGE_BANDS))] for sex in range(len(SEXES))])

    try:
        soft, all_of_them = totals(0), totals(1)
    except AttributeError as error:
        raise UserError(
            f"start_hazard in policysim/agents/people/first_use.py reads {error.name!r}, but of a person it may read sex, band "
            "and use alone, and use_ratio of here; what else raises first use is given to begin as its ratio"
        ) from None
    return soft * (1 + 1e-9), (all_of_them - soft) * (1 + 1e-9)
