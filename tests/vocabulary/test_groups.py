"""Groups told from many people at once are those that the rules tell one person at a time, in every state there is."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from policysim.agents.people import groups as of_one
from policysim.vocabulary import groups
from policysim.vocabulary.states import SUBSTANCES, Justice, Substance, Use

ONE_PERSON = {
    "opiate_or_crack": of_one.opiate_or_crack,
    "opioid_dependent": of_one.opioid_dependent,
    "at_liberty": of_one.at_liberty,
}
"""By name of the group: the helper by which a rule asks it of one person."""


@pytest.fixture(scope="module")
def everybody():
    """Each combination of heroin, crack, alcohol and standing with the law; all else never used."""
    states = np.array(list(itertools.product(Use, Use, Use, Justice)), np.int8)
    people = np.zeros(len(states), [("use", "i1", (SUBSTANCES,)), ("justice", "i1")])
    for column, substance in enumerate((Substance.HEROIN, Substance.CRACK, Substance.ALCOHOL)):
        people["use"][:, substance] = states[:, column]
    people["justice"] = states[:, -1]
    return people


@pytest.mark.parametrize("group", list(ONE_PERSON))
def test_a_group_is_the_same_for_one_person_and_for_many(everybody, group):
    one_by_one = [bool(ONE_PERSON[group](SimpleNamespace(use=p["use"], justice=p["justice"]))) for p in everybody]
    assert getattr(groups, group)(everybody).tolist() == one_by_one
    assert 0 < sum(one_by_one) < len(everybody)


def test_present_use_is_the_same_for_one_state_and_for_many():
    assert groups.uses_now(np.array(Use)).tolist() == [of_one.is_using(state) == 1 for state in Use]


def test_histories_hold_those_in_remission_and_nobody_who_was_never_dependent(everybody):
    heroin, others = everybody["use"][:, Substance.HEROIN], everybody["use"]
    once = {Use.DEPENDENT, Use.REMISSION}
    assert groups.opioid_history(everybody).tolist() == [state in once for state in heroin]
    assert groups.ever_dependent(others).tolist() == [bool(once & {*states}) for states in others.tolist()]


def test_use_goes_further_with_each_state_up_to_dependence():
    ranks = groups.RANK_OF_USE
    climb = [ranks[state] for state in (Use.NEVER, Use.EXPERIMENTING, Use.REGULAR, Use.DEPENDENT)]
    assert climb == sorted(set(climb))
    for state in (Use.REMISSION, Use.FORMER):  # those who stopped stand between never and regular
        assert ranks[Use.NEVER] < ranks[state] < ranks[Use.REGULAR]


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (10, "10-14"),
        (14.999, "10-14"),
        (15, "15-19"),
        (64.99, "60-64"),
        (65, "65-69"),
        (79.99, "75-79"),
        (80.5, "75-79"),
    ],
)
def test_an_age_falls_into_its_band(age, band):
    assert groups.AGE_BANDS[groups.band_of(np.array([age]))[0]] == band


def test_residents_are_those_up_to_64():
    assert (groups.RESIDENT_BANDS[0], groups.RESIDENT_BANDS[-1]) == ("10-14", "60-64")


def test_codes_of_sex_follow_the_order_in_which_sexes_are_named():
    assert (groups.SEXES[groups.WOMEN], groups.SEXES[groups.MEN]) == ("women", "men")
