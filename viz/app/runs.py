"""Runs for the page: one process a seed, and a small file in which each says how far it has come.

The page's own process answers every browser session, so no model runs in it. Workers are started with "spawn",
are shared by all sessions (whoever pressed first is served first) and end with the page.
"""

import os
import struct
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import Any, NamedTuple

import pandas as pd

from policysim.experiments.running.runner import available_threads
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.network import Film, Picture
from policysim.viz.app.results import COLUMNS, Results
from policysim.viz.digest import Digest

NUMBER = struct.Struct("<q")
MOST_WORKERS = 8


class RunStoppedError(Exception):
    """Nobody waits for this run any more."""


class SeedRun(NamedTuple):
    """One seed under every regime: the weekly table of the whole place, and the network of the first seed."""

    weekly: pd.DataFrame
    picture: Picture | None


class Board:
    """Weeks simulated so far by each seed, in a small file that both processes open; no file: stop."""

    def __init__(self, path: str):
        self.path = path

    @classmethod
    def of(cls, seeds: int) -> "Board":
        """A new board with every seed at week 0."""
        number, path = tempfile.mkstemp(prefix="policysim-", suffix=".progress")
        with os.fdopen(number, "wb") as file:
            file.write(NUMBER.pack(0) * seeds)
        return cls(path)

    def write(self, place: int, weeks: int) -> None:
        """Say how far a seed has come; raises RunStoppedError when the board has been taken down."""
        try:
            with open(self.path, "r+b") as file:
                file.seek(place * NUMBER.size)
                file.write(NUMBER.pack(weeks))
        except FileNotFoundError:
            raise RunStoppedError from None

    def total(self) -> int:
        """Weeks simulated by all seeds together."""
        try:
            return sum(number for (number,) in NUMBER.iter_unpack(Path(self.path).read_bytes()))
        except FileNotFoundError:
            return 0

    def take_down(self) -> None:
        """Every seed stops at its next look."""
        Path(self.path).unlink(missing_ok=True)


# --- in a worker ----------------------------------------------------------------------------------------------------
def run_seed(scenario: Scenario, place: int, board: Board) -> SeedRun:
    """Burn one seed in, then live the horizon under each regime from that same start."""
    seed = scenario.seeds[place]
    weeks = _counted(board, place)
    burnt = _model(scenario, seed)
    film = None
    try:
        for _ in range(scenario.burn_in_weeks):
            burnt.step()
            next(weeks)
        film = Film.of(burnt) if place == 0 else None
        parts = [_live(scenario, seed, regime, burnt, weeks, film) for regime in scenario.regimes]
    finally:
        burnt.close()
    board.write(place, work_of(scenario))
    weekly = pd.concat(parts, ignore_index=True)
    weekly.insert(1, "replicate", place)
    return SeedRun(weekly, film.picture() if film else None)


def _live(
    scenario: Scenario, seed: int, regime: Regime, burnt: DrugPolicyModel, weeks: Iterator[int], film: Film | None
) -> pd.DataFrame:
    """One regime from the burnt-in start, week by week."""
    model = _model(scenario, seed, regime=regime, start=burnt)
    try:
        if film:
            film.open(regime.id)
            film.take(model)
        for _ in range(scenario.weeks):
            model.step()
            next(weeks)
            if film:
                film.take(model)
        areas = [authority.name for authority in model.place.authorities]
        weekly = model.outcomes.weekly(areas, model.one_in, model.burn_in_weeks)
        everywhere = weekly.loc[weekly["area"] == "all", ["week", *COLUMNS]]
        return everywhere.assign(regime=regime.id)[["regime", "week", *COLUMNS]]
    finally:
        model.close()


def _model(scenario: Scenario, seed: int, **more: Any) -> DrugPolicyModel:
    return DrugPolicyModel(
        place=scenario.place, seed=seed, one_in=scenario.scale, years=scenario.years,
        burn_in_years=scenario.burn_in_years, parameters=scenario.parameters, budgets=scenario.budgets, **more,
    )  # fmt: skip


def _counted(board: Board, place: int, pause: float = 0.1) -> Iterator[int]:
    """Counts weeks; looks at the board now and then, not every week."""
    week, looked = 0, 0.0
    while True:
        week += 1
        if time.monotonic() - looked > pause:
            board.write(place, week)
            looked = time.monotonic()
        yield week


def _begin_worker() -> None:
    """A worker leaves Ctrl-C to the page, and ends when the page's process does, however that ended."""
    signal(SIGINT, SIG_IGN)
    parent = parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(0)

    threading.Thread(target=follow, daemon=True).start()


def warm_up() -> None:
    """Compile (or fetch) the rules, so that the first press of Run does not wait for it."""
    model = DrugPolicyModel(people=200, years=1)
    model.step()
    model.close()


# --- in the page's process ------------------------------------------------------------------------------------------
@cache
def workers() -> ProcessPoolExecutor:
    """The worker processes, started on first use; they hold nothing of any session."""
    number = min(available_threads(), MOST_WORKERS)
    pool = ProcessPoolExecutor(number, get_context("spawn"), _begin_worker)
    with _deaf_to_ctrl_c():
        for _ in range(number):
            pool.submit(warm_up)
    return pool


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes started now ignore Ctrl-C from their first moment; only the main thread may decide on signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal(SIGINT, SIG_IGN)
    try:
        yield
    finally:
        signal(SIGINT, before)


def end_workers() -> None:
    """Let the workers go, whatever they are at."""
    if workers.cache_info().currsize:
        workers().shutdown(wait=False, cancel_futures=True)
        workers.cache_clear()
    for process in active_children():
        process.terminate()


def work_of(scenario: Scenario) -> int:
    """Weeks that one seed simulates."""
    return scenario.burn_in_weeks + len(scenario.regimes) * scenario.weeks


class Job:
    """A comparison under way: every seed of a scenario, in worker processes."""

    def __init__(self, scenario: Scenario, submit: Callable[..., Future] | None = None):
        self.scenario, self.begun = scenario, time.monotonic()
        seeds = len(scenario.seeds)
        self.board = Board.of(seeds)
        self._forget = weakref.finalize(self, Path(self.board.path).unlink, missing_ok=True)  # also when the page ends
        submit = submit or workers().submit
        self.futures = [submit(run_seed, scenario, place, self.board) for place in range(seeds)]

    @property
    def done(self) -> bool:
        """Whether every seed has ended, well or badly."""
        return all(future.done() for future in self.futures)

    @property
    def progress(self) -> float:
        """Share of the weeks that are simulated, 0 to 1."""
        return min(self.board.total() / (work_of(self.scenario) * len(self.futures)), 1.0)

    @property
    def seconds_left(self) -> float:
        """An estimate from the weeks so far."""
        done = max(self.progress, 1e-6)
        return (time.monotonic() - self.begun) * (1 - done) / done

    def results(self) -> Results:
        """What all seeds found together; raises what a worker raised."""
        try:
            runs = [future.result() for future in self.futures]
        finally:
            self.stop()
        weekly = pd.concat([run.weekly for run in runs], ignore_index=True)
        picture = next(run.picture for run in runs if run.picture)
        return Results(Digest(self.scenario, weekly, pd.DataFrame()), picture, time.monotonic() - self.begun)

    def stop(self) -> None:
        """End the run wherever it is; safe to call twice."""
        for future in self.futures:
            future.cancel()
        self.board.take_down()
        self._forget.detach()
