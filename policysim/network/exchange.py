"""Ties to and from NetworkX, to look at a network and to bring one's own; the model runs on the compact arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from policysim.network.adjacency import TieKind, Ties

if TYPE_CHECKING:
    import networkx


def to_networkx(ties: Ties, people: NDArray[np.void]) -> networkx.Graph:
    """A graph of nodes 0 .. n - 1 with age, sex, neighbourhood and use, and of edges with their kind."""
    import networkx  # here, so that a run that draws no network does not load it

    graph = networkx.Graph()
    columns = [people[name].tolist() for name in ("age", "sex", "neighbourhood", "use")]
    graph.add_nodes_from(
        (row, {"age": age, "sex": sex, "neighbourhood": place, "use": tuple(use)})
        for row, (age, sex, place, use) in enumerate(zip(*columns, strict=True))
    )
    first, second, kind = (end.tolist() for end in ties.pairs())
    graph.add_edges_from(
        (one, other, {"kind": TieKind(what).name.lower()}) for one, other, what in zip(first, second, kind, strict=True)
    )
    return graph


def from_networkx(graph: networkx.Graph) -> Ties:
    """Ties from a graph whose nodes are 0 .. n - 1; an edge without `kind` is a friendship."""
    if set(graph.nodes) != set(range(len(graph))):
        raise ValueError("the nodes of the graph must be the whole numbers from 0, one for each person")
    ends = np.array(list(graph.edges), dtype=np.int32).reshape(-1, 2)
    kinds = [TieKind[graph.edges[edge].get("kind", "friend").upper()] for edge in graph.edges]
    return Ties.from_edges(len(graph), ends[:, 0], ends[:, 1], np.array(kinds, dtype=np.int8))
