"""Comparisons of the page: whose turn it is, what comes in, and what several sessions share."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_page import TINY, at_once, never, workers_of

from policysim.counts.outcomes import COLUMNS, OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.estimates import estimates
from policysim.experiments.running.burn_ins import BurnIns, start_ids
from policysim.experiments.running.job import LostError
from policysim.experiments.running.plan import plan
from policysim.experiments.running.progress import RunStoppedError
from policysim.model import DrugPolicyModel
from policysim.rules import Counted, YoungPerson
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.app.running.camera import run_seed
from policysim.viz.app.running.comparison import KEPT, LOST, Comparison, Comparisons, shared_out, with_starts
from policysim.viz.app.running.found import Found
from policysim.viz.app.running.pieces import Year
from policysim.viz.app.running.turns import Turns


# --- turns ------------------------------------------------------------------------------------------------------------
class Held:
    """Workers that finish what they were given when they are told to."""

    def __init__(self) -> None:
        self.given: list[tuple[Future, Any]] = []
        self.names: list[Any] = []

    def __call__(self, work: Callable[..., Any], *arguments: Any) -> Future:
        future: Future = Future()
        self.given.append((future, arguments[0]))
        self.names.append(arguments[0])
        return future

    def finish(self) -> None:
        future, name = self.given.pop(0)
        future.set_result(name)


def test_each_is_served_in_turn_whoever_asked_for_most() -> None:
    held = Held()
    turns = Turns(held, 1)
    for k in range(3):
        turns.of("one")(print, f"one {k}")
    turns.of("other")(print, "other 0")
    turns.of("third")(print, "third 0")
    assert [turns.ahead_of(whom) for whom in ("one", "other", "third", "nobody")] == [None, 0, 1, None]
    while held.given:
        held.finish()
    assert held.names == ["one 0", "other 0", "third 0", "one 1", "one 2"]


def test_what_nobody_waits_for_comes_last_and_leaves_a_worker_free() -> None:
    held = Held()
    turns = Turns(held, 2)
    for k in range(2):
        turns.of("early", last=True)(print, f"early {k}")
    assert held.names == ["early 0"]  # one at a time
    turns.of("one")(print, "one 0")
    turns.of("one")(print, "one 1")
    assert turns.ahead_of("one") is None
    held.finish()
    assert held.names == ["early 0", "one 0", "one 1"]
    while held.given:
        held.finish()
    assert held.names == ["early 0", "one 0", "one 1", "early 1"]


@given(st.lists(st.integers(0, 4), max_size=30), st.integers(1, 3))
def test_everything_is_done_once_never_more_at_a_time_than_there_are_workers(asked: list[int], number: int) -> None:
    held = Held()
    turns = Turns(held, number)
    answers = [turns.of(whom)(print, k) for k, whom in enumerate(asked)]
    while held.given:
        assert len(held.given) <= number
        held.finish()
    assert [answer.result() for answer in answers] == list(range(len(asked)))
    assert sorted(held.names) == list(range(len(asked)))


def test_what_is_called_off_is_never_begun_and_what_fails_is_told() -> None:
    held = Held()
    turns = Turns(held, 1)
    turns.of("one")(print, "first")
    called_off = turns.of("one")(print, "second")
    last = turns.of("one")(print, "third")
    assert called_off.cancel()
    held.finish()
    assert held.names == ["first", "third"] and not last.done()

    def refuse(work: Any, *arguments: Any) -> Future:
        raise UserError("no workers")

    with pytest.raises(UserError, match="no workers"):
        Turns(refuse, 1).of("one")(print).result()


# --- what comes in ----------------------------------------------------------------------------------------------------
def test_a_year_is_that_of_the_model(compared: Comparison) -> None:
    straight = DrugPolicyModel(place="dorset", people=2000, years=2, seed=1, regime="harm-reduction", burn_in_years=0)
    while straight.running:
        straight.step()
    expected = straight.outcomes.yearly(straight.one_in)[list(COLUMNS)].to_numpy()
    assert np.array_equal(compared.found.values[0, 1], expected)
    by_group = (
        straight.outcomes.by_group(straight.one_in)
        .drop(columns="year")
        .groupby(["dimension", "group"], sort=False)
        .sum()
    )
    pd.testing.assert_frame_equal(
        compared.found.groups["harm-reduction", 0].set_index(["dimension", "group"]), by_group, check_index_type=False
    )
    frames = compared.reels.frames("harm-reduction")
    assert compared.reels.cast is not None
    assert frames.shape == (105, len(compared.reels.cast.rows))
    assert np.array_equal(frames[0], compared.reels.frames(STATUS_QUO)[0])


def test_a_worker_begins_without_what_only_tables_and_drawings_need() -> None:
    seen = (
        "import sys, policysim.viz.app.running.camera; print({'pandas', 'networkx', 'scipy.special'} & {*sys.modules})"
    )
    said = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


class Young(YoungPerson):
    under_14 = Counted(lambda person: person.age < 14, "people under 14")


def test_a_year_holds_the_outcomes_of_ones_own_classes_too() -> None:
    less = {"regimes": [STATUS_QUO], "people_classes": (Young,), "replicates": 1, "uncertainty": 0, "years": 1}
    comparison = Comparison(TINY.model_copy(update=less), workers_of(at_once, 1))
    comparison.look()
    assert not comparison.fault
    found, under_14 = comparison.found, comparison.scenario.outcomes["under_14"]
    everyone = found.totals(OUTCOMES["population"], 1).at[STATUS_QUO, "mean"]
    assert 0.03 * everyone < found.totals(under_14, 1).at[STATUS_QUO, "mean"] < 0.15 * everyone
    assert "under_14" in found.by_group([0])


def test_totals_are_paired_over_the_seeds_that_are_through(compared: Comparison) -> None:
    found, outcome = compared.found, OUTCOMES["searches"]
    searches = found.values[..., found.column["searches"]].sum(axis=2)
    pd.testing.assert_frame_equal(found.totals(outcome, 2), estimates(pd.DataFrame(searches, columns=found.regimes)))
    half = Found(TINY)
    for seed, years in ((0, 2), (1, 1)):
        for regime in found.regimes:
            for year in range(years):
                values = found.values[seed, found.regimes.index(regime), year]
                half.take(Year(regime, seed, 0, year, values))
    assert (half.years, half.seeds(1), half.seeds(2), half.seeds(0)) == (2, 2, 1, 0)
    assert half.totals(outcome, 2)["seeds"].tolist() == [1, 1]
    assert half.totals(outcome, 1)["seeds"].tolist() == [2, 2]
    half.take(Year(STATUS_QUO, 1, 0, 1, found.values[1, 0, 1]))  # the other regime of that seed is not through yet
    assert half.totals(outcome, 2)["seeds"].tolist() == [1, 1]
    assert half.yearly(outcome, 2)["seeds"].tolist() == [2, 2, 1, 1]


def test_people_at_a_time_are_averaged_and_draws_have_a_spread_of_their_own(compared: Comparison) -> None:
    found = compared.found
    stock = OUTCOMES["in_treatment"]
    by_hand = found.values[:, 0][..., [found.column[name] for name in stock.columns]].sum(axis=-1).mean(axis=1).mean()
    assert found.totals(stock, 2).at[STATUS_QUO, "mean"] == pytest.approx(by_hand)
    assert found.draws(2) == 2
    spread = found.spreads(OUTCOMES["arrests"], 2)["harm-reduction"]
    arrests = found.drawn[..., found.column["arrests"]].sum(axis=2)
    gaps = arrests[:, 1] - arrests[:, 0]
    assert (spread.draws, spread.gap_low, spread.gap_high) == (2, pytest.approx(gaps.min()), pytest.approx(gaps.max()))


@pytest.mark.parametrize(
    ("seeds", "workers", "sizes"), [(5, 2, "222211"), (4, 2, "2222"), (3, 1, "222"), (2, 3, "1111")]
)
def test_seeds_that_do_not_go_round_are_shared_by_regime(seeds: int, workers: int, sizes: str) -> None:
    tasks = with_starts(plan(TINY.model_copy(update={"replicates": seeds})).tasks)
    shared = shared_out(tasks, workers)
    assert "".join(str(len(task.regimes)) for task in shared) == sizes
    assert sum(task.weeks for task in shared) == sum(task.weeks for task in tasks)  # nothing is burnt in here
    assert [task.replicate for task in shared[:seeds]] == list(range(seeds))  # each seed is begun before any is ended


# --- a comparison -----------------------------------------------------------------------------------------------------
def test_a_comparison_that_is_stopped_leaves_no_file() -> None:
    comparison = Comparison(TINY, workers_of(never))
    paths = [Path(comparison._dispatches.path), Path(comparison._job.board.path)]
    assert all(path.exists() for path in paths)
    task, line, desk = comparison._job.tasks[0], comparison._job.board.line(0), comparison._dispatches.desk
    comparison.stop()
    comparison.stop()
    assert not any(path.exists() for path in paths)
    with pytest.raises(RunStoppedError):
        run_seed(task, line, desk=desk)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (UserError("this cannot be run"), "this cannot be run"),
        (ValueError("odd"), "The run failed: odd"),
        (LostError(3, -9), LOST.format(3)),
    ],
)
def test_a_fault_is_told_in_a_sentence(error: Exception, says: str) -> None:
    def wrong(work: Any, *arguments: Any) -> Future:
        future: Future = Future()
        future.set_exception(error)
        return future

    comparison = Comparison(TINY, workers_of(wrong))
    comparison.look()
    assert comparison.done and comparison.fault == says


def test_whoever_asks_for_the_same_shares_it_and_the_last_to_leave_stops_it() -> None:
    known = Comparisons(workers_of(never))
    one, other = known.watch(TINY), known.watch(TINY.model_copy())
    another = known.watch(TINY.model_copy(update={"years": 1}))
    assert one is other and another is not one
    known.leave(one)
    assert Path(one._job.board.path).exists()
    known.leave(other)
    assert not Path(one._job.board.path).exists()
    assert known.watch(TINY) is not one
    known.leave(another)


def test_seeds_are_burnt_in_before_anybody_asks_for_them(tmp_path: Path) -> None:
    workers = workers_of(at_once)
    workers.starts = BurnIns(tmp_path, 9)
    Comparisons(workers).prepare(TINY).stop()
    made = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert made == set(start_ids(TINY).values())  # under the names by which a comparison finds them


def test_a_finished_comparison_is_kept_for_the_next_and_the_oldest_goes() -> None:
    known = Comparisons(workers_of(lambda work, *arguments: at_once(int)))  # ends at once, and finds nothing
    first = known.watch(TINY)
    known.leave(first)
    assert first.done and known.watch(TINY) is first
    known.leave(first)
    for seed in range(2, KEPT + 3):
        known.leave(known.watch(TINY.model_copy(update={"seed": seed})))
    assert known.watch(TINY) is not first


def test_one_that_failed_is_begun_again() -> None:
    def wrong(work: Any, *arguments: Any) -> Future:
        return at_once(int, "not a number")

    known = Comparisons(workers_of(wrong))
    first = known.watch(TINY)
    first.look()
    assert first.fault and known.watch(TINY) is not first
