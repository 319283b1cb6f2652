"""The folder of a sweep, on this machine or in an object store: each run in a file of its own, and nobody's results lost.

    DIR/sweep.toml        the design as it was asked for last, everything written out
    DIR/manifest.json     design, build, libraries, seeds, and when runs were computed; no names of machines or people
    DIR/points.parquet    a row for each point of the design, a column for each thing that varies
    DIR/asked.parquet     a row for each run that the design asks for: its point, place, regime, replicate, seed and id
    DIR/runs/             one file per run, written whole by the process that computed it, the moment it ended
    DIR/failures/         why a run failed, with all its settings, and the scenario that runs it alone
    DIR/results.parquet/  the runs that are asked for, gathered, and in gathered.json which they are: see `gathering`
    DIR/own/              copies of the files of classes of one's own, where the scenario has any

A run is found by its content (`content_ids`), so a longer design, or any other that asks for the same run, uses what is there,
and any number of computations may write to one folder: at worst they do the same twice. Its file's name ends with a digest of
its bytes, so a file that was cut short or changed is no run. One computation at a time writes to a folder of this machine
(`lock`); an object store has no locks, and needs none but for manifest.json, where the last word stands.
"""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import policysim
from policysim.errors import UserError
from policysim.experiments.running.anywhere import Folder, FolderError
from policysim.experiments.running.content_ids import RUN_ID, content_digest, ids_of, is_whole, run_id
from policysim.experiments.running.gathering import MARK, RESULTS, gather, is_gathered, parts_of, table_of
from policysim.experiments.running.merging import Merged, merge
from policysim.experiments.running.plan import Task
from policysim.experiments.running.provenance import LIBRARIES, as_json
from policysim.experiments.running.run_file import as_bytes
from policysim.experiments.running.settings import shared_settings
from policysim.model.sources import model_hash
from policysim.scenarios.own_classes import KEPT, files_to_keep
from policysim.scenarios.regime import Regime, regimes
from policysim.scenarios.scenario import Scenario

SWEEP, MANIFEST, POINTS, ASKED = "sweep.toml", "manifest.json", "points.parquet", "asked.parquet"
RUNS, FAILURES = "runs", "failures"
OUR_OWN = (MANIFEST, SWEEP, POINTS, ASKED, RUNS, FAILURES, RESULTS, MARK, KEPT, "README.md")
DONE, FAILED, MISSING = "done", "failed", "missing"
ASKED_COLUMNS = ("point", "place", "regime", "replicate", "seed", "run")


class Design(Protocol):
    """What the store must know of a sweep."""

    def to_toml(self) -> str:
        """All of it, written out."""


@dataclass(frozen=True)
class SweepStore:
    """The runs of sweeps in a folder, which may be given to other processes."""

    folder: Folder
    build: str = ""
    """Of the model that runs are computed with."""

    @classmethod
    def open(cls, url: str, sweep: Design, own: Sequence[type] = ()) -> "SweepStore":
        """Ready to be written to; raises UserError where it holds other content. own: classes of one's own of the sweep."""
        files = files_to_keep(own)
        store = cls(Folder(str(url)), model_hash())
        others = [name for name in store.folder.names() if not name.startswith(".")]
        if others and MANIFEST not in others and any(name.partition("/")[0] not in OUR_OWN for name in others):
            raise UserError(f"{url} holds files that are not a sweep's, such as {others[0]}; choose another folder")
        store.folder.make()
        if MANIFEST not in others:
            store._write(MANIFEST, as_json({"build": store.build}).encode())
        for name, content in files.items():
            store._write(f"{KEPT}/{name}", content)
        store._write(SWEEP, sweep.to_toml().encode())
        return store

    @classmethod
    def found(cls, url: str) -> "SweepStore":
        """What a folder holds; raises UserError where that is no sweep."""
        store = cls(Folder(str(url)))
        if store.folder.is_local and store.folder.here.is_file():
            raise UserError(f"{url} is a file: the folder that holds a sweep is wanted")
        if store.folder.is_local and not store.folder.here.is_dir():
            raise UserError(f"there is no folder {url}")
        manifest = store.manifest()
        if not manifest:
            raise UserError(f"{url} holds no sweep: {MANIFEST} and {ASKED} are in the folder of every one")
        return replace(store, build=manifest.get("build", ""))

    # --- what is asked for --------------------------------------------------------------------------------------------
    def ask(self, points: pd.DataFrame, asked: pd.DataFrame) -> None:
        """Write down the design's points (`point`, then what varies) and its runs (`ASKED_COLUMNS`)."""
        self._write(POINTS, _as_parquet(points))
        self._write(ASKED, _as_parquet(asked[list(ASKED_COLUMNS)]))

    def points(self) -> pd.DataFrame:
        """Each point of the design with what varies."""
        return self._table(POINTS)

    def asked(self) -> pd.DataFrame:
        """Each run that the design asks for, in its order; a run of several points stands there several times."""
        return self._table(ASKED)

    def _table(self, name: str) -> pd.DataFrame:
        content = self.folder.read(name)
        if content is None:
            raise UserError(f"{self.folder} holds no {name} yet: the sweep was stopped before its first run")
        try:
            return pq.read_table(pa.BufferReader(content)).to_pandas()
        except pa.ArrowException:
            raise UserError(f"{self.folder.told(name)} cannot be read: it was cut short or changed") from None

    def runs(self) -> pd.DataFrame:
        """Each run that is asked for, once, with its `state`: done, failed or missing."""
        found = self.asked().drop_duplicates("run", ignore_index=True)
        done, failed = self.files(), self.failed()
        states = [DONE if run in done else FAILED if run in failed else MISSING for run in found["run"]]
        return found.assign(state=states)

    # --- runs that are there ------------------------------------------------------------------------------------------
    def files(self) -> dict[str, str]:
        """The file of each run that is there, asked for or not, by the run's id; none is opened."""
        return {id: names[-1] for id, names in self._names().items()}

    def sizes(self) -> dict[str, int]:
        """The bytes of each file of a run."""
        return self.folder.names(RUNS)

    def _names(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self.folder.names(RUNS):
            id = name.rpartition("/")[2].partition("-")[0]
            if name.endswith(".parquet") and RUN_ID.fullmatch(id):
                found.setdefault(id, []).append(name)
        return found

    def sound(self, ids: Iterable[str] | None = None) -> set[str]:
        """The runs whose files are byte for byte as they were written; others are removed, to be computed anew."""
        there = self._names()
        wanted = there if ids is None else {id: there[id] for id in dict.fromkeys(ids) if id in there}
        found: dict[str, str] = {}
        for name, content in self.folder.read_each([name for names in wanted.values() for name in names]):
            if content is None or not is_whole(name, content):
                self.folder.remove(name)
                continue
            id = name.rpartition("/")[2].partition("-")[0]
            if id in found:
                raise FolderError(
                    f"{self.folder} holds two different results of one run ({found[id]} and {name}): the model that made "
                    "them does not give the same twice; remove both, find out why, and run it again"
                )
            found[id] = name
        return set(found)

    def missing(self, tasks: Iterable[Task]) -> list[Task]:
        """The tasks with the runs that are not there yet; their files are not opened."""
        there = self.files()
        return [task for one in tasks for task in self._left_of(one, there)]

    def _left_of(self, task: Task, there: Mapping[str, str]) -> Iterator[Task]:
        ids = ids_of(task.scenario, task.regimes, [task.seed])
        left = tuple(regime for regime in task.regimes if ids[regime.id, task.seed] not in there)
        if left:
            yield replace(task, regimes=left)

    # --- writing ------------------------------------------------------------------------------------------------------
    def _write(self, name: str, content: bytes) -> None:
        if self.folder.read(name) != content:
            self.folder.write(name, content)

    def keep(self, id: str, task: Task, regime: Regime, years: np.ndarray) -> None:
        """Write one finished run, of this id: its years, shape (years, outcomes), as `Outcomes.years` gives them."""
        content = as_bytes(
            id, task.seed, settings_of(task.scenario, regime), {"model": self.build}, years, task.scenario.columns
        )
        self.folder.write(f"{RUNS}/{id[:2]}/{id}-{content_digest(content)}.parquet", content)

    def fail(self, task: Task, regime: Regime, error: str, log: str, tries: int) -> None:
        """Write down why a run failed: in one line and with all that is known, and the scenario that runs it alone."""
        id = run_id(task.scenario, regime, task.seed)
        alone = task.scenario.model_copy(update={"regimes": (by_itself(regime),), "seed": task.seed, "replicates": 1})
        told = {
            "run": id, "error": error, "log": log, "tries": tries, "place": task.scenario.place, "regime": regime.id,
            "seed": task.seed, "settings": settings_of(task.scenario, regime),
        }  # fmt: skip
        self.folder.write(f"{FAILURES}/{id}.toml", alone.to_toml().encode())
        self.folder.write(f"{FAILURES}/{id}.json", as_json(told).encode())

    # --- failures -----------------------------------------------------------------------------------------------------
    def failed(self) -> set[str]:
        """Runs of which it is written down that they failed; some may have been computed since."""
        names = self.folder.names(FAILURES)
        return {name.rpartition("/")[2].removesuffix(".json") for name in names if name.endswith(".json")}

    def failures(self) -> list[dict[str, Any]]:
        """Why runs failed that are asked for and are not there, in the order of the design."""
        runs = self.runs()
        ids = runs["run"][runs["state"] == FAILED].tolist()
        contents = self.folder.read_each([f"{FAILURES}/{id}.json" for id in ids])
        return [dict(json.loads(content)) for _, content in contents if content is not None]

    def forget_failures(self) -> None:
        """Remove what is said of runs that have been computed since."""
        done = self.files()
        for id in self.failed():
            if id in done:
                self.folder.remove(f"{FAILURES}/{id}.json")
                self.folder.remove(f"{FAILURES}/{id}.toml")

    # --- all of them together -----------------------------------------------------------------------------------------
    def gather(self) -> list[str]:
        """Put the runs that are there together as one table; returns files that were damaged, of which the runs are missing."""
        return gather(self)

    def is_gathered(self) -> bool:
        """Whether that table is there and of just the runs that are asked for and there."""
        return is_gathered(self)

    def parts(self, outcomes: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The gathered table joined with the points, a part at a time, with these outcomes."""
        return parts_of(self, outcomes)

    def table(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """All of it: `point`, what varies, `place`, `regime`, `replicate`, `seed`, `run`, `year`, and these outcomes, or all."""
        return table_of(self, columns)

    def merge(self, other: str) -> Merged:
        """Take over the runs of another folder."""
        return merge(self, SweepStore.found(other))

    # --- the manifest -------------------------------------------------------------------------------------------------
    def manifest(self) -> dict[str, Any]:
        """What is said of the whole; nothing where there is none that can be read."""
        content = self.folder.read(MANIFEST)
        try:
            return dict(json.loads(content)) if content else {}
        except ValueError:
            return {}

    def note(self, design: Mapping[str, Any], invocation: Mapping[str, Any]) -> None:
        """Say what the design is, and when how many of its runs were computed."""
        before = self.manifest().get("invocations", [])
        self.write_manifest(design, [*before, dict(invocation) | {"build": self.build}])

    def write_manifest(self, design: Mapping[str, Any], invocations: Sequence[Mapping[str, Any]]) -> None:
        """The whole of it, in the order of time."""
        told = {
            "policysim": policysim.__version__, "build": self.build, "design": dict(design),
            "libraries": {library: version(library) for library in (*LIBRARIES, "fsspec")},
            "invocations": sorted(map(dict, invocations), key=lambda one: (one["began"], as_json(one))),
        }  # fmt: skip
        self._write(MANIFEST, as_json(told).encode())


def by_itself(regime: Regime) -> Regime:
    """A regime as a scenario of its own may have it: a shipped one whose levers a sweep has moved gets another id."""
    shipped = regimes().get(regime.id)
    if shipped is None or shipped.levers == regime.levers:
        return regime
    return regime.model_copy(update={"id": f"{regime.id[:50]}-varied"})


def settings_of(scenario: Scenario, regime: Regime) -> dict[str, Any]:
    """All that decides a run but for its seed and the build."""
    return shared_settings(scenario) | {"regime": regime.model_dump(mode="json", exclude={"contested"})}


def _as_parquet(frame: pd.DataFrame) -> bytes:
    sink = io.BytesIO()
    pq.write_table(
        pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None), sink, compression="zstd"
    )
    return sink.getvalue()
