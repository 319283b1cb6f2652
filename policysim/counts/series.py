"""The counts of one run, week by week, and the tidy tables made of them."""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from policysim.counts.counting import FIRST_GROUPS, GROUPS, count_flows, stocks_by_group
from policysim.counts.grouping import by_group
from policysim.counts.outcomes import BY_GROUP, COSTS, COUNTED, Outcome
from policysim.engine.who import where_they_stand
from policysim.vocabulary.mark import Mark
from policysim.vocabulary.stocks import FIGURES, STOCKS, SUMS, Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR, years_of

if TYPE_CHECKING:
    import pandas as pd


MIDYEAR = WEEKS_PER_YEAR // 2
"""The week of each year in which the people in each state are counted by group: most of them change slowly."""


OF_KIND = {
    kind: [k for k, outcome in enumerate(COUNTED.values()) if outcome.kind == kind]
    for kind in ("flow", "stock", "told", "sum")
}
"""The places of the counted outcomes of each kind among all of them, and for all but flows what each is of:"""
PART_OF_KIND = {
    kind: [int(outcome.parts[0]) for outcome in COUNTED.values() if outcome.kind == kind]
    for kind in ("stock", "told", "sum")
}
MEANS = [k for k, outcome in enumerate(COUNTED.values()) if outcome.stock]
"""The places of those that are averaged over time."""


class Outcomes:
    """The counts of one run, week by week and area by area, in simulated people (not yet scaled up)."""

    def __init__(
        self, weeks: int, areas: int, marks: Mapping[str, type[Mark]], own: Mapping[str, Outcome] | None = None
    ):
        """`marks` are the enumerations of marks by the field of a person that holds them; `own` outcomes of one's own."""
        self.week = -1
        self.own = own or {}
        self.own_stocks = [name for name, outcome in self.own.items() if outcome.kind == "stock"]
        self.mark_fields = tuple(marks)
        self.marks = [mark for part in marks.values() for mark in part]
        self.first_stock = len(self.marks)
        self.first_columns = np.cumsum([0, *(len(part) for part in marks.values())])[:-1]
        self.column_of = {mark.name: k for k, mark in enumerate(self.marks)}
        self.columns_of = {  # of the marks of each outcome that is a flow
            name: [self.column_of[mark._name_] for mark in outcome.parts if isinstance(mark, IntEnum)]
            for name, outcome in COUNTED.items()
            if outcome.kind == "flow"
        }
        self.columns_of_own = {  # where people of another arm alone leave such marks there are none
            name: [self.column_of[mark] for mark in map(_name_of, outcome.parts) if mark in self.column_of]
            for name, outcome in self.own.items()
            if outcome.kind == "flow"
        }
        self.flows = np.zeros((weeks, areas, len(self.marks)), np.int32)
        self.stocks = np.zeros((weeks, areas, STOCKS), np.int32)
        self.sums = np.zeros((weeks, areas, SUMS))
        self.figures = np.zeros((weeks, areas, FIGURES))
        self.costs = np.zeros((weeks, len(COSTS)))
        self.own_counts = np.zeros((weeks, areas, len(self.own_stocks)), np.int32)
        self._have_at_hand(np.zeros((areas + 1, len(self.marks)), np.int64), np.zeros((areas, STOCKS), np.int64))
        years = years_of(weeks) + 1
        self.groups = np.zeros((years, len(GROUPS), len(self.marks)), np.int64)
        self.group_sums = np.zeros((years, len(GROUPS), SUMS))
        self.group_stocks = np.zeros((years, len(GROUPS), STOCKS), np.int64)
        self.own_groups = np.zeros((years, len(GROUPS), len(self.own_stocks)), np.int64)

    def record(
        self, week: int, people: np.ndarray, places: np.ndarray, touched: np.ndarray, stocks: np.ndarray, sums: np.ndarray,
        costs: Sequence[float],
    ) -> None:  # fmt: skip
        """Keep one week; `sums` has the rows of the areas and below them those of the groups."""
        self.week = week
        flows = np.zeros((self.flows.shape[1] + 1, len(self.marks)), np.int64)
        year, areas = years_of(week), len(stocks)
        fields = where_they_stand(people.dtype, self.mark_fields)
        count_flows(people, places, touched, fields, self.first_columns, flows, self.groups[year], FIRST_GROUPS)
        self.group_sums[year] += sums[areas:]
        self.flows[week], self.stocks[week], self.sums[week], self.costs[week] = flows[:-1], stocks, sums[:areas], costs
        self._have_at_hand(flows, stocks)

    def count_groups(self, week: int, people: np.ndarray, places: np.ndarray, entered: int) -> None:
        """Once a year: people in each state by group, when everyone has lived the week and before services admit."""
        if week % WEEKS_PER_YEAR == MIDYEAR:
            self.group_stocks[years_of(week)] = stocks_by_group(people, places, entered)

    def record_own(self, week: int, people: np.ndarray, places: np.ndarray, holding: Iterable[np.ndarray]) -> None:
        """Keep the people of whom something declared with `Counted` holds when a week is over; by group at midyear."""
        for k, rows in enumerate(holding):
            area = places["area"][people["neighbourhood"][rows]]
            self.own_counts[week, :, k] = np.bincount(area, minlength=self.own_counts.shape[1])
            if week % WEEKS_PER_YEAR == MIDYEAR:
                self.own_groups[years_of(week), :, k] = by_group(people, places, rows)

    def take_over(self, other: "Outcomes") -> None:
        """Carry the history of the burn-in, so that the institutions have a last week to read."""
        n = other.week + 1
        self.week = other.week
        for name in ("stocks", "sums", "figures", "costs"):
            getattr(self, name)[:n] = getattr(other, name)[:n]
        years = min(len(self.groups), len(other.groups))
        for name in ("group_sums", "group_stocks"):
            getattr(self, name)[:years] = getattr(other, name)[:years]
        for k, name in enumerate(self.own_stocks):
            if name in other.own_stocks:
                theirs = other.own_stocks.index(name)
                self.own_counts[:n, :, k] = other.own_counts[:n, :, theirs]
                self.own_groups[:years, :, k] = other.own_groups[:years, :, theirs]
        for mark in other.marks:  # either may have marks of a part of life that the other does not know
            if mark.name in self.column_of:
                mine, theirs = self.column_of[mark.name], other.column_of[mark.name]
                self.flows[:n, :, mine] = other.flows[:n, :, theirs]
                self.groups[:years, :, mine] = other.groups[:years, :, theirs]
        if self.week >= 0:
            flows, stocks = (counts[self.week].astype(np.int64) for counts in (self.flows, self.stocks))
            self._have_at_hand(np.concatenate([flows, flows.sum(axis=0, keepdims=True)]), stocks)

    # ---------------------------------------------------------------- the last week

    def _have_at_hand(self, flows: np.ndarray, stocks: np.ndarray) -> None:
        """Have the last week at hand for institutions: marks and stocks by area, and those of all areas in the last row."""
        marks = self.first_stock
        counts = self.last_counts = np.empty((len(flows), marks + STOCKS), np.int64)
        counts[:, :marks], counts[:-1, marks:] = flows, stocks
        stocks.sum(axis=0, out=counts[-1, marks:])
        self.at_hand = counts.tolist()

    def column(self, what: Mark | Stock) -> int:
        """Where a mark or a state stands in `last_counts`."""
        return self.first_stock + what if type(what) is Stock else self.column_of[what._name_]

    def last_count(self, what: Mark | Stock, area: int = -1) -> int:
        """Last week's count of a mark, or of people in a state, in an area (-1: everywhere)."""
        return self.at_hand[area][self.first_stock + what if type(what) is Stock else self.column_of[what._name_]]

    def last(self, outcome: Outcome) -> float:
        """Last week's value of a counted outcome everywhere, in simulated people."""
        if self.week < 0:
            return 0.0
        if outcome.id in self.own:
            return float(self._values(outcome)[self.week].sum())
        if outcome.kind == "flow":
            return float(sum(self.at_hand[-1][column] for column in self.columns_of[outcome.id]))
        if outcome.kind == "stock":
            return float(self.at_hand[-1][self.first_stock + int(outcome.parts[0])])
        values = self.figures if outcome.kind == "told" else self.sums
        return float(values[self.week, :, int(outcome.parts[0])].sum())

    # ---------------------------------------------------------------- tables

    def weekly(self, areas: list[str], one_in: float, first_week: int = 0) -> "pd.DataFrame":
        """One row per week and area (`all` first), one column per outcome, scaled to residents; GBP only for `all`.

        Outcomes of one's own come last.
        """
        import pandas as pd  # here, so that a run without tables does not load it

        last = self.week + 1
        columns: dict[str, np.ndarray] = {}
        weeks = last - first_week
        for name, outcome in COUNTED.items():
            columns[name] = _with_total(self._values(outcome)[first_week:last] * one_in)
        for k, name in enumerate(COSTS):
            cost = np.full((weeks, len(areas) + 1), np.nan)
            cost[:, 0] = self.costs[first_week:last, k]
            columns[name] = cost.ravel()
        for name, outcome in self.own.items():
            columns[name] = _with_total(self._values(outcome)[first_week:last] * one_in)
        frame = pd.DataFrame(columns)
        frame.insert(0, "area", np.tile(["all", *areas], weeks))
        frame.insert(0, "week", np.repeat(np.arange(weeks), len(areas) + 1))
        return frame

    def yearly(self, one_in: float, first_week: int = 0) -> "pd.DataFrame":
        """`years` as a table: the year from 0, then a column for each outcome."""
        import pandas as pd

        found = self.years(one_in, first_week)
        frame = pd.DataFrame(found, columns=[*COUNTED, *COSTS, *self.own])
        frame.insert(0, "year", np.arange(len(found), dtype=np.int32))
        return frame

    def years(self, one_in: float, first_week: int = 0) -> np.ndarray:
        """Every year of 52 weeks, for the whole place, scaled to residents: events and money added up, people averaged.

        Shape (years, outcomes), in the order of `COLUMNS` and, behind them, of one's own. The same as the weeks of `weekly` but
        for the rounding of sums: counts are added up as whole numbers, reals week by week.
        """
        years = (self.week + 1 - first_week) // WEEKS_PER_YEAR
        weeks = slice(first_week, first_week + years * WEEKS_PER_YEAR)
        flows, stocks = (
            counts[weeks].reshape(years, -1, counts.shape[2]).sum(axis=1, dtype=np.int64)
            for counts in (self.flows, self.stocks)
        )
        sums, figures, costs = (
            _in_order(values[weeks].reshape(years, -1, values.shape[-1]))
            for values in (self.sums, self.figures, self.costs)
        )
        found = np.zeros((years, len(COUNTED) + len(COSTS)))
        marks = list(self.columns_of.values())
        firsts = np.cumsum([0, *map(len, marks[:-1])])
        found[:, OF_KIND["flow"]] = np.add.reduceat(flows[:, np.concatenate(marks)], firsts, axis=1)
        for kind, values in (("stock", stocks), ("told", figures), ("sum", sums)):
            found[:, OF_KIND[kind]] = values[:, PART_OF_KIND[kind]]
        found *= one_in
        found[:, MEANS] /= WEEKS_PER_YEAR
        found[:, len(COUNTED) :] = costs
        return np.concatenate([found, self._own_years(years, weeks, one_in)], axis=1) if self.own else found

    def _own_years(self, years: int, weeks: slice, one_in: float) -> np.ndarray:
        """The same of outcomes of one's own."""
        found = [self._values(outcome)[weeks].reshape(years, -1).sum(axis=1) for outcome in self.own.values()]
        means = [WEEKS_PER_YEAR if outcome.stock else 1 for outcome in self.own.values()]
        return np.stack(found, axis=1) * one_in / means

    def by_group(self, one_in: float, first_week: int = 0) -> "pd.DataFrame":
        """Outcomes by year and by quintile, age band, sex and ethnic group, scaled to residents; people at midyear.

        Money and what institutions tell of themselves belong to no group of people.
        """
        import pandas as pd

        years = slice(first_week // WEEKS_PER_YEAR, years_of(self.week + 1))
        n = max(years.stop - years.start, 0)
        columns: dict[str, object] = {"year": np.repeat(np.arange(n), len(GROUPS))}
        columns |= {name: [group[k] for group in GROUPS] * n for k, name in enumerate(("dimension", "group"))}
        counted = {**BY_GROUP, **self.own}
        return pd.DataFrame(columns | {name: self._by_group(counted[name], years) * one_in for name in counted})

    def _by_group(self, outcome: Outcome, years: slice) -> np.ndarray:
        """An outcome in these years, year by year and group by group, in simulated people."""
        if outcome.kind == "flow":
            return self.groups[years][:, :, self._columns(outcome)].sum(axis=2, dtype=float).ravel()
        if outcome.id in self.own:
            return self.own_groups[years][:, :, self.own_stocks.index(outcome.id)].astype(float).ravel()
        values = self.group_stocks if outcome.kind == "stock" else self.group_sums
        return values[years][:, :, int(outcome.parts[0])].astype(float).ravel()

    def _values(self, outcome: Outcome) -> np.ndarray:
        """A counted outcome by week and area, in simulated people."""
        if outcome.kind == "flow":
            return self.flows[:, :, self._columns(outcome)].sum(axis=2, dtype=float)
        if outcome.id in self.own:
            return self.own_counts[:, :, self.own_stocks.index(outcome.id)].astype(float)
        sources: dict[str, np.ndarray] = {"stock": self.stocks, "told": self.figures, "sum": self.sums}
        return sources[outcome.kind][:, :, int(outcome.parts[0])].astype(float)

    def _columns(self, outcome: Outcome) -> list[int]:
        """The columns of the marks of a flow."""
        return self.columns_of_own[outcome.id] if outcome.id in self.own else self.columns_of[outcome.id]


def _name_of(mark: object) -> str:
    return str(getattr(mark, "_name_", ""))


def _with_total(values: np.ndarray) -> np.ndarray:
    """Values (weeks, areas) with the total in front of each week's areas, flattened."""
    return np.concatenate([values.sum(axis=1, keepdims=True), values], axis=1).ravel()


def _in_order(values: np.ndarray) -> np.ndarray:
    """Reals (years, weeks, kinds) added up over the weeks from the first to the last, which no library may choose."""
    return np.cumsum(values, axis=1)[:, -1]
