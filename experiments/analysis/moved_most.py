"""The outcomes that rules of one's own moved most, beside those that are always shown: an edit of searches moves searches.

They are picked by size out of all, and whatever is the largest of many is partly luck: that is said wherever they are.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from policysim.counts.outcomes import OUTCOMES, Outcome
from policysim.experiments.analysis.against_stock import against, told, unit_over_years
from policysim.experiments.analysis.estimates import estimate, gap_in, level_in, over
from policysim.experiments.analysis.numbers import signed
from policysim.scenarios.own_arms import beside_which
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario

Row = dict[str, Any]
MOST = 10
"""Outcomes that are picked."""
HEADS = (
    "outcome", "the edit changes it by (95%)", "in per cent", "standardised", "stock rules", "edited rules",
)  # fmt: skip
ONE_SEED = (
    "With one seed no outcome can be picked by how far it moved, for nothing tells that from chance: run several seeds."
)
THOSE_ALIKE = (
    " First stands money that every seed moved by the same, such as what a programme costs whoever comes: no size can be "
    "told of it."
)
ALIKE = "same in every seed"
ONLY_ALIKE = " between the two arms, by the same in every seed, which tells nothing of chance."
NONE_MOVED = "No other outcome differs between the two arms."


@dataclass(frozen=True)
class MovedMost:
    """What was picked of an edited arm against the arm beside which it stands, the most first."""

    edited: str
    tables: dict[str, pd.DataFrame]
    """By outcome: both arms, as `against` estimates them."""
    standardised: dict[str, float | None]
    """By outcome: the mean difference over the standard deviation of the seeds' differences (Cohen's d of pairs); None where the
    difference is the same in every seed."""
    moved: int
    """So many outcomes differed under some seed."""
    looked_at: int
    """So many were looked at."""
    seeds: int

    @property
    def rows(self) -> list[Row]:
        """Plain values, a row for each outcome."""
        return [
            row_of(OUTCOMES[id], table, self.edited) | {"standardised": self.standardised[id]}
            for id, table in self.tables.items()
        ]

    @property
    def json(self) -> Row:
        """The rows with how they were picked."""
        return {"rows": self.rows, "moved": self.moved, "looked_at": self.looked_at, "caution": self.caution}

    @property
    def cells(self) -> list[tuple[str, ...]]:
        """A row for each outcome in words, under `HEADS`."""
        return [self._cells(OUTCOMES[id], table) for id, table in self.tables.items()]

    def _cells(self, outcome: Outcome, table: pd.DataFrame) -> tuple[str, ...]:
        gap, share, stock, edited = told(table, self.edited, outcome)
        standardised = self.standardised[outcome.id]
        size = ALIKE if standardised is None else signed(standardised)
        return f"{outcome.label} ({unit_over_years(outcome)})", gap, share, size, stock, edited

    @property
    def caution(self) -> str:
        """How they were picked, and what that does to them; or why none were."""
        if self.seeds < 2:
            return ONE_SEED
        if not self.tables:
            differ = "outcome differs" if self.moved == 1 else "outcomes differ"
            return f"{self.moved} further {differ}{ONLY_ALIKE}" if self.moved else NONE_MOVED
        return (
            f"Picked by size: of {self.looked_at} further outcomes {self.moved} differ under some seed, and these differ most, "
            "standardised: the mean difference over the standard deviation of the seeds' differences. The largest of so many "
            "is partly luck, and would be smaller another time. What you expected before you looked is found where its "
            "interval leaves out zero; of anything else, look again with other seeds."
            + (THOSE_ALIKE if None in self.standardised.values() else "")
        )


def row_of(outcome: Outcome, table: pd.DataFrame, edited: str) -> Row:
    """An outcome of both arms as plain values."""
    row = table.loc[edited]
    gap = gap_in(row)
    return {
        "outcome": outcome.id, "unit": outcome.unit, "stock": level_in(table.loc[STATUS_QUO]).mean,
        "edited": level_in(row).mean, "difference": gap.mean, "difference_low": gap.low, "difference_high": gap.high,
        "seeds": gap.seeds,
    }  # fmt: skip


def moved_most(values: Mapping[str, pd.DataFrame], stock: str, edited: str, beside: Collection[str]) -> MovedMost:
    """Of these outcomes (a row for each seed, a column for each arm) those that moved most; `beside`: shown as it is."""
    further = {id: table[[stock, edited]] for id, table in values.items() if id not in beside}
    moved = {id: table for id, table in further.items() if (table[edited] != table[stock]).any()}
    sizes = {id: _standardised(table[edited] - table[stock]) for id, table in moved.items()}
    told = (id for id in moved if sizes[id] != 0 and (sizes[id] is not None or OUTCOMES[id].money))
    ranked = sorted(told, key=lambda id: -abs(sizes[id] or math.inf))[:MOST]
    return MovedMost(
        edited, {id: against(moved[id], stock, edited) for id in ranked}, {id: sizes[id] for id in ranked},
        len(moved), len(further), max(map(len, values.values()), default=0),
    )  # fmt: skip


def _standardised(gaps: pd.Series) -> float | None:
    """The mean over the standard deviation; None where all seeds have the same, 0 where one alone tells nothing of chance."""
    if len(gaps) > 1 and gaps.nunique() == 1:
        return None
    if not estimate(gaps.tolist()).has_interval:
        return 0.0
    return float(gaps.mean() / gaps.std())


def of_arms(weekly: pd.DataFrame, scenario: Scenario, beside: Collection[str]) -> dict[str, MovedMost]:
    """By edited arm of a comparison what it moved most against its own stock arm; from weeks of the whole place."""
    ids = [regime.id for regime in scenario.regimes]
    pairs = {edited: stock for edited in ids if (stock := beside_which(edited, ids)) is not None}
    if not pairs:
        return {}
    runs = dict(iter(weekly.groupby(["replicate", "regime"], observed=True)))
    values = {
        id: pd.Series({key: over(weeks, outcome) for key, weeks in runs.items()}).unstack()
        for id, outcome in OUTCOMES.items()
    }
    return {edited: moved_most(values, stock, edited, beside) for edited, stock in pairs.items()}


def title_of(scenario: Scenario, edited: str) -> str:
    """Over what an edited arm moved most: which two arms are held against one another."""
    names = {regime.id: regime.name for regime in scenario.regimes}
    stock = beside_which(edited, names) or STATUS_QUO
    return f"What else moved most: “{names[edited]}” against “{names[stock]}”, paired by seed"
