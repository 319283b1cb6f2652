"""Two builds of policysim side by side in a temporary folder: a commit as it was, and the working tree as it stands.

Each is a folder of sources with `policysim` whole inside it, so that whoever puts it first on Python's path gets that
build and no other; each has its own place for what it compiles. They share the environment, unless the commit's lock is
another: then it gets one of its own under build/, kept for the next time.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from policysim.errors import UserError, nearest

MAPPED = ("experiments", "viz", "configs", "benchmarks")
"""Folders that lie beside `policysim` in the repository and inside it when it is imported (see setup.py)."""
LOCK = "requirements.txt"
OURS = ("POLICYSIM_", "PYTHON", "NUMBA_")
"""How the names of variables begin that would make a build other than it is."""


@dataclass(frozen=True)
class Build:
    """A build that can be measured: who it is, where its sources are, and the Python that runs it."""

    name: str
    tree: Path
    python: Path

    def environment(self, cache: Path | None = None) -> dict[str, str]:
        """Variables of a process that runs this build and keeps what it compiles in the build's own folder."""
        kept = cache or self.tree.with_suffix(".cache")
        usual = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return usual | {
            "PYTHONPATH": str(self.tree), "PYTHONSAFEPATH": "1", "PYTHONWARNINGS": "ignore",
            "POLICYSIM_CACHE_DIR": str(kept / "rules"), "NUMBA_CACHE_DIR": str(kept / "numba"),
            "TMPDIR": str(self.tree.parent),  # whatever a measure leaves behind goes with the builds
        }  # fmt: skip

    def run(self, *words: str, cache: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run its Python with these words; when this process is stopped, that one and all that it started are ended."""
        process = subprocess.Popen(
            [str(self.python), *words], env=self.environment(cache), cwd=self.tree, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            printed, said = process.communicate()
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        return subprocess.CompletedProcess(words, process.returncode, printed, said)


def why(run: subprocess.CompletedProcess[str]) -> str:
    """What a process that failed said last."""
    return (run.stderr.strip() or f"ended by signal {-run.returncode}").splitlines()[-1]


@contextmanager
def two_builds(root: Path, ref: str) -> Iterator[tuple[Build, Build]]:
    """The commit `ref` of the repository in `root`, and its working tree, until the end of the block."""
    commit = commit_of(root, ref)
    with tempfile.TemporaryDirectory(prefix="policysim-against-") as folder:
        before, now = Path(folder) / "before", Path(folder) / "now"
        unpack(root, commit, before)
        copy_working_tree(root, now)
        python = environment_of(root, before / LOCK)
        short = git(root, "rev-parse", "--short", commit).decode().strip()
        yield Build(short, before, python), Build("the working tree", now, Path(sys.executable))


def git(root: Path, *arguments: str) -> bytes:
    """What git prints; raises UserError where there is no git, and CalledProcessError where it refuses."""
    try:
        return subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True).stdout
    except FileNotFoundError:
        raise UserError("comparing with an earlier commit needs git, which is not installed") from None


def commit_of(root: Path, ref: str) -> str:
    """The commit that a name or number means; raises UserError."""
    try:
        git(root, "rev-parse", "--git-dir")
    except subprocess.CalledProcessError:
        raise UserError(
            "comparing with an earlier commit needs the repository with its history: clone it with git"
        ) from None
    try:
        return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").decode().strip()
    except subprocess.CalledProcessError:
        names = git(root, "for-each-ref", "--format=%(refname:short)").decode().split()
        raise UserError(f"there is no commit, branch or tag {ref!r} in this repository{nearest(ref, names)}") from None


def unpack(root: Path, commit: str, tree: Path) -> None:
    """The sources of a commit, without touching the working tree."""
    with tarfile.open(fileobj=BytesIO(git(root, "archive", "--format=tar", commit))) as archive:
        archive.extractall(tree, filter="data")
    gather(tree)


def copy_working_tree(root: Path, tree: Path) -> None:
    """The sources as they stand: what is edited while measures are taken changes nothing."""
    for name in ("policysim", *MAPPED):
        if (root / name).is_dir():
            shutil.copytree(root / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    gather(tree)


def gather(tree: Path) -> None:
    """The mapped folders go where they are imported from."""
    if not (tree / "policysim").is_dir():
        raise UserError("that commit holds no policysim to compare with")
    for name in MAPPED:
        if (tree / name).is_dir():
            (tree / name).rename(tree / "policysim" / name)


def environment_of(root: Path, lock: Path) -> Path:
    """The Python for a build with this lock: ours where the locks are the same, else one made for it."""
    ours = root / LOCK
    if not (lock.exists() and ours.exists()) or lock.read_bytes() == ours.read_bytes():
        return Path(sys.executable)
    folder = root / "build" / f"against-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    python, done = folder / "bin" / "python", folder / ".installed"
    if not done.exists():
        print("That commit has another lock: setting up its environment (a minute or two, once)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = ["install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r", str(lock)]
        subprocess.run([str(python), "-m", "pip", *install], check=True)
        done.touch()
    return python
