"""What a comparison has found so far: a number for each seed, regime, year and outcome, filled in while it runs."""

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis import unknowns
from policysim.experiments.analysis.estimates import UNKNOWN, estimate, estimates, row_of
from policysim.experiments.analysis.unknowns import Spread
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.running.pieces import Groups, Year

T = TypeVar("T")
REMEMBERED = 200
"""Pieces of what is shown that are kept of a comparison for whoever looks at the same."""


class Found:
    """A comparison's years as they come in; nan where one is not there yet.

    years: how many have been lived under every regime by the seed that is furthest.
    """

    def __init__(self, scenario: Scenario):
        self.scenario = scenario
        self.regimes = [regime.id for regime in scenario.regimes]
        self.column = {name: k for k, name in enumerate(scenario.columns)}
        """Where an outcome's own column stands among the values."""
        shape = (len(self.regimes), scenario.years, len(self.column))
        self.values = np.full((scenario.replicates, *shape), np.nan)
        self.drawn = np.full((scenario.uncertainty, *shape), np.nan)
        self.groups: dict[tuple[str, int], pd.DataFrame] = {}
        self._made: dict[Hashable, Any] = {}

    def take(self, piece: Year | Groups) -> None:
        """Write down what came in."""
        if isinstance(piece, Groups):
            self.groups[piece.regime, piece.replicate] = piece.table
        elif piece.draw:
            self.drawn[piece.draw - 1, self._at[piece.regime], piece.year] = piece.values
        else:
            self.values[piece.replicate, self._at[piece.regime], piece.year] = piece.values

    @cached_property
    def _at(self) -> dict[str, int]:
        return {regime: k for k, regime in enumerate(self.regimes)}

    @property
    def lived(self) -> NDArray[np.bool_]:
        """Which seed has lived which year under every regime, shape (seeds, years)."""
        return ~np.isnan(self.values[..., 0]).any(axis=1)

    @property
    def years(self) -> int:
        """Years that the seed which is furthest has lived under every regime."""
        return int(self.lived.sum(axis=1).max(initial=0))

    def _through(self, first: int, last: int) -> NDArray[np.bool_]:
        """Which seeds have lived these years under every regime, so that all regimes are told of the same seeds."""
        return np.asarray(self.lived[:, first:last].all(axis=1))

    def told(self, years: int) -> Hashable:
        """What is there of the first years; as long as it is the same, so is everything that is said of them."""
        return (
            years,
            *self.lived[:, :years].sum(axis=0).tolist(),
            self.draws(years) if years else 0,
            len(self.whole_runs()),
        )

    def once(self, make: Callable[..., T], *asked: Any, years: int) -> T:
        """`make(found, *asked, years)`, made once for all who look at the same years."""
        key = (make, asked, self.told(years))
        if key not in self._made:
            made = make(self, *asked, years)
            if len(self._made) >= REMEMBERED:
                self._made = {}
            self._made[key] = made
            return made
        return self._made[key]

    def seeds(self, years: int) -> int:
        """How many seeds have lived so many years."""
        return int(self._through(0, years).sum()) if years else 0

    def totals(self, outcome: Outcome, years: int) -> pd.DataFrame:
        """Over the first years: see `estimates`; of the seeds that have lived them."""
        return estimates(self.by_seed(outcome, years))

    def by_seed(self, outcome: Outcome, years: int) -> pd.DataFrame:
        """Over the first years: a row for each seed that has lived them, a column for each regime."""
        return self._wide(self.values[self._through(0, years)], outcome, slice(0, years))

    def yearly(self, outcome: Outcome, years: int) -> pd.DataFrame:
        """Year by year: columns regime, year (0 is the first), and those of `estimates`."""
        rows = []
        for year in range(years):
            through = self._sums(self.values[self._through(year, year + 1)], outcome, slice(year, year + 1))
            for k, regime in enumerate(self.regimes):
                level, gap = estimate(through[:, k].tolist()), UNKNOWN
                if STATUS_QUO in self._at and regime != STATUS_QUO:
                    gap = estimate((through[:, k] - through[:, self._at[STATUS_QUO]]).tolist())
                rows.append({"regime": regime, **row_of(level, gap), "year": year})
        return pd.DataFrame.from_records(rows)

    def draws(self, years: int) -> int:
        """How many sets of drawn numbers have lived so many years under every regime."""
        return int((~np.isnan(self.drawn[:, :, :years, 0])).all(axis=(1, 2)).sum())

    def spreads(self, outcome: Outcome, years: int) -> dict[str, Spread]:
        """Over the first years and the drawn numbers, by regime; empty where none has come in yet."""
        wide = self._wide(self.drawn, outcome, slice(0, years)).dropna()
        if wide.empty:
            return dict.fromkeys(self.regimes, Spread())
        return unknowns.spreads(wide, outcome)

    def whole_runs(self) -> list[int]:
        """Seeds that have ended under every regime."""
        return [k for k in range(len(self.values)) if all((regime, k) in self.groups for regime in self.regimes)]

    def by_group(self, seeds: list[int]) -> pd.DataFrame:
        """Outcomes by group of these seeds, added up over the horizon: a row for each regime, seed and group."""
        parts = [
            self.groups[regime, k].assign(regime=regime, replicate=k) for k in seeds for regime in self.regimes
        ]  # fmt: skip
        return pd.concat(parts, ignore_index=True)

    def _wide(self, values: NDArray[np.float64], outcome: Outcome, years: slice) -> pd.DataFrame:
        """The outcome over these years: a row for each seed (or draw), a column for each regime."""
        return pd.DataFrame(self._sums(values, outcome, years), columns=self.regimes)

    def _sums(self, values: NDArray[np.float64], outcome: Outcome, years: slice) -> NDArray[np.float64]:
        by_year = values[:, :, years, [self.column[name] for name in outcome.columns]].sum(axis=-1)
        return np.asarray(by_year.mean(axis=-1) if outcome.stock else by_year.sum(axis=-1))
