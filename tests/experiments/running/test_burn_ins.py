"""Starts that tasks share: the same to the bit as burning in anew, made once, and gone when the sweep has ended."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from policysim.errors import UserError
from policysim.experiments.designs.points import points_of, tasks_of
from policysim.experiments.designs.sweep import run_sweep
from policysim.experiments.designs.sweep_plan import Needed
from policysim.experiments.running import burn_ins
from policysim.experiments.running.anywhere import Folder
from policysim.experiments.running.burn_ins import FOLDER, BurnIns, burn_ins_in, shared_of, staggered, start_ids
from policysim.experiments.running.plan import Task
from policysim.experiments.running.seed import Observer, live, start_of
from policysim.model import DrugPolicyModel
from policysim.model.kept import arrays_of
from policysim.scenarios.regime import Regime
from policysim.scenarios.sweep import Sweep, sweep_from

SCENARIO = {
    "place": "authority:rutland", "people": 200, "years": 1, "burn_in_years": 1, "replicates": 2,
    "regimes": ["status-quo", "harm-reduction"],
}  # fmt: skip
KITS = "levers.take_home_naloxone.kits_per_100"


def sweep(vary: dict[str, Any] | None = None, **scenario: Any) -> Sweep:
    return sweep_from({
        "question": "How many kits?", "design": "factorial", "scenario": SCENARIO | scenario, "vary": vary or {KITS: [5, 40]},
    })  # fmt: skip


class Years(Observer):
    """Everybody and every count at the end of each run."""

    def __init__(self) -> None:
        self.ends: dict[str, dict[str, np.ndarray]] = {}

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        self.ends[regime.id] = {name: array.copy() for name, array in arrays_of(model).items()}


def ends(task: Task, begin: Any = start_of) -> dict[str, dict[str, np.ndarray]]:
    years = Years()
    live(task, years, begin=begin)
    return years.ends


def bits(array: np.ndarray) -> list[bytes]:
    """Of an array, field by field: what lies between fields says nothing."""
    return [array[name].tobytes() for name in array.dtype.names] if array.dtype.names else [array.tobytes()]


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """No start of another test is in memory."""
    yield
    burn_ins._last.clear()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Seeds of the burn-ins that are lived."""
    seeds: list[int] = []

    def counted(task: Task, tell: Any) -> DrugPolicyModel:
        seeds.append(task.seed)
        return start_of(task, tell)

    monkeypatch.setattr(burn_ins, "start_of", counted)
    yield seeds


@pytest.fixture(scope="module")
def alone() -> list[tuple[Task, dict[str, dict[str, np.ndarray]]]]:
    """Tasks that share starts, and how each ends that burns in by itself; those of one start together."""
    tasks = [replace(task, start=start_ids(task.scenario)[task.seed]) for task in tasks_of(sweep())]
    return [(task, ends(task)) for task in sorted(tasks, key=lambda task: task.seed)]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["mapped", "read", "kept in memory"])
def test_a_shared_start_gives_the_same_bits(
    tmp_path: Path, made: list[int], how: str, alone: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policysim.model.saved_folder.LEAST_MAPPED", 0)
    starts = BurnIns(tmp_path, 4, mapped=how != "read")
    assert len({task.start for task, _ in alone}) == 2 and len(alone) == 4
    for task, by_itself in alone:
        if how == "mapped":
            burn_ins._last.clear()
        shared = ends(task, starts.start_of)
        for regime, arrays in by_itself.items():
            for name, array in arrays.items():
                assert bits(array) == bits(shared[regime][name]), (regime, name)
    assert made == [1, 2]


def test_one_start_is_kept_in_memory_and_goes_with_the_sweep(tmp_path: Path, made: list[int]) -> None:
    with burn_ins_in(Folder(str(tmp_path)), True, 1, elsewhere=False) as starts:
        assert starts is not None
        first, other, *_ = (replace(task, start=f"of {task.seed}") for task in tasks_of(sweep()))
        assert starts.start_of(first) is starts.start_of(first)
        starts.start_of(other)
        assert len(burn_ins._last) == 1
    assert not burn_ins._last and made == [1, 2]


@pytest.mark.slow
def test_budgets_by_the_year_begin_where_regimes_part(tmp_path: Path, made: list[int]) -> None:
    starts = BurnIns(tmp_path, 4)
    asked = [sweep(budgets={"council": budget, "police": 3e5}) for budget in ([1e5], [9e4], 1e5)]
    ids = [start_ids(one.scenario)[1] for one in asked]
    assert ids[0] == ids[1] != ids[2]
    for one, id in zip(asked[:2], ids, strict=False):
        task = replace(tasks_of(one)[0], start=id)
        alone, shared = ends(task), ends(task, starts.start_of)
        assert all(
            bits(alone[regime][name]) == bits(shared[regime][name]) for regime in alone for name in alone[regime]
        )
    assert made == [1]


@pytest.mark.parametrize("change", [
    {"place": "authority:leicester"}, {"people": 61}, {"years": 2}, {"burn_in_years": 2}, {"start_year": 2026},
    {"parameters": {"fatality_opioid": 0.03}}, {"budgets": {"council": 1e6}},
])  # fmt: skip
def test_all_that_decides_a_start_is_in_its_name(change: dict[str, Any]) -> None:
    assert start_ids(sweep(**change).scenario)[1] != start_ids(sweep().scenario)[1]


def test_a_dry_run_counts_the_starts_that_are_made() -> None:
    asked = sweep({KITS: [5, 40], "parameters.fatality_opioid": [0.03, 0.06]})
    assert len(Needed(asked, points_of(asked), set()).starts) == 2 * 2
    assert len(shared_of([start_ids(task.scenario)[task.seed] for task in tasks_of(asked)])) == 2 * 2


def test_one_makes_it_and_the_others_wait(tmp_path: Path, made: list[int]) -> None:
    task = tasks_of(sweep())[0]
    task = replace(task, start="x")
    starts, together = BurnIns(tmp_path, 4, mapped=False), threading.Barrier(2)

    def begin() -> float:
        together.wait()
        model = starts.start_of(task)
        model.close()
        return float(model.week)

    with ThreadPoolExecutor(2) as threads:
        assert [one.result() for one in [threads.submit(begin), threads.submit(begin)]] == [52, 52]
    assert made == [1]


def test_what_cannot_be_shared_is_made_by_each(
    tmp_path: Path, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, model: DrugPolicyModel) -> None:
        raise UserError("a file cannot hold it")

    monkeypatch.setattr(burn_ins, "put_down", refuse)
    starts, task = BurnIns(tmp_path, 4, mapped=False), replace(tasks_of(sweep())[0], start="x")
    for _ in range(2):
        starts.start_of(task).close()
    assert made == [1, 1] and not (tmp_path / "x").exists()


@pytest.mark.parametrize("damage", [b"", b"changed"])
def test_a_damaged_start_is_made_anew(tmp_path: Path, made: list[int], damage: bytes) -> None:
    starts, task = BurnIns(tmp_path, 4, mapped=False), replace(tasks_of(sweep())[0], start="x")
    starts.start_of(task).close()
    (tmp_path / "x" / "people.npy").write_bytes(damage)
    starts.start_of(task).close()
    assert made == [1, 1]


def test_few_are_kept(tmp_path: Path) -> None:
    starts, task = BurnIns(tmp_path, 2), tasks_of(sweep())[0]
    for name in "abcd":
        starts.start_of(replace(task, start=name)).close()
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["c", "d"]


def test_the_first_of_each_start_comes_early() -> None:
    assert staggered(list("aAabBbcC"), str.lower, 1) == list("abAacBbC")
    assert staggered(list("abcabcabc"), str.lower, 2) == list("abcaabbcc")
    assert staggered(list("abc"), str.lower, 2) == list("abc")
    assert staggered(list("aaa"), str.lower, 2) == list("aaa")
    assert staggered([], str.lower, 2) == []


@pytest.mark.slow
def test_they_go_with_the_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []
    usual = BurnIns.start_of

    def looked(self: BurnIns, task: Task, tell: Any) -> DrugPolicyModel:
        model = usual(self, task, tell)
        seen.append({path.name for path in self.folder.iterdir() if path.is_dir()})
        return model

    monkeypatch.setattr(BurnIns, "start_of", looked)
    (tmp_path / FOLDER / "left by one who was killed").mkdir(parents=True)
    done = run_sweep(sweep(), tmp_path, workers=1)
    # The status quo of the second point is that of the first.
    assert (done.done, done.failed, len(seen)) == (6, 0, 4) and len(seen[-1]) == 2
    assert not (tmp_path / FOLDER).exists()
    alone = run_sweep(sweep({"parameters.fatality_opioid": [0.03, 0.06]}), tmp_path / "other", workers=1)
    assert alone.done == 8 and len(seen) == 4


@pytest.mark.parametrize("url", ["memory://burn-ins", "folder"])
def test_nothing_is_left_whatever_ends_it(url: str, tmp_path: Path) -> None:
    folder = Folder(url if "://" in url else str(tmp_path))
    with pytest.raises(KeyboardInterrupt), burn_ins_in(folder, True, 1, elsewhere=False) as starts:
        assert starts is not None
        starts.start_of(replace(tasks_of(sweep())[0], start="x")).close()
        assert (starts.folder / "x").is_dir()
        raise KeyboardInterrupt
    assert starts is not None and not starts.folder.exists()
