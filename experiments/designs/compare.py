"""Regimes compared on one place: the main question, from a scenario to a folder of results."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Literal

import pandas as pd

from policysim.errors import UserError, tells_arguments
from policysim.experiments.analysis.compare import Headlines, headlines, summarise, totals
from policysim.experiments.running.keeper import Failure, keep, lose
from policysim.experiments.running.plan import Plan, Task, available_threads, one_by_one, plan, runs_of
from policysim.experiments.running.pool import TRIES, LostError
from policysim.experiments.running.progress import Progress
from policysim.experiments.running.runner import run
from policysim.experiments.running.store import GROUPS, SUMMARY, WEEKLY, Store
from policysim.scenarios.faults import shown
from policysim.scenarios.means import engine_given, threads_given
from policysim.scenarios.scenario import Scenario


class Interrupted(KeyboardInterrupt):
    """Stopped by the user; says what is kept and how to go on."""


class FailedRunsError(Exception):
    """Some runs raised; the others are kept. `failures` names each with its reason."""

    def __init__(self, message: str, failures: list[Failure]):
        super().__init__(message)
        self.failures = failures


@dataclass(frozen=True)
class Comparison:
    """The results of a scenario, in `folder` and as tables."""

    scenario: Scenario
    folder: Path
    summary: pd.DataFrame
    """Totals over the horizon (stocks: means) by regime and outcome, with 95% intervals and paired differences."""

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """Every week of every run, for the whole place (area `all`) and each authority; scaled to residents."""
        return pd.read_parquet(self.folder / WEEKLY)

    @cached_property
    def by_group(self) -> pd.DataFrame:
        """Flows by year and by deprivation quintile, age band, sex and ethnic group; scaled to residents."""
        return pd.read_parquet(self.folder / GROUPS)

    def headlines(self) -> Headlines:
        """The table a commissioner reads, with a sentence and notes."""
        return headlines(self.summary, self.scenario)


@tells_arguments
def compare(
    scenario: Scenario,
    out: Path | str | None = None,
    threads: int | None = None,
    engine: Literal["compiled", "python"] | str = "compiled",
    overwrite: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Comparison:
    """Run every regime of a scenario with every seed, and write tables and summary to a folder.

    out: the folder, by default a new dated one under results/; runs of the same scenario that are there already are
    kept, other content is an error unless `overwrite` is set. threads: processors to use, by default all; results are
    the same to the bit whatever their number. progress: called with how far it is. Raises UserError, FailedRunsError
    and Interrupted (a KeyboardInterrupt); finished runs are kept in every case, and the same call goes on from there.
    """
    _check(scenario, out, engine)
    threads = available_threads() if threads is None else threads_given(threads)
    store = Store.open(Path(out) if out is not None else new_folder(scenario), scenario, overwrite)
    missing = store.missing()
    if missing:
        try:
            failures = _run(store, plan(scenario, missing, engine, threads), progress)
        except KeyboardInterrupt:
            raise Interrupted(f"Stopped. {_kept(store)}") from None
        if failures:
            raise FailedRunsError(_kept(store), failures)
    return _finished(store)


def _check(scenario: object, out: object, engine: object) -> None:
    """Raises UserError where an argument of `compare` is not what it must be."""
    if not isinstance(scenario, Scenario):
        raise UserError(
            f"compare runs a Scenario, as Scenario(place=...) or read_scenario(...) gives, not {shown(scenario)}"
        )
    if out is not None and not isinstance(out, str | Path):
        raise UserError(f"out must be the path of a folder, not {shown(out)}")
    engine_given(engine)


def _run(store: Store, planned: Plan, progress: Callable[[Progress], None] | None) -> list[Failure]:
    """Live and keep every run; returns those that failed.

    Of a seed whose process is ended from outside, each run is tried again, apart from the others, so that one which
    cannot be done does not take them with it.
    """
    lost: list[Task] = []

    def again(task: Task, error: LostError) -> list[Failure]:
        lost.append(task)
        return []

    work = partial(keep, store)
    found = run(work, planned.tasks, planned.workers, progress, lost=again, tries=1)
    apart = one_by_one(lost)
    workers = min(planned.workers, max(2, len(apart)))  # never in this process, which would end with them
    found += run(work, apart, workers, progress, lost=partial(lose, store), tries=TRIES - 1)
    return [failure for task in found for failure in task]


def _finished(store: Store) -> Comparison:
    """The tables of all runs; raises Interrupted rather than leave half of them behind."""
    try:
        if not store.is_gathered():
            store.gather()
        summary = summarise(totals(store.whole_place()))
        store.write_text(SUMMARY, summary.to_csv(index=False, lineterminator="\n"))
    except KeyboardInterrupt:
        raise Interrupted(f"Stopped. {_kept(store)}") from None
    return Comparison(store.scenario, store.folder, summary)


def _kept(store: Store) -> str:
    runs, missing = len(runs_of(store.scenario)), len(store.missing())
    return (
        f"{runs - missing} of {runs} runs are finished and kept in {store.folder}; "
        f"'policysim compare {store.path('scenario.toml')} --out {store.folder}' computes the rest."
    )


def new_folder(scenario: Scenario) -> Path:
    """results/<place>-<date>-<time>, with a number where that is taken."""
    stem = Path("results") / f"{scenario.place.replace(':', '-')}-{datetime.now():%Y-%m-%d-%H%M%S}"
    folder, k = stem, 1
    while folder.exists():
        k += 1
        folder = stem.with_name(f"{stem.name}-{k}")
    return folder
