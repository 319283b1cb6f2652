"""The counts of friends that classes of people declare, kept true from the few of whom something has changed."""

from collections.abc import Mapping

import numpy as np

from policysim.engine.fields import fields_of
from policysim.engine.friends import BEFORE, Friends, condition_of, friends_in, is_counted
from policysim.engine.jit import outer
from policysim.engine.rest import Rest
from policysim.engine.resting import time_in
from policysim.network.adjacency import Ties
from policysim.network.own import ties_of
from policysim.network.peers import COUNTS, wake
from policysim.vocabulary.rows import NOBODY, joined
from policysim.vocabulary.states import Life


class FriendCounts:
    """Keeps every field `Friends(...)` true; whoever's count changes is woken, so that their rules meet it."""

    def __init__(
        self,
        people: np.ndarray,
        ties: Ties,
        rest: Rest,
        roles: tuple[type, ...],
        networks: Mapping[str, Ties] | None = None,
    ):
        """Of what the roles declare; networks of one's own by name. Raises UserError for a condition that cannot be asked."""
        self.people, self.rest = people, rest
        fields = fields_of(roles)
        self.ties = {friends.name: ties_of(friends, ties, networks or {}) for friends in friends_in(fields)}
        self.declared = [(friends, condition_of(friends, fields, COUNTS)) for friends in friends_in(fields)]
        self.begun: dict[str, dict[int, np.ndarray]] = {}
        """By count and by what stands in its `..._since`: of whom it began to hold then, where each counts for some weeks."""
        asked = set[str]().union(*(condition.fields for _, condition in self.declared if condition is not None))
        self.must_be_made_up = bool(asked) and bool(asked & time_in(roles))
        """Whether it is asked for what moves of itself: nobody at rest has that as it is by now."""

    def begin(self) -> None:
        """Count everyone anew: from when on something held is not known of those of whom it holds already."""
        for friends, condition in self.declared:
            everyone = np.arange(self.people.size)
            self.people[friends.name] = 0
            self.people[friends.since] = 0
            holding = everyone[self._holds(friends, condition, everyone)]
            self.people[friends.since][holding] = BEFORE
            if friends.weeks is None:
                self._add(friends, holding, 1)

    def update(self, touched: np.ndarray, week: int) -> None:
        """Bring the counts up to date at the end of a week; `touched` are people whom others did something to."""
        if not self.declared:
            return
        if self.must_be_made_up:
            self.rest.make_up()
        for friends, _ in self.declared:
            if friends.weeks is not None:
                self._add(friends, self._over(friends, week + 1 - friends.weeks), -1)
        self.tell(joined(self.rest.lately(), touched), week)

    def tell(self, rows: np.ndarray, week: int) -> None:
        """Tell the friends of these people (each once) of what has begun or ceased to hold of them."""
        for friends, condition in self.declared:
            since = self.people[friends.since]
            now, before = self._holds(friends, condition, rows), since[rows] != 0
            begun, ceased = rows[now & ~before], rows[before & ~now]
            counted = ceased[is_counted(since[ceased], week, friends.weeks)]
            if friends.weeks is not None:
                known = self._begun(friends)
                known[week + 1] = joined(known.get(week + 1, NOBODY), begun)
            since[begun], since[ceased] = week + 1, 0
            self.rest.wrote(begun, ceased)
            self._add(friends, begun, 1)
            self._add(friends, counted, -1)

    def _over(self, friends: Friends, began: int) -> np.ndarray:
        """Those who cease to count, since it began to hold of them so long ago and still does."""
        rows = self._begun(friends).pop(began, NOBODY)
        return rows[self.people[friends.since][rows] == began]

    def _begun(self, friends: Friends) -> dict[int, np.ndarray]:
        """Read off the people themselves when it is first asked for."""
        if friends.name not in self.begun:
            since = self.people[friends.since]
            rows = np.flatnonzero(since > 0)
            rows = rows[np.argsort(since[rows], kind="stable")]
            values, first = np.unique(since[rows], return_index=True)
            self.begun[friends.name] = dict(zip(values.tolist(), np.split(rows, first[1:]), strict=False))
        return self.begun[friends.name]

    def _holds(self, friends: Friends, condition, rows: np.ndarray) -> np.ndarray:
        there = self.people["life"][rows] == Life.DEAD if friends.died else self.people["present"][rows]
        return there if condition is None else there & condition.of(self.people, rows)

    def _add(self, friends: Friends, rows: np.ndarray, more: int) -> None:
        if rows.size:
            ties = self.ties[friends.name]
            if self.rest.written is not None:
                self.rest.wrote(ties.of_all(rows))
            _tell(rows, more, ties.indptr, ties.indices, self.people[friends.name], self.rest.wakes)


@outer
def _tell(rows, more, indptr, indices, counts, wakes):
    """The friends of each of these people count so many more."""
    for k in range(rows.size):
        for position in range(indptr[rows[k]], indptr[rows[k] + 1]):
            friend = indices[position]
            counts[friend] += more
            wake(wakes, friend)
