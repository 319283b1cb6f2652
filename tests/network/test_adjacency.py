"""Ties of any kind are symmetric, sorted and counted right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ring_of_neighbourhoods import check_ties, draw, pairs_of

from policysim.network.adjacency import TieKind, Ties, count_peers, spread_change

edge_lists = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from(TieKind)), max_size=60)


@settings(deadline=None)  # the first example compiles
@given(edge_lists)
def test_any_edges_become_sorted_symmetric_ties(edges):
    columns = list(zip(*edges, strict=True)) or [(), (), ()]
    ties = Ties.from_edges(12, *columns)
    check_ties(ties)
    kinds = {}
    for one, other, kind in edges:
        pair = (min(one, other), max(one, other))
        kinds[pair] = min(kinds.get(pair, kind), kind)
    assert pairs_of(ties) == {(*pair, kind) for pair, kind in kinds.items() if pair[0] != pair[1]}


@settings(deadline=None)
@given(edge_lists, st.sets(st.sampled_from(TieKind), min_size=1))
def test_a_choice_of_kinds_keeps_those_ties(edges, kinds):
    columns = list(zip(*edges, strict=True)) or [(), (), ()]
    ties = Ties.from_edges(12, *columns)
    chosen = ties.only(tuple(kinds))
    check_ties(chosen)
    assert pairs_of(chosen) == {pair for pair in pairs_of(ties) if pair[2] in kinds}
    assert (ties.degree(tuple(kinds)) == chosen.degree()).all()


def test_edges_outside_the_population_are_refused():
    with pytest.raises(ValueError, match=r"outside 0 \.\. 2"):
        Ties.from_edges(3, [0], [3], TieKind.FRIEND)
    with pytest.raises(ValueError, match="same length"):
        Ties.from_edges(3, [0, 1], [1], TieKind.FRIEND)


def test_spreading_changes_equals_counting_from_scratch(people, ties):
    """Also when the counts are one field of the people's record: a strided view."""
    people = people.copy()
    flags = people["use"][:, 0] > 0
    counts = people["peers_using"][:, 0]
    counts[:] = count_peers(flags, ties)
    assert counts.strides[0] > counts.itemsize and counts.sum() > 0
    for week in range(3):
        changed = np.flatnonzero(draw("changes", np.arange(len(people)), week) < 0.05)
        change = np.where(flags[changed], -1, 1).astype(np.int16)
        flags[changed] ^= True
        spread_change(changed, change, ties.indptr, ties.indices, counts)
        assert (people["peers_using"][:, 0] == count_peers(flags, ties)).all()
