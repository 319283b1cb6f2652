"""Keeping runs that somebody else's workers compute: each worker first looks whether it is of one mind with who asks.

A worker that has another build of the model, or that finds another folder at the same path, would compute for hours what is
nobody's. One that comes late is asked as well, so this happens where a process has its first task.
"""

import os
import platform
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import cache, partial

from policysim.errors import UserError
from policysim.experiments.running.anywhere import Folder
from policysim.experiments.running.burn_ins import BurnIns
from policysim.experiments.running.job import Work
from policysim.experiments.running.plan import Task
from policysim.experiments.running.progress import Tell, untold
from policysim.experiments.running.sweep_keeper import keep
from policysim.experiments.running.sweep_store import SweepStore
from policysim.model.sources import model_hash

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before a worker looks again for a file that is not there yet: network file systems take a moment."""


@contextmanager
def keeping(store: SweepStore, burn_ins: BurnIns | None, executor: Executor | None) -> Iterator[Work[int]]:
    """What is done with each task of a sweep: here, or where an executor's workers are, who find a mark in the folder."""
    if executor is None:
        yield partial(keep, store, burn_ins)
        return
    mark = f".{secrets.token_hex(8)}.{os.getpid()}.part"  # of a process that was killed it is removed as any part of a file
    store.folder.write(mark, b"a sweep is being computed\n")
    try:
        yield partial(keep_elsewhere, store, burn_ins, mark)
    finally:
        store.folder.remove(mark)


def keep_elsewhere(
    store: SweepStore, burn_ins: BurnIns | None, mark: str, task: Task, tell: Tell = untold
) -> int:  # fmt: skip
    """As `keep`, in a process that was not started for it; raises UserError where it cannot do the same there."""
    _look(store.folder.url, store.build, mark)
    return keep(store, burn_ins, task, tell)


@cache  # once for each sweep
def _look(url: str, build: str, mark: str) -> None:
    """Raises UserError where this process has another model, another folder, or one that it cannot write to."""
    if model_hash() != build:
        raise UserError(
            f"a worker on {platform.node()} has another build of the model ({model_hash()}; {build} was asked for): install the "
            "same version of policysim on every machine"
        )
    folder = Folder(url)
    for pause in (*PAUSES, 0.0):
        if folder.read(mark) is not None:
            break
        time.sleep(pause)
    else:
        raise UserError(
            f"a worker on {platform.node()} does not find the folder {url} of this sweep: give an --out that is the same folder "
            "on every machine, as on a shared file system, or an address such as s3://bucket/path"
        )
    trial = f".policysim-{secrets.token_hex(8)}"
    folder.write(trial, b"a trial of whether this folder can be written to\n")
    folder.remove(trial)
