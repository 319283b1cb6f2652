"""The birth cohort from which use at the start is drawn."""

import numpy as np
import pytest

from policysim.evidence.registry import Parameters
from policysim.vocabulary.states import SUBSTANCES, Use
from policysim.world.cohort import YEARS, balances, cohort


def test_a_birth_cohort_is_whole_at_every_age_and_begins_with_no_use():
    shares = cohort(Parameters())
    assert shares.shape[:3] == (YEARS, len(Use), SUBSTANCES)
    assert shares.sum(axis=1) == pytest.approx(1)
    assert (shares[0, Use.NEVER] == 1).all()
    never = shares[:, Use.NEVER]
    assert (np.diff(never, axis=0) <= 0).all() and never[-1].min() < 1
    assert (np.diff(shares[20, Use.NEVER], axis=1) <= 1e-12).all(), "the higher the risk, the fewer never try"


@pytest.mark.parametrize(("levels", "expected"), [(5, [-2, -1, 0, 1, 2]), (2, [-2, 2]), (3, [-2, 0, 2])])
def test_balances_are_even_from_end_to_end(levels, expected):
    changed = Parameters({"balance_levels": levels})
    assert balances(changed).tolist() == expected
    assert cohort(changed).shape[-1] == levels
