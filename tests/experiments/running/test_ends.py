"""However a run ends: its workers end with it, a worker that is killed costs one try, and what is lost is written down."""

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from multiprocessing import active_children
from pathlib import Path

import pytest
from orphans import nobody_is_left

from policysim import Regime, Scenario, UserError, compare
from policysim.experiments.running.board import Board
from policysim.experiments.running.plan import Task, plan
from policysim.experiments.running.pool import Pool
from policysim.experiments.running.progress import Progress, Tell, continued
from policysim.experiments.running.runner import run
from policysim.experiments.running.seed import Observer, live
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import find_regime

DEADLY = '''
import os
import signal
from multiprocessing import parent_process
from pathlib import Path

from policysim.rules import Lever, PoliceTeam


class Deadly(Lever):
    """Ends the worker in which it is pulled: once where it is told of a file to note that in, otherwise each time."""

    acts_on = PoliceTeam
    noted: str = ""

    def pull(self, policy, level):
        if parent_process() is None or (self.noted and Path(self.noted).exists()):
            return
        if self.noted:
            Path(self.noted).touch()
        os.kill(os.getpid(), signal.SIGKILL)
'''
SMALL = {"place": "authority:rutland", "people": 60, "years": 1, "burn_in_years": 0, "replicates": 2}


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a lever that ends processes; it is the present one."""
    (tmp_path / "deadly.py").write_text(DEADLY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


PARENT = """
import os, signal, sys
from policysim.experiments.measures.targeted import measure
from policysim.experiments.running.plan import plan
from policysim.experiments.running.runner import run
from policysim.scenarios.scenario import scenario_from

def end(state):
    if state.weeks:
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    asked = {"place": "authority:rutland", "people": 300, "years": 40, "burn_in_years": 0, "replicates": 2}
    run(measure, plan(scenario_from(asked | {"regimes": ["status-quo"]})).tasks, 2, end)
"""


@pytest.mark.slow
def test_workers_end_soon_after_a_parent_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PARENT)
    parent = subprocess.Popen([sys.executable, tmp_path / "program.py"], start_new_session=True)
    assert parent.wait(timeout=120) == -signal.SIGKILL
    assert nobody_is_left(parent.pid)


STOPPED = """
import os, signal, sys
from policysim.cli import terminal
from policysim.cli.door import main

def end(done, of):
    if done:
        os.kill(os.getpid(), signal.{signal})

if __name__ == "__main__":
    terminal.steps = lambda tell: end
    sys.argv = ["policysim", "calibration", "authority:rutland", "--replicates", "2", "--one-in", "5", "--threads", "2"]
    main()
"""


@pytest.mark.slow
def test_a_calibration_that_is_asked_to_end_answers_as_to_ctrl_c(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(STOPPED.format(signal="SIGTERM"))
    command = subprocess.Popen(
        [sys.executable, tmp_path / "program.py"], start_new_session=True, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert (*command.communicate(timeout=120), command.returncode) == ("", "Stopped.\n", 128 + signal.SIGTERM)
    assert nobody_is_left(command.pid)


@pytest.mark.slow
def test_a_comparison_of_which_a_worker_was_killed_has_the_same_bits(deadly: Path) -> None:
    lever = {"class": "deadly.py:Deadly", "noted": str(deadly / "noted")}
    regime = Regime(id="deadly", name="Deadly", levers={"deadly": lever})
    scenario = Scenario(**SMALL, regimes=["status-quo", regime])
    told: list[Progress] = []
    compare(scenario, deadly / "disturbed", threads=2, progress=told.append)
    assert (deadly / "noted").exists()
    compare(scenario, deadly / "undisturbed", threads=1)
    for name in ("weekly.parquet", "by_group.parquet", "summary.csv"):
        assert (deadly / "disturbed" / name).read_bytes() == (deadly / "undisturbed" / name).read_bytes()
    weeks = [state.weeks for state in told]
    assert 0 not in weeks[weeks.index(next(filter(None, weeks))) :], "a second round goes on where the first left off"
    assert told[-1].runs == told[-1].all_runs == 4 and told[-1].weeks == told[-1].all_weeks
    assert [state.seconds for state in told] == sorted(state.seconds for state in told)


@pytest.mark.slow
def test_runs_that_are_lost_each_time_are_written_down_and_run_alone_as_it_says(deadly: Path) -> None:
    (deadly / "fatal.toml").write_text('name = "Fatal"\n[levers.deadly]\nclass = "deadly.py:Deadly"\n')
    policysim = [sys.executable, "-m", "policysim"]
    asked = "compare authority:rutland --people 60 --years 1 --burn-in-years 0 --replicates 2 --threads 2 --out out"
    done = subprocess.run(
        [*policysim, *asked.split(), "--regimes", "status-quo,fatal.toml"], text=True, capture_output=True, timeout=240
    )
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    first, second, last = done.stderr.splitlines()[-3:]
    for seed, line in (("1", first), ("2", second)):
        assert line.startswith(f"The run of fatal with seed {seed} failed: its process was ended from outside 3 times")
        log = deadly / "out" / "errors" / f"{seed}-fatal.txt"
        assert line.endswith(f"(out/errors/{log.name})") and "place: authority:rutland\nseed: " in log.read_text()
    assert last.startswith("2 of 4 runs are finished and kept in out;")
    alone = re.search(r"'policysim (compare [^']*)' runs it alone", first)
    assert alone is not None
    done = subprocess.run([*policysim, *shlex.split(alone[1])], text=True, capture_output=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert (deadly / "out-1-fatal" / "runs" / "1-fatal.parquet").exists()


@pytest.mark.slow
def test_a_worker_that_is_killed_while_it_waits_is_replaced() -> None:
    pool = Pool(1)
    try:
        first = pool.submit(os.getpid).result(60)
        (worker,) = active_children()
        os.kill(first, signal.SIGKILL)
        worker.join(30)
        assert pool.submit(os.getpid).result(60) != first
    finally:
        pool.end()


def take_down(task: Task, tell: Tell) -> None:
    """As if the folder of temporary files were tidied while a run is under way."""
    for path in Path(tempfile.gettempdir()).glob("policysim-*.progress"):
        path.unlink()
    while True:
        time.sleep(0.05)
        tell(1, 0)


@pytest.mark.slow
def test_a_progress_file_that_is_removed_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    tasks = plan(Scenario(**SMALL, regimes=["status-quo"])).tasks
    with pytest.raises(UserError, match=r"policysim-.*\.progress, in which runs .* was removed from outside"):
        run(take_down, tasks, 2)


def test_a_board_that_cannot_be_written_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int, mode: str) -> None:
        os.close(number)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(UserError, match="temporary files: no space left on device"):
        Board.of(2)
    assert not list(tmp_path.iterdir())


def test_a_later_round_is_told_as_a_part_of_the_whole() -> None:
    told: list[Progress] = []
    continued(told.append, 100, 2, 9.0)(Progress(5, 50, 1, 3, 1.0))
    assert told == [Progress(105, 150, 3, 5, 10.0)]


@pytest.mark.parametrize("when", ["burn-in", "observer"])
def test_a_model_is_closed_when_its_burn_in_raises(when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[int] = []
    monkeypatch.setattr(DrugPolicyModel, "close", lambda model: closed.append(model.week))

    class Watching(Observer):
        def burnt_in(self, model: DrugPolicyModel) -> None:
            raise ZeroDivisionError

        def failed(self, regime: Regime, error: Exception) -> None:
            pass

    def stop(weeks: int, runs: int) -> None:
        raise KeyboardInterrupt

    scenario = Scenario(**SMALL | {"burn_in_years": 1}, regimes=["status-quo"])
    task = Task(scenario, 0, (find_regime("status-quo"),))
    if when == "burn-in":
        with pytest.raises(KeyboardInterrupt):
            live(task, Watching(), stop)
    else:
        live(task, Watching())
    assert len(closed) == 1
