"""Peers through the week: the counts people read of their friends, updated from the few who changed."""

import numpy as np
from numba import njit

from policysim.network.adjacency import Ties, spread_change
from policysim.network.using import UsingTies, spread_using_change


class Peers:
    """Keeps `peers_using`, `using_peers` and `peers_with_naloxone` true: each counts those now present."""

    def __init__(self, people: np.ndarray, ties: Ties, using: UsingTies):
        self.people, self.ties, self.using = people, ties, using
        self.shown = np.zeros(
            (3, len(people)), np.int16
        )  # what friends have been told so far: present, uses, carries a kit
        for field in ("ties", "peers_using", "using_peers", "peers_with_naloxone"):
            people[field] = 0
        self.update(np.flatnonzero(people["present"]))

    def copy_for(self, people: np.ndarray) -> "Peers":
        """The same state over a copy of the people, for another regime."""
        twin = object.__new__(Peers)
        twin.people, twin.ties, twin.using, twin.shown = (
            people,
            self.ties,
            self.using.copy(),
            self.shown.copy(),
        )
        return twin

    def update(self, rows: np.ndarray) -> None:
        """Tell the friends of these people what has changed about them (rows sorted, each once)."""
        people, rows = self.people, rows.astype(np.int64)
        present = people["present"][rows]
        now = np.stack(
            [present, present & (people["using"][rows] > 0), present & carries(people[rows])]
        ).astype(np.int16)
        change = now - self.shown[:, rows]
        self.shown[:, rows] = now
        for k, field in enumerate(("ties", "peers_using")):
            spread_change(rows, change[k], self.ties.indptr, self.ties.indices, people[field])
        for k, field in ((0, "using_peers"), (2, "peers_with_naloxone")):
            spread_using_change(rows, change[k], self.using.slots, people[field])

    def untie(self, rows: np.ndarray) -> None:
        """End the using ties of people who died, left or recovered; their friends stop counting them."""
        rows = rows.astype(np.int64)
        _forget(
            rows, self.using.slots, self.shown, self.people["using_peers"], self.people["peers_with_naloxone"]
        )

    def form(self, newcomers: np.ndarray, current, neighbours, luck, parameters) -> None:
        """New using ties for people newly dependent on heroin or crack."""
        before = self.using.slots.copy()
        self.using.form(newcomers, current, self.people, neighbours, luck, parameters)
        _remember(
            np.flatnonzero((before != self.using.slots).any(axis=1)), self.using.slots, self.shown,
            self.people["using_peers"], self.people["peers_with_naloxone"],
        )  # fmt: skip


def carries(people: np.ndarray) -> np.ndarray:
    """Who could bring a kit to a friend: carries one and is not in custody."""
    return people["naloxone"] & (people["justice"] != 2)


@njit(cache=True)
def _forget(rows, slots, shown, using_peers, with_kit):
    for row in rows:
        for k in range(slots.shape[1]):
            other = slots[row, k]
            if other < 0:
                break
            using_peers[other] -= shown[0, row]
            with_kit[other] -= shown[2, row]
            for j in range(slots.shape[1]):  # close the gap that the tie leaves in the other's slots
                if slots[other, j] == row:
                    for i in range(j, slots.shape[1] - 1):
                        slots[other, i] = slots[other, i + 1]
                    slots[other, slots.shape[1] - 1] = -1
                    break
        for k in range(slots.shape[1]):
            slots[row, k] = -1
        using_peers[row] = 0
        with_kit[row] = 0


@njit(cache=True)
def _remember(rows, slots, shown, using_peers, with_kit):
    for row in rows:
        ties, kits = 0, 0
        for k in range(slots.shape[1]):
            if slots[row, k] >= 0:
                ties += shown[0, slots[row, k]]
                kits += shown[2, slots[row, k]]
        using_peers[row] = ties
        with_kit[row] = kits
