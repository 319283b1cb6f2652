"""The folder of a comparison: each run in a file of its own, the tables made of them, and nobody's results lost.

    DIR/scenario.toml     everything that was asked for, resolved; running it again gives the same bits
    DIR/provenance.json   versions, seeds, changed parameters
    DIR/runs/             one table per run (seed and regime), its groups and the checksums of both, written as it ends
    DIR/weekly.parquet    all runs together; DIR/by_group.parquet the same by year and group
    DIR/summary.csv       totals over the horizon with intervals

Every file appears whole or not at all: it is written beside its place and then moved there.
"""

import errno
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from policysim.errors import UserError
from policysim.experiments.running.plan import Run, Task, runs_of
from policysim.experiments.running.provenance import as_json, stamp
from policysim.scenarios.regime import Regime
from policysim.scenarios.scenario import Scenario, kept_scenario
from policysim.vocabulary.time import WEEKS_PER_YEAR

RUNS, SCENARIO, PROVENANCE = "runs", "scenario.toml", "provenance.json"
WEEKLY, GROUPS, SUMMARY, REPORT = "weekly.parquet", "by_group.parquet", "summary.csv", "report.html"
OURS = (SCENARIO, PROVENANCE, WEEKLY, GROUPS, SUMMARY, REPORT)
RUN_FILE = re.compile(r"\d+-[a-z][a-z0-9-]*(\.groups\.parquet|\.parquet|\.sha256|\.error\.txt)$")
TABLES = (".parquet", ".groups.parquet")
"""Endings of a run's two tables."""
LEFT_OVER = re.compile(r"\..*\.(\d+)\.part$")
MARK = b"policysim"
"""Key of the stamp in a table's own metadata."""
ERRNO = re.compile(r"\[errno (\d+)\]", re.IGNORECASE)
FULL = (errno.ENOSPC, errno.EDQUOT)
DAMAGED = (OSError, pa.ArrowException, ValueError, KeyError, TypeError)
"""What reading a file can raise that was cut short or changed."""


@contextmanager
def whole_or_not(path: Path) -> Iterator[Path]:
    """A file to write in place of `path`; it is moved there at the end of the block, or vanishes. Raises UserError."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {reason(error)}; every run that was finished is kept") from error
    finally:
        part.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    """Whether a process of this machine is writing still: two comparisons may share a folder."""
    if os.name != "posix":
        return False
    try:
        os.kill(process, 0)  # sends nothing, only asks
    except OverflowError:
        return False
    except OSError as error:
        return error.errno == errno.EPERM
    return True


def reason(error: OSError) -> str:
    """Why a file could not be read or written, in a few words."""
    told = ERRNO.search(str(error))  # pyarrow has the number in its text only
    code = error.errno or (int(told[1]) if told else 0)
    if code in FULL:
        return "there is no space left on the disk"
    return (os.strerror(code) if code else str(error) or type(error).__name__).lower()


class Store:
    """The results of one scenario in one folder. `Store.open` looks at what is there first."""

    def __init__(self, folder: Path, scenario: Scenario):
        self.folder, self.scenario = folder, scenario
        self.stamp = stamp(scenario)

    @classmethod
    def open(cls, folder: Path, scenario: Scenario, overwrite: bool = False) -> "Store":
        """A folder ready to be written to; raises UserError if it holds other content, unless `overwrite` is set."""
        store = cls(folder, scenario)
        try:
            other = store._other_content()
            if other and not overwrite:
                raise UserError(
                    f"{folder} {other}; choose another folder, or add --overwrite to replace policysim's files in it"
                )
            if other:
                store._remove_ours()
            store._make_folder()
            store._remove_left_overs()
        except OSError as error:
            raise UserError(f"the folder {folder} cannot be used: {reason(error)}") from None
        store.write_text(SCENARIO, scenario.to_toml())
        store.write_text(PROVENANCE, as_json(store.stamp))
        return store

    def path(self, name: str) -> Path:
        """Where one of the folder's files is."""
        return self.folder / name

    def run_path(self, run: Run, ending: str = ".parquet") -> Path:
        """Where a run's table is (or, with `.groups.parquet`, its table by group)."""
        return self.folder / RUNS / (run.name + ending)

    # --- what is there ------------------------------------------------------------------------------------------------
    def _make_folder(self) -> None:
        """Make the folder and see that it can be written to, before anything is computed for it."""
        (self.folder / RUNS).mkdir(parents=True, exist_ok=True)
        for place in (self.folder, self.folder / RUNS):
            with tempfile.TemporaryFile(dir=place) as trial:
                trial.write(b"0")

    def _entries(self, *folders: Path) -> list[Path]:
        """What lies in those of the folders that exist, but for parts of files and the folder of runs itself."""
        there = [entry for folder in folders if folder.exists() for entry in folder.iterdir()]
        return [entry for entry in there if entry.name != RUNS and not LEFT_OVER.match(entry.name)]

    def _other_content(self) -> str:
        """What the folder holds that is not this scenario's, as the middle of a sentence; empty if nothing."""
        if not self._entries(self.folder, self.folder / RUNS):
            return ""
        if not self.path(SCENARIO).exists() or not self.path(PROVENANCE).exists():
            return "holds files that are not a comparison's"
        try:
            there_scenario = kept_scenario(self.path(SCENARIO))
            there_stamp = json.loads(self.path(PROVENANCE).read_text(encoding="utf-8"))
            made_by = there_stamp["model"], there_stamp["policysim"]
        except (UserError, *DAMAGED):
            return "holds a comparison whose scenario cannot be read"
        if there_scenario != self.scenario:
            return f"holds another scenario ({difference(there_scenario, self.scenario)})"
        if made_by[0] != self.stamp["model"]:
            return f"holds this scenario as another version of the model computed it (policysim {made_by[1]})"
        return ""

    def _remove_ours(self) -> None:
        """Remove what policysim wrote; a file of one of its names in a folder without its stamp is not its own."""
        stamped = self.path(PROVENANCE).exists() and self.path(SCENARIO).exists()
        mine = [self.path(name) for name in OURS if self.path(name).exists()]
        mine += [entry for entry in self._entries(self.folder / RUNS) if RUN_FILE.match(entry.name)]
        if mine and not stamped:
            raise UserError(f"{mine[0]} was not written by policysim and would be replaced; choose another folder")
        for path in sorted(mine, key=lambda path: path.name in (SCENARIO, PROVENANCE)):  # the stamp goes last
            path.unlink()

    def _remove_left_overs(self) -> None:
        """Parts of files that a run cut off from outside could not remove."""
        for place in (self.folder, self.folder / RUNS):
            for entry in place.iterdir():
                part = LEFT_OVER.match(entry.name)
                if part and not _is_running(int(part[1])):
                    entry.unlink(missing_ok=True)

    def missing(self) -> list[Run]:
        """Runs that have no sound file yet."""
        return [run for run in runs_of(self.scenario) if not self._sound(run)]

    def missing_of(self, task: Task) -> tuple[Regime, ...]:
        """Regimes of a task whose runs have no sound file yet."""
        return tuple(regime for regime in task.regimes if not self._sound(task.run_under(regime)))

    def _sound(self, run: Run) -> bool:
        """Whether both tables of a run are there, byte for byte as they were written, and of this scenario."""
        try:
            if self.run_path(run, ".sha256").read_text(encoding="utf-8") != self._checksums(run):
                return False
            stamped = json.loads(pq.read_schema(self.run_path(run)).metadata[MARK])
        except DAMAGED:
            return False
        return (stamped["scenario"], stamped["model"]) == (self.stamp["scenario"], self.stamp["model"])

    def _checksums(self, run: Run) -> str:
        """Of both tables, in the form that `sha256sum --check` reads."""
        paths = [self.run_path(run, ending) for ending in TABLES]
        return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths)

    # --- writing ------------------------------------------------------------------------------------------------------
    def write_text(self, name: str, text: str) -> None:
        """Write one of the folder's text files, unless it already holds just this."""
        path = self.path(name)
        if path.exists() and path.read_bytes() == text.encode():
            return
        with whole_or_not(path) as part:
            part.write_text(text, encoding="utf-8", newline="\n")

    def keep(self, run: Run, weekly: pd.DataFrame, groups: pd.DataFrame) -> None:
        """Write one finished run; its checksums come last, so that a run which has them is complete."""
        first: dict[str, str | int] = {"regime": run.regime, "replicate": run.replicate, "seed": run.seed}
        dated = {"date": week_dates(self.scenario, weekly["week"].to_numpy())}
        self._write_table(self.run_path(run, ".groups.parquet"), [table_of(first, groups, {})])
        self._write_table(self.run_path(run), [table_of(first, weekly, dated)])
        self.write_text(f"{RUNS}/{run.name}.sha256", self._checksums(run))
        self.run_path(run, ".error.txt").unlink(missing_ok=True)

    def keep_error(self, run: Run, text: str) -> Path:
        """Write down why a run failed, with all that is known."""
        path = self.run_path(run, ".error.txt")
        with whole_or_not(path) as part:
            part.write_text(text, encoding="utf-8")
        return path

    def _write_table(self, path: Path, tables: Iterable[pa.Table]) -> None:
        """Tables of the same columns into one file, a row group each."""
        writer = None
        with whole_or_not(path) as part:
            try:
                for table in tables:
                    table = table.replace_schema_metadata({MARK: as_json(self.stamp).encode()})
                    if writer is None:
                        writer = pq.ParquetWriter(part, table.schema, compression="zstd")
                    writer.write_table(table)
            finally:
                if writer is not None:
                    writer.close()

    def gather(self) -> None:
        """Put all runs together in weekly.parquet and by_group.parquet; one run at a time is held in memory."""
        for name, ending in zip((WEEKLY, GROUPS), TABLES, strict=True):
            self._write_table(
                self.path(name), (pq.read_table(self.run_path(run, ending)) for run in runs_of(self.scenario))
            )

    def is_gathered(self) -> bool:
        """Whether the two tables of all runs are there and of this scenario."""
        try:
            for name in (WEEKLY, GROUPS):
                stamped = json.loads(pq.read_schema(self.path(name)).metadata[MARK])
                if stamped != self.stamp:
                    return False
        except DAMAGED:
            return False
        return True

    def whole_place(self) -> Iterator[tuple[Run, pd.DataFrame]]:
        """Each run with its weeks for the place as a whole."""
        for run in runs_of(self.scenario):
            table = pq.read_table(self.run_path(run))
            yield run, table.filter(pa.compute.equal(table["area"], "all")).to_pandas()


def table_of(first: dict[str, str | int], frame: pd.DataFrame, extra: dict[str, np.ndarray]) -> pa.Table:
    """A frame as a table with fixed column types, the same whatever the version of pandas."""
    size = len(frame)
    columns: dict[str, pa.Array] = {
        "regime": pa.array([first["regime"]] * size, pa.string()),
        "replicate": pa.array(np.full(size, first["replicate"]), pa.int32()),
        "seed": pa.array(np.full(size, first["seed"]), pa.int64()),
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


def difference(there: Scenario, here: Scenario) -> str:
    """The first setting in which two scenarios differ, as `years: 10 there, 5 asked for`."""
    for name in Scenario.model_fields:
        one, other = getattr(there, name), getattr(here, name)
        if one != other and _brief(one) != _brief(other):
            return f"{name}: {_brief(one)} there, {_brief(other)} asked for"
        if one != other:
            return f"the same {name} with other settings"
    return "no setting"


def _brief(value: object) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], Regime):
        return ", ".join(regime.id for regime in value)
    return "none" if value is None or value == {} else str(value)
