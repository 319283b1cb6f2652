"""Coalitions of a regime's levers, orders in which they are added, and what each then brings: a Shapley or Owen value.

A *coalition* is some of the regime's levers. Adding them one after another until the regime is whole, every lever brings the
difference that its own step makes, and these add up to the whole difference whatever the order. What a lever brings on
average over all orders is its *Shapley value* (Shapley, A value for n-person games, 1953); where the levers of a group
always follow one another it is its *Owen value* (Owen, Values of games with a priori unions, 1977), and the levers of a group
then add up to the Shapley value of the whole group among the other groups.

Of many orders a few are sampled (Castro and others, Polynomial calculation of the Shapley value based on sampling, 2009), each
with its reverse, in which whoever came early comes late: what a lever does less beside others then cancels out in part. Every
seed has orders of its own. So the values of the seeds are independent, and one interval over them holds chance and the choice
of orders both.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product

from policysim.engine.luck import key_of

Coalition = frozenset[str]
"""Levers that are pulled, by their ids in the regime."""
Worth = Callable[[Coalition], float]
"""What a coalition makes of an outcome."""
NOBODY: Coalition = frozenset()
WAYS = {
    "lever-in-group": "each lever, where those of a group follow one another in every order",
    "lever": "each lever, in any order",
    "group": "whole groups of levers",
}
"""Among what a difference is shared out, and the orders in which that is added."""
FEW = 24
"""So many orders, of four levers, are all gone through, whatever number is asked for."""
REGIME, GROUP, LEVER = "regime", "group", "lever"
"""What a row is about."""


@dataclass(frozen=True)
class Part:
    """What is added in one step: a lever, or all levers of a group."""

    id: str
    level: str
    group: str
    title: str
    levers: Coalition


Block = tuple[Part, ...]
"""Parts that follow one another in every order."""
Order = tuple[Part, ...]


# ---------------------------------------------------------------- orders, and the coalitions that they take


def blocks_of(levers: Sequence[Part], by: str) -> tuple[Block, ...]:
    """Some levers, each a part by itself, as what is added one after another: see `WAYS`."""
    if by == LEVER:
        return (tuple(levers),)
    groups = {name: tuple(part for part in levers if part.group == name) for name in _groups(levers)}
    if by == GROUP:
        return (tuple(whole(block) for block in groups.values()),)
    return tuple(groups.values())


def _groups(levers: Iterable[Part]) -> list[str]:
    return list(dict.fromkeys(part.group for part in levers))


def whole(block: Block) -> Part:
    """The levers of a group as one part."""
    name = block[0].group
    return Part(name, GROUP, name, name[:1].upper() + name[1:], together(block))


def together(parts: Iterable[Part]) -> Coalition:
    """The levers of some parts."""
    return NOBODY.union(*(part.levers for part in parts))


def number_of_orders(blocks: Sequence[Block]) -> int:
    """How many orders there are."""
    return math.factorial(len(blocks)) * math.prod(math.factorial(len(block)) for block in blocks)


def are_all(blocks: Sequence[Block], count: int) -> bool:
    """Whether so few orders are possible that all of them are gone through where `count` are asked for."""
    return number_of_orders(blocks) <= max(count, FEW)


def orders_of(blocks: Sequence[Block], seed: int, count: int) -> list[Order]:
    """All orders, or `count` of them for a seed, each followed by its reverse; more begin with the same ones.

    A part's place hangs on its own name alone: without one of them the others keep their order.
    """
    if are_all(blocks, count):
        of_blocks = [list(permutations(block)) for block in blocks]
        return [
            tuple(part for block in order for part in block)
            for chosen in product(*of_blocks)
            for order in permutations(chosen)
        ]
    found: list[Order] = []
    for k in range(count // 2):
        order = _shuffled(blocks, seed, k)
        found += [order, order[::-1]]
    return found


def _shuffled(blocks: Sequence[Block], seed: int, k: int) -> Order:
    def place(name: str) -> tuple[int, str]:
        return key_of(seed, f"order {k} {name}"), name

    of_blocks = sorted(blocks, key=lambda block: place(f"group {block[0].group}"))
    return tuple(
        part for block in of_blocks for part in sorted(block, key=lambda part: place(f"{part.level} {part.id}"))
    )


def steps(order: Order) -> Iterator[tuple[Part, Coalition, Coalition]]:
    """Each part of an order with the levers that are pulled before and after it is added."""
    before = NOBODY
    for part in order:
        after = before | part.levers
        yield part, before, after
        before = after


def looked_at(blocks: Sequence[Block]) -> list[Part]:
    """The parts of which it is told what they do alone and what the regime lacks without them: levers, and their groups."""
    parts = [part for block in blocks for part in block]
    groups = [whole(block) for block in blocks if len(blocks) > 1]
    return list({part.levers: part for part in (*groups, *parts)}.values())


def coalitions(blocks: Sequence[Block], orders: Iterable[Order]) -> list[Coalition]:
    """Every coalition that is run, once: none, all, each part alone, all without it, and each beginning of an order."""
    everyone = together(part for block in blocks for part in block)
    parts = looked_at(blocks)
    found = [NOBODY, everyone, *(part.levers for part in parts), *(everyone - part.levers for part in parts)]
    found += [after for order in orders for _, _, after in steps(order)]
    return list(dict.fromkeys(found))


# ---------------------------------------------------------------- what each brings


@dataclass(frozen=True)
class Shared:
    """One seed's difference shared out among parts, by their levers; `pairs` are the same by pair of orders."""

    values: Mapping[Coalition, float]
    pairs: Mapping[Coalition, Sequence[float]]


def shared(blocks: Sequence[Block], orders: Sequence[Order], worth: Worth) -> Shared:
    """What each part and each group brings on average over some orders; the parts add up to the whole difference."""
    parts = [part for block in blocks for part in block]
    brought: dict[Coalition, list[float]] = {part.levers: [] for part in parts}
    for order in orders:
        for part, before, after in steps(order):
            brought[part.levers].append(worth(after) - worth(before))
    if len(blocks) > 1:
        for block in blocks:
            each = [brought[part.levers] for part in block]
            brought[together(block)] = [math.fsum(of_order) for of_order in zip(*each, strict=True)]
    values = {levers: math.fsum(found) / len(found) for levers, found in brought.items()}
    pairs = {
        levers: [(a + b) / 2 for a, b in zip(found[::2], found[1::2], strict=False)]
        for levers, found in brought.items()
    }
    return Shared(values, pairs)
