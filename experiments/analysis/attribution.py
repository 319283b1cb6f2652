"""What each lever of a regime brings, from what its coalitions came to: the rows of `policysim attribute`.

Which coalitions are run, in which orders, and what a share is: `policysim/experiments/analysis/coalitions.py`.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import pandas as pd
from scipy.special import stdtr, stdtrit
from scipy.stats import false_discovery_control

from policysim.counts.outcomes import OUTCOMES, unit_in_files
from policysim.experiments.analysis.coalitions import (
    GROUP,
    LEVER,
    NOBODY,
    REGIME,
    Block,
    Coalition,
    Order,
    Part,
    Worth,
    shared,
    together,
    whole,
)
from policysim.experiments.analysis.estimates import CONFIDENCE, UNKNOWN, Estimate, estimate
from policysim.experiments.analysis.numbers import span
from policysim.experiments.analysis.wording import all_alike, listed, lower_case, plural

FALSE = 0.05
"""Of the interactions that are named, the share that may be chance."""
ROUNDING = 1e-10
"""Of an outcome's own size: smaller differences of differences are rounding."""


def share_of_orders(found: Sequence[Sequence[float]], all_of_them: bool) -> float:
    """Of the variance of a mean over seeds, the share that the choice of orders makes; one pair a seed cannot tell (nan).

    found: of each seed the value of each pair of orders.
    """
    if all_of_them:
        return 0.0
    seeds, pairs = len(found), len(found[0])
    if seeds < 2 or pairs < 2:
        return math.nan
    means = [math.fsum(of_seed) / pairs for of_seed in found]
    middle = math.fsum(means) / seeds
    between = math.fsum((mean - middle) ** 2 for mean in means) / (seeds - 1)
    within = [
        math.fsum((value - mean) ** 2 for value in of_seed) / (pairs - 1)
        for of_seed, mean in zip(found, means, strict=True)
    ]
    return min(1.0, math.fsum(within) / seeds / pairs / between) if between > 0 else 0.0


@dataclass(frozen=True)
class Row:
    """What one lever, or group of levers, or the whole regime, does to an outcome over the horizon, beside the status quo.

    `value` is its share of the regime's difference, and `share` what part of it that is (nan where chance alone could have made
    the whole difference). `alone`: without all others; `leave_one_out`: what the regime has by it
    beyond the others; `interaction`: the second minus the first. Each with its 95% interval over seeds, which for `value`
    also holds the choice of orders, whose share of its variance is `orders_share` (nan: one pair of orders a seed cannot tell).
    """

    outcome: str
    unit: str
    level: str
    id: str
    group: str
    value: float
    low: float
    high: float
    share: float
    alone: float
    alone_low: float
    alone_high: float
    leave_one_out: float
    leave_one_out_low: float
    leave_one_out_high: float
    interaction: float
    interaction_low: float
    interaction_high: float
    orders_share: float
    status_quo: float
    seeds: int
    title: str

    @property
    def holds_nothing(self) -> bool:
        """Whether chance alone could have made its value: the interval holds zero, or no seed differed at all."""
        return self.low <= 0 <= self.high if self.low == self.low else self.value == 0

    def around(self, money: bool) -> str:
        """The limits of its value in words, or why several seeds show none; empty of one seed (the notes say so)."""
        return span(self.low, self.high, money, signs=True) or all_alike(
            Estimate(self.value, self.low, self.high, self.seeds)
        )


COLUMNS = tuple(field.name for field in fields(Row))


@dataclass(frozen=True)
class Lived:
    """One seed: the orders it went through, and what each coalition made of every outcome."""

    orders: Sequence[Order]
    totals: Mapping[Coalition, Mapping[str, float]]

    def worth(self, outcome: str) -> Worth:
        """What a coalition makes of an outcome."""
        return lambda coalition: self.totals[coalition][outcome]


def rows_of(blocks: Sequence[Block], seeds: Sequence[Lived], outcome: str, name: str, all_orders: bool) -> list[Row]:
    """The rows of one outcome: the regime, which is called `name`, then its groups, each with its levers beneath it.

    The largest in the direction of the whole difference comes first, what works against it last.
    """
    everyone = together(part for block in blocks for part in block)
    worths = [lived.worth(outcome) for lived in seeds]
    found = [shared(blocks, lived.orders, worth) for lived, worth in zip(seeds, worths, strict=True)]
    usual = math.fsum(worth(NOBODY) for worth in worths) / len(worths)
    total = estimate([worth(everyone) - worth(NOBODY) for worth in worths])

    def row(part: Part) -> Row:
        value = estimate([one.values[part.levers] for one in found])
        alone = [worth(part.levers) - worth(NOBODY) for worth in worths]
        last = [worth(everyone) - worth(everyone - part.levers) for worth in worths]
        other = estimate([_beyond_rounding(b - a, usual) for a, b in zip(alone, last, strict=True)])
        of_orders = share_of_orders([one.pairs[part.levers] for one in found], all_orders)
        return _row(outcome, part, (value, estimate(alone), estimate(last), other), total, usual, of_orders)

    regime = Part(name, REGIME, "", name, everyone)
    return [_row(outcome, regime, (total, UNKNOWN, UNKNOWN, UNKNOWN), total, usual, 0.0), *_sorted(blocks, row, total)]


def _beyond_rounding(gap: float, level: float) -> float:
    """A difference of differences; nothing where it is no more than the rounding of large numbers."""
    return gap if abs(gap) > ROUNDING * abs(level) else 0.0


def _sorted(blocks: Sequence[Block], row: Callable[[Part], Row], total: Estimate) -> Iterator[Row]:
    """Groups by what they bring, and in each its levers; of levers in any order, just these."""
    way = -1 if total.mean < 0 else 1

    def first(rows: list[Row]) -> float:
        return -way * rows[0].value

    told = [sorted(map(row, block), key=lambda one: -way * one.value) for block in blocks]
    if len(blocks) > 1:
        told = [[row(whole(block)), *rows] for block, rows in zip(blocks, told, strict=True)]
    for rows in sorted(told, key=first):
        yield from rows


def _row(
    outcome: str, part: Part, found: tuple[Estimate, Estimate, Estimate, Estimate], total: Estimate, usual: float,
    orders_share: float,
) -> Row:  # fmt: skip
    names = ("value", "alone", "leave_one_out", "interaction")
    numbers = {name: one.mean for name, one in zip(names, found, strict=True)}
    for name, one in zip(("", "alone_", "leave_one_out_", "interaction_"), found, strict=True):
        numbers |= {f"{name}low": one.low, f"{name}high": one.high}
    return Row(
        outcome=outcome, unit=unit_in_files(outcome), level=part.level, id=part.id, group=part.group, title=part.title,
        share=found[0].mean / total.mean + 0.0 if total.is_clear else math.nan, orders_share=orders_share, status_quo=usual,
        seeds=total.seeds, **numbers,
    )  # fmt: skip


def folded(rows: Sequence[Row]) -> list[Row]:
    """The same with a group of one lever as one row, which is named by both."""
    alone = {name for name in _ids(rows, GROUP) if sum(row.level == LEVER and row.group == name for row in rows) == 1}
    titles = {row.group: row.title for row in rows if row.level == LEVER}
    return [
        replace(row, title=f"{row.title}: {lower_case(titles[row.group])}")
        if row.level == GROUP and row.id in alone
        else row
        for row in rows
        if row.level != LEVER or row.group not in alone
    ]


def _ids(rows: Sequence[Row], level: str) -> list[str]:
    return [row.id for row in rows if row.level == level]


def table_of(rows: Sequence[Row]) -> pd.DataFrame:
    """The rows with the columns of the file."""
    return pd.DataFrame([{name: getattr(row, name) for name in COLUMNS} for row in rows], columns=list(COLUMNS))


def interacting(rows: Sequence[Row]) -> list[Row]:
    """The levers and groups of one outcome that do another thing beside the others than alone.

    Of those named a share of `FALSE` may be so by chance (Benjamini and Hochberg, over all rows of the outcome).
    """
    told = [row for row in rows if row.level != REGIME and row.interaction_low == row.interaction_low]
    if not told:
        return []
    chances = false_discovery_control([_chance(row) for row in told])
    return [row for row, chance in zip(told, chances, strict=True) if chance < FALSE]


def _chance(row: Row) -> float:
    """How often chance alone makes an interaction of that size (Student's t)."""
    error = (row.interaction_high - row.interaction_low) / 2 / float(stdtrit(row.seeds - 1, (1 + CONFIDENCE) / 2))
    return 2 * float(stdtr(row.seeds - 1, -abs(row.interaction) / error))


def on_interactions(rows: Sequence[Row]) -> tuple[str, ...]:
    """In sentences, of the rows of one outcome: what does less, more or the opposite beside the others, beyond chance."""
    kinds: dict[str, list[str]] = {"less": [], "more": [], "opposite": []}
    for row in interacting(rows):
        kinds[_kind(row)].append(f"{row.id} (group)" if row.level == GROUP else row.id)
    noun = OUTCOMES[rows[0].outcome].noun
    told = (
        (f"Does less to {noun} beside the others than alone (they overlap)", kinds["less"]),
        (f"Does more to {noun} beside the others than alone (it needs them)", kinds["more"]),
        (f"Does the opposite to {noun} beside the others", kinds["opposite"]),
    )
    return tuple(f"{head}: {listed(names)}." for head, names in told if names)


def _kind(row: Row) -> str:
    """How what it does beside the others differs from what it does alone."""
    both_clear = all(low > 0 or high < 0 for low, high in (
        (row.alone_low, row.alone_high), (row.leave_one_out_low, row.leave_one_out_high)
    ))  # fmt: skip
    if both_clear and row.alone * row.leave_one_out < 0:
        return "opposite"
    return "less" if abs(row.leave_one_out) < abs(row.alone) else "more"


def on_orders(rows: Sequence[Row], orders: int, all_orders: bool) -> str:
    """In sentences: which orders were gone through, and what the intervals of shares are over."""
    if rows[0].seeds < 2:
        return "One seed shows no interval: shares may be chance, and a matter of the orders that were taken, so run several."
    if all_orders:
        told = f"All {plural(orders, 'order')} were gone through" if orders > 1 else "There is one order alone"
        return f"{told}: the 95% intervals are over seeds. They show chance, not what nobody knows."
    known = sorted(row.orders_share for row in rows if row.level != REGIME and row.orders_share == row.orders_share)
    of_orders = (
        f" The choice of orders makes {known[len(known) // 2]:.0%} of the variance of a middling share."
        if known
        else ""
    )
    return (
        f"Each seed went through {plural(orders, 'order')} of its own, every second one the reverse of the one before: the 95% "
        "intervals of shares are over seeds and sampled orders together, those of what a lever does alone and of what the "
        f"regime lacks without it over seeds. They show chance, not what nobody knows.{of_orders}"
    )
