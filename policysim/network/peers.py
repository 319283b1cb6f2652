"""Peers through the week: the counts people read of their friends, updated from the few who changed."""

from collections.abc import Callable

import numpy as np

from policysim.engine.jit import inner, outer
from policysim.engine.rest import AWAKE, DUE, GONE, WEEK
from policysim.errors import UserError
from policysim.network.adjacency import Ties
from policysim.network.using import SLOTS, UsingTies, untie_all
from policysim.vocabulary.groups import COMPANY_OF, FRIENDS_TOGETHER
from policysim.vocabulary.rows import joined
from policysim.vocabulary.states import Company, Justice, Use

CUSTODY = int(Justice.CUSTODY)  # plain numbers: compiled code takes them in as constants
FIRST, LAST = int(Use.EXPERIMENTING), int(Use.DEPENDENT)  # states of present use lie between them
KINDS = len(Company)
KIND_OF = tuple(COMPANY_OF.tolist())
PRESENT, CARRIES, USES = 0, 1, 2
"""What friends have been told so far of a person, a bit each: present, carries a kit, and from `USES` on kinds of use."""
COUNTS = ("ties", "peers_using", "using_peers", "peers_with_naloxone")
"""The fields of a person that are counts of friends."""


class Peers:
    """Keeps `peers_using`, `using_peers` and `peers_with_naloxone` true: each counts those now present.

    `peers_using` counts friends by what they use (`Company`), a friend who does both in both. Whoever is at rest is woken
    when friends pull more than was foreseen (`policysim/agents/people/resting.py`), and when any other count changes:
    `wakes` is that column of `policysim.engine.rest.Rest`. Where a rule goes by friends for which nothing is `foreseen`, any
    change wakes. `wrote` is told whose counts were written, where somebody asks.
    """

    wrote: Callable[..., None] | None

    def __init__(self, people: np.ndarray, ties: Ties, using: UsingTies):
        self.people, self.ties, self.using = people, ties, using
        self.shown = np.zeros(len(people), np.int8)
        self.wakes, self.foreseen, self.wrote = np.full(len(people), AWAKE, WEEK), False, None
        for field in COUNTS:
            people[field] = 0
        most, counted = int(np.diff(ties.indptr).max(initial=0)), int(np.iinfo(people["ties"].dtype).max)
        if most > counted:
            raise UserError(
                f"somebody has {most} friends, class and household members together, and no more than {counted} can be "
                "counted: fewer friends_most, classmates or sharers leave room"
            )
        self.update(np.flatnonzero(people["present"]))

    def copy_for(self, people: np.ndarray) -> "Peers":
        """The same state over a copy of the people, for another regime."""
        return Peers.resumed(people, self.ties, self.using.copy(), self.shown.copy())

    @classmethod
    def resumed(cls, people: np.ndarray, ties: Ties, using: UsingTies, shown: np.ndarray) -> "Peers":
        """As they were, over people whose counts are true already."""
        peers = object.__new__(cls)
        peers.people, peers.ties, peers.using, peers.shown = people, ties, using, shown
        peers.wakes, peers.foreseen, peers.wrote = np.full(len(people), AWAKE, WEEK), False, None
        return peers

    def update(self, rows: np.ndarray) -> None:
        """Tell the friends of these people what has changed about them (rows sorted, each once)."""
        of, before = self.people, None if self.wrote is None else self.shown[rows]
        _tell(
            rows, of["present"], of["use"], of["using"], of["naloxone"], of["justice"], self.shown,
            self.ties.indptr, self.ties.indices, self.using.compact,
            of["ties"], of["peers_using"], of["using_peers"], of["peers_with_naloxone"], self.wakes,
            self.foreseen,
        )  # fmt: skip
        if self.wrote is not None:
            changed = rows[self.shown[rows] != before]
            self.wrote(self.ties.of_all(changed), self.using.of_all(changed))

    def untie(self, rows: np.ndarray) -> None:
        """End the using ties of people who died, left or recovered; their friends stop counting them."""
        of = self.people
        if self.wrote is not None:
            self.wrote(rows, self.using.of_all(rows))
        _forget(rows, self.using.compact, self.shown, of["using_peers"], of["peers_with_naloxone"], self.wakes)

    def form(self, newcomers: np.ndarray, current, neighbours, luck, parameters) -> None:
        """New using ties for people newly dependent on heroin or crack."""
        self.using.form(newcomers, current, self.people, neighbours, luck, parameters)
        slots, of = self.using.compact, self.people
        met = slots.held[slots.place[newcomers]].ravel()
        tied = joined(newcomers, met[met >= 0])
        if self.wrote is not None:
            self.wrote(tied)
        _remember(tied, slots, self.shown, of["using_peers"], of["peers_with_naloxone"], self.wakes)


@inner
def wake(wakes, row):
    """This person lives the coming week (policysim/engine/rest.py)."""
    if DUE < wakes[row] < GONE:
        wakes[row] = DUE


@inner
def _few_together(count):
    """Which few a count of friends is among."""
    return count // FRIENDS_TOGETHER


@inner
def _bit(told, which):
    return (told >> which) & 1


@inner
def _more(now, before, which):
    """How much more is told of one thing than before: 1, 0 or -1."""
    return _bit(now, which) - _bit(before, which)


@outer
def _tell(
    rows,
    present,
    use,
    using,
    naloxone,
    justice,
    shown,
    indptr,
    indices,
    slots,
    ties,
    peers_using,
    using_peers,
    with_kit,
    wakes,
    foreseen,
):
    """For each row: what has changed since friends were last told, and their counts put right by that much."""
    for row in rows:
        now, before = 0, int(shown[row])
        if present[row]:
            now |= 1 << PRESENT
            # Who could bring a kit to a friend carries one and is not in custody.
            if naloxone[row] and justice[row] != CUSTODY:
                now |= 1 << CARRIES
            if using[row] > 0:
                for substance in range(len(KIND_OF)):
                    if FIRST <= use[row, substance] <= LAST:
                        now |= 1 << (USES + KIND_OF[substance])
        if now == before:
            continue
        shown[row] = now
        here_more, carries_more = _more(now, before, PRESENT), _more(now, before, CARRIES)
        if here_more != 0 or (now ^ before) >> USES:
            for position in range(indptr[row], indptr[row + 1]):
                friend = indices[position]
                fewer = _few_together(ties[friend] + here_more) < _few_together(ties[friend])
                ties[friend] += here_more
                more_using = False
                for kind in range(KINDS):
                    using_more = _more(now, before, USES + kind)
                    was = peers_using[friend, kind]
                    more_using = more_using or _few_together(was + using_more) > _few_together(was)
                    peers_using[friend, kind] = was + using_more
                if fewer or more_using or not foreseen:
                    wake(wakes, friend)
        if here_more != 0 or carries_more != 0:
            for k in range(SLOTS):
                other = slots.held[slots.place[row], k]
                if other >= 0:
                    wake(wakes, other)
                    using_peers[other] += here_more
                    with_kit[other] += carries_more


@outer
def _forget(rows, slots, shown, using_peers, with_kit, wakes):
    for row in rows:
        wake(wakes, row)
        for k in range(SLOTS):
            other = slots.held[slots.place[row], k]
            if other >= 0:
                wake(wakes, other)
                using_peers[other] -= _bit(shown[row], PRESENT)
                with_kit[other] -= _bit(shown[row], CARRIES)
        untie_all(slots, row)
        using_peers[row] = 0
        with_kit[row] = 0


@outer
def _remember(rows, slots, shown, using_peers, with_kit, wakes):
    for row in rows:
        wake(wakes, row)
        ties, kits = 0, 0
        for k in range(SLOTS):
            other = slots.held[slots.place[row], k]
            if other >= 0:
                ties += _bit(shown[other], PRESENT)
                kits += _bit(shown[other], CARRIES)
        using_peers[row] = ties
        with_kit[row] = kits
