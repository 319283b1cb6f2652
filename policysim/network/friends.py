"""Friendships and classes at school.

Everyone takes a turn in order of birth, the oldest resident first and those still to enter last. In their
turn people make about half of their friends, among those who had their turn before (the slightly older); the
other half comes from the turns of those slightly younger. A friend is either a friend of a friend, which
closes triangles, or the most alike of a few people met in the own or a near neighbourhood: like in age, sex
and use of drugs. So nobody's ties depend on anyone later in the order, and a longer run only adds ties of
those whom it adds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from policysim.engine.jit import inner, outer
from policysim.network.adjacency import NOBODY, Edges, Lists, TieKind, edges
from policysim.network.traits import Luck, Numbers, birth_years, residents, use_rank
from policysim.vocabulary.groups import RANK_OF_USE, YOUNGEST

Rows = NDArray[np.int64]
Order = NDArray[np.int32]
People = NDArray[np.void]
SEEN = np.dtype(
    [("born", "f8"), ("place", "i4"), ("sex", "i1"), ("rank", "i1"), ("moved_in", "?"), ("made", "i1")], align=True
)
"""What is looked at of people while ties are laid, side by side: memory far apart is slow, and a person's record is long.

When they were born is as `policysim.network.traits.birth_years` has it; `made` counts the friends that they have so far.
"""
AT_A_TIME = 1 << 13  # people whose draws are kept at once: they stay in fast memory
HIGHEST_RANK = int(RANK_OF_USE.max())
STEPS = 64  # ages asked for are told apart in so many steps of the reach
DESKS = 3  # how many places back in the class someone may still get to know


def seen_of(people: People) -> People:
    """What is looked at of these people, in rows of `SEEN`; nobody has friends yet."""
    seen = np.zeros(len(people), SEEN)
    seen["born"], seen["place"], seen["sex"] = birth_years(people), people["neighbourhood"], people["sex"]
    seen["rank"], seen["moved_in"] = use_rank(people), (people["enters"] > 0) & (people["age"] > YOUNGEST + 1)
    return seen


def turns(people: People, seen: People) -> Order:
    """Everyone in the order of their turns: residents by birth, then the others as they enter."""
    now = residents(people["enters"]).astype(np.int32)
    order = np.empty(seen.size, np.int32)
    order[: now.size] = now[np.argsort(seen["born"][now], kind="stable")]
    order[now.size :] = np.flatnonzero(people["enters"] != 0)
    return order


class Cells(NamedTuple):
    """Lists of those who had their turn, by place and year of birth: one stretch of `rows` for each cell."""

    start: Rows
    filled: Rows
    rows: NDArray[np.int32]
    first_year: int
    years: int


def cells(seen: People, places: int) -> Cells:
    """Empty lists with room for everyone."""
    place, born = seen["place"], seen["born"]
    first_year = int(np.floor(born.min()))
    years = int(np.floor(born.max())) - first_year + 1
    counts = np.zeros(places * years, np.int64)
    for first in range(0, place.size, AT_A_TIME):
        some = slice(first, first + AT_A_TIME)
        cell = place[some].astype(np.int64) * years + (np.floor(born[some]).astype(np.int64) - first_year)
        np.add.at(counts, cell, 1)
    start = np.concatenate(([0], np.cumsum(counts)[:-1]))
    return Cells(start, np.zeros(counts.size, np.int64), np.empty(place.size, np.int32), first_year, years)


# ---------------------------------------------------------------- friends


class Meeting(NamedTuple):
    """How people meet and whom they choose (configs/evidence/parameters/network.csv says what each means)."""

    met: int
    closure: float
    same_place: float
    reach_young: float
    reach_adult: float
    reach_growth: float
    young_until: float
    age: float
    sex: float
    use: float
    luck: float


class Crowd(NamedTuple):
    """What people see of each other when they meet (`SEEN`), and which neighbourhoods are near."""

    seen: NDArray[np.void]
    neighbours: NDArray[np.int32]


class Friends(NamedTuple):
    """The friends that each person has so far: the first of their `slots`, as many as are `made`."""

    slots: NDArray[np.int32]
    made: NDArray[np.int8]  # a part of `SEEN`


def friendships(
    people: People, seen: People, order: Order, neighbours: NDArray[np.int32], luck: Luck, parameters: Numbers
) -> Lists:
    """Ties between friends, who take their turns in this order."""
    weights = (float(parameters[f"friend_{name}"]) for name in Meeting._fields[1:])
    meeting = Meeting(int(parameters["friends_met"]), *weights)
    crowd = Crowd(seen, np.ascontiguousarray(neighbours, dtype=np.int32))
    known = cells(seen, len(neighbours))
    most = int(parameters["friends_most"])
    listed = np.empty(seen.size * most, np.int32)
    friends = Friends(listed.reshape(-1, most), seen["made"])
    for start in range(0, seen.size, AT_A_TIME):
        rows = order[start : start + AT_A_TIME].astype(np.int64)
        age = people["age"][rows]
        sought = _friends_sought(age, rows, luck, parameters)
        draws = np.empty((rows.size, max(1, int(sought.max())) * (meeting.met + 1)))
        for k in range(draws.shape[1]):
            draws[:, k] = luck("friends: who", rows, k)
        _befriend(rows, age, sought, draws, friends, known, meeting, crowd)
    length, made = _moved_up(friends.slots, friends.made, listed), friends.made.copy()
    del friends  # nobody else may hold what is cut to the length
    listed.resize(length, refcheck=False)
    return Lists(made, listed, TieKind.FRIEND)


def _friends_sought(age: NDArray[np.float64], rows: Rows, luck: Luck, parameters: Numbers) -> Rows:
    """How many friends each person seeks in their turn: half of the mean number, more for the sociable."""
    young = age < parameters["friend_young_until"]
    mean = np.where(young, parameters["friends_young"], parameters["friends_adult"])
    sociable = 1 + parameters["friend_sociability"] * (2 * luck("friends: how many", rows, 0) - 1)
    return (mean / 2 * sociable + luck("friends: how many", rows, 1)).astype(np.int64)


@outer
def _moved_up(slots, made, listed):
    """Move each list up to the end of the one before it, in the same memory; returns the length of all."""
    length = 0
    for row in range(made.size):
        for k in range(made[row]):
            listed[length] = slots[row, k]
            length += 1
    return length


@outer
def _befriend(rows, age, sought, draws, friends, known, meeting, crowd):
    """Each in turn makes the friends they seek and is then known to those who come after."""
    each = meeting.met + 1
    for i in range(rows.size):
        row = rows[i]
        grown = meeting.reach_growth * max(0.0, age[i] - meeting.young_until)
        reach = min(meeting.reach_young + grown, meeting.reach_adult)
        for attempt in range(sought[i]):
            luck = draws[i, attempt * each : (attempt + 1) * each]
            other = NOBODY
            if luck[0] < meeting.closure:
                other = _friend_of_friend(row, luck[0] / meeting.closure, 2 * reach, friends, crowd)
            if other == NOBODY:
                other = _most_alike(row, luck[1:], reach, friends, known, meeting, crowd)
            if other == NOBODY:  # an agent who stands for many people may have met nobody of like age
                other = _anyone_near(row, reach, friends, known, crowd)
            if other != NOBODY:
                _add(row, other, friends)
                _add(other, row, friends)
        cell = crowd.seen[row].place * known.years + int(np.floor(crowd.seen[row].born)) - known.first_year
        known.rows[known.start[cell] + known.filled[cell]] = row
        known.filled[cell] += 1


@inner
def _add(row, other, friends):
    friends.slots[row, friends.made[row]] = other
    friends.made[row] += 1


@inner
def _may_befriend(row, other, friends):
    most = friends.slots.shape[1]
    if other == row or friends.made[row] == most or friends.made[other] == most:
        return False
    for k in range(friends.made[row]):
        if friends.slots[row, k] == other:
            return False
    return True


@inner
def _friend_of_friend(row, luck, years, friends, crowd):
    """Someone two steps away: the luck chooses, digit by digit, the friend and then the friend's friend."""
    own = friends.made[row]
    if own == 0:
        return NOBODY
    between = friends.slots[row, int(luck * own)]
    theirs = friends.made[between]
    begin = int((luck * own - int(luck * own)) * theirs)
    for step in range(theirs):
        other = friends.slots[between, (begin + step) % theirs]
        if abs(crowd.seen[other].born - crowd.seen[row].born) <= years and _may_befriend(row, other, friends):
            return other
    return NOBODY


@inner
def _most_alike(row, luck, reach, friends, known, meeting, crowd):
    """Of a few people met, the one most like `row`; NOBODY if none of them could be a friend."""
    best, most = NOBODY, -np.inf
    for k in range(luck.size):
        other, rest = _met(row, luck[k], reach, known, meeting.same_place, crowd)
        if other == NOBODY or not _may_befriend(row, other, friends):
            continue
        gap = abs(crowd.seen[other].born - crowd.seen[row].born)
        alike = meeting.luck * rest - meeting.age * gap / reach
        if crowd.seen[other].sex == crowd.seen[row].sex:
            alike += meeting.sex
        alike += meeting.use * (1 - abs(crowd.seen[other].rank - crowd.seen[row].rank) / HIGHEST_RANK)
        if gap <= 2 * reach and alike > most:
            best, most = other, alike
    return best


@inner
def _met(row, luck, reach, known, same_place, crowd):
    """Someone of the own or a near neighbourhood, born up to `reach` years earlier; and what luck is left.

    One draw serves three choices, digit by digit: neighbourhood, year of birth and person.
    """
    near = crowd.neighbours[crowd.seen[row].place]
    where = crowd.seen[row].place
    if luck < same_place:
        rest = luck / same_place
    else:
        rest = (luck - same_place) / (1 - same_place) * near.size
        where = near[int(rest)]
        rest -= int(rest)
    side = 1.0
    if crowd.seen[row].moved_in:  # those of like age who are there already may be younger or older
        side, rest = (1.0, 2 * rest) if rest < 0.5 else (-1.0, 2 * rest - 1)
    steps = rest * STEPS
    year = int(np.floor(crowd.seen[row].born - side * reach * int(steps) / STEPS)) - known.first_year
    if year < 0 or year >= known.years:
        return NOBODY, 0.0
    for k in range(near.size + 1):  # where nobody of that age is known yet, look one neighbourhood on
        cell = where * known.years + year
        if known.filled[cell] > 0:
            person = (steps - int(steps)) * known.filled[cell]
            return known.rows[known.start[cell] + int(person)], person - int(person)
        where = near[k % near.size]
    return NOBODY, 0.0


@inner
def _anyone_near(row, reach, friends, known, crowd):
    """The nearest in age, then in place, who could be a friend, looking back year by year."""
    year = int(np.floor(crowd.seen[row].born)) - known.first_year
    near = crowd.neighbours[crowd.seen[row].place]
    for back in range(min(int(np.ceil(reach)), year) + 1):
        for k in range(-1, near.size):
            where = crowd.seen[row].place if k < 0 else near[k]
            cell = where * known.years + year - back
            for step in range(known.filled[cell]):
                other = known.rows[known.start[cell] + known.filled[cell] - 1 - step]
                if _may_befriend(row, other, friends):
                    return other
    return NOBODY


# ---------------------------------------------------------------- school


def classmates(
    people: People, seen: People, order: Order, neighbours: NDArray[np.int32], luck: Luck, parameters: Numbers
) -> Edges:
    """Ties between some of those taught in one class: of one school, born within a year."""
    of_age = people["age"] < parameters["school_until"]
    pupils = order[of_age[order]].astype(np.int64)
    school = school_of(people, pupils, neighbours, luck, parameters)
    born = seen["born"][pupils]
    first_year = int(np.floor(born.min())) if pupils.size else 0
    year = np.floor(born).astype(np.int64) - first_year
    years = int(year.max(initial=0)) + 1
    size = int(parameters["class_size"])
    # Each knows half of them among those who joined before; the first few of a class find fewer there.
    each = parameters["classmates"] / 2 * size / (DESKS * size - DESKS * (DESKS + 1) / 2)
    links = np.stack([luck("school: classmates", pupils, k) < each for k in range(DESKS)], axis=1)
    one, other = _sit_together(pupils, school * years + year, len(neighbours) * years, size, links)
    return edges(one, other, TieKind.SCHOOL)


def school_of(people: People, pupils: Rows, neighbours: NDArray[np.int32], luck: Luck, parameters: Numbers) -> Rows:
    """Where each pupil goes to school: that of the own neighbourhood's district or of a near one."""
    first, until = parameters["secondary_age"], parameters["year_groups_until"]
    of_age = (people["enters"] == 0) & (people["age"] >= first) & (people["age"] < until)
    a_year = np.bincount(people["neighbourhood"][of_age], minlength=len(neighbours)) / (until - first)
    district = districts(a_year, neighbours, parameters["class_size"])
    home = people["neighbourhood"][pupils]
    which = (luck("school: which", pupils, 1) * neighbours.shape[1]).astype(np.int64)
    near = neighbours[home, which]
    stays = luck("school: which", pupils, 0) < parameters["school_own_district"]
    return district[np.where(stays, home, near)]


def districts(pupils_a_year: NDArray[np.float64], neighbours: NDArray[np.int32], class_size: float) -> Rows:
    """Group near neighbourhoods until a school year fills a class; each is named by its first neighbourhood.

    With one agent for each resident every neighbourhood has classes of its own; when an agent stands for many
    people, districts widen, for a class needs its pupils.
    """
    district = np.full(len(neighbours), NOBODY, np.int64)
    for seat in range(len(neighbours)):
        if district[seat] != NOBODY:
            continue
        district[seat] = seat
        pupils, reached, at = pupils_a_year[seat], [seat], 0
        while pupils < class_size and at < len(reached):
            for near in neighbours[reached[at]]:
                if district[near] == NOBODY and pupils < class_size:
                    district[near] = seat
                    pupils += pupils_a_year[near]
                    reached.append(int(near))
            at += 1
    return district


@outer
def _sit_together(pupils, school_year, school_years, class_size, links):
    """Fill the classes of each school year in order; who joins may know the last few who joined before."""
    joined = np.zeros(school_years, np.int64)
    recent = np.empty((school_years, DESKS), np.int64)
    one, other = np.empty(links.sum(), np.int32), np.empty(links.sum(), np.int32)
    made = 0
    for i in range(pupils.size):
        where = school_year[i]
        place = joined[where] % class_size
        for k in range(min(place, DESKS)):
            if links[i, k]:
                one[made], other[made] = recent[where, (joined[where] - 1 - k) % DESKS], pupils[i]
                made += 1
        recent[where, joined[where] % DESKS] = pupils[i]
        joined[where] += 1
    return one[:made], other[:made]
