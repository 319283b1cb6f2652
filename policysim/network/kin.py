"""Parents and children: read off the ties of households, in which the parent is the elder."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from policysim.engine.jit import outer
from policysim.network.adjacency import Rows, TieKind, Ties
from policysim.vocabulary.rows import NOBODY, joined

PARENT = int(TieKind.PARENT)
YEARS_UNTOLD = 10.0
"""Longer than anybody rests without being made up for: whoever reaches another band of age, of five years, lives that week."""


Told = Callable[[Rows], None]
"""Makes sure that these people are as old as they are: who is at rest may be told later."""


def children_of(ties: Ties, people: NDArray[np.void], parents: Rows, told: Told | None = None) -> tuple[Rows, Rows]:
    """Of these people each child who lives or will live with them: parent beside child, in the order of the parents.

    Those still to come are children of whoever they are tied to; otherwise it is the younger.
    """
    own, other = _tied(ties, parents)
    younger = _elder(people, other, own, told)
    return own[younger], other[younger]


def parents_of(ties: Ties, people: NDArray[np.void], children: Rows, told: Told | None = None) -> tuple[Rows, Rows]:
    """Of these people each parent with whom they live, dead ones too: child beside parent, in the order of the children."""
    own, other = _tied(ties, children)
    elder = _elder(people, own, other, told)
    return own[elder], other[elder]


def _elder(people: NDArray[np.void], one: Rows, other: Rows, told: Told | None) -> NDArray[np.bool_]:
    """Whether the other is the elder of the two. Nobody who is to enter later is anybody's parent."""
    elder = np.empty(one.size, np.bool_)
    if _who_is_elder(people, one, other, elder) and told is not None:
        told(joined(one, other))
        _who_is_elder(people, one, other, elder)
    return elder


def _tied(ties: Ties, rows: Rows) -> tuple[Rows, Rows]:
    """Each of these people beside everyone to whom a tie of parent and child joins them."""
    if not rows.size:
        return NOBODY, NOBODY
    own, other = _joined_by(ties.indptr, ties.indices, ties.kind, rows, PARENT)
    return own, other


@outer
def _who_is_elder(people, one, other, elder):
    """Who is the elder as far as ages are told; returns whether any two are so near in age that this is not far enough."""
    near = False
    for k in range(one.size):
        child, parent = people[one[k]], people[other[k]]
        elder[k] = parent["enters"] == 0 and (child["enters"] > 0 or parent["age"] > child["age"])
        near = near or abs(parent["age"] - child["age"]) < YEARS_UNTOLD
    return near


@outer
def _joined_by(indptr, indices, kind, rows, what):
    """Those of these people and of others between whom there are ties of a kind, side by side."""
    most = 0
    for row in rows:
        most += indptr[row + 1] - indptr[row]
    own, other, found = np.empty(most, np.int64), np.empty(most, np.int64), 0
    for row in rows:
        for place in range(indptr[row], indptr[row + 1]):
            if kind[place] == what:
                own[found], other[found] = row, indices[place]
                found += 1
    return own[:found], other[:found]
