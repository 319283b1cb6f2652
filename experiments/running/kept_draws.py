"""Runs with drawn parameters in the folder of a comparison: each in a small file of its own, and the tables of them.

    DIR/draws/                     one table per run (set of parameters and regime): outcomes of the whole place by year
    DIR/draw_groups/               the same by group of people, over the horizon
    DIR/by_draw.parquet            the runs that were asked for together
    DIR/by_draw_and_group.parquet  the same by group
    DIR/draws.csv                  the parameters of each set, in the registry's own units

A file is of its scenario if its stamp says the same settings, model and numbers; its pages carry checksums.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from policysim.counts.outcomes import BY_GROUP, COLUMNS
from policysim.experiments.running.draws import drawn
from policysim.experiments.running.files import RUNS_ARE_KEPT, whole_or_not
from policysim.experiments.running.plan import Run, draws_of
from policysim.experiments.running.provenance import as_json
from policysim.scenarios.scenario import Scenario
from policysim.vocabulary.time import WEEKS_PER_YEAR

OF_DRAWS, OF_DRAW_GROUPS = "draws", "draw_groups"
"""The folders of the runs: by year, and by group."""
BY_DRAW, BY_DRAW_AND_GROUP, NUMBERS = "by_draw.parquet", "by_draw_and_group.parquet", "draws.csv"
MARK = b"policysim"
DAMAGED = (OSError, pa.ArrowException, ValueError, KeyError, TypeError)


class KeptDraws:
    """Runs of one scenario with drawn parameters, in one folder."""

    def __init__(self, folder: Path, scenario: Scenario, stamp: Mapping[str, Any], settings: Mapping[str, Any]):
        self.folder, self.scenario, self.stamp, self.settings = folder, scenario, stamp, settings
        self._numbers: tuple[int, str] = (0, "")

    def path(self, run: Run, kind: str = OF_DRAWS) -> Path:
        """Where a run is, by year or by group."""
        return self.folder / kind / f"{run.name}.parquet"

    def missing(self) -> list[Run]:
        """Runs that have no sound file yet."""
        by_draw = sorted(draws_of(self.scenario), key=lambda run: run.draw)  # the numbers of a set are drawn once
        return [run for run in by_draw if not self.is_sound(run)]

    def is_sound(self, run: Run) -> bool:
        """Whether a run is there, as it was written, and of this scenario and these numbers."""
        try:
            paths = (self.path(run), self.path(run, OF_DRAW_GROUPS))
            tables = [pq.read_table(path, page_checksum_verification=True) for path in paths]
            return all(json.loads(table.schema.metadata[MARK]) == self._made_by(run) for table in tables)
        except DAMAGED:
            return False

    def _made_by(self, run: Run) -> dict[str, Any]:
        found = {name: self.stamp[name] for name in ("policysim", "model", "versions")}
        numbers = {"draw": run.draw, "seed": run.seed, "numbers": self._digest(run.draw)}
        return json.loads(as_json(found | {"settings": self.settings[run.regime]} | numbers))

    def _digest(self, draw: int) -> str:
        """A name for the numbers of a set."""
        if self._numbers[0] != draw:
            text = json.dumps(drawn(self.scenario, draw), sort_keys=True)
            self._numbers = draw, hashlib.sha256(text.encode()).hexdigest()[:16]
        return self._numbers[1]

    def keep(self, run: Run, weekly: pd.DataFrame, groups: pd.DataFrame) -> None:
        """Write one finished run; that by year comes last."""
        self._keep_groups(run, groups)
        years = by_year(weekly, self.scenario)
        first = {"regime": run.regime, "seed": run.seed, "draw": run.draw}
        columns = {name: pa.array([value] * len(years)) for name, value in first.items()}
        columns["year"] = pa.array(years.index.to_numpy(), pa.int32())
        columns |= {name: pa.array(years[name].to_numpy(dtype=float), pa.float64()) for name in self.scenario.columns}
        self._write(self.path(run), pa.table(columns), self._made_by(run))

    def _keep_groups(self, run: Run, groups: pd.DataFrame) -> None:
        """Write its groups, a row for each: events added up over the horizon, people averaged."""
        counted = {**BY_GROUP, **self.scenario.own_outcomes}
        sums = groups.groupby(["dimension", "group"], sort=False)[list(counted)].sum()
        years = groups["year"].nunique()
        first = {"regime": run.regime, "seed": run.seed, "draw": run.draw}
        columns = {name: pa.array([value] * len(sums)) for name, value in first.items()}
        columns |= {
            name: pa.array(sums.index.get_level_values(name).tolist(), pa.string()) for name in sums.index.names
        }
        for name, outcome in counted.items():
            values = sums[name].to_numpy(dtype=float)
            columns[name] = pa.array(values / years if outcome.stock else values, pa.float64())
        self._write(self.path(run, OF_DRAW_GROUPS), pa.table(columns), self._made_by(run))

    def _write(self, path: Path, table: pa.Table, made_by: Mapping[str, Any]) -> None:
        path.parent.mkdir(exist_ok=True)
        table = table.replace_schema_metadata({MARK: as_json(dict(made_by)).encode()})
        with whole_or_not(path, self.folder, RUNS_ARE_KEPT) as part:
            pq.write_table(table, part, compression="zstd", write_page_checksum=True)

    def gather(self) -> None:
        """Write the tables; the runs have a row for each year and for each group, so all of them together are small."""
        if not self.scenario.uncertainty:
            return
        rows = pd.DataFrame(self._drawn()).rename_axis(None)
        with whole_or_not(self.folder / NUMBERS, also=RUNS_ARE_KEPT) as part:
            rows.to_csv(part, index=False, lineterminator="\n")
        for name, kind in ((BY_DRAW_AND_GROUP, OF_DRAW_GROUPS), (BY_DRAW, OF_DRAWS)):
            paths = [self.path(run, kind) for run in draws_of(self.scenario)]
            tables = [pq.read_table(path).replace_schema_metadata() for path in paths]
            self._write(self.folder / name, pa.concat_tables(tables), self.stamp)

    def _drawn(self) -> Iterator[dict[str, float]]:
        for draw in range(1, self.scenario.uncertainty + 1):
            yield {"draw": draw} | drawn(self.scenario, draw)

    def is_gathered(self) -> bool:
        """Whether the tables are there that this scenario asks for."""
        if not self.scenario.uncertainty:
            return True
        try:
            stamped = json.loads(pq.read_schema(self.folder / BY_DRAW).metadata[MARK])
        except DAMAGED:
            return False
        return bool(stamped == self.stamp) and (self.folder / NUMBERS).exists()

    def table(self) -> pd.DataFrame:
        """A row for each run and year: columns regime, seed, draw, year and every outcome; none without sets."""
        return read_by_draw(self.folder) if self.scenario.uncertainty else none_drawn()


def by_year(weekly: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Outcomes of the whole place (area `all`) by year (0 is the first): events and money added up, people averaged."""
    whole = weekly[weekly["area"] == "all"]
    years = whole.groupby((whole["week"] // WEEKS_PER_YEAR).rename("year"))
    counted = scenario.outcomes
    return years[list(scenario.columns)].agg(
        {name: "mean" if counted[name].stock else "sum" for name in scenario.columns}
    )


def read_by_draw(folder: Path) -> pd.DataFrame:
    """The runs with drawn parameters that a folder holds together; raises one of `DAMAGED`."""
    return pq.read_table(folder / BY_DRAW).to_pandas()


def none_drawn_by_group() -> pd.DataFrame:
    """The table of no runs by group."""
    return pd.DataFrame(columns=["regime", "seed", "draw", "dimension", "group", *BY_GROUP])


def none_drawn() -> pd.DataFrame:
    """The table of no runs."""
    return pd.DataFrame(columns=["regime", "seed", "draw", "year", *COLUMNS])
