"""Bounds by which rules pass over most people; they save time and change nothing.

They are worked out by the very hazards that they bound, so that a hazard which is edited is never cut off.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np

from policysim.agents.people import first_use
from policysim.errors import UserError
from policysim.vocabulary.groups import AGE_BANDS, COMPANY_OF, ETHNIC_GROUPS, SEXES
from policysim.vocabulary.states import SUBSTANCES, Company, Use

A_HAIR = 1 + 1e-9


def most_first_use(world: Any) -> np.ndarray:
    """Hazards of any first use by someone who has used nothing, by kind of use, sex, ethnic group and age band.

    With them `begin` passes over most people. `start_hazard` itself works them out, so that whatever is changed in it
    holds; they are a hair more than its sums, in whatever order those are added up. Raises UserError where it has come
    to depend on more of a person than sex, ethnic group, age band and use.
    """
    here = SimpleNamespace(use_ratio=1)
    most = np.zeros((len(Company), len(SEXES), len(ETHNIC_GROUPS), len(AGE_BANDS)))
    try:
        for sex, group, band in np.ndindex(most.shape[1:]):
            person = SimpleNamespace(sex=sex, ethnicity=group, band=band, use=(Use.NEVER,) * SUBSTANCES)
            for substance in range(SUBSTANCES):
                hazard = first_use.start_hazard(person, substance, here, world)
                most[COMPANY_OF[substance], sex, group, band] += hazard
    except AttributeError as error:
        raise UserError(
            f"start_hazard in policysim/agents/people/first_use.py reads {error.name!r}, but of a person it may read sex, "
            "ethnicity, band and use alone, and use_ratio of here; what else raises first use is given to begin as its ratio"
        ) from None
    return most * A_HAIR
