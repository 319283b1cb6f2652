"""Ties go to NetworkX and come back as they were; graphs of one's own can be brought."""

import networkx
import numpy as np
import pytest

from policysim.errors import UserError
from policysim.network.adjacency import TieKind, Ties
from policysim.network.exchange import from_networkx, to_networkx
from policysim.vocabulary.states import Substance, Use


def same(one, other) -> bool:
    return all((getattr(one, name) == getattr(other, name)).all() for name in ("indptr", "indices", "kind"))


def test_networkx_round_trip_is_exact(ties, people):
    graph = to_networkx(ties, people)
    assert len(graph) == len(people) and graph.number_of_edges() == ties.edges
    assert graph.nodes[5]["age"] == people["age"][5]
    assert graph.nodes[5]["use_heroin"] == Use(people["use"][5, Substance.HEROIN]).name.lower()
    assert same(from_networkx(graph), ties)


def test_own_graphs_can_be_brought():
    graph = networkx.path_graph(4)
    ties = from_networkx(graph)
    assert ties.of(1).tolist() == [0, 2] and set(ties.kind.tolist()) == {TieKind.FRIEND}
    with pytest.raises(UserError, match="whole numbers from 0"):
        from_networkx(networkx.path_graph(["a", "b"]))
    graph.edges[0, 1]["kind"] = "freind"
    with pytest.raises(UserError, match="there is no tie 'freind'; did you mean 'friend'"):
        from_networkx(graph)


def test_ties_of_use_are_edges_too(ties, people, using):
    graph = to_networkx(ties, people, using)
    pairs = {(one, other) for one in range(len(people)) for other in using.of(one).tolist() if one < other}
    marked = {tuple(sorted(edge[:2])) for edge in graph.edges(data="uses_together") if edge[2]}
    assert marked == pairs and pairs
    both = {edge[:2] for edge in graph.edges(data="kind") if edge[2] == "together"}
    assert graph.number_of_edges() == ties.edges + len(both)
    assert same(from_networkx(graph), ties)


@pytest.mark.parametrize("ending", ["graphml", "gexf"])
def test_a_graph_is_read_from_its_file_as_it_was_written(ending, ties, people, using, tmp_path):
    few = people[:300]
    graph = to_networkx(ties, people, using).subgraph(range(300)).copy()
    file = tmp_path / f"network.{ending}"
    getattr(networkx, f"write_{ending}")(graph, file)
    back = getattr(networkx, f"read_{ending}")(file, node_type=int)
    assert dict(back.nodes["5" if "5" in back else 5]) | {"label": ""} == dict(graph.nodes[5]) | {"label": ""}
    kinds = {frozenset(edge[:2]): edge[2] for edge in back.edges(data="kind")}
    assert kinds == {frozenset(edge[:2]): edge[2] for edge in graph.edges(data="kind")}
    assert np.isclose(few["age"], [back.nodes[k]["age"] for k in range(300)], rtol=0).all()


@pytest.mark.parametrize("ending", ["graphml", "gexf"])
def test_networks_of_ones_own_are_edges_too(ending, ties, people, using, tmp_path):
    friend = int(ties.of(0)[0])
    stranger = next(row for row in range(1, len(people)) if row not in ties.of(0) and row not in using.of(0))
    workmates = Ties.from_edges(len(people), [0, 0], [friend, stranger], TieKind.FRIEND)
    graph = to_networkx(ties, people, using, {"workmates": workmates})
    file = tmp_path / f"network.{ending}"
    getattr(networkx, f"write_{ending}")(graph, file)
    back = getattr(networkx, f"read_{ending}")(file, node_type=int)
    tied = {frozenset(edge[:2]): edge[2] for edge in back.edges(data="workmates")}
    assert {pair for pair, is_tied in tied.items() if is_tied} == {frozenset((0, friend)), frozenset((0, stranger))}
    assert back.edges[0, stranger]["kind"] == "workmates" != back.edges[0, friend]["kind"]
    assert same(from_networkx(graph), ties)
