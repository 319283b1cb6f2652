"""Who lives with whom: couples, parents with the children at home, and people sharing a home.

Only those within the model's ages are there to be tied: children under 10 and most people over 64 are not.
Households lie within a neighbourhood and, where they can, within an ethnic group. They are laid once, as they
stand at week 0: children still to come join parents who live there now, so nobody's ties depend on how long
the model will run.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from policysim.network.adjacency import NOBODY, Edges, TieKind, edges
from policysim.network.traits import Luck, Numbers, by_age_band
from policysim.vocabulary.groups import MEN, WOMEN
from policysim.vocabulary.time import WEEKS_PER_YEAR

Rows = NDArray[np.int64]
AT_A_TIME = 1 << 14  # people, or one neighbourhood: what is made on the way stays small
GROUPS = 8  # above the number of ethnic groups
YEARS_NEAR = 3.0  # parents this near to the age asked for are chosen alike
SPAN = 1000.0  # years; wider than any two births are apart


class Residents(NamedTuple):
    """What is looked at of the people of a few neighbourhoods, each in one piece; they go by their place in it."""

    rows: NDArray[np.int64]  # rising
    age: NDArray[np.float64]
    born: NDArray[np.float64]  # as `birth_years` has it
    enters: NDArray[np.integer]
    place: NDArray[np.int64]
    sex: NDArray[np.int8]
    group: NDArray[np.int8]  # ethnic


def households(people: NDArray[np.void], luck: Luck, parameters: Numbers) -> Edges:
    """Every tie between people who live together: a few neighbourhoods at a time, for none knows of another."""
    # Arrays that grow where they stand: thousands of small ones would leave the memory in pieces.
    first, second, kind = array("i"), array("i"), array("b")
    for rows in _neighbourhoods_together(people["neighbourhood"]):
        own = _residents(people, rows)
        for part in _households(own, luck, parameters):
            first.frombytes(own.rows[part.first].astype(np.int32).tobytes())
            second.frombytes(own.rows[part.second].astype(np.int32).tobytes())
            kind.frombytes(part.kind.tobytes())
    return Edges(np.frombuffer(first, np.int32), np.frombuffer(second, np.int32), np.frombuffer(kind, np.int8))


def _neighbourhoods_together(neighbourhood: NDArray[np.integer]) -> Iterator[Rows]:
    """The rows, rising, of all who live in a few neighbourhoods, time and again, until everyone has had a turn."""
    order = np.argsort(neighbourhood.astype(np.int32), kind="stable").astype(np.int32)
    ends = np.cumsum(np.bincount(neighbourhood))
    begin = 0
    while begin < order.size:
        end = int(ends[np.searchsorted(ends, min(begin + AT_A_TIME, order.size))])
        yield np.sort(order[begin:end]).astype(np.int64)
        begin = end


def _residents(people: NDArray[np.void], rows: Rows) -> Residents:
    names = ("age", "enters", "neighbourhood", "sex", "ethnicity")
    age, enters, place, sex, group = (people[name][rows] for name in names)
    return Residents(rows, age, enters / WEEKS_PER_YEAR - age, enters, place.astype(np.int64), sex, group)


def _households(people: Residents, luck: Luck, parameters: Numbers) -> list[Edges]:
    share = by_age_band(parameters, "lives_with_parents", people.age)
    at_home = luck("household: with parents", people.rows, 0) < share
    children, adults = np.flatnonzero(at_home), np.flatnonzero(~at_home & (people.enters == 0))
    women, men = couples(people, adults, luck, parameters)
    free = np.ones(people.age.size, bool)
    free[women] = free[men] = False
    single = adults[free[adults]]
    parent, partner = parents(people, children, (women, men), single, luck, parameters)
    has_parent, has_both = parent != NOBODY, partner != NOBODY
    now = people.enters[children] == 0  # a child still to come changes nobody's home before that
    free[parent[has_parent & now]] = False
    return [
        edges(women, men, TieKind.PARTNER),
        edges(parent[has_parent], children[has_parent], TieKind.PARENT),
        edges(partner[has_both], children[has_both], TieKind.PARENT),
        siblings(people, children[has_parent], parent[has_parent], parameters["sibling_years"]),
        *sharers(people, single[free[single]], luck, parameters),
    ]


# ---------------------------------------------------------------- couples


def couples(people: Residents, adults: Rows, luck: Luck, parameters: Numbers) -> tuple[Rows, Rows]:
    """Women and the men they live with, row beside row: neighbours, near in age, mostly of one group.

    Women live in a couple by the share of their age; of the men as many as are needed, the readiest first.
    """
    age = people.age[adults]
    own_home = 1 - by_age_band(parameters, "lives_with_parents", age)
    share = by_age_band(parameters, "lives_in_couple", age) / own_home
    ready = luck("household: couple", people.rows[adults], 0) / np.maximum(share, 1e-9)
    woman = people.sex[adults] == WOMEN
    spread = parameters["couple_age_spread"] * (2 * luck("household: couple", people.rows[adults], 1) - 1)
    as_woman = age + spread - parameters["couple_age_difference"] * ~woman
    place, group = people.place[adults].astype(np.int64), people.group[adults]
    found: list[tuple[Rows, Rows]] = []
    free = share > 0
    for block in (place * GROUPS + group, place):
        seeking, sought = np.flatnonzero(woman & free & (ready < 1)), np.flatnonzero(~woman & free)
        one, other = _match(block, as_woman, ready, seeking, sought)
        near = np.abs(as_woman[one] - as_woman[other]) < parameters["couple_age_limit"]
        one, other = one[near], other[near]
        free[one] = free[other] = False
        found.append((adults[one], adults[other]))
    return np.concatenate([pair[0] for pair in found]), np.concatenate([pair[1] for pair in found])


def _match(
    block: Rows, age: NDArray[np.float64], ready: NDArray[np.float64], one_side: Rows, other_side: Rows
) -> tuple[Rows, Rows]:
    """Pair two sides within blocks in order of age; of the larger side the least ready stay over."""
    size = int(block.max(initial=0)) + 1
    sides = (one_side, other_side)
    room = np.min([np.bincount(block[side], minlength=size) for side in sides], axis=0)
    paired = []
    for side in sides:
        kept = side[rank_within(block[side], ready[side]) < room[block[side]]]
        paired.append(kept[np.lexsort((age[kept], block[kept]))])
    return paired[0], paired[1]


def rank_within(block: Rows, key: NDArray[np.float64]) -> Rows:
    """Each entry's place, from 0, in the order of `key` within its block; ties by position."""
    order = np.lexsort((key, block))
    ordered = block[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    rank = np.empty(block.size, np.int64)
    rank[order] = np.arange(block.size) - np.repeat(starts, np.diff(starts, append=block.size))
    return rank


# ---------------------------------------------------------------- children


class Pool(NamedTuple):
    """People who may be the parent at home, with the partner of each (NOBODY for a lone parent)."""

    rows: Rows
    partners: Rows


def parents(
    people: Residents,
    children: Rows,
    pairs: tuple[Rows, Rows],
    single: Rows,
    luck: Luck,
    parameters: Numbers,
) -> tuple[Rows, Rows]:
    """For each child at home a parent in the neighbourhood, and that parent's partner; NOBODY for none.

    A child asks for a couple, a lone mother or a lone father in the published proportions, and for a parent
    of a given age; it gets one of about that age, of its own ethnic group where there is one.
    """
    sex = people.sex[single]
    pools = [
        Pool(pairs[0], pairs[1]),
        *(Pool(single[sex == which], np.full((sex == which).sum(), NOBODY)) for which in (WOMEN, MEN)),
    ]
    wanted = (luck("household: parent", people.rows[children], 0) < parameters["lone_parents"]).astype(np.int64)
    wanted += (wanted == 1) & (luck("household: parent", people.rows[children], 1) < parameters["lone_fathers"])
    youngest, oldest = parameters["parent_age_youngest"], parameters["parent_age_oldest"]
    middling = (
        luck("household: parent", people.rows[children], 2) + luck("household: parent", people.rows[children], 3)
    ) / 2
    asked = youngest + (oldest - youngest) * middling
    pick = luck("household: parent", people.rows[children], 4)
    parent = np.full(children.size, NOBODY)
    partner = parent.copy()
    steps = [(pool, wanted == pool, same_group) for pool in (0, 1, 2) for same_group in (True, False)]
    steps += [(pool, wanted >= 0, False) for pool in (0, 1)]  # those who found nobody of the kind asked for
    for pool, among, same_group in steps:
        left = np.flatnonzero(among & (parent == NOBODY))
        found = _find_parent(people, children[left], asked[left], pick[left], pools[pool].rows, same_group)
        gap = _years_older(people, pools[pool].rows, found, children[left])
        fits = (gap >= youngest) & (gap <= oldest)
        parent[left[fits]] = pools[pool].rows[found[fits]]
        partner[left[fits]] = pools[pool].partners[found[fits]]
    return parent, partner


def _find_parent(
    people: Residents,
    children: Rows,
    asked: NDArray[np.float64],
    pick: NDArray[np.float64],
    pool: Rows,
    same_group: bool,
) -> Rows:
    """The place in the pool of someone of about the age asked for, of the child's neighbourhood and group."""
    blocks = []
    for rows in (children, pool):
        place = people.place[rows].astype(np.int64)
        blocks.append(place * GROUPS + people.group[rows] if same_group else place)
    return near_in_block(blocks[0], people.born[children] - asked, pick, blocks[1], people.born[pool])


def _years_older(people: Residents, pool: Rows, found: Rows, children: Rows) -> NDArray[np.float64]:
    """How much older each found parent is than the child; -1 where none was found."""
    if not pool.size:
        return np.full(children.size, -1.0)
    return np.where(found == NOBODY, -1.0, people.born[children] - people.born[pool[found]])


def near_in_block(
    block: Rows,
    value: NDArray[np.float64],
    pick: NDArray[np.float64],
    pool_block: Rows,
    pool_value: NDArray[np.float64],
) -> Rows:
    """For each entry one of the pool, of the same block, near in value; NOBODY where the block is empty.

    Among those within `YEARS_NEAR` the luck `pick` chooses; where there are none it is the nearest.
    """
    found = np.full(block.size, NOBODY)
    if not pool_block.size:
        return found
    order = np.lexsort((pool_value, pool_block))
    line = pool_block[order] * SPAN + pool_value[order]
    at = block * SPAN + value
    low, high = np.searchsorted(line, at - YEARS_NEAR), np.searchsorted(line, at + YEARS_NEAR)
    chosen = low + (pick * (high - low)).astype(np.int64)
    below, above = np.clip(low - 1, 0, order.size - 1), np.clip(high, 0, order.size - 1)
    nearest = np.where(np.abs(line[below] - at) <= np.abs(line[above] - at), below, above)
    member = order[np.where(high > low, chosen, nearest)]
    same = pool_block[member] == block
    found[same] = member[same]
    return found


def siblings(people: Residents, children: Rows, parent: Rows, years: float) -> Edges:
    """Ties among children of one parent who were born no more than so many years apart."""
    order = np.lexsort((children, parent))
    child, of = children[order], parent[order]
    born = people.born
    found = []
    step = 1
    while step < child.size and (of[step:] == of[:-step]).any():
        together = (of[step:] == of[:-step]) & (np.abs(born[child[step:]] - born[child[:-step]]) <= years)
        found.append((child[:-step][together], child[step:][together]))
        step += 1
    none = np.empty(0, np.int64)
    one = np.concatenate([none, *(pair[0] for pair in found)])
    return edges(one, np.concatenate([none, *(pair[1] for pair in found)]), TieKind.SIBLING)


# ---------------------------------------------------------------- shared homes


def sharers(people: Residents, single: Rows, luck: Luck, parameters: Numbers) -> list[Edges]:
    """Single adults of one neighbourhood and like age who share a home in threes."""
    size = int(parameters["sharers"])
    share = by_age_band(parameters, "shares_home", people.age[single])
    sharing = single[luck("household: sharing", people.rows[single], 0) < share]
    place = people.place[sharing].astype(np.int64)
    order = np.lexsort((people.age[sharing], place))
    sharing, place = sharing[order], place[order]
    home = rank_within(place, people.age[sharing]) // size
    found = []
    for step in range(1, min(size, sharing.size)):
        together = (place[step:] == place[:-step]) & (home[step:] == home[:-step])
        found.append(edges(sharing[:-step][together], sharing[step:][together], TieKind.HOUSEMATE))
    return found
