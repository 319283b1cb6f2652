"""Runs for the page: one process a seed, each of which says how far it has come.

The page's own process answers every browser session, so no model runs in it. The workers are shared by all sessions
(whoever pressed first is served first) and end with the page.
"""

import time
from functools import cache
from typing import NamedTuple

import pandas as pd

from policysim.experiments.running import pool
from policysim.experiments.running.board import Board
from policysim.experiments.running.draws import with_numbers
from policysim.experiments.running.job import Submit
from policysim.experiments.running.kept_draws import by_year, none_drawn
from policysim.experiments.running.plan import Task, available_threads, draws_of, plan
from policysim.experiments.running.progress import Tell, untold
from policysim.experiments.running.seed import Observer, compile_rules, live, whole_place
from policysim.interrupts import held
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime
from policysim.scenarios.scenario import Scenario, scenario_from
from policysim.viz.app.network import Film, Picture
from policysim.viz.app.results import COLUMNS, Results
from policysim.viz.digest import Digest

MOST_WORKERS = 8


class SeedRun(NamedTuple):
    """One seed under every regime: the weekly table of the whole place, and the network of the first seed.

    With drawn parameters the table is by year.
    """

    weekly: pd.DataFrame
    picture: Picture | None
    draw: int = 0


# --- in a worker ----------------------------------------------------------------------------------------------------
class Camera(Observer):
    """Keeps what the page shows of a seed: the columns of its outcomes, and a film of the first seed's network."""

    def __init__(self, task: Task):
        self.task = task
        self.tables: list[pd.DataFrame] = []
        self.film: Film | None = None

    def burnt_in(self, model: DrugPolicyModel) -> None:
        """Choose the people to film, in the state in which every regime begins."""
        if self.task.replicate == 0 and not self.task.draw:
            self.film = Film.of(model)

    def begun(self, regime: Regime, model: DrugPolicyModel) -> None:
        """A new reel."""
        if self.film:
            self.film.open(regime.id)
            self.film.take(model)

    def after_week(self, model: DrugPolicyModel) -> None:
        """A frame, if it is time for one."""
        if self.film:
            self.film.take(model)

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        """Keep the outcomes."""
        if self.task.draw:
            self.tables.append(by_year(whole_place(model)).reset_index().assign(regime=regime.id, draw=self.task.draw))
            return
        found = whole_place(model).assign(regime=regime.id, replicate=self.task.replicate)
        self.tables.append(found[["regime", "replicate", "week", *COLUMNS]])


def run_seed(task: Task, tell: Tell = untold) -> SeedRun:
    """Burn one seed in, then live the horizon under each regime from that same start."""
    camera = Camera(task)
    live(with_numbers(task), camera, tell)
    picture = camera.film.picture() if camera.film else None
    return SeedRun(pd.concat(camera.tables, ignore_index=True), picture, task.draw)


# --- in the page's process ------------------------------------------------------------------------------------------
@cache
def workers() -> pool.Pool:
    """The worker processes, started on first use; they hold nothing of any session.

    Each begins by compiling (or fetching) the rules, so that the first press of Run does not wait for it.
    """
    started = pool.Pool(min(available_threads(), MOST_WORKERS))
    first = plan(scenario_from({})).tasks[0]
    try:
        with held():  # workers inherit this and leave interrupts to the page
            for _ in range(started.workers):
                started.submit(compile_rules, first)
    except BaseException:
        started.end()
        raise
    return started


def end_workers() -> None:
    """Let the workers go, whatever they are at."""
    if workers.cache_info().currsize:
        workers().end()
        workers.cache_clear()


class Job:
    """A comparison under way: every seed of a scenario, in worker processes."""

    def __init__(self, scenario: Scenario, submit: Submit | None = None):
        self.scenario, self.begun = scenario, time.monotonic()
        tasks = [*plan(scenario).tasks, *plan(scenario, draws_of(scenario)).tasks]
        self.seeds: pool.Job[SeedRun] = pool.Job(submit or workers().submit, run_seed, tasks, Board.of(len(tasks)))

    @property
    def done(self) -> bool:
        """Whether every seed has ended, well or badly."""
        return self.seeds.done

    @property
    def progress(self) -> float:
        """Share of the weeks that are simulated, 0 to 1."""
        state = self.seeds.progress
        return state.weeks / state.all_weeks

    @property
    def seconds_left(self) -> float:
        """An estimate from the weeks so far."""
        done = max(self.progress, 1e-6)
        return (time.monotonic() - self.begun) * (1 - done) / done

    def results(self) -> Results:
        """What all seeds found together; raises what a worker raised."""
        try:
            runs = self.seeds.results()
        finally:
            self.stop()
        weekly = pd.concat([run.weekly for run in runs if not run.draw], ignore_index=True)
        drawn = [run.weekly for run in runs if run.draw]
        by_draw = pd.concat(drawn, ignore_index=True) if drawn else none_drawn()
        picture = next(run.picture for run in runs if run.picture)
        digest = Digest(self.scenario, weekly, pd.DataFrame(), by_draw=by_draw)
        return Results(digest, picture, time.monotonic() - self.begun)

    def stop(self) -> None:
        """End the run wherever it is; safe to call twice."""
        self.seeds.stop()
