"""What one thread counts: whole numbers, so that it does not matter which thread counted whom, nor in what order."""

from collections.abc import Iterable
from typing import NamedTuple, Self

import numpy as np


class Tally(NamedTuple):
    """Stocks by area, sums by area and then by group; sums are in whole parts (policysim.vocabulary.stocks.PARTS)."""

    stocks: np.ndarray  # int64, shape (areas, stocks)
    sums: np.ndarray  # int64, shape (areas and groups, sums)

    @classmethod
    def empty(cls, areas: int, stocks: int, sums: int, groups: int = 0) -> Self:
        return cls(np.zeros((areas, stocks), np.int64), np.zeros((areas + groups, sums), np.int64))

    def clear(self) -> None:
        self.stocks[:] = 0
        self.sums[:] = 0


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together, in arrays of their own."""
    first, *others = tallies
    stocks, sums = first.stocks.copy(), first.sums.copy()
    for other in others:
        stocks += other.stocks
        sums += other.sums
    return Tally(stocks, sums)
