"""Parts of a module compiled by several processes: what one has made the others find, and whatever fails is done here."""

import os
import sys
import time

import numba
import pytest

from policysim.engine import beside
from policysim.engine.beside import Task, loaded, shared_out

TEXT = "from numba import njit\n\n\n@njit(cache=True)\ndef add(x):\n    return x + {number}\n"
PARTS = 2 * beside.WORTH


@pytest.fixture
def parts(tmp_path, monkeypatch):
    """Modules on disk and loaded here, and what there is to compile of them."""
    monkeypatch.setattr("numba.core.config.CACHE_DIR", "")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.setattr(beside.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    files = {}
    for number in range(PARTS):
        path = tmp_path / f"beside_{number}.py"
        path.write_text(TEXT.format(number=number), encoding="utf-8")
        files[path.stem] = str(path)
        monkeypatch.setitem(sys.modules, path.stem, loaded(path.stem, path))
    return files, [Task(name, "add", (numba.float64,)) for name in files]


def results(files):
    return [sys.modules[name].add(0.5) - 0.5 for name in files]


def compiled_elsewhere(files):
    return sum(sum(sys.modules[name].add.stats.cache_hits.values()) for name in files)


def test_another_process_compiles_while_this_one_does_something_else(parts, tmp_path):
    files, tasks = parts
    with shared_out(files, tasks):
        until = time.monotonic() + 120
        while not list(tmp_path.rglob("*.nbc")) and time.monotonic() < until:
            time.sleep(0.05)
    assert results(files) == list(range(PARTS))
    assert compiled_elsewhere(files) > 0


def test_what_a_process_that_dies_leaves_undone_is_done_here(parts, monkeypatch):
    files, tasks = parts
    monkeypatch.setattr(sys, "executable", "/bin/false" if os.path.exists("/bin/false") else sys.executable)
    with shared_out(files, tasks):
        pass
    assert results(files) == list(range(PARTS)) and compiled_elsewhere(files) == 0


def test_few_parts_or_one_processor_begin_no_process(parts, monkeypatch):
    files, tasks = parts
    monkeypatch.setattr(beside, "_begun", lambda job: pytest.fail("a process was begun"))
    with shared_out(files, tasks[: beside.WORTH]):
        pass
    monkeypatch.setattr(beside.os, "sched_getaffinity", lambda _: {0}, raising=False)
    with shared_out(files, tasks):
        pass


def test_others_are_ended_when_this_one_is_interrupted(parts, monkeypatch):
    files, tasks = parts
    begun, begin = [], beside._begun
    monkeypatch.setattr(beside, "_begun", lambda job: begun.append(begin(job)) or begun[-1])
    with pytest.raises(KeyboardInterrupt), shared_out(files, tasks):
        raise KeyboardInterrupt
    assert begun and all(other.poll() is not None for other in begun)


def test_nobody_compiles_for_a_parent_that_is_gone(parts, tmp_path):
    files, tasks = parts
    job = beside.Job(files, tasks, str(tmp_path / "claims"))
    (tmp_path / "claims").mkdir()
    beside._take(job, parent=-1)
    assert not list((tmp_path / "claims").iterdir())
