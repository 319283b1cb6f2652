"""Many runs by several programs: that they live what is asked of them, and what is made of their times. No time is asserted."""

import sys
from pathlib import Path
from typing import Any

import pytest

from policysim.benchmarks import many, sweeps
from policysim.benchmarks.peers import many as peers
from policysim.benchmarks.peers.worlds import world_of
from policysim.errors import UserError


@pytest.mark.parametrize("name", many.PROGRAMS)
def test_each_program_lives_so_many_runs(name: str) -> None:
    found = many.measured(many.PROGRAMS[name](people=100, years=1, workers=1), few=1, many=2)
    assert found["few"]["runs"] == 1 and found["many"]["runs"] == 2 and found["many"]["seconds"] > 0


def test_a_loop_and_a_sweep_take_turns_with_one_worker_and_with_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that grows slower and slower changes no ratio of those that take turns, as it would of one after the other."""
    took = {"by_hand": {1: (0.9, 0.95), 2: (0.5, 1.1)}, "runner": {1: (1.0, 1.0), 2: (0.5, 1.0)}}
    slower = [1.0, 1.1, 5.0]
    lived: list[tuple[str, int]] = []

    def program(name: str) -> Any:
        return lambda people, years, workers: lambda runs: lived.append((name, workers))

    def timed(each: Any, runs: int) -> dict[str, float]:
        each(runs)
        name, workers = lived[-1]
        seconds, cpu = took[name][workers]
        slow = slower[lived.count((name, workers)) // 2 - 1]  # once to begin, and twice a round
        return {"runs": runs, "seconds": 3 + runs * seconds * slow, "cpu": 2 + runs * cpu * slow}

    monkeypatch.setattr(many, "by_hand", program("by_hand"))
    monkeypatch.setattr(many, "runner", program("runner"))
    monkeypatch.setattr(many, "timed", timed)
    found = many.in_turn(people=100, years=1, runs=8, rounds=3)
    assert found["share"] == pytest.approx(0.05)
    assert found["two_workers"] == pytest.approx([2, 2]) and found["two_loops"] == pytest.approx([1.8, 1.9 / 1.1])


def test_our_runner_lives_the_worlds_by_hand_in_their_order(tmp_path: Path) -> None:
    worlds = [tmp_path / f"{seed}.npz" for seed in (1, 2)]
    for seed, path in enumerate(worlds, 1):
        world_of(300, seed).save(path)
    alone = [peers.users_by_hand(path) for path in worlds]
    assert peers.PROGRAMS["by_hand"](worlds, 1) == alone
    if "ema_workbench" in sys.modules or _is_there("ema_workbench"):
        assert peers.PROGRAMS["workbench"](worlds, 1) == alone


def _is_there(name: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(name) is not None


def lived(few: float, many_: float, cpu: float) -> dict[str, Any]:
    return {
        "few": {"runs": 2, "seconds": few, "cpu": 1.0}, "many": {"runs": 12, "seconds": many_, "cpu": 1.0 + 10 * cpu}
    }  # fmt: skip


def test_what_many_take_more_than_few_is_the_speed_and_the_rest_is_beginning() -> None:
    speed = sweeps.Speed.of(sweeps.WHOLE[1], 2, [lived(3.0, 5.0, 0.4)])
    assert speed.runs_per_second == pytest.approx(5) and speed.cpu_per_run == pytest.approx(0.4)
    assert speed.begin_seconds == pytest.approx(3.0 - 2 * 0.2)


def test_the_tables_and_what_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said: list[str] = []
    times = {("by_hand", 1): lived(1, 3, 0.19), ("runner", 1): lived(1, 3, 0.2), ("runner", 2): lived(1, 2, 0.2)}

    def told(build: Any, program: sweeps.Program, workers: int, rest: Any, say: Any) -> dict[str, Any]:
        turns = {"share": 0.05, "two_workers": [1.9, 2.0], "two_loops": [1.9, 2.0]}
        return turns if program == sweeps.IN_TURN else times.get((program.name, workers), lived(1, 5, 0.4))

    monkeypatch.setattr(sweeps, "_lived", told)
    monkeypatch.setattr(sweeps, "_worlds", lambda folder, people, count: [folder] * count)
    found = sweeps.bench_sweep(theirs=tmp_path / "python", say=said.append)
    assert said == [sweeps.NO_PEERS] == [found["not_compared"]]
    assert found["runner_share"] == pytest.approx(0.05) and found["two_workers"] == [1.9, 2.0]
    assert {row["program"] for row in found["contagion"]} == {sweeps.RULES, sweeps.BY_HAND}
    batch = next(row for row in found["model"] if row["program"] == "mesa.batch_run" and row["workers"] == 2)
    assert batch["ours over its"] == pytest.approx(4) and batch["its processor time over ours"] == pytest.approx(2)


def test_a_program_that_fails_is_told_in_a_sentence(tmp_path: Path) -> None:
    build = sweeps.Installed("ours", tmp_path, Path(sys.executable))
    with pytest.raises(UserError, match=r"^policysim sweep cannot be run: .*people"):
        sweeps._lived(build, sweeps.WHOLE[1], 1, ["few=1", "many=2"], lambda text: None)
