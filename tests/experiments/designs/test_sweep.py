"""A sweep however it ends: runs that raise, workers that die, Ctrl-C, a kill at any moment; and the same table in the end."""

import json
import os
import random
import re
import shlex
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future
from pathlib import Path

import pandas as pd
import pytest
from made_up_sweep import made_up, sweep
from orphans import nobody_is_left

from policysim.cli.results_table import results
from policysim.errors import UserError
from policysim.experiments.designs.compare import Interrupted
from policysim.experiments.designs.points import points_of
from policysim.experiments.designs.sweep import Runs, Tasks, run_sweep
from policysim.experiments.running.progress import Progress
from policysim.scenarios.sweep import read_sweep

SMALL = """
question = "Does it hold?"
design = "list"
[scenario]
place = "authority:rutland"
people = 60
years = 1
burn_in_years = 0
regimes = ["status-quo", "{regime}"]
replicates = 2
[[points_listed]]
"parameters.fatality_opioid" = 0.03
[[points_listed]]
"parameters.fatality_opioid" = 0.04
"""


def results_in(folder: Path) -> dict[str, bytes]:
    root = folder / "results.parquet"
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


# ---------------------------------------------------------------- runs that raise


def test_a_run_that_raises_is_written_down_with_its_settings_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad: list[str] = []

    def before(id: str) -> None:
        if not bad:
            bad.append(id)
        if id in bad:
            raise ZeroDivisionError("a rule divided by nothing")

    counted = made_up(monkeypatch.setattr, before)
    done = run_sweep(sweep(), tmp_path, workers=1)
    assert (done.asked, done.done, done.failed, done.left) == (16, 15, 1, 0)
    assert counted.ids.count(bad[0]) == 1, "what a rule raises it would raise again"
    (failure,) = done.store.failures()
    assert failure["run"] == bad[0] and failure["error"] == "ZeroDivisionError: a rule divided by nothing"
    assert "Traceback" in failure["log"] and failure["tries"] == 1
    assert failure["settings"]["parameters"].keys() == {"fatality_opioid", "kits_per_100"}
    assert len(done.table(["deaths"])) == 15 * 2
    bad[0] = "mended"
    mended = run_sweep(sweep(), tmp_path, workers=1)
    assert (mended.done, mended.computed, mended.failed) == (16, 1, 0)
    assert not done.store.failures() and not list((tmp_path / "failures").iterdir())


def test_want_of_memory_is_tried_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = made_up(monkeypatch.setattr)

    def once(id: str) -> None:
        if len(counted.ids) == 1:
            raise MemoryError

    counted.before = once
    assert run_sweep(sweep(1), tmp_path / "once", workers=1).failed == 0
    assert len(counted.ids) == 5

    def always(id: str) -> None:
        raise MemoryError

    counted.before = always
    done = run_sweep(sweep(1), tmp_path / "always", workers=1)
    assert done.failed == 4 and {one["tries"] for one in done.store.failures()} == {2}
    assert "out of memory; simulate fewer people" in done.store.failures()[0]["error"]


# ---------------------------------------------------------------- workers elsewhere


class Shaky(Executor):
    """Workers of which the way to some is lost."""

    def __init__(self, losses: dict[int, int]):
        self.losses, self.given = losses, 0

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future = Future()
        number, self.given = args[0].replicate, self.given + 1
        if self.losses.get(number, 0):
            self.losses[number] -= 1
            future.set_exception(ConnectionResetError("the worker hung up"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_a_lost_connection_is_tried_again_and_then_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up(monkeypatch.setattr)
    assert run_sweep(sweep(1), tmp_path / "some", executor=Shaky({1: 2})).failed == 0
    done = run_sweep(sweep(1), tmp_path / "all", executor=Shaky({1: 999}))
    assert (done.done, done.failed) == (2, 2)
    assert done.store.failures()[0]["error"].startswith("the worker that had it was lost 3 times (ConnectionResetError")


def test_workers_that_take_nothing_more_are_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(Shaky):
        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            raise RuntimeError("cannot schedule new futures after shutdown")

    made_up(monkeypatch.setattr)
    with pytest.raises(UserError, match=r"can no longer be given anything .* every run that was finished is kept"):
        run_sweep(sweep(1), tmp_path, executor=Closed({}))


# ---------------------------------------------------------------- stopped


def test_ctrl_c_says_what_is_kept_and_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = made_up(monkeypatch.setattr)

    def press(id: str) -> None:
        if len(counted.ids) == 8:
            raise KeyboardInterrupt

    counted.before = press
    with pytest.raises(
        Interrupted, match=r"Stopped\. 7 of 16 runs are finished and kept in .*; 'policysim sweep .*sweep.toml"
    ):
        run_sweep(sweep(), tmp_path, workers=1)
    (invocation,) = json.loads((tmp_path / "manifest.json").read_text())["invocations"]
    assert invocation["runs"] == 7
    counted.before = lambda id: None
    from_file = read_sweep(tmp_path / "sweep.toml")
    assert run_sweep(from_file, tmp_path, workers=1).computed == 9, "the design that is kept asks for the same runs"


KILLED = """
import os, random, signal, sys, time
from pathlib import Path
from made_up_sweep import made_up, sweep
from orphans import nobody_is_left
from policysim.experiments.designs.points import points_of
from policysim.experiments.designs.sweep import run_sweep

def compute(folder):
    run_sweep(sweep(20), folder, workers=1)

root, moments = Path(sys.argv[1]), random.Random(7)
made_up(setattr, lambda id: time.sleep(0.004))
kills = 0
while kills < 20:
    child = os.fork()
    if not child:
        compute(root / "killed")
        os._exit(0)
    time.sleep(moments.uniform(0.02, 0.45))
    os.kill(child, signal.SIGKILL)
    kills += os.waitpid(child, 0)[1] == signal.SIGKILL
    if len(list((root / "killed").rglob("results.parquet/**/*.parquet"))) == 2:
        for path in moments.sample(sorted((root / "killed" / "runs").rglob("*.parquet")), 40):
            path.unlink()
print(len(list((root / "killed" / "runs").rglob("*.parquet"))), flush=True)
compute(root / "killed")
compute(root / "whole")
"""


@pytest.mark.slow
def test_killed_at_twenty_moments_it_ends_with_the_very_same_table(tmp_path: Path) -> None:
    """Twenty times the process is ended at a moment of luck, as by a power cut, and each time the same is begun again."""
    (tmp_path / "program.py").write_text(KILLED)
    path = os.pathsep.join([str(Path(__file__).parents[2] / "worlds"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, tmp_path / "program.py", tmp_path], env=os.environ | {"PYTHONPATH": path}, text=True,
        capture_output=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    whole = results_in(tmp_path / "whole")
    assert results_in(tmp_path / "killed") == whole and len(whole) == 2
    assert not list((tmp_path / "killed").rglob("*.part"))
    runs = [sorted(path.name for path in (tmp_path / name / "runs").rglob("*")) for name in ("killed", "whole")]
    assert runs[0] == runs[1]


POOL = """
import sys
from policysim.experiments.designs.sweep import run_sweep
from policysim.scenarios.sweep import read_sweep

if __name__ == "__main__":
    run_sweep(read_sweep("small.toml"), "killed", workers=2)
"""


@pytest.mark.slow
def test_a_pool_that_is_killed_with_its_parent_or_after_it_ends_with_the_very_same_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small.toml").write_text(
        SMALL.format(regime="harm-reduction").replace("replicates = 2", "replicates = 4")
    )
    (tmp_path / "program.py").write_text(POOL)
    monkeypatch.chdir(tmp_path)
    moments, runs, there = random.Random(7), tmp_path / "killed" / "runs", 0
    for kill in (os.kill, os.killpg):  # the parent alone, whose workers end then; and everybody at once
        process = subprocess.Popen([sys.executable, "program.py"], start_new_session=True)
        more = there + moments.randint(1, 4)
        while process.poll() is None and len(list(runs.rglob("*.parquet"))) < more:
            time.sleep(0.01)
        time.sleep(moments.uniform(0.0, 0.2))
        kill(process.pid, signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL and nobody_is_left(process.pid)
        there = len(list(runs.rglob("*.parquet")))
        assert there < 16, "it was killed too late to say anything"
    assert subprocess.run([sys.executable, "program.py"], timeout=200).returncode == 0
    run_sweep(read_sweep(tmp_path / "small.toml"), tmp_path / "whole", workers=1)
    assert results_in(tmp_path / "killed") == results_in(tmp_path / "whole")
    assert not [path for path in (tmp_path / "killed").rglob("*") if path.name.startswith(".")]


DEADLY = '''
import os
import signal
from multiprocessing import parent_process

from policysim.rules import Lever, PoliceTeam


class Deadly(Lever):
    """Ends the worker in which it is pulled."""

    acts_on = PoliceTeam

    def pull(self, policy, level):
        if parent_process() is not None:
            os.kill(os.getpid(), signal.SIGKILL)
'''


@pytest.mark.slow
def test_a_task_that_kills_every_worker_is_given_up_and_the_rest_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deadly.py").write_text(DEADLY)
    (tmp_path / "fatal.toml").write_text('name = "Fatal"\n[levers.deadly]\nclass = "deadly.py:Deadly"\n')
    (tmp_path / "small.toml").write_text(SMALL.format(regime="fatal.toml").replace("replicates = 2", "replicates = 1"))
    monkeypatch.chdir(tmp_path)
    told: list[Progress] = []
    done = run_sweep(read_sweep(tmp_path / "small.toml"), tmp_path / "out", workers=2, progress=told.append)
    assert (done.asked, done.done, done.failed) == (4, 2, 2)
    assert {one["regime"] for one in done.store.failures()} == {"fatal"}
    assert "ended from outside 3 times (signal 9)" in done.store.failures()[0]["error"]
    assert set(pd.read_parquet(tmp_path / "out" / "results.parquet")["regime"]) == {"status-quo"}


@pytest.mark.slow
def test_the_command_line_from_a_stop_to_an_export(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL.format(regime="harm-reduction"))
    policysim = [sys.executable, "-m", "policysim"]
    command = [*policysim, "sweep", "small.toml", "--out", "out", "--workers", "2"]
    process = subprocess.Popen(command, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    runs = tmp_path / "out" / "runs"
    while process.poll() is None and not list(runs.rglob("*.parquet")):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130, said
    kept = re.search(
        r"Stopped\. (\d) of 8 runs are finished and kept in out; '(.*)' computes the rest\.$", said.strip()
    )
    assert kept is not None and int(kept[1]) == len(list(runs.rglob("*.parquet")))
    again = subprocess.run(
        [*policysim, *shlex.split(kept[2])[1:], "--workers", "1"],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        timeout=200,
    )
    assert again.returncode == 0 and again.stdout.startswith(f"8 of 8 runs are done ({8 - int(kept[1])} of them now)")
    results(str(tmp_path / "out"), "export", str(tmp_path / "x.csv"), outcomes="deaths,in_treatment,deaths")
    assert len(pd.read_csv(tmp_path / "x.csv")) == 8 * 2


# ---------------------------------------------------------------- many


def test_ten_thousand_tasks_are_made_one_by_one() -> None:
    """Of a task that is not under way no scenario is held."""
    asked = sweep(2, replicates=5000)
    runs = Runs(asked, points_of(asked))
    tasks = Tasks(runs, set(runs.ids), 2, "compiled", None)
    assert len(tasks) == 10_000 and tasks.amount == (2 * 104 * 10_000, 20_000)
    assert (tasks[9_999].seed, len(tasks[9_999].regimes)) == (5000, 2)
    assert len(runs.asked()) == 20_000
