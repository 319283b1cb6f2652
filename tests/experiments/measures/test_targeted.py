"""All measures of one run, where some of those to be measured are not there."""

import warnings
from typing import Any

import numpy as np
import pytest
from small_worlds import model

from policysim.experiments.measures.targeted import Measurer
from policysim.scenarios.regime import regimes
from policysim.vocabulary.states import SUBSTANCES, Use

USERS = {"users_men", "users_inject"}
AGED = {"use_16_24", "cannabis_16_59"}


def measured(people: dict[str, Any]) -> dict[str, float]:
    """Every measure of a place after a week, with everybody's fields said anew; nothing may warn."""
    made = model(people=200, parameters={"ocu_per_1000": 0})
    measurer, regime = Measurer(), regimes()["status-quo"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        measurer.begun(regime, made)
        made.step()
        for field, value in people.items():
            made.people[field] = value
        measurer.after_week(made)
        measurer.ended(regime, made)
    made.close()
    return measurer.found[regime.id]


NOBODY_USES = {"use": np.full(SUBSTANCES, Use.NEVER), "using": 0, "dependent_on": 0}


@pytest.mark.parametrize("people, without, with_", [
    (NOBODY_USES, USERS, AGED),
    (NOBODY_USES | {"age": 70.0, "band": 12}, USERS | AGED, set()),
    ({"present": False}, USERS | AGED, set()),
], ids=["nobody uses", "nobody is young", "nobody is there"])  # fmt: skip
def test_a_share_of_nobody_is_not_a_number_and_warns_of_nothing(people, without, with_):
    found = measured(people)
    assert {name for name in USERS | AGED if np.isnan(found[name])} == without
    assert all(found[name] == 0 for name in with_)
    assert found["users_in_custody"] == found["alcohol_dependent"] == 0
