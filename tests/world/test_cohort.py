"""The birth cohort from which use at the start is drawn."""

from types import SimpleNamespace

import numpy as np
import pytest

from policysim.agents.people.first_use import start_hazard
from policysim.agents.people.use import change_hazard
from policysim.evidence.registry import Parameters
from policysim.model import DrugPolicyModel
from policysim.model.building import python_views
from policysim.vocabulary.states import SUBSTANCES, Care, Substance, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.cohort import YEARS, _at_age, _week_of, _year_of, balances, cohort
from policysim.world.use import COUNTED


def test_a_birth_cohort_is_whole_at_every_age_and_begins_with_no_use():
    shares = cohort(Parameters())
    assert shares.shape[:3] == (YEARS, len(Use), SUBSTANCES)
    assert shares.sum(axis=1) == pytest.approx(1)
    assert (shares[0, Use.NEVER] == 1).all()
    never = shares[:, Use.NEVER]
    assert (np.diff(never, axis=0) <= 0).all() and never[-1].min() < 1
    assert (np.diff(shares[20, Use.NEVER], axis=1) <= 1e-12).all(), "the higher the risk, the fewer never try"


def test_a_year_is_fifty_two_weeks_one_after_the_other():
    week = _week_of(_at_age(Parameters(), np.array([0.5, 1, 2]), 2))
    assert week.sum(axis=-1) == pytest.approx(1) and week.min() >= 0
    lived = week
    for _ in range(WEEKS_PER_YEAR - 1):
        lived = np.matmul(lived, week)
    assert _year_of(week) == pytest.approx(lived, rel=1e-12)


def test_the_cohort_lives_under_the_rates_that_people_live_under():
    """Its ways in and out of every state, at every age, are those of the rules for somebody of that balance."""
    made = DrugPolicyModel(people=100, years=1, engine="python")
    here, world = python_views(made)[0][0], python_views(made)[1]
    numbers = made.parameters
    for band in (0, 3, 7):
        exits = {each.source: each for each in _at_age(numbers, np.ones(1), band)}
        for substance in Substance:
            if substance in COUNTED:
                continue  # they start from published numbers and their relapse fades
            person = SimpleNamespace(use=[Use.NEVER] * len(Substance), band=band, sex=0, care=Care.NONE, ethnicity=0)
            mean = sum(start_hazard(replaced(person, sex=sex), substance, here, world) for sex in (0, 1)) / 2
            assert exits[Use.NEVER].hazard[substance, 0] == pytest.approx(mean)
            for state in (Use.EXPERIMENTING, Use.REGULAR, Use.DEPENDENT, Use.REMISSION, Use.FORMER):
                person.use[substance] = state
                expected = change_hazard(person, substance, 1.0, world)
                assert exits[state].hazard[substance, 0] == pytest.approx(expected), (substance.name, state.name, band)
    made.close()


def replaced(person, **changed):
    return SimpleNamespace(**{**vars(person), **changed})


def test_with_age_fewer_are_dependent_on_recreational_drugs_and_none_settle_where_age_does_nothing():
    def later_over_earlier(substance, **changed):
        shares = cohort(Parameters(changed))[:, Use.DEPENDENT, substance, 2]
        return shares[40] / shares[15]

    assert later_over_earlier(Substance.PARTY) < 0.4
    assert later_over_earlier(Substance.PARTY, **{"maturing[party]": 0}) > 2 * later_over_earlier(Substance.PARTY)


@pytest.mark.parametrize(("levels", "expected"), [(5, [-2, -1, 0, 1, 2]), (2, [-2, 2]), (3, [-2, 0, 2])])
def test_balances_are_even_from_end_to_end(levels, expected):
    changed = Parameters({"balance_levels": levels})
    assert balances(changed).tolist() == expected
    assert cohort(changed).shape[-1] == levels
