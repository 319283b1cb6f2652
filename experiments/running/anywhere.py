"""A folder wherever it is: on this machine, in an object store (s3://bucket/path), or any other that fsspec knows.

A file appears in it whole or not at all: here it is written beside and renamed, elsewhere it is sent as one object. What is
wrong with it is told in one sentence.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from policysim.errors import UserError, nearest
from policysim.experiments.running.files import LEFT_OVER, RUNS_ARE_KEPT, reason, usable

R = TypeVar("R")
TRIES, PAUSE_SECONDS = 3, 0.5
"""How often something is asked of an object store, and the pause before it is asked again, twice as long each time."""
AT_A_TIME = 200
"""Files that are fetched from an object store side by side, and held in memory together."""
FINAL = (FileNotFoundError, PermissionError, NotImplementedError)
"""What is no different when it is asked for again."""


class FolderError(UserError):
    """A folder that cannot be read or written: nothing can go on without it."""


@dataclass(frozen=True)
class Folder:
    """A folder by its path or address; names in it are relative, with slashes."""

    url: str

    @cached_property
    def found_at(self) -> tuple[Any, str]:
        """The file system and the path in it."""
        from fsspec.core import url_to_fs
        from fsspec.registry import known_implementations

        protocol = self.url.partition("://")[0] if "://" in self.url else "file"
        options: dict[str, Any] = {} if protocol in ("file", "local") else {"use_listings_cache": False}
        try:
            system, path = url_to_fs(self.url, **options)
        except ImportError as error:
            extra = " (pip install 'policysim[s3]')" if protocol in ("s3", "s3a") else ""
            raise FolderError(f"{self.url} cannot be used: {error}{extra}") from None
        except ValueError:
            known = sorted(known_implementations)
            raise FolderError(
                f"{self.url} cannot be used: {protocol}:// is not known{nearest(protocol, known)}"
            ) from None
        return system, str(path).rstrip("/")

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process finds its way there by itself."""
        return Folder, (self.url,)

    @property
    def is_local(self) -> bool:
        """Whether it lies on this machine."""
        return "://" not in self.url or self.url.startswith(("file://", "local://"))

    @property
    def is_shared(self) -> bool:
        """Whether other processes find the same in it."""
        return not self.url.startswith("memory://")

    @property
    def here(self) -> Path:
        """The path of one on this machine."""
        return Path(self.found_at[1])

    def is_same_as(self, other: "Folder") -> bool:
        """Whether both are one folder, however they were written."""
        if self.is_local and other.is_local:
            return self.here.resolve() == other.here.resolve()
        return self.url.rstrip("/") == other.url.rstrip("/")

    def __str__(self) -> str:
        return str(self.url)

    def told(self, name: str) -> str:
        """A file of it as it is told to people."""
        return f"{self.url.rstrip('/')}/{name}"

    # --- reading ------------------------------------------------------------------------------------------------------
    def names(self, under: str = "") -> dict[str, int]:
        """The size in bytes of every file beneath one of its folders, by name; none where there is no such folder."""
        if self.is_local:
            return dict(self._names_here(self.here / under))
        system, root = self.found_at
        path = f"{root}/{under}".rstrip("/")
        try:
            found = self._asked(lambda: system.find(path, detail=True), "read")
        except FileNotFoundError:
            return {}
        first = len(root) + 1
        return {name[first:]: entry["size"] for name, entry in sorted(found.items()) if entry["type"] == "file"}

    def _names_here(self, folder: Path) -> Iterator[tuple[str, int]]:
        first, left = len(str(self.here)) + 1, [str(folder)]
        while left:
            try:
                entries = sorted(os.scandir(left.pop()), key=lambda entry: entry.name)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                raise FolderError(f"the folder {self.url} cannot be used: {reason(error)}") from None
            for entry in entries:
                if entry.is_dir():
                    left.append(entry.path)
                elif not LEFT_OVER.match(entry.name):
                    yield entry.path[first:].replace(os.sep, "/"), entry.stat().st_size

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""
        try:
            if self.is_local:
                return (self.here / name).read_bytes()
            system, root = self.found_at
            return self._asked(lambda: system.cat_file(f"{root}/{name}"), "read")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise FolderError(f"{self.told(name)} cannot be read: {reason(error)}") from None

    def read_each(self, names: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        """The content of many files, in their order; a few of them are held at a time."""
        if self.is_local:
            yield from ((name, self.read(name)) for name in names)
            return
        system, root = self.found_at
        for first in range(0, len(names), AT_A_TIME):
            some = names[first : first + AT_A_TIME]
            paths = [f"{root}/{name}" for name in some]
            found = self._asked(lambda paths=paths: system.cat(paths, on_error="omit"), "read")  # type: ignore[misc]
            yield from ((name, found.get(path)) for name, path in zip(some, paths, strict=True))

    # --- writing ------------------------------------------------------------------------------------------------------
    def write(self, name: str, content: bytes) -> None:
        """Write a file, whole or not at all."""
        if not self.is_local:
            system, root = self.found_at
            self._asked(lambda: system.pipe_file(f"{root}/{name}", content), "written")
            return
        path = self.here / name
        try:
            try:
                _write_whole(path, content)
            except FileNotFoundError:
                path.parent.mkdir(parents=True, exist_ok=True)
                _write_whole(path, content)
        except OSError as error:
            raise FolderError(f"{path} cannot be written: {reason(error)}{RUNS_ARE_KEPT}") from None

    def take(self, part: Path, name: str) -> None:
        """Take over a finished file from this machine; it is moved, or sent and then removed."""
        if self.is_local:
            path = self.here / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                os.replace(part, path)
            except OSError as error:
                raise FolderError(f"{path} cannot be written: {reason(error)}{RUNS_ARE_KEPT}") from None
            return
        system, root = self.found_at
        self._asked(lambda: system.put_file(str(part), f"{root}/{name}"), "written")
        part.unlink()

    def remove(self, name: str) -> None:
        """Remove a file; it need not be there."""
        try:
            if self.is_local:
                (self.here / name).unlink(missing_ok=True)
                return
            system, root = self.found_at
            self._asked(lambda: system.rm_file(f"{root}/{name}"), "written")
        except FileNotFoundError:
            return
        except OSError as error:
            raise FolderError(f"{self.told(name)} cannot be removed: {reason(error)}") from None

    def make(self) -> None:
        """Make it and see that it can be written to; parts of files that somebody left who was killed are removed."""
        if not self.is_local:
            try:
                self.write(".policysim", b"a trial of whether this folder can be written to\n")
            except FileNotFoundError:
                raise FolderError(f"{self.url} cannot be used: there is no such bucket or file system") from None
            self.remove(".policysim")
            return
        try:
            with usable(self.here):
                self.here.mkdir(parents=True, exist_ok=True)
                trial = self.here / f".policysim.{os.getpid()}.part"
                trial.write_bytes(b"0")
                trial.unlink()
                for part in self.here.rglob(".*.part"):
                    if LEFT_OVER.match(part.name):
                        part.unlink(missing_ok=True)
        except UserError as error:
            raise FolderError(str(error)) from None

    def _asked(self, what: Callable[[], R], done: str) -> R:
        """Ask something of a file system elsewhere, again where it failed; raises FileNotFoundError and FolderError."""
        pause = PAUSE_SECONDS
        for k in range(TRIES):
            try:
                return what()
            except FileNotFoundError:
                raise
            except Exception as error:  # noqa: BLE001 - libraries of object stores raise what they like
                if k == TRIES - 1 or isinstance(error, FINAL):
                    why = reason(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
                    raise FolderError(f"{self.url} cannot be {done}: {why}{RUNS_ARE_KEPT}") from None
            time.sleep(pause)
            pause *= 2
        raise AssertionError


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file of this machine, whole or not at all, which is not waited for: a digest tells what the power cut short."""
    part = path.parent / f".{path.name}.{os.getpid()}.part"
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
