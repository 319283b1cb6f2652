import warnings

import numpy as np
from numba import njit
from numba.core.errors import NumbaExperimentalFeatureWarning

from policysim import DrugPolicyModel
from policysim.agents.roles import RECORD, ROLES, record_of
from policysim.counts.counting import stocks_by_group
from policysim.engine.anew import anew
from policysim.engine.jit import inlined
from policysim.rules import Field, YoungPerson, rule

SHORT = np.dtype([("age", "f8"), ("present", "?")], align=True)
LONG = np.dtype([*[(name, SHORT[name]) for name in SHORT.names], ("flag", "?")], align=True)


@inlined
def twice(p):
    return 2 * p.age


@inlined
def four_times(p):
    return 2 * twice(p)


@njit
def summed(people):
    total = 0.0
    for k in range(people.size):
        total += four_times(people[k])
    return total


def test_a_function_made_anew_knows_no_records_that_it_has_met_before():
    with warnings.catch_warnings():
        warnings.simplefilter("error", NumbaExperimentalFeatureWarning)
        for dtype in (SHORT, LONG):
            people = np.zeros(3, dtype)
            people["age"] = 1.5
            assert anew(summed)(people) == 18
    assert not four_times.signatures and not twice.signatures


class Flagged(YoungPerson):
    """With a flag, which comes behind all other fields."""

    flagged = Field("?", "whether the person is over twelve")

    @rule
    def start_using(self, here, world, luck):
        """As before."""
        self.flagged = self.age > 12
        super().start_using(here, world, luck)


def test_rules_with_and_without_a_field_of_ones_own_run_in_one_process_without_a_word():
    with warnings.catch_warnings():
        warnings.simplefilter("error", NumbaExperimentalFeatureWarning)
        for classes in ([], [Flagged]):
            model = DrugPolicyModel("authority:rutland", people=100, years=1, engine="python", people_classes=classes)
            model.step()
            model.close()


def test_so_are_groups_counted():
    counted = []
    with warnings.catch_warnings():
        warnings.simplefilter("error", NumbaExperimentalFeatureWarning)
        for dtype in (RECORD, record_of([Flagged, *ROLES[1:]])):
            people, places = np.zeros(5, dtype), np.zeros(1, [("quintile", "i1"), ("area", "i8")])
            people["present"], people["age"] = True, 30
            counted.append(stocks_by_group(people, places, 5))
    assert np.array_equal(*counted) and counted[0].sum() > 0
