"""Workers of a real Dask scheduler, in processes of their own on this machine: killed, deadly, gone, and of another mind."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from dask_cluster import Dask, dask_cluster
from made_up_sweep import made_up, sweep
from object_store import object_store

from policysim.errors import UserError
from policysim.experiments.designs.points import points_of
from policysim.experiments.designs.sweep import run_sweep
from policysim.experiments.running import clusters
from policysim.experiments.running.clusters import workers_of
from policysim.experiments.running.progress import Progress
from policysim.experiments.running.sweep_store import SweepStore

pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """An object store that the workers find too; empty where there is none to be had."""
    if find_spec("s3fs") is None or find_spec("moto") is None:
        yield ""
        return
    with object_store() as found:
        yield found


@pytest.fixture(scope="module")
def started(bucket: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    with dask_cluster(tmp_path_factory.mktemp("dask")) as found:
        yield found


@pytest.fixture
def dask(started: Dask) -> Dask:
    started.forget()
    return started


def results_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for part in ("runs", "results.parquet")
        for path in sorted((folder / part).rglob("*.parquet"))
        if path.is_file()
    }


@pytest.mark.slow
def test_results_are_those_of_this_machine_to_the_byte(dask: Dask, tmp_path: Path) -> None:
    dask.ask("real")
    asked, told = sweep(1, years=1), list[Progress]()
    with workers_of(str(dask.file)) as executor:
        assert executor.workers <= 2
        done = run_sweep(asked, tmp_path / "there", executor=executor, progress=told.append)
    assert (done.done, done.failed, done.left) == (4, 0, 0)
    assert told[-1].runs == told[-1].all_runs == 4
    run_sweep(asked, tmp_path / "here", workers=1)
    assert results_in(tmp_path / "there") == results_in(tmp_path / "here") != {}
    assert not [path.name for path in (tmp_path / "there").iterdir() if path.name.startswith(".")], "no mark is left"


@pytest.mark.slow
def test_a_worker_is_killed_in_the_middle_and_nothing_is_missing(
    dask: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up(monkeypatch.setattr)
    monkeypatch.chdir(tmp_path)
    dask.ask("slow")  # so that something is left to do once four runs are known of

    def kill(state: Progress) -> None:
        if state.runs >= 4 and not (tmp_path / "killed").exists():
            (tmp_path / "killed").touch()
            dask.ask("die-once")

    with workers_of(dask.address) as executor:
        done = run_sweep(sweep(8), "there", executor=executor, progress=kill)  # relative, and workers stand elsewhere
    assert (done.done, done.failed) == (32, 0)
    assert (tmp_path / "killed").exists() and not (dask.orders / "die-once").exists()
    run_sweep(sweep(8), tmp_path / "here", workers=1)
    assert results_in(tmp_path / "there") == results_in(tmp_path / "here")


@pytest.mark.slow
def test_workers_write_to_an_object_store_and_one_that_is_killed_costs_nothing(
    bucket: str, dask: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first call computes a part; the second goes on, meets a damaged run, and loses a worker on the way."""
    if not bucket:
        pytest.skip("neither s3fs nor moto is there")
    made_up(monkeypatch.setattr)
    url = f"{bucket}/mine"
    with workers_of(dask.address) as executor:
        first = run_sweep(sweep(), url, executor=executor, part=(1, 2))
        assert (first.computed, first.left) == (8, 8)
        first.store.folder.write(next(iter(first.store.files().values())), b"cut short")
        dask.ask("die-once")
        done = run_sweep(sweep(), url, executor=executor)
    assert (done.done, done.failed, done.left) == (16, 0, 0) and not (dask.orders / "die-once").exists()
    run_sweep(sweep(), tmp_path, workers=1)
    store = SweepStore.found(url)
    there = [name for name in store.folder.names() if name.endswith(".parquet") and "/" in name]
    assert {name: store.folder.read(name) for name in there} == results_in(tmp_path)
    assert not [name for name in store.folder.names() if name.startswith(".")], "no mark is left"


@pytest.mark.slow
def test_a_run_that_ends_every_worker_is_given_up_and_the_others_finish(dask: Dask, tmp_path: Path) -> None:
    asked = sweep(6, replicates=1, regimes=["status-quo"])
    deadly = points_of(asked)[2].values["parameters.fatality_opioid"]
    dask.ask("deadly", str(deadly))
    with workers_of(dask.address) as executor:
        done = run_sweep(asked, tmp_path, executor=executor)
    assert (done.done, done.failed) == (5, 1)
    (failure,) = done.store.failures()
    assert failure["settings"]["parameters"]["fatality_opioid"] == deadly
    assert failure["error"].startswith(
        "the worker that had it was lost 2 times (ended from outside, perhaps for want of memory"
    )
    assert len((dask.orders / "died").read_text()) == 2, "it is not given to one worker after another for ever"


@pytest.mark.slow
def test_workers_of_another_mind_are_one_sentence(dask: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with workers_of(dask.address) as executor:
        executor.client.wait_for_workers(1, timeout=60)
    here = os.getpid()
    monkeypatch.setattr(clusters, "model_hash", lambda: "build of " + ("here" if os.getpid() == here else "there"))
    said = r"the worker tcp://.* has another build of the model \(build of there; here .*: install the same version of policysim"
    with pytest.raises(UserError, match=said), workers_of(dask.address):
        pass
    monkeypatch.undo()
    monkeypatch.setattr("policysim.experiments.running.sweep_store.model_hash", lambda: "another build")
    with workers_of(dask.address) as executor:
        with pytest.raises(
            UserError, match=r"a worker on .* has another build of the model \(.*another build was asked for\)"
        ):
            run_sweep(sweep(1), tmp_path, executor=executor)  # as of a worker that came late
        with pytest.raises(
            UserError, match=r"could not run a task: .*; the scheduler and every worker need the same policysim"
        ):
            executor.submit(_only_here()).result(90)


def _only_here():  # type: ignore[no-untyped-def]
    """A function of a module that only this process has."""
    import types

    module = types.ModuleType("only_here")
    exec("def f(): return 1", module.__dict__)
    sys.modules["only_here"] = module
    return module.f


@pytest.mark.slow
def test_what_the_library_would_take_for_itself_is_passed_on(dask: Dask) -> None:
    with workers_of(dask.address) as executor:
        assert executor.submit(dict, priority=7, retries=3, key="mine").result(90) == {
            "priority": 7,
            "retries": 3,
            "key": "mine",
        }
        first, second = (executor.submit(time.monotonic_ns).result(90) for _ in range(2))
        assert first != second, "the same call twice is two calls"


@pytest.mark.slow
def test_a_scheduler_that_goes_is_one_sentence_and_the_rest_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 2.0)
    made_up(monkeypatch.setattr)
    (tmp_path / "dask").mkdir()
    asked = sweep(8)
    with dask_cluster(tmp_path / "dask", 1) as dask:
        dask.ask("slow")

        def stop(state: Progress) -> None:
            if state.runs >= 4:
                dask.scheduler.kill()

        gone = r"the workers can no longer be given anything .*; every run that was finished is kept"
        with pytest.raises(UserError, match=gone), workers_of(dask.address) as executor:
            run_sweep(asked, tmp_path / "out", executor=executor, progress=stop)
        (invocation,) = json.loads((tmp_path / "out" / "manifest.json").read_text())["invocations"]
        assert 4 <= invocation["runs"] < 32
        unheard = r"the scheduler tcp://.* cannot be reached: nobody answers there"
        with pytest.raises(UserError, match=unheard), workers_of(dask.address):
            pass
    assert run_sweep(asked, tmp_path / "out", workers=1).done == 32


LATER = "import os, sys, time\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.05)"


def be_forgotten(executor: clusters.Cluster) -> None:
    """Have the scheduler forget its client; not waiting for good, for the client may be closed meanwhile."""

    def forget(dask_scheduler, client):  # type: ignore[no-untyped-def]
        dask_scheduler.remove_client(client)

    client = executor.client
    with suppress(TimeoutError, RuntimeError):
        client.sync(client._run_on_scheduler, forget, client=client.id, callback_timeout=30)


@pytest.mark.slow
def test_what_a_scheduler_has_forgotten_is_lost_though_it_goes_on_with_what_came_later(
    dask: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "WATCH_SECONDS", 0.2)

    def given(name: str) -> Future:  # done once there is a file of this name
        return executor.submit(subprocess.run, [sys.executable, "-c", LATER, str(tmp_path / name)])

    with workers_of(dask.address) as executor:
        first = given("first")
        executor.submit(os.getpid).result(90)  # by now the scheduler has both
        be_forgotten(executor)
        later = given("later")
        (tmp_path / "first").touch()
        try:
            for lost in (first, later):
                with pytest.raises(ConnectionError):
                    lost.result(60)
        finally:
            (tmp_path / "later").touch()


@pytest.mark.parametrize(
    ("states", "lost"),
    [
        ({}, ""),
        ({"a": "processing", "b": "queued", "c": "no-worker", "d": "waiting"}, ""),
        ({"a": "processing", "b": None}, ""),  # which may be on its way
        ({"a": None, "b": "processing", "c": None}, "a"),
        ({"a": None, "b": None}, "ab"),
        ({"a": "memory", "b": "processing", "c": "erred"}, "ac"),
    ],
)
def test_the_scheduler_tells_of_what_it_has_and_of_nothing_that_came_before_it(states: dict, lost: str) -> None:
    assert clusters.never_told(states) == set(lost)


@pytest.mark.slow
def test_a_scheduler_that_forgets_whom_it_serves_is_one_sentence_and_nobody_waits_for_good(
    dask: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "WATCH_SECONDS", 0.2)
    dask.ask("slow")

    with (
        pytest.raises(UserError, match="the workers can no longer be given anything"),
        workers_of(dask.address) as executor,
    ):

        def told(state: Progress) -> None:
            if state.runs >= 4 and executor.client.status == "running":
                be_forgotten(executor)

        run_sweep(sweep(8), tmp_path / "out", executor=executor, progress=told)
    assert run_sweep(sweep(8), tmp_path / "out", workers=1).done == 32


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "http://127.0.0.1:8786", "tcp://", "tcp://here", "tcp://here:port", "here:1:2", ""]
)
def test_what_is_no_address_is_one_sentence(address: str) -> None:
    with (
        pytest.raises(UserError, match=r"--scheduler must be an address such as tcp://10.0.0.1:8786"),
        workers_of(address),
    ):
        pass


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.1:8786", "tls://head-node.cluster:1/", "localhost:8786", "tcp://[::1]:8786"]
)
def test_an_address_is_taken_as_it_is(address: str) -> None:
    assert clusters._address_in(address) == address


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "find_spec", lambda name: None)
    with (
        pytest.raises(UserError, match=r"not installed: pip install 'policysim\[cluster\]'"),
        workers_of("tcp://127.0.0.1:1"),
    ):
        pass
