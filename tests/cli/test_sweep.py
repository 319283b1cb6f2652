"""`policysim sweep`: what there is to run, how long it takes, and what cannot be run."""

import re
import shlex
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from command_line import Command
from made_up_sweep import made_up

from policysim.cli.results_table import told_status
from policysim.experiments.designs import sweep_plan
from policysim.experiments.designs.points import tasks_of
from policysim.experiments.running import clusters
from policysim.experiments.running.content_ids import ids_of
from policysim.experiments.running.sweep_store import SweepStore
from policysim.scenarios.sweep import read_sweep

SWEEP = """
question = "What do kits do?"
design = "factorial"

[scenario]
regimes = ["status-quo", "harm-reduction"]
years = 1
burn_in_years = 1
one_in = 500
replicates = 2

[vary]
place = ["authority:coventry", "authority:leicester"]
"levers.take_home_naloxone.kits_per_100" = [10, 20, 30, 40]
"""
RUNS, DISTINCT = 4 * 2 * 2 * 2, (4 + 1) * 2 * 2


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kits.toml"
    path.write_text(SWEEP, encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_dry_run_says_what_there_is_to_run_and_runs_nothing(policysim: Command, file: Path, tmp_path: Path) -> None:
    said = policysim("sweep", file, "--dry-run", "--workers", "3", "--out", tmp_path / "out")
    assert said.code == 0 and not (tmp_path / "out").exists()
    told = " ".join(said.out.split())
    assert told.startswith(
        "What do kits do? Design: factorial. 4 points × 2 places × 2 regimes × 2 replicates = 32 runs"
    )
    assert f"of which {DISTINCT} differ, after 4 burn-ins." in told
    assert "with 3 workers (measured: a week of authority:" in told and "ms under harm-reduction" in told
    assert "Disk: about " in told and "kB a run)" in told
    assert "The first 3 of 4 points" in told and "levers.take_home_naloxone.kits_per_100" in told


def test_a_dry_run_as_json_and_what_is_there_already(
    policysim: Command, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = sweep_plan.Probe("authority:coventry", 500, 0.1, {"status-quo": 0.001, "harm-reduction": 0.002}, 1000)
    monkeypatch.setattr(sweep_plan, "probe_of", lambda sweep: probe)
    plan = _plan(policysim("sweep", file, "--dry-run", "--json", "--workers", "1"))
    assert (plan["runs"], plan["distinct_runs"], plan["there"], plan["to_run"]) == (RUNS, DISTINCT, 0, DISTINCT)
    assert plan["bytes"] == 1000 * DISTINCT and plan["burn_ins"] == 4
    lived = sum(52 * (2 * 0.001 + 4 * 2 * 0.002) * people / 500 for people in _people(file))
    burnt = sum(2 * (52 * 0.001 + 0.1) * people / 500 for people in _people(file))
    assert plan["seconds"] == pytest.approx(lived + burnt, abs=0.1)
    assert _plan(policysim("sweep", file, "--dry-run", "--json", "--workers", "4"))["seconds"] < plan["seconds"] / 3

    task = tasks_of(read_sweep(file))[0]
    runs = tmp_path / "out" / "runs"
    for id in ids_of(task.scenario, task.regimes, [task.seed]).values():
        (runs / id[:2]).mkdir(parents=True, exist_ok=True)
        (runs / id[:2] / f"{id}-{'0' * 12}.parquet").touch()
    found = _plan(policysim("sweep", file, "--dry-run", "--json", "--out", tmp_path / "out"))
    assert (found["there"], found["to_run"]) == (2, DISTINCT - 2)


def _plan(said: Any) -> dict[str, Any]:
    import json

    assert [row["levers.take_home_naloxone.kits_per_100"] for row in said.rows] == [10, 20, 30]
    return json.loads(said.out)["plan"]


def _people(file: Path) -> list[float]:
    sweep = read_sweep(file)
    return [sweep_plan.simulated(sweep.scenario_at({"place": place})) for place in sweep.places]


def test_check_knows_a_sweep_and_looks_at_every_point(policysim: Command, file: Path) -> None:
    said = policysim("check", file)
    assert (
        said.code == 0
        and "is a sound sweep: factorial, 4 points × 2 places × 2 regimes × 2 replicates = 32 runs" in said.out
    )
    late = SWEEP.replace("kits_per_100", "start_week").replace("[10, 20, 30, 40]", "[10, 52]")
    file.write_text(late, encoding="utf-8")
    said = policysim("check", file)
    assert said.code == 2 and "point 1 (levers.take_home_naloxone.start_week = 52) cannot be run: " in said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["naloxone-and-room"], "there is no sweep 'naloxone-and-room'; did you mean 'naloxone-and-rooms'?"),
        (["none.toml"], "there is no file none.toml"),
        (["FILE", "--workers", "0"], "--workers must be 1 to 256, not 0"),
        (["FILE", "--workers", "2", "--scheduler", "tcp://here:1"], "--workers and --scheduler contradict each other"),
        (["FILE", "--dry-run", "--out", "FILE"], "cannot be used: not a directory"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_run_is_one_sentence(policysim: Command, file: Path, arguments: list[str], said: str) -> None:
    found = policysim("sweep", *(str(file) if part == "FILE" else part for part in arguments))
    assert found.code == 2 and said in found.err and found.err.count("\n") == 1 and not found.out


def test_a_fault_in_the_file_is_told_with_its_line(policysim: Command, file: Path) -> None:
    file.write_text(SWEEP.replace("kits_per_100", "kits_per_10"), encoding="utf-8")
    found = policysim("sweep", file, "--dry-run")
    assert found.code == 2 and f"{file}, line 14: lever take_home_naloxone has no setting 'kits_per_10'" in found.err


def test_a_sweep_is_no_scenario_and_a_scenario_no_sweep(policysim: Command, file: Path) -> None:
    assert "is a sweep, not a scenario; run it with 'policysim sweep" in policysim("compare", file).err
    file.write_text('place = "authority:coventry"\n', encoding="utf-8")
    assert "is no sweep: it has neither a design nor anything to vary" in policysim("sweep", file).err


@pytest.mark.parametrize(
    ("scheduler", "said"),
    [
        (
            "http://here:1",
            "--scheduler must be an address such as tcp://10.0.0.1:8786, or a scheduler's .json file, not http://",
        ),
        ("none.json", "there is no file none.json: 'dask scheduler --scheduler-file none.json' writes it"),
        ("FILE", "does not say where a scheduler is"),
        ("127.0.0.1", "--scheduler must be an address such as tcp://10.0.0.1:8786"),
    ],
)
def test_what_is_no_scheduler_is_one_sentence(policysim: Command, tmp_path: Path, scheduler: str, said: str) -> None:
    (tmp_path / "scheduler.json").write_text("[]")
    file = str(tmp_path / "scheduler.json") if scheduler == "FILE" else scheduler
    found = policysim("sweep", "naloxone-and-rooms", "--out", tmp_path / "out", "--scheduler", file)
    assert found.code == 2 and said in found.err and found.err.count("\n") == 1 and not (tmp_path / "out").exists()


@pytest.mark.parametrize("part", ["2", "0/2", "3/2", "a/b", "1/-1"])
def test_a_part_is_one_of_so_many(policysim: Command, file: Path, part: str) -> None:
    said = policysim("sweep", file, "--part", part)
    assert said.code == 2 and f"--part must be one of so many, such as 2/3, not '{part}'" in said.err


def test_how_far_a_sweep_is_in_words() -> None:
    row = {
        "question": "", "points": 1, "runs": 1, "done": 1, "failed": 0, "missing": 0, "bytes": 0, "runs_a_second": None,
        "others": 1, "in_use_by": "", "build": "a", "builds": ["a"], "gathered": True,
    }  # fmt: skip
    first, second = told_status(row, "out", "a", "again")
    assert first.startswith("1 point, 1 run: 1 done") and second.startswith("1 more run is there")


# ---------------------------------------------------------------- stopped


FOLDER, IN_MEMORY = "a folder/of mine", "memory://stopped"
PRECISE = ["--until-precision", "expected_deaths=100%,arrests=100%", "--most-replicates", "3"]


@pytest.mark.parametrize(("where", "options"), [
    (FOLDER, ["--workers", "1"]),
    (FOLDER, ["--workers", "1", "--part", "2/2"]),
    (FOLDER, ["--workers", "1", "--engine", "python"]),
    (FOLDER, ["--scheduler", "tcp://10.0.0.1:8786"]),
    (FOLDER, ["--scheduler", "a scheduler.json", "--part", "1/2"]),
    (FOLDER, ["--workers", "1", *PRECISE]),
    (IN_MEMORY, ["--workers", "1", "--part", "2/2"]),
    (IN_MEMORY, ["--workers", "1", *PRECISE]),
])  # fmt: skip
def test_a_stop_tells_the_very_command_that_goes_on(
    policysim: Command, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], where: str
) -> None:
    monkeypatch.chdir(tmp_path)
    counted = made_up(monkeypatch.setattr)
    counted.before = lambda id: _stop() if len(counted.ids) == 6 else None
    asked: list[str] = []
    monkeypatch.setattr(clusters, "workers_of", lambda scheduler: asked.append(scheduler) or Here())
    where += f"/{len(options)}{options[-1][:3]}"
    said = policysim("sweep", file.name, "--out", where, *options)
    told = re.search(
        r"5 of 20 runs are finished and kept in .*; '(policysim sweep .*)' computes (.*)\.$", said.err.strip()
    )
    assert said.code == 130 and told is not None, said.err
    assert told[2] == ("its part" if "--part" in options else "the rest")
    words = shlex.split(told[1])
    whole = str(tmp_path / where) if "--scheduler" in options else where  # workers may stand elsewhere
    first = file.name if "://" in where else f"{whole}/sweep.toml"
    assert words[2:] == [first, "--out", whole, *options]
    counted.before = lambda id: None
    again = policysim(*words[1:])
    assert again.code == 0 and len(set(counted.ids)) == len(counted.ids) - 1, "one was begun twice"
    assert asked == [options[1]] * 2 * ("--scheduler" in options)
    there = SweepStore.found(where).files()
    assert len(there) == len(set(counted.ids)) and (len(there) >= 20) == ("--part" not in options)


def _stop() -> None:
    raise KeyboardInterrupt


class Here(Executor):
    """A scheduler's workers, of which this process is the only one."""

    workers = 1

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future = Future()
        future.set_result(fn(*args, **kwargs))
        return future
