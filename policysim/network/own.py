"""Networks of one's own: ties that a function lays, for counts of friends that name it (`Friends(..., network=workmates)`).

They are laid once, where the model begins, or the branch that is the first to have them, among everyone who will be in the
model at any week. Whoever is still to enter counts from when they are there, as with the model's own ties.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policysim.engine.fields import Field
from policysim.engine.friends import Friends, friends_in
from policysim.engine.ranges import failures_told
from policysim.errors import UserError, nearest
from policysim.network.adjacency import HOUSEHOLD, TieKind, Ties
from policysim.network.traits import Luck

Lay = Callable[[NDArray[np.void], Callable[..., NDArray[np.float64]]], Any]
"""A network: given everyone and luck, it returns the rows of both ends of each tie."""
KINDS = {"household": HOUSEHOLD} | {kind.name.lower(): (kind,) for kind in TieKind}
"""What of the model's own ties a count of friends may go by."""
MOST = np.iinfo(np.int16).max


def networks_in(fields: Mapping[str, Field]) -> dict[str, Lay]:
    """The networks that counts of friends name, by the names of their functions; raises UserError where two have one."""
    found: dict[str, Lay] = {}
    for friends in friends_in(dict(fields)):
        lay = friends.network
        if callable(lay) and found.setdefault(lay.__name__, lay) is not lay:
            raise UserError(f"{friends.place}: there are two networks {lay.__name__}: rename one")
    return found


def laid(networks: Mapping[str, Lay], people: NDArray[np.void], luck: Luck) -> dict[str, Ties]:
    """The ties of each network among these people; raises UserError for what is none."""
    everyone = people.view()
    everyone.flags.writeable = False
    return {name: _laid(name, lay, everyone, luck) for name, lay in networks.items()}


def _laid(name: str, lay: Lay, people: NDArray[np.void], luck: Luck) -> Ties:
    def of_its_own(rows: NDArray[np.int64], k: int = 0) -> NDArray[np.float64]:
        return luck(f"network {name}", np.asarray(rows, np.int64), k)

    with failures_told():
        given = lay(people, of_its_own)
    ends = [np.asarray(end) for end in given] if isinstance(given, list | tuple) else []
    is_one = len(ends) == 2 and ends[0].shape == ends[1].shape == (ends[0].size,)
    if not is_one or any(end.size and end.dtype.kind not in "iu" for end in ends):
        raise _fault(
            name, lay, "returns no two arrays of rows of the same length, the one end and the other of each tie"
        )
    if ends[0].size and not all(end.min() >= 0 and end.max() < len(people) for end in ends):
        raise _fault(name, lay, f"ties somebody outside the rows 0 to {len(people) - 1}")
    ties = Ties.from_edges(len(people), ends[0], ends[1], TieKind.FRIEND)
    most = int(np.diff(ties.indptr).max(initial=0))
    if most > MOST:
        raise _fault(name, lay, f"ties somebody to {most} people; no more than {MOST} can be counted")
    return ties


def _fault(name: str, lay: Any, what: str) -> UserError:
    code = lay.__code__
    return UserError(f"{code.co_filename}, line {code.co_firstlineno}: network {name} {what}")


def ties_of(friends: Friends, ties: Ties, networks: Mapping[str, Ties]) -> Ties:
    """The ties by which a count goes, of the model's own and of networks of one's own; raises UserError for a name of none."""
    if friends.network is None:
        return ties
    if callable(friends.network):
        return networks[friends.network.__name__]
    if friends.network not in KINDS:
        raise UserError(
            f"{friends.place}: there is no network {friends.network!r}{nearest(str(friends.network), KINDS)} (a function of "
            f"one's own, or one of {', '.join(KINDS)})"
        )
    return ties.only(KINDS[friends.network])
