"""Ties among people who use together stay symmetric and near, whatever happens to them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from ring_of_neighbourhoods import PARAMETERS, PERSON, PLACES, check_slots, draw, luck_of, ring

from policysim.network.using import NOBODY, SLOTS, UsingTies, by_neighbourhood, count_using_peers, spread_using_change

steps = st.lists(
    st.tuples(st.sampled_from(["tie", "untie", "untie_all", "form"]), st.integers(0, 9), st.integers(0, 9)),
    max_size=60,
)


def ten_people():
    people = np.zeros(10, PERSON)
    people["age"] = np.arange(30, 50, 2)
    people["neighbourhood"] = np.arange(10) % 3
    return people


@settings(deadline=None)
@given(steps)
def test_using_ties_stay_symmetric_whatever_happens(operations):
    using, people, expected = UsingTies.empty(10), ten_people(), set()
    everyone = by_neighbourhood(np.arange(10), people["neighbourhood"], 3)
    for k, (what, one, other) in enumerate(operations):
        pair = frozenset((one, other))
        degree = using.degree()
        if what == "tie":
            may = one != other and pair not in expected and max(degree[one], degree[other]) < SLOTS
            assert using.tie(one, other) == may
            expected |= {pair} if may else set()
        elif what == "untie":
            assert using.untie(one, other) == (pair in expected)
            expected -= {pair}
        elif what == "untie_all":
            assert using.untie_all(one) == degree[one]
            assert not using.of(one).size
            expected = {tie for tie in expected if one not in tie}
        else:
            made = using.form([one, other], everyone, people, ring(3), luck_of(k), PARAMETERS)
            new = {frozenset((row, int(peer))) for row in range(10) for peer in using.of(row)}
            assert expected <= new and len(new) == len(expected) + made
            expected = new
        check_slots(using)
        assert {frozenset((row, int(peer))) for row in range(10) for peer in using.of(row)} == expected


def test_using_ties_join_dependent_neighbours(people, using):
    check_slots(using)
    dependent = people["use"][:, 2] == 3
    one, slot = np.nonzero(using.slots != NOBODY)
    other = using.slots[one, slot]
    assert dependent[one].all() and dependent[other].all()
    places = people["neighbourhood"]
    apart = np.abs(places[one] - places[other])
    assert (np.minimum(apart, PLACES - apart) <= 3).all()
    assert (apart == 0).mean() > 0.3
    ages = people["age"][dependent]
    of_any_two = np.abs(ages[:, None] - ages).mean()
    assert np.abs(people["age"][one] - people["age"][other]).mean() < 0.7 * of_any_two


def test_a_newcomer_finds_someone_even_where_hardly_anyone_lives():
    people = ten_people()
    using = UsingTies.empty(10)
    current = by_neighbourhood([4], people["neighbourhood"], 3)
    assert using.form([9], current, people, ring(3), luck_of(1), PARAMETERS) == 1
    assert using.of(9).tolist() == [4]
    nobody = by_neighbourhood([], people["neighbourhood"], 3)
    assert using.form([4], nobody, people, ring(3), luck_of(1), PARAMETERS) == 0


def test_a_copy_of_using_ties_is_independent(using):
    copy = using.copy()
    tied = np.flatnonzero(using.degree() > 0)
    assert copy.untie_all(tied) == using.degree().sum() // 2
    assert copy.degree().sum() == 0 < using.degree().sum()


def test_slots_are_given_to_those_who_may_be_tied_and_no_others(people, using):
    place, held = using.compact
    given = np.flatnonzero(place)
    assert set(np.flatnonzero(using.degree())) <= set(given) <= set(np.flatnonzero(people["use"][:, 2] > 0))
    assert sorted(place[given]) == list(range(1, len(held))), "no two people have the same"
    copy = using.copy()
    one, other = np.flatnonzero(place == 0)[:2].tolist()
    assert copy.tie(one, other) and copy.of(one).tolist() == [other] and copy.of(other).tolist() == [one]
    assert (copy.slots[place == 0] != NOBODY).sum() == 2 and not using.degree()[place == 0].any()


def test_spreading_changes_over_using_ties_equals_counting(people, using):
    people = people.copy()
    flags = draw("kit", np.arange(len(people))) < 0.4
    people["using_peers"] = count_using_peers(flags, using)
    changed = np.flatnonzero(draw("kit", np.arange(len(people)), 1) < 0.2)
    change = np.where(flags[changed], -1, 1).astype(np.int16)
    flags[changed] ^= True
    spread_using_change(changed, change, using.compact, people["using_peers"])
    assert (people["using_peers"] == count_using_peers(flags, using)).all()
    assert (count_using_peers(np.ones(len(people), bool), using) == using.degree()).all()
