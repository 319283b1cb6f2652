"""Regimes compared on one place: the main question, from a scenario to a folder of results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from shlex import quote
from typing import Literal

import pandas as pd

from policysim.counts.outcomes import Shown
from policysim.counts.outcomes import headlines as headline_outcomes
from policysim.errors import UserError, tells_arguments
from policysim.experiments.analysis import against_stock
from policysim.experiments.analysis.budgets import sentences
from policysim.experiments.analysis.compare import Headlines, headlines, read_summary, summarise, totals
from policysim.experiments.analysis.cost_effectiveness import NEEDED, findings, points_of_draws, points_of_seeds, table
from policysim.experiments.analysis.equal_spend import reached
from policysim.experiments.analysis.moved_most import MovedMost, of_arms
from policysim.experiments.designs.equal_spend import at_equal_spend
from policysim.experiments.running.files import SCENARIO
from policysim.experiments.running.keeper import Failure, keep, lose
from policysim.experiments.running.kept_draws import BY_DRAW, none_drawn
from policysim.experiments.running.lock import holder, locked
from policysim.experiments.running.plan import Plan, available_threads, plan
from policysim.experiments.running.progress import Progress
from policysim.experiments.running.runner import run_each
from policysim.experiments.running.store import GROUPS, PRICES, SUMMARY, WEEKLY, Store
from policysim.scenarios.means import engine_given, threads_given
from policysim.scenarios.own_arms import beside_which, with_own_arms
from policysim.scenarios.own_classes import files_to_keep
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario, kept_scenario
from policysim.vocabulary.cards import card
from policysim.vocabulary.reasons import shown


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
    """Totals over the horizon (stocks: means) by regime and outcome, with 95% intervals and paired differences.

    Intervals over seeds and over drawn parameters stand in columns of their own.
    """

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """Every week of every run, for the whole place (area `all`) and each authority; scaled to residents."""
        return self._table(WEEKLY)

    @cached_property
    def by_group(self) -> pd.DataFrame:
        """Outcomes by year and deprivation quintile, age band, sex, ethnic group; people at midyear; scaled to residents."""
        return self._table(GROUPS)

    @cached_property
    def by_draw(self) -> pd.DataFrame:
        """Every run with drawn parameters, by year; no rows where the scenario asks for none."""
        return self._table(BY_DRAW) if self.scenario.uncertainty else none_drawn()

    def _table(self, name: str) -> pd.DataFrame:
        """One of the folder's tables, as long as the folder is this comparison's."""
        if kept_scenario(self.folder / SCENARIO) != self.scenario:
            raise UserError(f"{self.folder} holds another comparison by now, which load_results gives")
        return pd.read_parquet(self.folder / name)

    def left_out(self) -> list[str]:
        """Runs that the folder keeps from earlier and that were not asked for this time, named SEED-REGIME."""
        return Store(self.folder, self.scenario).left_out()

    def headlines(self) -> Headlines:
        """The table a commissioner reads, with a sentence and notes."""
        found = headlines(self.summary, self.scenario)
        return replace(found, notes=(*self._of_money(), *self._of_own_arms(), *found.notes))

    def _repr_html_(self) -> str:
        """For a notebook: the table that is read first, what it says, and where the rest lies."""
        try:
            found = self.headlines()
        except UserError as error:  # the folder holds another comparison by now
            return card(f"Comparison in {self.folder}", [], notes=[str(error)])
        notes = [
            found.reading,
            f"In {self.folder} lies the rest; 'policysim report {self.folder}' writes a page of it.",
        ]
        return card(found.title, found.rows, found.columns, notes)

    def _of_money(self) -> tuple[str, ...]:
        """How far each regime at equal spend was scaled, and which purses ran dry when, where that was asked for."""
        if not (self.scenario.scales or self.scenario.budgets):
            return ()
        weekly = self.weekly[self.weekly["area"] == "all"]
        return (*reached(weekly, self.scenario), *sentences(weekly, self.scenario))

    @cached_property
    def moved_most(self) -> dict[str, MovedMost]:
        """By edited arm (rules of one's own) the outcomes that moved most against its own stock arm, beside the headlines."""
        ids = [regime.id for regime in self.scenario.regimes]
        if all(beside_which(id, ids) is None for id in ids):
            return {}
        shown = [one.id for one in headline_outcomes(Shown.COMMAND)]
        return of_arms(self.weekly[self.weekly["area"] == "all"], self.scenario, shown)

    def _of_own_arms(self) -> tuple[str, ...]:
        """What edited arms change against those beside which they stand, where these are not the status quo."""
        ids = [regime.id for regime in self.scenario.regimes]
        if all(beside_which(id, ids) in (None, STATUS_QUO) for id in ids):
            return ()
        return tuple(against_stock.sentences(self.weekly[self.weekly["area"] == "all"], self.scenario))


@tells_arguments
def compare(
    scenario: Scenario,
    out: Path | str | None = None,
    threads: int | None = None,
    engine: Literal["compiled", "python", "debug"] | str = "compiled",
    overwrite: bool = False,
    progress: Callable[[Progress], None] | None = None,
    people_classes: Sequence[type] | None = None,
) -> Comparison:
    """Run every regime of a scenario with every seed, and write tables and summary to a folder.

    out: the folder, by default a new dated one under results/. Of the runs that are there already, those that are asked
    for are used and the others kept: more or fewer replicates, another first seed and other regimes may be asked for, and
    the tables hold just these. Other content is an error unless `overwrite` is set. threads: processors to use, by
    default all; results are the same to the bit whatever their number. progress: called with how far it is, in
    place of the bar that a notebook shows.
    people_classes: classes of people of one's own, who live in an arm more beside each regime; the scenario's setting of that
    name is about all arms. Raises UserError, FailedRunsError and Interrupted (a KeyboardInterrupt); finished runs are kept in
    every case, and the same call goes on from there.
    """
    _check(scenario, out, engine)
    _check_ways(overwrite, progress)
    threads = available_threads() if threads is None else threads_given(threads)
    if people_classes is not None:
        scenario = with_own_arms(scenario, people_classes)
    files_to_keep(scenario.own_classes)  # raises where they could not be read again
    try:
        scenario = at_equal_spend(scenario, Path(out) if out is not None else None, threads, engine, progress)
    except KeyboardInterrupt:
        raise Interrupted("Stopped before the scales of equal spend were found; the same again begins anew.") from None
    folder = Path(out) if out is not None else new_folder(scenario)
    with locked(folder):
        store = Store.open(folder, scenario, overwrite)
        missing = store.missing()
        if missing:
            try:
                failures = _run(store, plan(scenario, missing, engine, threads), progress)
            except KeyboardInterrupt:
                raise Interrupted(f"Stopped. {_kept(store)}") from None
            if failures:
                raise FailedRunsError(_kept(store), failures)
        return _finished(store)


@tells_arguments
def load_results(folder: Path | str) -> Comparison:
    """The finished comparison that a folder holds; nothing is run and nothing written.

    Raises UserError where the folder holds none, or one of which runs are missing: the sentence says how many, who is
    computing them, if somebody is, and the command that does.
    """
    if not isinstance(folder, str | Path):
        raise UserError(f"load_results takes the path of a folder, not {shown(folder)}")
    store = Store.found(Path(folder))
    if not store.is_gathered() or not store.path(SUMMARY).exists():
        raise UserError(_unfinished(store))
    return Comparison(store.scenario, store.folder, read_summary(store.path(SUMMARY)))


def _check(scenario: object, out: object, engine: object) -> None:
    """Raises UserError where an argument of `compare` is not what it must be."""
    if not isinstance(scenario, Scenario):
        raise UserError(
            f"compare runs a Scenario, as Scenario(place=...) or read_scenario(...) gives, not {shown(scenario)}"
        )
    if out is not None and not isinstance(out, str | Path):
        raise UserError(f"out must be the path of a folder, not {shown(out)}")
    engine_given(engine)


def _check_ways(overwrite: object, progress: object) -> None:
    """Raises UserError where `compare` is told neither yes nor no, or cannot tell how far it is."""
    if not isinstance(overwrite, bool):
        raise UserError(f"overwrite must be True or False, not {shown(overwrite)}")
    if progress is not None and not callable(progress):
        raise UserError(f"progress must be a function that is given how far it is, not {shown(progress)}")


def _run(store: Store, planned: Plan, progress: Callable[[Progress], None] | None) -> list[Failure]:
    """Live and keep every run; returns those that failed.

    Of a seed whose process is ended from outside, each run is tried again, apart from the others, so that one which
    cannot be done does not take them with it.
    """
    work = partial(keep, store)
    found = run_each(work, planned.tasks, planned.workers, progress, lost=partial(lose, store))
    return sorted(
        (failure for task in found for failure in task), key=lambda failure: (failure.run.draw, failure.run.seed)
    )


def _finished(store: Store) -> Comparison:
    """The tables of all runs; raises Interrupted rather than leave half of them behind."""
    try:
        if not store.is_gathered():
            store.gather()
        own = store.scenario.own_outcomes
        summary = summarise(totals(store.whole_place(), own), store.draws.table(), own)
        store.write_text(SUMMARY, summary.to_csv(index=False, lineterminator="\n"))
        _write_prices(store)
    except KeyboardInterrupt:
        raise Interrupted(f"Stopped. {_kept(store)}") from None
    return Comparison(store.scenario, store.folder, summary)


def _write_prices(store: Store) -> None:
    """What a death averted and a QALY cost, where there is a status quo to set a regime against."""
    ids = [regime.id for regime in store.scenario.regimes]
    if STATUS_QUO not in ids or len(ids) < 2:
        store.path(PRICES).unlink(missing_ok=True)
        return
    columns = ["regime", "replicate", "week", *NEEDED]
    weekly = pd.read_parquet(store.path(WEEKLY), columns=columns, filters=[("area", "==", "all")])
    of_seeds = points_of_seeds(weekly, store.scenario)
    found = table(list(findings(of_seeds, points_of_draws(store.draws.table(), store.scenario))))
    store.write_text(PRICES, found.to_csv(index=False, lineterminator="\n"))


def _kept(store: Store) -> str:
    return f"{_count(store)} are finished and kept in {store.folder}; {_command(store)} computes the rest."


def _unfinished(store: Store) -> str:
    """What a folder has of a comparison that has not come to its end."""
    busy = holder(store.folder)
    if busy:
        return f"{_count(store)} are finished in {store.folder}, and {busy} is computing the rest"
    if store.is_of_before:
        return (
            f"the comparison in {store.folder} is not finished, and an earlier policysim wrote it: give "
            f"{store.path(SCENARIO)} to 'policysim compare' with another folder"
        )
    then = "computes the rest" if store.missing() else "makes the tables, which are missing or damaged"
    return f"{_count(store)} are finished in {store.folder}; {_command(store)} {then}"


def _count(store: Store) -> str:
    runs, missing = len(store.all_runs()), len(store.missing())
    return f"{runs - missing} of {runs} runs"


def _command(store: Store) -> str:
    """What goes on from where a folder is, as a shell takes it."""
    return f"'policysim compare {quote(str(store.path(SCENARIO)))} --out {quote(str(store.folder))}'"


def new_folder(scenario: Scenario) -> Path:
    """results/<place>-<date>-<time>, with a number where that is taken."""
    stem = Path("results") / f"{scenario.place.replace(':', '-')}-{datetime.now():%Y-%m-%d-%H%M%S}"
    folder, k = stem, 1
    while folder.exists():
        k += 1
        folder = stem.with_name(f"{stem.name}-{k}")
    return folder
