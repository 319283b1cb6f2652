"""The table of a sweep made tidy: totals of every run, differences paired by seed, and one answer at every point.

The table has a row for each year of each run: `point`, what varied by path, `place`, `regime`, `replicate`, `seed`, `run`,
`year`, and the outcomes. A run that failed or is not there yet has no rows, and is left out of what is made of them.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from policysim.counts.outcomes import OUTCOMES, Outcome
from policysim.errors import UserError, nearest
from policysim.experiments.analysis.estimates import Estimate, estimate
from policysim.scenarios.regime import STATUS_QUO

PLACE = "place"
KEYS = ("point", PLACE, "regime", "replicate")
PAIRED = ("difference", "low", "high", "base", "share", "clear", "seeds")


@dataclass(frozen=True)
class Gathered:
    """A sweep that was run: its table, every point that was asked for, and what of its design an analysis goes by.

    `points` has a row for each point, by number, and a column for each path. `size` is what the design file says of it:
    trajectories of morris, N of sobol. `shares`: of designs in the unit cube, how much of every range is passed at each point,
    which morris does by so many `levels`. `logs` are the paths that vary on a logarithmic scale, `choices` those that take one of
    several values, `names` those of regimes by id, `units` what paths are counted in, `moves` which share of its range a move of
    morris passes on a path of few whole numbers.
    """

    table: pd.DataFrame
    points: pd.DataFrame
    design: str = "list"
    size: int = 0
    second_order: bool = False
    levels: int = 4
    shares: pd.DataFrame | None = None
    seed: int = 1
    logs: frozenset[str] = frozenset()
    choices: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    moves: Mapping[str, float] = field(default_factory=dict)
    question: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """What varies, but for the place: the design is run in each."""
        return tuple(str(path) for path in self.points.columns if path != PLACE)

    @property
    def places(self) -> tuple[str, ...]:
        """The places of which there are runs, in order of appearance."""
        return tuple(map(str, self.table[PLACE].unique()))

    @property
    def regimes(self) -> tuple[str, ...]:
        """The regimes of which there are runs, the status quo first."""
        found = [str(name) for name in self.table["regime"].unique()]
        return tuple(sorted(found, key=lambda name: name != STATUS_QUO))

    @property
    def years(self) -> int:
        """The horizon."""
        return int(self.table["year"].max()) + 1 if len(self.table) else 0

    @property
    def replicates(self) -> int:
        """Of the point that has most."""
        return int(self.table["replicate"].nunique())

    def name(self, regime: str) -> str:
        """What a regime is called."""
        return self.names.get(regime, regime)

    def check_regime(self, regime: str) -> None:
        """Raises UserError where there are no runs of it."""
        if regime not in self.regimes:
            known = ", ".join(self.regimes)
            raise UserError(
                f"the sweep has no regime {regime!r}{nearest(regime, self.regimes)} (its regimes are {known})"
            )

    def axis(self, path: str) -> str:
        """What an axis over a path says: its name and unit."""
        unit, name = self.units.get(path, ""), label(path)
        return f"{name} ({unit})" if unit and not name.endswith(unit) else name

    def position(self) -> pd.DataFrame:
        """Of each point the share of every range that is passed there."""
        return self.shares if self.shares is not None else position(self.points_in(self.places[0]))

    def points_in(self, place: str) -> pd.DataFrame:
        """The points of the design in one place, in the order of the design."""
        points = self.points.sort_index()
        if PLACE not in points.columns:
            return points
        return points[points[PLACE] == place].drop(columns=PLACE)


@dataclass(frozen=True)
class Answer:
    """One answer at every point of one place: an outcome of a regime over the horizon, or its difference from the status quo.

    `values`: a row for each point of the design, nan where it was not run, and a column for each replicate; `base` is the mean
    of the outcome under the status quo, or of its own.
    """

    outcome: Outcome
    regime: str
    place: str
    paired: bool
    values: pd.DataFrame
    base: float

    @property
    def means(self) -> pd.Series:
        """Over the seeds of each point."""
        return self.values.mean(axis=1)

    @property
    def replicates(self) -> int:
        """Seeds of a point."""
        return self.values.shape[1]


def outcome_named(name: str, among: Mapping[str, Outcome] = OUTCOMES) -> Outcome:
    """An outcome by its id; raises UserError."""
    if name not in among:
        raise UserError(f"there is no outcome {name!r}{nearest(name, among)}")
    return among[name]


def check_columns(table: pd.DataFrame, outcomes: Sequence[Outcome]) -> None:
    """Raises UserError where the table lacks what an outcome is made of."""
    for outcome in outcomes:
        missing = [column for column in outcome.columns if column not in table.columns]
        if missing:
            raise UserError(f"the sweep's table has no column {missing[0]}, of which {outcome.id} is made")


def totals(table: pd.DataFrame, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """A row for each point, place, regime and replicate, a column for each outcome over the horizon.

    Events and money are added up, people at a time averaged, as everywhere.
    """
    return _of_runs(table, outcomes, list(KEYS))


def yearly(table: pd.DataFrame, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """The same by year: a row for each point, place, regime, replicate and year."""
    return _of_runs(table, outcomes, [*KEYS, "year"])


def _of_runs(table: pd.DataFrame, outcomes: Sequence[Outcome], keys: list[str]) -> pd.DataFrame:
    check_columns(table, outcomes)
    columns = {one.id: table[list(one.columns)].sum(axis=1, skipna=False) for one in outcomes}
    long = pd.concat([table[keys], pd.DataFrame(columns, index=table.index)], axis=1)
    how = {one.id: "mean" if one.stock else "sum" for one in outcomes}
    return long.groupby(keys, sort=True).agg(how).reset_index()


def paired(found: pd.DataFrame, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Differences from the status quo of the same point, place and seed, tidy: a row for each of them, regime and outcome.

    found: of `totals`, or of `yearly`, whose year is then one of the keys. Columns: the keys, `outcome`, `value` (the regime's
    number less the status quo's of the same seed) and `base` (the status quo's). A run without its pair has no row.
    """
    keys = [name for name in found.columns if name in (*KEYS, "year") and name != "regime"]
    ids = [one.id for one in outcomes]
    long = found.melt([*keys, "regime"], ids, var_name="outcome")
    quo = long[long["regime"] == STATUS_QUO].drop(columns="regime").rename(columns={"value": "base"})
    both = long[long["regime"] != STATUS_QUO].merge(quo, on=[*keys, "outcome"], how="inner")
    both["value"] -= both["base"]
    return both[[*keys[:2], "regime", *keys[2:], "outcome", "value", "base"]].astype({"outcome": str})


def differences(pairs: pd.DataFrame) -> pd.DataFrame:
    """The paired differences with their 95% t-intervals over seeds: a row for each point, place, regime (year) and outcome.

    Columns `difference`, `low`, `high`; `base`, the mean of the status quo; `share` of it; `clear`, whether it is more than
    chance alone would make; `seeds`.
    """
    keys = [name for name in pairs.columns if name in ("point", PLACE, "regime", "year", "outcome")]
    rows = []
    for key, of in pairs.groupby(keys, sort=True):
        gap, base = estimate(of["value"].tolist()), math.fsum(of["base"]) / len(of)
        share = gap.mean / base if base > 0 else math.nan
        told = (gap.mean, gap.low, gap.high, base, share, gap.is_clear, gap.seeds)
        rows.append((*key, *told))
    return pd.DataFrame(rows, columns=[*keys, *PAIRED])


def gap_of(row: Mapping[str, float]) -> Estimate:
    """The difference in a row of `differences`."""
    return Estimate(row["difference"], row["low"], row["high"], int(row["seeds"]))


def answers(swept: Gathered, outcome: Outcome, regimes: Sequence[str] | None = None) -> Iterator[Answer]:
    """An answer for each place and regime: differences where there is a status quo to set them against, levels otherwise."""
    found = totals(swept.table, [outcome])
    has_quo = STATUS_QUO in swept.regimes and len(swept.regimes) > 1
    for place in swept.places:
        here = found[found[PLACE] == place]
        levels = {str(name): _grid(of, outcome.id, swept.points_in(place)) for name, of in here.groupby("regime")}
        quo = levels.get(STATUS_QUO)
        for regime in regimes or [name for name in swept.regimes if not (has_quo and name == STATUS_QUO)]:
            if regime not in levels:
                swept.check_regime(regime)
                raise UserError(f"{place} has no finished run of {regime!r}")
            values = levels[regime]
            is_paired = has_quo and quo is not None and regime != STATUS_QUO
            base = quo if is_paired and quo is not None else values
            gaps = values - base if is_paired else values
            yield Answer(outcome, regime, place, is_paired, gaps, float(np.nanmean(base.to_numpy(float))))


def _grid(found: pd.DataFrame, outcome: str, points: pd.DataFrame) -> pd.DataFrame:
    """A row for each point of the design, a column for each replicate."""
    return found.pivot(index="point", columns="replicate", values=outcome).reindex(points.index)


def whole_blocks(values: pd.DataFrame, length: int) -> tuple[np.ndarray, np.ndarray]:
    """The answers in the order of the design, cut into blocks of so many points, and which blocks are whole.

    Replicates that no block has wholly are left out first: those that are being run still.
    """
    blocks = len(values) // length
    grid = values.to_numpy(float)[: blocks * length]
    known = np.isfinite(grid)
    usual = known.any(axis=0) & (known.mean(axis=0) >= 0.5 * known.mean(axis=0).max(initial=0.0))
    grid = grid[:, usual].reshape(blocks, length, -1)
    return grid, np.isfinite(grid).all(axis=(1, 2))


def position(points: pd.DataFrame) -> pd.DataFrame:
    """Where each value lies among those that its path takes, from 0, the lowest or the first, to 1, in equal steps."""
    columns = {}
    for path in points.columns:
        taken = points[path]
        order = sorted(taken.unique()) if pd.api.types.is_numeric_dtype(taken) else list(dict.fromkeys(taken))
        place = {value: k / max(1, len(order) - 1) for k, value in enumerate(order)}
        columns[path] = taken.map(place).astype(float)
    return pd.DataFrame(columns, index=points.index)


def label(path: str) -> str:
    """A path in short words for charts: `parameters.overdose_rate[heroin]` is `overdose rate (heroin)`."""
    parts = re.sub(r"\[(.*)\]", r" (\1)", path).split(".")
    if parts[0] in ("parameters", "levers", "regimes") and len(parts) > 1:
        parts = [part for part in parts[1:] if part != "levers"]
    return ": ".join(parts).replace("_", " ")
