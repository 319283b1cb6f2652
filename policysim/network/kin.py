"""Parents and children: read off the ties of households, in which the parent is the elder."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from policysim.network.adjacency import Rows, TieKind, Ties
from policysim.vocabulary.rows import NOBODY, joined

PARENT = int(TieKind.PARENT)


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
    if told is not None and one.size:
        told(joined(one, other))
    later, enters = people["enters"][one], people["enters"][other]
    elder = people["age"][other] > people["age"][one]
    return np.asarray((enters == 0) & ((later > 0) | elder))


def _tied(ties: Ties, rows: Rows) -> tuple[Rows, Rows]:
    """Each of these people beside everyone to whom a tie of parent and child joins them."""
    if not rows.size:
        return NOBODY, NOBODY
    begin = ties.indptr[rows].astype(np.int64)
    length = ties.indptr[rows + 1].astype(np.int64) - begin
    first = np.cumsum(length) - length
    place = np.arange(int(length.sum())) + np.repeat(begin - first, length)
    of_kind = ties.kind[place] == PARENT
    return np.repeat(rows, length)[of_kind].astype(np.int64), ties.indices[place[of_kind]].astype(np.int64)
