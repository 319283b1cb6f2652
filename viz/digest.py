"""A results folder reduced to the small tables that charts and reports show.

Intervals are 95% t-intervals over seeds. Differences are paired: each seed against the status quo of the same seed.
"""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from policysim.counts.outcomes import Outcome
from policysim.errors import UserError
from policysim.experiments.analysis import unknowns
from policysim.experiments.analysis.equity import ByGroup
from policysim.experiments.analysis.estimates import UNKNOWN, estimate, estimates, over
from policysim.experiments.analysis.hiding import hide
from policysim.experiments.analysis.unknowns import Spread
from policysim.experiments.analysis.wording import Difference, difference
from policysim.experiments.running.files import SCENARIO
from policysim.experiments.running.kept_draws import BY_DRAW, BY_DRAW_AND_GROUP, none_drawn, none_drawn_by_group
from policysim.experiments.running.store import GROUPS, SUMMARY, WEEKLY
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario, kept_scenario
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.places import Place

DAMAGED = (OSError, ValueError, KeyError)


@dataclass(frozen=True)
class Digest:
    """What one comparison found, for the place as a whole (`weekly`) and by group (`groups`), as stored."""

    scenario: Scenario
    weekly: pd.DataFrame
    groups: pd.DataFrame
    provenance: dict[str, Any] = field(default_factory=dict)
    by_draw: pd.DataFrame = field(default_factory=none_drawn)
    """Runs with drawn parameters, by year; no rows where there are none."""
    by_draw_and_group: pd.DataFrame = field(default_factory=none_drawn_by_group)
    """The same runs by group, over the horizon."""
    hashes: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the folder's files by name."""

    @cached_property
    def equity(self) -> ByGroup:
        """What was found by group, and what of it may be told."""
        return ByGroup(self.scenario, self.groups, self.by_draw_and_group)

    @property
    def draws(self) -> int:
        """How many sets of parameters were drawn."""
        return int(self.by_draw["draw"].nunique())

    @property
    def regimes(self) -> list[str]:
        """Ids of the regimes, in the scenario's order."""
        return [regime.id for regime in self.scenario.regimes]

    @property
    def names(self) -> dict[str, str]:
        """Names of the regimes by id."""
        return {regime.id: regime.name for regime in self.scenario.regimes}

    @property
    def has_comparator(self) -> bool:
        """Whether the status quo was run, so that there are differences to show."""
        return STATUS_QUO in self.regimes

    @property
    def others(self) -> list[str]:
        """The regimes that are set against the status quo."""
        return [name for name in self.regimes if name != STATUS_QUO]

    @property
    def place(self) -> Place:
        """Where."""
        return self.scenario.where


def read_digest(folder: Path) -> Digest:
    """The results in a folder; raises UserError naming the file that is missing or damaged."""
    scenario = kept_scenario(folder / "scenario.toml")
    columns = ["regime", "replicate", "week", *scenario.columns]
    weekly = _table(folder / "weekly.parquet", columns, [("area", "==", "all")])
    groups = _table(folder / "by_group.parquet")
    try:
        provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    except DAMAGED:
        provenance = {}
    by_draw = _table(folder / BY_DRAW) if scenario.uncertainty else none_drawn()
    drawn = folder / BY_DRAW_AND_GROUP
    by_draw_and_group = _table(drawn) if scenario.uncertainty and drawn.exists() else none_drawn_by_group()
    return Digest(scenario, weekly, groups, provenance, by_draw, by_draw_and_group, hashes_in(folder))


def hashes_in(folder: Path) -> dict[str, str]:
    """SHA-256 of the files of a comparison that what is told of it is made of."""
    names = (SCENARIO, SUMMARY, WEEKLY, GROUPS, BY_DRAW, BY_DRAW_AND_GROUP)
    there = [name for name in names if (folder / name).exists()]
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in there}


def _table(path: Path, columns: list[str] | None = None, filters: list | None = None) -> pd.DataFrame:
    try:
        return pd.read_parquet(path, columns=columns, filters=filters)
    except FileNotFoundError:
        raise UserError(f"there is no file {path}") from None
    except DAMAGED as error:
        raise UserError(f"{path} cannot be read as a table of results: {error}") from None


# --- over time --------------------------------------------------------------------------------------------------------
def seed_values(digest: Digest, outcome: Outcome, by_year: bool = False) -> pd.DataFrame:
    """The outcome of each seed. Index: replicate (and year); a column for each regime."""
    weekly = digest.weekly
    keys = [weekly["regime"], weekly["replicate"]]
    if by_year:
        keys.append((weekly["week"] // WEEKS_PER_YEAR).rename("year"))
    runs = weekly[list(outcome.columns)].groupby(keys)
    wide = pd.Series({key: over(weeks, outcome) for key, weeks in runs}).rename_axis([key.name for key in keys])
    table = wide.unstack("regime")
    return table[[name for name in digest.regimes if name in table.columns]]


def totals(digest: Digest, outcome: Outcome) -> pd.DataFrame:
    """Over the horizon: see `estimates`."""
    return estimates(seed_values(digest, outcome))


def spreads(digest: Digest, outcome: Outcome) -> dict[str, Spread]:
    """Over the horizon and the drawn parameters, by regime; empty spreads where none were drawn."""
    if digest.by_draw.empty:
        return dict.fromkeys(digest.regimes, Spread())
    found = unknowns.spreads(unknowns.drawn_totals(digest.by_draw, outcome), outcome)
    return {name: found.get(name, Spread()) for name in digest.regimes}


def findings(digest: Digest, outcome: Outcome) -> dict[str, tuple[Difference, Spread]]:
    """What was found of each regime but the status quo, by its name: the difference, and its spread over the draws."""
    table, over_draws = totals(digest, outcome), spreads(digest, outcome)
    return {digest.names[name]: (difference(table, name, outcome), over_draws[name]) for name in digest.others}


def yearly(digest: Digest, outcome: Outcome) -> pd.DataFrame:
    """Year by year: columns regime, year (0 is the first), and those of `estimates`."""
    wide = seed_values(digest, outcome, by_year=True)
    parts = []
    for year, values in wide.groupby(level="year"):
        parts.append(estimates(values.droplevel("year")).assign(year=int(year)))
    return pd.concat(parts).rename_axis("regime").reset_index()


# --- by group ---------------------------------------------------------------------------------------------------------
def by_group(digest: Digest, outcome: str, dimension: str, merge: dict[str, str] | None = None) -> pd.DataFrame:
    """An outcome by group: columns group, regime, total (mean over seeds); mean, low, high per year; seeds; hidden.

    `merge` renames groups, and adds up those that get the same name. A total that is hidden (see `hide`) is nan, as are the
    numbers made of it, and `hidden` says what stands in its place.
    """
    table = digest.groups[digest.groups["dimension"] == dimension]
    names = table["group"].map(merge) if merge else table["group"]
    order = list(dict.fromkeys(names))
    per_seed = table.groupby([names.rename("group"), "regime", "replicate"])[outcome].sum()
    found = {}
    for regime in digest.regimes:
        values = [per_seed.get((group, regime), pd.Series(dtype=float)).to_numpy() for group in order]
        totals = [seeds.mean() if seeds.size else np.nan for seeds in values]
        for group, seeds, total, hidden in zip(order, values, totals, hide(totals), strict=True):
            level = UNKNOWN if hidden else estimate((seeds / digest.scenario.years).tolist())
            shown = np.nan if hidden else total
            found[group, regime] = (group, regime, shown, level.mean, level.low, level.high, level.seeds, hidden)
    rows = [found[group, regime] for group in order for regime in digest.regimes]
    return pd.DataFrame(rows, columns=["group", "regime", "total", "mean", "low", "high", "seeds", "hidden"])
