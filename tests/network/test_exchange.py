"""Ties go to NetworkX and come back as they were; graphs of one's own can be brought."""

import networkx
import pytest

from policysim.network.adjacency import TieKind
from policysim.network.exchange import from_networkx, to_networkx


def test_networkx_round_trip_is_exact(ties, people):
    graph = to_networkx(ties, people)
    assert len(graph) == len(people) and graph.number_of_edges() == ties.edges
    assert graph.nodes[5]["age"] == people["age"][5] and graph.nodes[5]["use"] == tuple(people["use"][5])
    back = from_networkx(graph)
    for name in ("indptr", "indices", "kind"):
        assert (getattr(back, name) == getattr(ties, name)).all()


def test_own_graphs_can_be_brought():
    graph = networkx.path_graph(4)
    ties = from_networkx(graph)
    assert ties.of(1).tolist() == [0, 2] and set(ties.kind.tolist()) == {TieKind.FRIEND}
    with pytest.raises(ValueError, match="whole numbers from 0"):
        from_networkx(networkx.path_graph(["a", "b"]))
