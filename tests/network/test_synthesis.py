"""Ties are reproducible, stable when the horizon grows, clustered and among like people."""

from contextlib import nullcontext

import numpy as np
import pytest
from ring_of_neighbourhoods import PARAMETERS, PLACES, WEEKS, check_ties, luck_of, pairs_of, ring, roster

from policysim.agents.roles import ROLES
from policysim.engine.fields import fields_of, layout
from policysim.errors import UserError
from policysim.network.adjacency import HOUSEHOLD, TieKind, Ties
from policysim.network.friends import districts
from policysim.network.measures import describe, measures
from policysim.network.peers import Peers
from policysim.network.synthesis import synthesise, synthesise_using
from policysim.network.using import NOBODY, SLOTS, UsingTies


def test_ties_are_sound_and_of_every_kind(ties, people):
    check_ties(ties)
    assert set(ties.kind.tolist()) == set(TieKind)
    first, second, _ = ties.only(HOUSEHOLD).pairs()
    assert (people["neighbourhood"][first] == people["neighbourhood"][second]).all()
    first, second, _ = ties.only((TieKind.PARTNER,)).pairs()
    assert np.unique(np.concatenate((first, second))).size == 2 * first.size  # one partner each


def test_parents_are_old_enough(ties, people):
    first, second, _ = ties.only((TieKind.PARENT,)).pairs()
    born = people["enters"] / 52 - people["age"]
    gap = np.abs(born[first] - born[second])
    main = gap <= PARAMETERS["parent_age_oldest"]  # partners may be older
    assert gap.min() > 0 and main.mean() > 0.9
    assert (gap >= PARAMETERS["parent_age_youngest"]).mean() > 0.95


def test_classmates_are_of_an_age(ties, people):
    first, second, _ = ties.only((TieKind.SCHOOL,)).pairs()
    born = people["enters"] / 52 - people["age"]
    assert first.size and (np.abs(born[first] - born[second]) < 1).all()


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_seed_gives_the_same_ties_and_another_gives_others(people, ties, using, threads):
    again = synthesise(people, ring(), luck_of(1), PARAMETERS, threads)
    for name in ("indptr", "indices", "kind"):
        assert (getattr(again, name) == getattr(ties, name)).all()
    assert (synthesise_using(people, ring(), luck_of(1), PARAMETERS).slots == using.slots).all()
    other = synthesise(people, ring(), luck_of(2), PARAMETERS)
    assert len(pairs_of(other) & pairs_of(ties)) < 0.2 * ties.edges


@pytest.mark.parametrize("movers", [0, 0.3])
@pytest.mark.parametrize("longer", [WEEKS + 1, 2 * WEEKS])
def test_a_longer_horizon_leaves_the_ties_of_those_already_there(longer, movers):
    short, long = (roster(3000, weeks, movers) for weeks in (WEEKS, longer))
    n = len(short)
    assert (long[:n] == short).all()
    before = pairs_of(synthesise(short, ring(), luck_of(1), PARAMETERS))
    after = pairs_of(synthesise(long, ring(), luck_of(1), PARAMETERS))
    assert {pair for pair in after if pair[1] < n} == before
    assert len(after) > len(before) or len(long) == n
    slots = [synthesise_using(roster, ring(), luck_of(1), PARAMETERS).slots for roster in (short, long)]
    assert (slots[0] == slots[1][:n]).all() and (slots[1][n:] == NOBODY).all()


def test_people_still_to_come_are_tied_to_those_close_in_age_and_place(ties, people):
    to_come = people["enters"] > 0
    assert ties.degree((TieKind.FRIEND,))[to_come].mean() > 3.5
    first, second, _ = ties.only((TieKind.FRIEND,)).pairs()
    born = people["enters"] / 52 - people["age"]
    gap = np.abs(born[first] - born[second])[to_come[second]]
    assert np.median(gap) < 1 and gap.max() < 3


def test_friends_are_clustered_and_alike(ties, people):
    found = describe(ties, people)
    assert found["clustering"] > 0.2 > 20 * found["clustering_of_random_graph"]
    assert found["clustering_of_friends"] > 0.3
    assert found["assortativity_age"] > 0.5
    assert found["assortativity_sex"] > 0.2
    assert found["assortativity_use"] > 0.05
    assert found["friends_who_use_of_users"] > 1.5 * found["friends_who_use_of_others"]
    assert found["same_neighbourhood"] > 0.4


@pytest.mark.parametrize(("weight", "measure"), [("friend_sex", "sex"), ("friend_use", "use")])
def test_likeness_vanishes_with_its_weight(people, weight, measure):
    ties = synthesise(people, ring(), luck_of(1), PARAMETERS | {weight: 0.0})
    assert abs(describe(ties, people)[f"assortativity_{measure}"]) < 0.04


def test_numbers_of_ties_are_near_what_is_known(ties, people, using):
    found = measures(ties, people, using)
    assert found["friends_young"] == pytest.approx(5, abs=0.5)
    assert found["friends_adult"] == pytest.approx(3.3, abs=0.4)
    assert found["using_ties"] == pytest.approx(3, abs=0.4)
    assert found["with_parents_20_24"] == pytest.approx(0.51, abs=0.08)
    assert found["lone_parents"] == pytest.approx(0.26, abs=0.05)
    assert 0.45 < found["living_in_couple"] < 0.65


@pytest.mark.parametrize("residents", [0, 1, 2, 60])
def test_a_few_people_can_be_tied_too(residents):
    people = roster(residents)
    ties = synthesise(people, ring(), luck_of(1), PARAMETERS)
    check_ties(ties)
    assert ties.people == len(people)
    assert synthesise_using(people, ring(), luck_of(1), PARAMETERS).slots.shape == (len(people), SLOTS)
    assert describe(ties, people)["people"] == len(people)


def test_one_neighbourhood_whose_neighbours_are_itself():
    people = roster(300)
    people["neighbourhood"] = 0
    check_ties(synthesise(people, np.zeros((1, 6), np.int32), luck_of(1), PARAMETERS))


def test_people_outside_the_neighbourhoods_are_refused(people):
    with pytest.raises(ValueError, match="neighbourhoods"):
        synthesise(people, ring(3), luck_of(1), PARAMETERS)


def test_districts_widen_until_a_school_year_fills_a_class():
    everyone_fills = districts(np.full(PLACES, 30.0), ring(), 22)
    assert everyone_fills.tolist() == list(range(PLACES))
    few = districts(np.full(PLACES, 5.0), ring(), 22)
    assert np.bincount(few)[np.unique(few)].max() == 5 and (few[few] == few).all()


@pytest.mark.parametrize(("friends", "counted"), [(127, True), (128, False)])
def test_nobody_has_more_ties_than_are_counted(friends, counted):
    people = np.zeros(1 + friends, layout(fields_of(ROLES)))
    people["present"] = True
    hub = Ties.from_edges(people.size, np.zeros(friends, int), np.arange(1, people.size), TieKind.FRIEND)
    with (
        nullcontext()
        if counted
        else pytest.raises(UserError, match="somebody has 128 friends, class and household members")
    ):
        Peers(people, hub, UsingTies.empty(people.size))
        assert people["ties"][0] == friends
