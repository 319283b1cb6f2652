"""Who has children at the start, whose were taken, and how many come from care: totals as published."""

import numpy as np
import pytest
from small_worlds import model

from policysim.network.kin import children_of, parents_of
from policysim.vocabulary.states import FamilyCase
from policysim.world.families import dependent_parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made():
    made = model(place="west-midlands", people=25_000, years=10)
    made.close()
    return made


@pytest.fixture(scope="module")
def adults(made):
    people = made.people
    return (people["enters"] == 0) & (people["age"] >= made.parameters["adult_role_age"])


def test_whoever_lives_with_a_child_of_theirs_has_children_and_as_many_do_in_all_as_is_published(made, adults):
    people = made.people
    parent, child = children_of(made.peers.ties, people, np.flatnonzero(people["enters"] == 0))
    at_home = parent[(people["age"][child] < 18) & (people["enters"][child] == 0)]
    assert at_home.size > 1000 and people["has_children"][at_home].all()
    # Of some 12,500 adults: four standard errors.
    assert people["has_children"][adults].mean() == pytest.approx(made.parameters["parent_share"], abs=0.017)
    assert set(np.flatnonzero(people["has_children"] & ~adults)) <= set(at_home.tolist())


def test_only_parents_who_are_dependent_have_a_case(made, adults):
    people = made.people
    case, concerned = people["family_case"], adults & dependent_parent(people["use"])
    assert set(np.unique(case)) == {FamilyCase.NONE, FamilyCase.EARLY_HELP, FamilyCase.REMOVED_BEFORE}
    assert concerned[case != FamilyCase.NONE].all()
    assert people["has_children"][case == FamilyCase.EARLY_HELP].all()
    parted = case == FamilyCase.REMOVED_BEFORE
    assert not people["has_children"][parted].any()
    without = concerned & ~people["has_children"]
    shares = [parted[without & (people["sex"] == sex)].mean() for sex in (0, 1)]
    assert shares[0] > 2 * shares[1] > 0, "mothers lose their children more often"


def test_as_many_of_those_who_turn_ten_come_from_care_as_of_residents_though_some_come_with_their_parents(made):
    people, p = made.people, made.parameters
    to_come = np.flatnonzero(people["enters"] > 0)
    own = people["care_experienced"][to_come].mean()
    child, parent = parents_of(made.peers.ties, people, to_come)
    parted = np.unique(child[people["family_case"][parent] == FamilyCase.REMOVED_BEFORE]).size / to_come.size
    assert own == pytest.approx(p["care_share"] * (1 - p["care_by_parents_use"]), abs=0.0045)
    assert own + parted * p["care_with_removal"] == pytest.approx(p["care_share"], abs=0.006)
