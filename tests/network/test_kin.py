"""Parents and children are read off the ties of households, whoever is asked first."""

import numpy as np

from policysim.network.adjacency import TieKind
from policysim.network.kin import children_of, parents_of


def test_every_tie_of_parent_and_child_is_found_from_either_end(people, ties):
    everyone = np.arange(len(people))
    parent, child = children_of(ties, people, everyone)
    kid, elder = parents_of(ties, people, everyone)
    assert parent.size == (ties.only((TieKind.PARENT,)).edges) > 100
    assert set(zip(parent.tolist(), child.tolist(), strict=True)) == set(zip(elder.tolist(), kid.tolist(), strict=True))


def test_a_parent_is_the_elder_and_there_from_the_start_and_nobody_has_more_than_two(people, ties):
    parent, child = children_of(ties, people, np.arange(len(people)))
    born = people["enters"] / 52 - people["age"]
    assert (born[parent] < born[child]).all() and (people["enters"][parent] == 0).all()
    assert np.bincount(child).max() == 2 and (people["enters"][child] > 0).any()


def test_a_few_are_asked_about_in_their_order_and_nobody_about_nobody(people, ties):
    _, child = children_of(ties, people, np.arange(len(people)))
    asked = np.unique(child)[5:0:-1]
    kids, elders = parents_of(ties, people, asked)
    assert list(dict.fromkeys(kids.tolist())) == asked.tolist() and elders.size >= asked.size
    assert all(found.size == 0 for found in children_of(ties, people, np.empty(0, np.int64)))


def test_those_near_in_age_are_first_made_as_old_as_they_are(people, ties):
    told, everyone = [], np.arange(len(people))
    parent, child = children_of(ties, people, everyone)
    ages = people["age"].copy()
    people["age"][child[0]] = people["age"][parent[0]] + 1
    _, now = children_of(ties, people, parent[:1], lambda rows: told.append(rows) or np.copyto(people["age"], ages))
    assert child[0] in told[0].tolist() and child[0] in now.tolist()
    far = np.abs(ages[parent] - ages[child]) > 30
    assert far.any() and all(
        children_of(ties, people, np.array([row]), told.append)[1].size for row in parent[far][:1].tolist()
    )
