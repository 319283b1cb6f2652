"""Where compiled rules are kept on disk.

What lies there is loaded and run, so whoever runs it must have written it: a folder that belongs to somebody else, or
that others can write to, is not used, and a file of somebody else's in it is not loaded. It must also be whole: what was
compiled is sealed with the checksums of its files, last of all, and what has no seal or another checksum is compiled
anew, whether a process was killed while it wrote or the disk was full.
"""

import atexit
import hashlib
import json
import os
import shutil
import stat
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

try:
    import fcntl
except ImportError:  # Windows: two processes may then compile the same rules at once, and the later seal holds
    fcntl = None  # type: ignore[assignment]

PREFIX = "policysim_rules_"
"""How the names of all files of compiled rules begin."""
SEAL = ".whole"
VARIABLE = "POLICYSIM_CACHE_DIR"
PRIVATE = 0o700
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def cache_folder() -> Path:
    """The user's folder of compiled rules, made where there is none.

    Where it cannot be written or is not the user's alone, a warning says so and a fresh private folder stands in, for
    this process and those that it starts; it goes when this process ends.
    """
    folder = Path(os.environ.get(VARIABLE) or platformdirs.user_cache_dir("policysim")) / "rules"
    trouble = _trouble_with(folder)
    if not trouble:
        return folder
    fresh = tempfile.mkdtemp(prefix="policysim-")
    atexit.register(shutil.rmtree, fresh, ignore_errors=True)
    os.environ[VARIABLE] = fresh  # processes started from here find it there
    warnings.warn(
        f"compiled rules cannot be kept in {folder} ({trouble}), so they are compiled anew every time; "
        f"set {VARIABLE} to a folder that only you can write to",
        stacklevel=2,
    )
    return cache_folder()


def remove_foreign_files(folder: Path, name: str) -> None:
    """Clear a folder of files of the compiled module `name` that somebody else has put there."""
    for inside, folders, files in os.walk(folder):
        for found in (*folders, *files):
            path = os.path.join(inside, found)
            if found.startswith(name) and not is_own(path):
                os.unlink(path)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """One process compiles into a folder; another waits, and then finds what it needs. The lock ends with its process."""
    with open(folder / "lock", "w") as lock:
        if fcntl is None:
            yield
            return
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)  # a process that was forked meanwhile has the file open too


def seal(part: Path, kept_in: Path) -> None:
    """Say that all that was compiled of a part's file is there, with checksums; on a full disk it is compiled again."""
    with suppress(OSError):
        _seal(part, kept_in)


def _seal(part: Path, kept_in: Path) -> None:
    sums = {path.name: _checksum(path) for path in _kept(part, kept_in)}
    with tempfile.NamedTemporaryFile("w", dir=kept_in, suffix=".part", delete=False, encoding="utf-8") as written:
        json.dump(sums, written)
    os.replace(written.name, kept_in / f"{part.stem}{SEAL}")


def is_whole(part: Path, kept_in: Path) -> bool:
    """Whether what was compiled of a part's file was sealed and is as it was then."""
    try:
        sums = json.loads((kept_in / f"{part.stem}{SEAL}").read_text(encoding="utf-8"))
        return bool(sums) and all(_checksum(kept_in / name) == found for name, found in sums.items())
    except (OSError, ValueError, AttributeError):
        return False


def remove_kept(part: Path, kept_in: Path) -> None:
    """Clear away what there is of it."""
    for path in _kept(part, kept_in):
        path.unlink(missing_ok=True)


def _kept(part: Path, kept_in: Path) -> list[Path]:
    return sorted(path for path in kept_in.glob(f"{part.stem}.*") if path.suffix in {".nbi", ".nbc"})


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _trouble_with(folder: Path) -> str:
    """Why compiled rules cannot be kept in a folder, which is made and closed to others if they can; else nothing."""
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        inner = folder / "__pycache__"
        if not is_own(folder) or (inner.exists() and not is_own(inner)):
            return "it belongs to another user"
        if hasattr(os, "geteuid") and folder.stat().st_mode & OTHERS_WRITE:
            return "other users can write to it"
        folder.chmod(PRIVATE)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return (error.strerror or "it cannot be written").lower()


def is_own(path: Path | str) -> bool:
    """Whether a file or folder is the user's own and no link to another place.

    On Windows, which has no such owners, a user's cache lies in the user's own profile.
    """
    found = Path(path).lstat()
    return not stat.S_ISLNK(found.st_mode) and (not hasattr(os, "geteuid") or found.st_uid == os.geteuid())
