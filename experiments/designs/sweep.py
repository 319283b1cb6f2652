"""A sweep: every run of a design, computed where it is not there yet, and gathered as one table.

One code path, whoever computes: the processes of this machine, or the workers of a cluster behind an executor. Each run is
kept the moment it ends, so nothing is lost however a sweep ends, and the same call goes on from there.
"""

import shlex
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, overload

import pandas as pd

from policysim.errors import UserError, tells_arguments
from policysim.experiments.designs.compare import Interrupted
from policysim.experiments.designs.points import Point, points_of, scenario_at
from policysim.experiments.running.anywhere import Folder
from policysim.experiments.running.burn_ins import burn_ins_in, shared_of, staggered, start_ids
from policysim.experiments.running.content_ids import ids_of
from policysim.experiments.running.elsewhere import keeping
from policysim.experiments.running.lock import locked
from policysim.experiments.running.plan import Amount, Task, available_threads
from policysim.experiments.running.progress import Progress
from policysim.experiments.running.runner import run_each
from policysim.experiments.running.sweep_keeper import left_of, lose
from policysim.experiments.running.sweep_store import ASKED_COLUMNS, SWEEP, SweepStore
from policysim.scenarios.means import engine_given, threads_given
from policysim.scenarios.sweep import Sweep
from policysim.vocabulary.cards import card

ROUNDS = 3
"""How often runs are computed whose files are found damaged when they are gathered."""


class Wanted(NamedTuple):
    """A task that is yet to be made: a point, the number of a place, a replicate, and the numbers of the regimes."""

    point: int
    place: int
    replicate: int
    regimes: tuple[int, ...]


@dataclass(frozen=True)
class Swept:
    """What became of a sweep: its folder, and how many of the runs it asks for are there."""

    store: SweepStore
    asked: int
    done: int
    computed: int
    """Of this call."""
    failed: int

    @property
    def folder(self) -> str:
        """Where its results lie."""
        return str(self.store.folder)

    @property
    def left(self) -> int:
        """Runs that are neither there nor failed, as of another machine's part."""
        return self.asked - self.done - self.failed

    def table(self, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
        """A row per run and year, with what varies, and these outcomes, or all."""
        return self.store.table(outcomes)

    def _repr_html_(self) -> str:
        """For a notebook: how far it is, and where its results lie."""
        counts = {"done": self.done, "computed by this call": self.computed, "failed": self.failed, "left": self.left}
        rows = [(name, f"{count:,}") for name, count in counts.items() if count or name == "done"]
        more = "done.table([outcomes]) gives them as a table"
        notes = [f"{more}; 'policysim report {self.folder}' writes a page of what they say."]
        return card(f"Sweep in {self.folder}: {self.asked:,} runs asked for", rows, notes=notes)


@dataclass(frozen=True)
class Again:
    """What a command that goes on has besides the folder."""

    file: str = ""
    """Of the sweep, or its id, where it is known."""
    options: tuple[str, ...] = ()

    @classmethod
    def of(cls, workers: int | None, executor: Executor | None, part: tuple[int, int] | None) -> "Again":
        """What does the same as a call of `run_sweep`; of workers of an executor nobody knows but those of a scheduler."""
        scheduler = getattr(executor, "given", None)
        told = {
            "--workers": None if workers is None or executor is not None else str(workers), "--scheduler": scheduler,
            "--part": part and "{}/{}".format(*part),
        }  # fmt: skip
        return cls(options=tuple(word for option, value in told.items() if value for word in (option, value)))

    @property
    def is_part(self) -> bool:
        """Whether what is left afterwards is for somebody else."""
        return "--part" in self.options


@tells_arguments
def run_sweep(
    sweep: Sweep,
    out: Path | str | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[Progress], None] | None = None,
    engine: str = "compiled",
    part: tuple[int, int] | None = None,
    name: str = "sweep",
    again: Again | None = None,
) -> Swept:
    """Compute the runs of a sweep that are not there yet, and gather them.

    out: a folder, or an address such as s3://bucket/path; by default results/NAME-DATE, in which the same call of the same day
    goes on. workers: processes of this machine, by default as many as processors. executor: somebody else's workers instead;
    they must find the same folder at the same address. part: (2, 3) computes the second third, for three machines whose folders
    are merged afterwards. again: the command that was given, by default what does the same, of which a stop tells how to go on.
    Raises UserError and Interrupted (a KeyboardInterrupt); finished runs are kept in every case.
    """
    again = again or Again.of(workers, executor, part)
    workers = available_threads() if workers is None else threads_given(workers, "workers")
    engine_given(engine)
    folder = Folder(str(out) if out is not None else str(new_folder(name)))
    if not folder.is_shared and (executor is not None or workers > 1):
        raise UserError(
            f"{folder} is in the memory of this process alone, where other processes find nothing: workers must be 1"
        )
    if executor is not None and folder.is_local:
        folder = Folder(str(folder.here))  # workers may have been started elsewhere
    points = points_of(sweep)
    with locked(folder.here) if folder.is_local else nullcontext():
        store = SweepStore.open(folder.url, sweep, sweep.scenario.own_classes)
        runs = Runs(sweep, points)
        store.ask(points_frame(sweep, points), runs.asked())
        return _computed(store, runs, workers, executor, progress, engine, part, again)


def _computed(
    store: SweepStore, runs: "Runs", workers: int, executor: Executor | None,
    progress: Callable[[Progress], None] | None, engine: str, part: tuple[int, int] | None, again: Again,
) -> Swept:  # fmt: skip
    began, before = _now(), store.sound(runs.ids) if store.folder.is_local else set(store.files())
    todo = set(runs.ids) - before
    failed = 0
    try:
        for _ in range(ROUNDS):
            tasks = Tasks(runs, todo, workers if executor is None else 1, engine, part)
            with (
                burn_ins_in(store.folder, bool(tasks.shared), workers, executor is not None) as burn_ins,
                keeping(store, burn_ins, executor) as work,
            ):
                failed += sum(
                    run_each(
                        work, tasks, min(workers, len(tasks)) or 1, progress, executor, partial(lose, store),
                        left=partial(left_of, store),
                    )
                )  # fmt: skip
            store.forget_failures()
            damaged = store.gather()
            if not damaged:
                break
            todo = {name.rpartition("/")[2].partition("-")[0] for name in damaged}
    except KeyboardInterrupt:
        raise Interrupted(f"Stopped. {_kept(store, runs, again)}") from None
    finally:
        there = set(store.files())
        done = len(there.intersection(runs.ids))
        computed = done - len(before.intersection(runs.ids))
        if computed or failed:
            hands = workers if executor is None else getattr(executor, "workers", None)
            told = {"began": began, "ended": _now(), "runs": computed, "failed": failed, "workers": hands}
            store.note(runs.design(), told)
        elif "design" not in store.manifest():
            store.write_manifest(runs.design(), [])
    return Swept(store, len(runs.ids), done, computed, failed)


def points_frame(sweep: Sweep, points: Sequence[Point]) -> pd.DataFrame:
    """The points as a table: `point`, then what varies, in the order of the file."""
    paths = list(sweep.paths) or list(dict.fromkeys(path for point in points for path in point.values))
    columns: dict[str, Any] = {"point": [point.number for point in points]}
    for path in paths:
        values = [point.values.get(path) for point in points]
        mixed = any(isinstance(value, str) for value in values)
        columns[path] = [None if value is None else str(value) for value in values] if mixed else values
    return pd.DataFrame(columns)


class Runs:
    """Every run that a sweep asks for, by its id; of each no more is held than that takes."""

    def __init__(self, sweep: Sweep, points: Sequence[Point]):
        """Raises UserError that names a point which cannot be run."""
        self.sweep, self.points = sweep, points
        self.regimes = [regime.id for regime in sweep.scenario.regimes]
        self.rows: list[tuple[int, int, str]] = []  # point, number of the place, ids of its runs one after another
        self.ids: dict[str, int] = {}
        self.starts: list[tuple[str, ...]] = []  # by replicate, what stands at the end of the burn-in
        self.weeks: list[tuple[int, int]] = []
        for k, point in enumerate(points):
            for number, place in enumerate(sweep.places):
                scenario = scenario_at(sweep, point, place)
                found = ids_of(scenario, scenario.regimes, scenario.seeds)
                self.rows.append((k, number, "".join(found.values())))
                self.starts.append(tuple(start_ids(scenario).values()))
                self.weeks.append((scenario.burn_in_weeks, scenario.weeks))
                self.ids.update(dict.fromkeys(found.values(), 0))

    def asked(self) -> pd.DataFrame:
        """All of them as the store keeps them, by point, place, regime and replicate."""
        return pd.DataFrame(self._each(), columns=list(ASKED_COLUMNS)).astype({"replicate": "int32"})

    def _each(self) -> Iterator[tuple[int, str, str, int, int, str]]:
        seeds, places = self.sweep.scenario.seeds, self.sweep.places
        for k, place, ids in self.rows:
            for regime, replicate, id in self.parts(ids):
                yield self.points[k].number, places[place], self.regimes[regime], replicate, seeds[replicate], id

    def start(self, one: Wanted) -> str:
        """The name of what a task begins from."""
        return self.starts[one.point * len(self.sweep.places) + one.place][one.replicate]

    def parts(self, ids: str) -> Iterator[tuple[int, int, str]]:
        """The numbers of regime and replicate of each of a row's ids."""
        replicates = len(self.sweep.scenario.seeds)
        digits = len(ids) // (len(self.regimes) * replicates)
        for n in range(len(self.regimes) * replicates):
            yield n // replicates, n % replicates, ids[n * digits : (n + 1) * digits]

    def wanted(self, todo: Collection[str], part: tuple[int, int]) -> Iterator[Wanted]:
        """The tasks in which there is something to do, of every so manieth of all; a run of several points is computed once."""
        left, first, number = set(todo), range(len(self.sweep.scenario.seeds)), 0
        for k, place, ids in self.rows:
            regimes: list[list[int]] = [[] for _ in first]
            for regime, replicate, id in self.parts(ids):
                if id in left and (number + replicate) % part[1] == part[0] - 1:
                    regimes[replicate].append(regime)
                    left.remove(id)
            yield from (
                Wanted(k, place, replicate, tuple(regimes[replicate])) for replicate in first if regimes[replicate]
            )
            number += len(first)

    def design(self) -> dict[str, Any]:
        """The design as the manifest tells it."""
        sweep = self.sweep
        return {
            "question": sweep.question, "design": sweep.design, "points": len(self.points), "paths": list(sweep.paths),
            "places": list(sweep.places), "regimes": self.regimes, "runs": len(self.ids),
            "seeds": [sweep.scenario.seeds[0], sweep.scenario.seeds[-1]],
        }  # fmt: skip


class Tasks(Sequence[Task]):
    """The tasks of a sweep that are to be computed: each is made when it is asked for, and ten thousand take little room."""

    def __init__(self, runs: Runs, todo: set[str], workers: int, engine: str, part: tuple[int, int] | None):
        self.runs, self.engine = runs, engine
        wanted = list(runs.wanted(todo, part or (1, 1)))
        self.wanted = staggered(wanted, runs.start, workers)
        self.shared = shared_of([runs.start(one) for one in wanted])
        weeks = count = 0
        for one in self.wanted:
            before, after = runs.weeks[one.point * len(runs.sweep.places) + one.place]
            weeks, count = weeks + before + after * len(one.regimes), count + len(one.regimes)
        self.amount = Amount(weeks, count)
        self.threads = max(1, workers // max(1, len(self.wanted)))

    def __len__(self) -> int:
        return len(self.wanted)

    @overload
    def __getitem__(self, number: int) -> Task: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Task]: ...
    def __getitem__(self, number: int | slice) -> Task | Sequence[Task]:
        if isinstance(number, slice):
            return [self[k] for k in range(*number.indices(len(self)))]
        one = self.wanted[number]
        scenario = scenario_at(self.runs.sweep, self.runs.points[one.point], self.runs.sweep.places[one.place])
        regimes = tuple(scenario.regimes[k] for k in one.regimes)
        start = self.runs.start(one)
        return Task(
            scenario, one.replicate, regimes, self.engine, self.threads, start=start if start in self.shared else ""
        )


def _kept(store: SweepStore, runs: Runs, again: Again) -> str:
    done, rest = len(set(store.files()).intersection(runs.ids)), "its part" if again.is_part else "the rest"
    return f"{done:,} of {len(runs.ids):,} runs are finished and kept in {store.folder}; {command(store, again)} computes {rest}."


def command(store: SweepStore, again: Again = Again()) -> str:
    """What goes on from where a folder is, as a shell takes it."""
    folder = str(store.folder)
    file = store.folder.told(SWEEP) if store.folder.is_local else again.file  # no sweep is read from an address
    told = shlex.join(["policysim", "sweep", file or "FILE", "--out", folder, *again.options])
    return f"'{told}'" if file else f"'{told}' with the same FILE"


def new_folder(name: str) -> Path:
    """results/<name>-<date>."""
    return Path("results") / f"{name}-{date.today():%Y-%m-%d}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
