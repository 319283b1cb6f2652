"""The folder of a comparison: each run in a file of its own, the tables made of them, and nobody's results lost.

    DIR/scenario.toml     everything that was asked for, resolved; running it again gives the same bits
    DIR/provenance.json   versions, seeds, changed parameters
    DIR/runs/             one table per run (seed and regime), written as it ends; together they are one table
    DIR/groups/           the same by year and group
    DIR/checksums/        of a run's two tables; written last, so that a run which has them is complete
    DIR/errors/           why a run failed
    DIR/own/              copies of the files of classes of one's own, where the scenario has any
    DIR/weekly.parquet    the runs that were asked for together; DIR/by_group.parquet the same by year and group
    DIR/summary.csv       totals over the horizon with intervals
    DIR/cost_effectiveness.csv  what a death averted and a QALY cost, with both intervals
    DIR/effects.csv       each lever alone beside what is published, of 'policysim effects'; effects.parquet the same
    DIR/draws/            runs with drawn parameters, and the tables of them: see `kept_draws`

A run's files say what decides the run and nothing of what it was asked for beside: a scenario with other regimes, more
or fewer replicates or another first seed uses those that are there. The tables are always those of scenario.toml.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from policysim.errors import UserError
from policysim.experiments.running.files import (
    LEFT_OVER,
    PROVENANCE,
    RUNS_ARE_KEPT,
    SCENARIO,
    check_holds_comparison,
    reason,
    usable,
    whole_or_not,
)
from policysim.experiments.running.kept_draws import (
    BY_DRAW,
    BY_DRAW_AND_GROUP,
    DAMAGED,
    MARK,
    NUMBERS,
    OF_DRAW_GROUPS,
    OF_DRAWS,
    KeptDraws,
)
from policysim.experiments.running.lock import LOCK
from policysim.experiments.running.plan import Run, Task, draws_of, runs_of
from policysim.experiments.running.provenance import as_json, stamp
from policysim.experiments.running.settings import Column, columns_of, difference, run_settings, shared_settings
from policysim.scenarios.own_classes import KEPT, edited_file, files_to_keep
from policysim.scenarios.regime import Regime
from policysim.scenarios.scenario import Scenario, kept_scenario
from policysim.vocabulary.time import WEEKS_PER_YEAR

WEEKLY, GROUPS, SUMMARY = "weekly.parquet", "by_group.parquet", "summary.csv"
REPORT, PAPER, EFFECTS, EFFECTS_TABLE = "report.html", "report.pdf", "effects.csv", "effects.parquet"
PRICES = "cost_effectiveness.csv"
TABLES = (WEEKLY, GROUPS, BY_DRAW, BY_DRAW_AND_GROUP, NUMBERS, SUMMARY, REPORT, PAPER, EFFECTS, EFFECTS_TABLE, PRICES)
"""What is made of the runs; the first two are put together of these folders:"""
OF_RUNS, OF_GROUPS, CHECKSUMS, ERRORS = "runs", "groups", "checksums", "errors"
ENDINGS = {
    OF_RUNS: ".parquet", OF_GROUPS: ".parquet", CHECKSUMS: ".sha256", ERRORS: ".txt", OF_DRAWS: ".parquet",
    OF_DRAW_GROUPS: ".parquet",
}  # fmt: skip
"""Folders with a file for each run, and what ends its name."""
ON_DEMAND = (ERRORS, OF_DRAWS, OF_DRAW_GROUPS)
"""Folders that are made when there is something to lie in them."""
RUN_NAME = re.compile(r"(\d+-){1,2}[a-z][a-z0-9-]*")
BEFORE = (".groups.parquet", ".sha256", ".error.txt")
"""What lay beside the tables in the folder of runs before each kind had a folder of its own."""
NOT_OURS = "holds files that are not a comparison's"


class Store:
    """The results of one scenario in one folder.

    `Store.open` readies a folder to be written to, `Store.found` looks at what one holds.
    """

    def __init__(self, folder: Path, scenario: Scenario, made_by: dict[str, Any] | None = None):
        self.folder, self.scenario = folder, scenario
        self.stamp = made_by or stamp(scenario)
        self.settings = run_settings(scenario)
        self.draws = KeptDraws(folder, scenario, self.stamp, self.settings)

    @classmethod
    def found(cls, folder: Path) -> "Store":
        """What a folder holds, whichever version of policysim made it; raises UserError where that is no comparison."""
        check_holds_comparison(folder)
        return cls(folder, kept_scenario(folder / SCENARIO), _provenance(folder / PROVENANCE))

    @classmethod
    def open(cls, folder: Path, scenario: Scenario, overwrite: bool = False) -> "Store":
        """A folder ready to be written to; raises UserError if it holds other content, unless `overwrite` is set."""
        own = files_to_keep(scenario.own_classes)
        store = cls(folder, scenario)
        with usable(folder):
            other, mine = store._other_content(), store._is_stamped()
            if other and not overwrite:
                says, then = f"{folder} {other}; choose another folder, or", "to replace policysim's files in it"
                raise UserError(f"{says} say overwrite=True {then}", at_the_prompt=f"{says} add --overwrite {then}")
            if other:
                store._remove_ours()
            store._make_folders()
            store._remove_left_overs()
            store._remove_tables_of_others()
            store.write_text(PROVENANCE, as_json(store.stamp))  # the first: it tells whose all the rest is
            store._keep_own_files(own)
            if mine and not store.path(SCENARIO).exists():  # another comparison's has been removed
                store._remove_own_files_but(own)
        store.write_text(SCENARIO, scenario.to_toml())
        return store

    def path(self, name: str) -> Path:
        """Where one of the folder's files is."""
        return self.folder / name

    def run_path(self, run: Run, kind: str = OF_RUNS) -> Path:
        """Where a run's table is, or another of its files: see `ENDINGS`."""
        return self.folder / kind / (run.name + ENDINGS[kind])

    # --- what is there ------------------------------------------------------------------------------------------------
    def _make_folders(self) -> None:
        """Make the folder and see that it can be written to, before anything is computed for it."""
        for place in (self.folder, *(self.folder / kind for kind in ENDINGS if kind not in ON_DEMAND)):
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=place) as trial:
                trial.write(b"0")

    def _keep_own_files(self, files: dict[str, bytes]) -> None:
        """Copies of what classes of one's own are made of, from which the scenario can be read again."""
        for name, content in files.items():
            path = self.folder / KEPT / name
            path.parent.mkdir(exist_ok=True)
            if not path.exists() or path.read_bytes() != content:
                with self._whole(path) as part:
                    part.write_bytes(content)

    def _remove_own_files_but(self, files: dict[str, bytes]) -> None:
        """Remove copies for another comparison, which what is imported by these could be mistaken for."""
        for path in self.path(KEPT).glob("*.py"):
            if path.name not in files:
                path.unlink()

    def _entries(self) -> list[Path]:
        """What lies in the folder and those of runs, but for the latter themselves, parts of files and the lock."""
        folders = [place for place in (self.folder, *map(self.path, ENDINGS)) if place.exists()]
        there = [entry for place in folders for entry in place.iterdir() if not LEFT_OVER.match(entry.name)]
        return [entry for entry in there if entry.parent != self.folder or entry.name not in {*ENDINGS, LOCK}]

    def _other_content(self) -> str:
        """What the folder holds that this scenario cannot use, as the middle of a sentence; empty if nothing."""
        entries = {entry.name for entry in self._entries()}
        if not entries or (entries <= {PROVENANCE, KEPT} and self._is_stamped()):  # ended before anything was computed
            return ""
        try:
            there = Store.found(self.folder)
            model, version = there.stamp["model"], there.stamp["policysim"]
        except (UserError, KeyError) as error:
            stamped = self.path(SCENARIO).exists() and self.path(PROVENANCE).exists()
            return f"holds a comparison that cannot be read ({error})" if stamped else NOT_OURS
        if self.is_of_before:
            return "was written by an earlier policysim, which kept its runs otherwise"
        edited = edited_file(there.scenario.own_classes, self.scenario.own_classes)
        if edited:
            return f"holds another scenario ({edited} has changed since it was computed)"
        other = difference(shared_settings(there.scenario), shared_settings(self.scenario))
        if other:
            return f"holds another scenario ({other})"
        if model != self.stamp["model"]:
            return f"holds this scenario as another version of the model computed it (policysim {version})"
        return self._other_run()

    def _other_run(self) -> str:
        """The first run there that would be another one if it were asked for with the rest."""
        for path in sorted(self.path(OF_RUNS).glob("*" + ENDINGS[OF_RUNS])):
            try:
                there = dict(_stamped(path)["settings"])
                regime = there["regime"]["id"]
            except DAMAGED:
                continue
            here = self.settings.get(regime, shared_settings(self.scenario) | {"regime": there["regime"]})
            other = difference(there, here)
            if other:
                return f"holds runs of {regime} with other settings ({other})"
        return ""

    @property
    def is_of_before(self) -> bool:
        """Whether an earlier policysim wrote it, with all files of a run in one folder."""
        return any(entry.name.endswith(BEFORE) for entry in self._entries() if entry.parent == self.path(OF_RUNS))

    def _is_stamped(self) -> bool:
        """Whether policysim's own stamp is there, as also in a folder that it was just making or clearing when it ended."""
        try:
            return _provenance(self.path(PROVENANCE)).keys() >= {"policysim", "scenario", "model", "versions"}
        except UserError:
            return False

    def _remove_ours(self) -> None:
        """Remove what policysim wrote; a file of one of its names in a folder without its stamp is not its own."""
        stamps = [self.path(SCENARIO), self.path(PROVENANCE)]
        mine = [self.path(name) for name in TABLES]
        mine += [entry for entry in self._entries() if entry.parent != self.folder and _is_of_a_run(entry)]
        mine = [path for path in (*mine, *stamps) if path.exists()]  # the stamp goes last
        if mine and not self._is_stamped() and not all(path.exists() for path in stamps):
            raise UserError(f"{mine[0]} was not written by policysim and would be replaced; choose another folder")
        for path in mine:
            path.unlink()

    def _remove_left_overs(self) -> None:
        """Parts of files that a computation ended from outside could not remove."""
        for entry in self.folder.iterdir():
            if LEFT_OVER.match(entry.name):
                entry.unlink(missing_ok=True)

    def _remove_tables_of_others(self) -> None:
        """Tables of other runs than are asked for now, which can be made again: none may lie beside this scenario."""
        if (
            self.path(PROVENANCE).exists()
            and _provenance(self.path(PROVENANCE)).get("scenario") != self.stamp["scenario"]
        ):
            for name in TABLES:
                self.path(name).unlink(missing_ok=True)

    def missing(self) -> list[Run]:
        """Runs that have no sound file yet."""
        return [run for run in runs_of(self.scenario) if not self._sound(run)] + self.draws.missing()

    def all_runs(self) -> list[Run]:
        """Every run that the scenario asks for, those with drawn parameters last."""
        return runs_of(self.scenario) + draws_of(self.scenario)

    def missing_of(self, task: Task) -> tuple[Regime, ...]:
        """Regimes of a task whose runs have no sound file yet."""
        return tuple(regime for regime in task.regimes if not self._sound(task.run_under(regime)))

    def left_out(self) -> list[str]:
        """Names of the runs that are there and not asked for."""
        asked = {run.name for run in runs_of(self.scenario)}
        return sorted({path.stem for path in self.path(OF_RUNS).glob("*" + ENDINGS[OF_RUNS])} - asked)

    def _sound(self, run: Run) -> bool:
        """Whether both tables of a run are there, byte for byte as they were written, and of this scenario."""
        if run.draw:
            return self.draws.is_sound(run)
        try:
            if self.run_path(run, CHECKSUMS).read_text(encoding="utf-8") != self._checksums(run):
                return False
            stamped = _stamped(self.run_path(run))
            return (stamped["settings"], stamped["model"]) == (self.settings[run.regime], self.stamp["model"])
        except DAMAGED:
            return False

    def _checksums(self, run: Run) -> str:
        """Of both tables, in the form that `sha256sum --check` reads in the folder of the comparison."""
        paths = [self.run_path(run, kind) for kind in (OF_RUNS, OF_GROUPS)]
        told = [(hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(self.folder)) for path in paths]
        return "".join(f"{digest}  {path.as_posix()}\n" for digest, path in told)

    # --- writing ------------------------------------------------------------------------------------------------------
    def _whole(self, path: Path) -> AbstractContextManager[Path]:
        return whole_or_not(path, self.folder, RUNS_ARE_KEPT)

    def write_text(self, name: str, text: str) -> None:
        """Write one of the folder's text files, unless it already holds just this."""
        path = self.path(name)
        if path.exists() and path.read_bytes() == text.encode():
            return
        with self._whole(path) as part:
            part.write_text(text, encoding="utf-8", newline="\n")

    def keep(self, run: Run, weekly: pd.DataFrame, groups: pd.DataFrame) -> None:
        """Write one finished run; its checksums come last, so that a run which has them is complete."""
        self._check_ours()
        settings = self.settings[run.regime]
        made_by = {name: self.stamp[name] for name in ("policysim", "model", "versions")} | {"settings": settings}
        first = columns_of(settings, run.seed)
        dated = {"date": week_dates(self.scenario, weekly["week"].to_numpy())}
        self._write_table(self.run_path(run, OF_GROUPS), [table_of(first, groups, {})], made_by)
        self._write_table(self.run_path(run), [table_of(first, weekly, dated)], made_by)
        self.write_text(str(self.run_path(run, CHECKSUMS).relative_to(self.folder)), self._checksums(run))
        self.run_path(run, ERRORS).unlink(missing_ok=True)

    def keep_drawn(self, run: Run, weekly: pd.DataFrame, groups: pd.DataFrame) -> None:
        """Write one finished run with drawn parameters."""
        self._check_ours()
        self.draws.keep(run, weekly, groups)
        self.run_path(run, ERRORS).unlink(missing_ok=True)

    def keep_error(self, run: Run, text: str) -> Path:
        """Write down why a run failed, with all that is known."""
        path = self.run_path(run, ERRORS)
        path.parent.mkdir(exist_ok=True)
        with self._whole(path) as part:
            part.write_text(text, encoding="utf-8")
        return path

    def _check_ours(self) -> None:
        """Raises UserError where somebody else has taken over the folder, as from a process that was believed dead."""
        if _provenance(self.path(PROVENANCE)) != self.stamp:
            raise UserError(
                f"{self.folder} has been given to another comparison; what was left of this one is not kept"
            )

    def _write_table(self, path: Path, tables: Iterable[pa.Table], made_by: Mapping[str, Any]) -> None:
        """Tables of the same columns into one file, a row group each."""
        writer = None
        with self._whole(path) as part:
            try:
                for table in tables:
                    table = table.replace_schema_metadata({MARK: as_json(dict(made_by)).encode()})
                    if writer is None:
                        writer = pq.ParquetWriter(part, table.schema, compression="zstd")
                    writer.write_table(table)
            finally:
                if writer is not None:
                    writer.close()

    def gather(self) -> None:
        """Put the runs together in weekly.parquet and by_group.parquet; one run at a time is held in memory."""
        for name, kind in ((WEEKLY, OF_RUNS), (GROUPS, OF_GROUPS)):
            self._write_table(
                self.path(name), (self._numbered(run, kind) for run in runs_of(self.scenario)), self.stamp
            )
        self.draws.gather()

    def _numbered(self, run: Run, kind: str) -> pa.Table:
        """A run's table with its number among these replicates, without the settings, which all of these share."""
        table = pq.read_table(self.run_path(run, kind))
        others = columns_of(self.settings[run.regime], run.seed).keys() - {"regime", "seed"}
        replicate = pa.array(np.full(table.num_rows, run.replicate), pa.int32())
        return table.drop_columns(sorted(others)).add_column(1, "replicate", replicate)

    def is_gathered(self) -> bool:
        """Whether the tables of all runs are there and of this scenario."""
        try:
            both = all(_stamped(self.path(name)) == self.stamp for name in (WEEKLY, GROUPS))
            return both and self.draws.is_gathered()
        except DAMAGED:
            return False

    def whole_place(self) -> Iterator[tuple[Run, pd.DataFrame]]:
        """Each run with its weeks for the place as a whole."""
        for run in runs_of(self.scenario):
            table = pq.read_table(self.run_path(run))
            yield run, table.filter(pa.compute.equal(table["area"], "all")).to_pandas()


def _provenance(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except DAMAGED as error:
        why = reason(error) if isinstance(error, OSError) else "it was cut short or changed"
        raise UserError(f"{path} cannot be read: {why}") from None


def _stamped(table: Path) -> dict[str, Any]:
    """What a table says of its own making; raises one of `DAMAGED`."""
    return dict(json.loads(pq.read_schema(table).metadata[MARK]))


def _is_of_a_run(path: Path) -> bool:
    """Whether a file in one of the folders of runs has a name that policysim gives, or once gave."""
    endings = (ENDINGS[path.parent.name], *(BEFORE if path.parent.name == OF_RUNS else ()))
    return any(RUN_NAME.fullmatch(path.name.removesuffix(end)) for end in endings if path.name.endswith(end))


TYPES: dict[type, pa.DataType] = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}


def table_of(settings: Mapping[str, Column], frame: pd.DataFrame, extra: dict[str, np.ndarray]) -> pa.Table:
    """A frame as a table with fixed column types, the same whatever the version of pandas; settings come first."""
    columns: dict[str, pa.Array] = {
        name: pa.array([value] * len(frame), TYPES[type(value)]) for name, value in settings.items()
    }
    for name in frame.columns:
        if name in ("week", "year"):
            columns[name] = pa.array(frame[name].to_numpy(), pa.int32())
            columns |= {key: pa.array(values, pa.timestamp("ms")) for key, values in extra.items()}
        elif name in ("area", "dimension", "group"):
            columns[name] = pa.array(frame[name].tolist(), pa.string())
        else:
            columns[name] = pa.array(frame[name].to_numpy(dtype=float), pa.float64())
    return pa.table(columns)


def week_dates(scenario: Scenario, weeks: np.ndarray) -> np.ndarray:
    """The day on which each week of the run begins; every year of 52 weeks begins on its first of January."""
    years = np.array([scenario.start_year - 1970], "datetime64[Y]") + (weeks // WEEKS_PER_YEAR).astype("timedelta64[Y]")
    return years.astype("datetime64[ms]") + (weeks % WEEKS_PER_YEAR * 7).astype("timedelta64[D]")
