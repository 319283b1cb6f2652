"""Tasks on one process, on several, and on somebody else's workers: the same results, in their order, and an end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest

from policysim.errors import UserError
from policysim.experiments.measures.targeted import measure
from policysim.experiments.running.plan import Task, plan
from policysim.experiments.running.pool import TRIES, Job, LostError, Pool
from policysim.experiments.running.progress import Progress, RunStoppedError, Tell
from policysim.experiments.running.runner import run
from policysim.scenarios.own_classes import load_file
from policysim.scenarios.scenario import scenario_from


def tasks(replicates: int = 3) -> list[Task]:
    return plan(
        scenario_from({"place": "dorset", "regimes": ["status-quo"], "people": 200, "years": 1, "burn_in_years": 0,
                       "replicates": replicates})
    ).tasks  # fmt: skip


def number(task: Task, tell: Tell) -> int:
    """The later a task, the sooner it ends."""
    time.sleep(0.2 * (3 - task.replicate))
    tell(task.weeks, 1)
    return task.replicate


def refuse(task: Task, tell: Tell) -> int:
    """One task says what is wrong; the others would take for ever."""
    if task.replicate == 1:
        raise UserError("this cannot be run")
    return wait_for_ever(task, tell)


def wait_for_ever(task: Task, tell: Tell) -> int:
    while True:
        time.sleep(0.05)
        tell(1, 0)


def crash(task: Task, tell: Tell) -> int:
    """As if the system had ended the process."""
    os._exit(1)


@pytest.mark.parametrize("where", ["here", "processes", "elsewhere"])
@pytest.mark.slow
def test_results_come_in_the_order_of_the_tasks_wherever_they_are_made(where: str) -> None:
    told: list[Progress] = []
    executor: Executor | None = ThreadPoolExecutor(3) if where == "elsewhere" else None
    assert run(number, tasks(), 1 if where == "here" else 3, told.append, executor) == [0, 1, 2]
    assert (told[0].weeks, told[-1].weeks, told[-1].all_weeks) == (0, 3 * 52, 3 * 52)
    assert told[-1].runs == told[-1].all_runs == 3
    assert [state.weeks for state in told] == sorted(state.weeks for state in told)
    assert not active_children()
    if executor is not None:
        assert executor.submit(int, "7").result() == 7, "somebody else's workers are left to them"
        executor.shutdown()


def test_models_of_other_workers_are_those_of_this_process() -> None:
    with ThreadPoolExecutor(1) as executor:
        assert repr(run(measure, tasks(1), executor=executor)) == repr(run(measure, tasks(1)))  # nan is not nan


@pytest.mark.slow
def test_one_sentence_of_a_worker_ends_the_others() -> None:
    begun = time.monotonic()
    with pytest.raises(UserError, match="this cannot be run"):
        run(refuse, tasks(), 3)
    assert not active_children()
    assert time.monotonic() - begun < 60


def crash_once(folder: Path, task: Task, tell: Tell) -> int:
    """The second task's worker is killed the first time."""
    mark = folder / str(task.replicate)
    if task.replicate == 1 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number(task, tell)


def crash_always(folder: Path, task: Task, tell: Tell) -> int:
    """The second task's worker is killed each time."""
    with (folder / str(task.replicate)).open("a") as file:
        file.write("begun\n")
    if task.replicate == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number(task, tell)


@pytest.mark.slow
def test_a_worker_that_vanishes_each_time_is_one_sentence() -> None:
    with pytest.raises(LostError, match="ended from outside 3 times"):
        run(crash, tasks(2), 2)
    assert not active_children()


@pytest.mark.slow
def test_what_a_killed_worker_had_in_hand_is_begun_again(tmp_path: Path) -> None:
    assert run(partial(crash_once, tmp_path), tasks(), 2) == [0, 1, 2]
    assert not active_children()


@pytest.mark.slow
def test_a_task_that_is_lost_each_time_leaves_the_others_alone(tmp_path: Path) -> None:
    lost: list[tuple[int, str]] = []

    def note(task: Task, error: LostError) -> int:
        lost.append((task.replicate, str(error)))
        return -1

    assert run(partial(crash_always, tmp_path), tasks(), 2, lost=note) == [0, -1, 2]
    assert [len((tmp_path / str(k)).read_text().split()) for k in range(3)] == [1, TRIES, 1]
    assert lost[0][0] == 1 and "signal 9" in lost[0][1]
    assert not active_children()


PROGRAM = """
from policysim.experiments.running.plan import plan
from policysim.experiments.running.runner import run
from policysim.experiments.measures.targeted import measure
from policysim.scenarios.own_classes import load_file
from policysim.scenarios.scenario import scenario_from

asked = {"place": "dorset", "regimes": ["status-quo"], "people": 200, "years": 1, "burn_in_years": 0, "replicates": 2}
print(len(run(measure, plan(scenario_from(asked)).tasks, 2)))
"""


@pytest.mark.slow
def test_a_program_from_standard_input_is_answered_too() -> None:
    done = subprocess.run([sys.executable, "-"], input=PROGRAM, text=True, capture_output=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "2\n"), done.stderr


@pytest.mark.slow
def test_a_program_without_a_guard_is_told_of_it(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    done = subprocess.run([sys.executable, tmp_path / "program.py"], text=True, capture_output=True, timeout=120)
    assert done.returncode == 1 and "worker processes cannot start" in done.stderr.splitlines()[-1]


def wait_for(condition: Callable[[], object], *jobs: Job) -> None:
    """Until something holds; a job that ends before, as for a fault, fails the test at once with that fault."""
    while not condition():
        for job in jobs:
            if job.done:
                pytest.fail(f"ended before its time: {job.results()}")
        time.sleep(0.05)


OWN = """
from policysim.rules import YoungPerson


class Mine(YoungPerson):
    \"\"\"As any.\"\"\"
"""


def name_of(kinds: tuple[type, ...], task: Task, tell: Tell) -> str:
    return kinds[0].__name__


@pytest.mark.slow
def test_a_file_of_ones_own_that_was_edited_stops_what_needs_it_alone(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(OWN)
    work = partial(name_of, (load_file(file).Mine,))
    pool = Pool(1)
    try:
        before = pool.begin(work, tasks(1)).follow(lambda state: None)
        assert before == ["Mine"], "a file may be loaded after a worker began"
        file.write_text(OWN.replace("class Mine", "x = 1 / 0\n\n\nclass Mine"))
        pool.end()
        pool = Pool(1)
        with pytest.raises(UserError, match=r"mine\.py has changed while its classes were in use"):
            pool.begin(work, tasks(1)).follow(lambda state: None)
        assert pool.begin(number, tasks(3)).follow(lambda state: None) == [0, 1, 2]
    finally:
        pool.end()


@pytest.mark.slow
def test_of_two_jobs_on_one_pool_each_is_stopped_apart() -> None:
    pool = Pool(2)
    try:
        one, other = (pool.begin(wait_for_ever, tasks(1)) for _ in range(2))
        wait_for(lambda: one.progress.weeks and other.progress.weeks, one, other)
        one.stop()
        with pytest.raises(RunStoppedError):
            one.results()
        before = other.progress.weeks
        wait_for(lambda: other.progress.weeks > before, other)
        assert not other.done and not Path(one.board.path).exists()
        other.stop()
        assert pool.begin(number, tasks(3)).follow(lambda state: None) == [0, 1, 2]
    finally:
        pool.end()
    assert not active_children()


@pytest.mark.slow
def test_a_pool_ends_its_own_workers_only() -> None:
    early, late = Pool(1), Pool(1)
    try:
        jobs = [pool.begin(wait_for_ever, tasks(1)) for pool in (early, late)]
        early.end()
        before = jobs[1].progress.weeks
        wait_for(lambda: jobs[1].progress.weeks > before, jobs[1])
        assert len(active_children()) == 1
    finally:
        early.end()
        late.end()
    assert not active_children()


def test_nothing_to_run_is_no_result() -> None:
    assert run(number, []) == []
