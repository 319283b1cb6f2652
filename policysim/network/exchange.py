"""Ties to and from NetworkX, to look at a network and to bring one's own; the model runs on the compact arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from policysim.errors import UserError, nearest
from policysim.network.adjacency import TieKind, Ties
from policysim.network.using import UsingTies
from policysim.vocabulary.states import Substance, Use, spellings

if TYPE_CHECKING:
    import networkx

KINDS = dict(zip(spellings(TieKind), TieKind, strict=True))
TOGETHER = "together"
"""The kind of a tie between two people who use heroin or crack together and are not tied otherwise."""


def to_networkx(
    ties: Ties, people: NDArray[np.void], using: UsingTies | None = None, own: Mapping[str, Ties] | None = None
) -> networkx.Graph:
    """A graph with a node for each row of people, 0 .. n - 1, and an edge for each tie, of plain values that files hold.

    Nodes have `age` (years), `sex` (woman, man), `neighbourhood` (its index) and the state of use of each
    substance as text (`use_heroin`: never, regular, dependent ...). Edges have their `kind`
    (partner, parent, sibling, housemate, friend, school). using: ties among people who use heroin or crack together, which
    are edges too: then every edge says whether it is one of them (`uses_together`), and its kind is `together` where they
    are not tied otherwise. own: networks of one's own by name, likewise: every edge says of each whether it is one of them
    (`workmates`), and its kind is that name where the two are not tied otherwise.
    """
    import networkx  # here, so that a run that draws no network does not load it

    graph = networkx.Graph()
    uses = spellings(Use)
    columns = {
        "age": people["age"].tolist(),
        "sex": ["man" if sex else "woman" for sex in people["sex"].tolist()],
        "neighbourhood": people["neighbourhood"].tolist(),
    }
    for k, substance in enumerate(spellings(Substance)):
        columns[f"use_{substance}"] = [uses[state] for state in people["use"][:, k].tolist()]
    graph.add_nodes_from(
        (row, dict(zip(columns, values, strict=True))) for row, values in enumerate(zip(*columns.values(), strict=True))
    )
    first, second, kind = (end.tolist() for end in ties.pairs())
    words = {int(number): word for word, number in KINDS.items()}
    graph.add_edges_from(
        (one, other, {"kind": words[what]}) for one, other, what in zip(first, second, kind, strict=True)
    )
    beside: dict[str, tuple[str, NDArray[np.integer], NDArray[np.integer]]] = {}
    if using is not None:
        slots = using.slots
        rows, at = np.nonzero(slots > np.arange(len(slots))[:, None])  # each tie once, and no empty slot
        beside["uses_together"] = TOGETHER, rows, slots[rows, at]
    beside |= {name: (name, *laid.pairs()[:2]) for name, laid in (own or {}).items()}
    for name, (kind_of_it, firsts, seconds) in beside.items():
        for one, other in zip(firsts.tolist(), seconds.tolist(), strict=True):
            if not graph.has_edge(one, other):
                graph.add_edge(one, other, kind=kind_of_it)
            graph.edges[one, other][name] = True
    for _, _, told in graph.edges(data=True):
        told.update({name: False for name in beside if name not in told})
    return graph


def from_networkx(graph: networkx.Graph) -> Ties:
    """Ties from a graph whose nodes are 0 .. n - 1; an edge without `kind` is a friendship; raises UserError.

    Who uses together is left out: those ties come and go with the weeks, and the model makes them. So are ties of networks of
    one's own between people who are not tied otherwise: a function lays them.
    """
    if set(graph.nodes) != set(range(len(graph))):
        raise UserError("the nodes of the graph must be the whole numbers from 0, one for each person")
    edges = [(one, other, told.get("kind", "friend"), told) for one, other, told in graph.edges(data=True)]
    lasting = [(one, other, tie) for one, other, tie, told in edges if tie != TOGETHER and told.get(tie) is not True]
    unknown = next((tie for _, _, tie in lasting if tie not in KINDS), None)
    if unknown is not None:
        raise UserError(f"there is no tie {unknown!r}{nearest(str(unknown), KINDS)} (ties are {', '.join(KINDS)})")
    ends = np.array([pair[:2] for pair in lasting], dtype=np.int32).reshape(-1, 2)
    return Ties.from_edges(len(graph), ends[:, 0], ends[:, 1], np.array([KINDS[tie] for _, _, tie in lasting], np.int8))
