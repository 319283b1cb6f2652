"""One computation at a time writes to a folder of results, and whoever comes second is told who does.

The operating system keeps the lock and lets go of it when the process ends, however it ends: what a killed one leaves
behind says nothing. Where a file system has no locks, or the system none of this kind, nothing is locked.
"""

import errno
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from policysim.errors import UserError
from policysim.experiments.running.files import usable

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

LOCK = ".lock"
"""The file in the folder that is locked; while it is, it says who holds it."""
NO_LOCKS = (errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else computes into this folder, which is made, within the block; raises UserError that says who does."""
    if fcntl is None:
        yield
        return
    with usable(folder):
        folder.mkdir(parents=True, exist_ok=True)
        file = _taken(folder / LOCK)
    try:
        yield
    finally:
        (folder / LOCK).unlink(missing_ok=True)  # while it is still held: nobody has another by this name
        os.close(file)


def holder(folder: Path) -> str:
    """Who is computing into a folder, as `process 4711 on ada since 2026-01-31 12:00:00`; empty if nobody does."""
    if fcntl is None:
        return ""
    try:
        file = os.open(folder / LOCK, os.O_RDWR)
    except OSError:  # nobody does, or it is not ours to ask
        return ""
    try:
        return "" if _try(file) else _told(file)
    finally:
        os.close(file)


def tried(path: Path) -> int | None:
    """A file that this process alone holds until it is `released`, or ends; None while somebody else does. Raises OSError.

    It stays: somebody may have opened it.
    """
    if fcntl is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(file)
        if error.errno in NO_LOCKS:
            raise
        return None
    return file


def released(file: int) -> None:
    """Let go of it."""
    os.close(file)


def _taken(path: Path) -> int:
    """The lock's file, held and signed."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if not _try(file):
            told = _told(file)
            os.close(file)
            raise UserError(
                f"the folder {path.parent} is in use: {told} is computing into it; "
                "wait until that has ended, or choose another folder"
            )
        if _is_still(file, path):
            break
        os.close(file)  # its holder has ended, and taken the name away, since it was opened
    with suppress(OSError):  # as on a full disk: it is held all the same
        os.ftruncate(file, 0)
        os.write(file, json.dumps({"process": os.getpid(), "host": platform.node(), "since": _now()}).encode())
    return file


def _try(file: int) -> bool:
    """Whether nobody else holds it; it is then held by this process, until the file is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in NO_LOCKS
    return True


def _is_still(file: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), os.stat(path))
    return False


def _told(file: int) -> str:
    try:
        said = json.loads(os.pread(file, 1000, 0))
        return f"process {said['process']} on {said['host']} since {said['since']}"
    except (OSError, ValueError, KeyError, TypeError):  # its holder has only just begun
        return "another process"


def _now() -> str:
    return f"{datetime.now():%Y-%m-%d %H:%M:%S}"
