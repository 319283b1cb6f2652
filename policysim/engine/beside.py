"""Other processes that compile parts of a module beside this one: Numba compiles one function at a time in a process.

What a process compiles it keeps on disk, where the others find it. Who makes a part's file of claims first takes the
part, so that nobody waits for a slower one. What is not done in the end, whatever became of a process, the caller does.
"""

import gc
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, BinaryIO, NamedTuple

from numba.core import config

from policysim.engine.record_names import written_once
from policysim.engine.turns import take_turns

WORTH = 6
"""Parts for which it is worth to begin another process, which takes about as long as two of them."""
MOST = 4
"""Processes together; each takes memory of its own, and what comes after has to wait for one alone."""
LOADING = threading.Lock()
"""Numba asks one setting of the whole process where it keeps what it compiles."""
BEGIN = """
import pickle, sys
sys.path[:] = pickle.load(sys.stdin.buffer)
from policysim.engine.beside import work
work(sys.stdin.buffer)
"""


class Task(NamedTuple):
    """One function of a module on disk, and the Numba types that it is called with."""

    module: str
    function: str
    types: tuple[Any, ...]


class Job(NamedTuple):
    """What is shared out."""

    files: dict[str, str]  # of the modules by name, callees first
    tasks: list[Task]  # what takes longest first
    claims: str  # the folder of claims


@contextmanager
def shared_out(files: dict[str, str], tasks: list[Task]) -> Iterator[None]:
    """Within the block other processes compile, where there are processors for them; this one joins in at its end."""
    number = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, MOST, len(tasks) // WORTH)
    if number < 2 or not sys.executable:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="policysim-", ignore_cleanup_errors=True) as claims:
        job = Job(files, tasks, claims)
        others = [_begun(job) for _ in range(number - 1)]
        try:
            yield
            _take(job._replace(tasks=tasks[::-1]))  # from the other end: what is alike calls the same helpers
            for other in others:
                other.wait()
        finally:
            for other in others:
                other.kill()
                other.wait()


def _begun(job: Job) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", BEGIN]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with suppress(OSError):  # it has ended already: the caller does its part
        assert other.stdin is not None
        other.stdin.write(pickle.dumps(sys.path) + pickle.dumps(job))
        other.stdin.close()
    return other


def work(given: BinaryIO) -> None:
    """What another process does: load what is written, and compile of it what nobody else has taken."""
    gc.disable()  # it ends soon, and looking for what it no longer uses takes a twentieth of its time
    job, parent = pickle.load(given), os.getppid()
    for name, file in job.files.items():
        loaded(name, Path(file))
    with written_once():
        _take(job, parent)


def loaded(name: str, path: Path) -> ModuleType:
    """A module from its file; Numba finds it again by its name when it loads what was compiled.

    It is kept beside its file wherever NUMBA_CACHE_DIR points, so that whoever shares the rules shares what is compiled.
    """
    module = sys.modules[name] = ModuleType(name)
    vars(module)["__file__"] = str(path)
    with LOADING:
        elsewhere, vars(config)["CACHE_DIR"] = vars(config)["CACHE_DIR"], ""
        try:
            exec(_code(name, path), vars(module))
        finally:
            vars(config)["CACHE_DIR"] = elsewhere
    for made in vars(module).values():
        take_turns(made)
    return module


def _code(name: str, path: Path) -> CodeType:
    """Python's own code of a file, which it keeps beside it as of any module."""
    try:
        return SourceFileLoader(name, str(path)).get_code(name)  # type: ignore[return-value]
    except (EOFError, ImportError, TypeError, ValueError):  # what is kept is damaged
        return compile(path.read_text(encoding="utf-8"), path, "exec")


def _take(job: Job, parent: int | None = None) -> None:
    """Compile what nobody has taken; for a parent, as long as it lives: one that was killed ends nobody."""
    for task in job.tasks:
        if parent is not None and os.getppid() != parent:
            return
        try:
            os.close(os.open(os.path.join(job.claims, task.module), os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            continue
        with suppress(Exception):  # a fault in a rule is told by the caller, who meets it again
            getattr(sys.modules[task.module], task.function).compile(task.types)
