"""A compiled module in parts, one function each, kept on disk under a hash of all that shapes it.

The hash covers a part's text and the hashes of those that it calls, so that an edited rule never runs stale; and rules
are kept one by one, so that after an edit only that rule and the week around it are compiled anew.
"""

import ast
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from policysim.engine.beside import Task, loaded, shared_out
from policysim.engine.cache import (
    PREFIX,
    cache_folder,
    is_whole,
    one_at_a_time,
    remove_foreign_files,
    remove_kept,
    seal,
)
from policysim.engine.lines import told_with_its_line
from policysim.engine.loading import without_looking_for_garbage
from policysim.engine.record_names import written_once
from policysim.interrupts import raise_if_interrupted

HEADER = '''"""Written by policysim's compiler from the rules of a model; do not edit."""

from math import ceil, floor, sqrt

from numba import njit
'''


class Types(NamedTuple):
    """The Numba types that compiled functions are called with; to work them out takes a while."""

    entries: dict[str, tuple]  # those that are called from outside, by name
    within: dict[str, tuple]  # all others that are kept


class Part(NamedTuple):
    """One function of a compiled module."""

    name: str
    text: str
    calls: frozenset[str] = frozenset()  # names of parts
    imports: frozenset[tuple[str, str]] = frozenset()  # of what comes from elsewhere: module, name
    shaped_by: str = ""  # whatever else decides what it does
    written_from: Callable | None = None  # the rule or helper
    lines: tuple[int, ...] = ()  # of it, one for each statement of `text`: counted from its first, which is 1
    head_lines: int = 0  # how many lines stand above it in its file
    person: tuple[tuple, ...] = ()  # the members of the record of a person that it is compiled for

    @property
    def is_kept(self) -> bool:
        """Whether it is kept on disk once it is compiled."""
        return "cache=True" in self.text

    def origin(self, line: int) -> tuple[Callable, int] | None:
        """The rule or helper, and the line in its own file, from which a line of the part's file was written."""
        if self.written_from is None:
            return None
        line -= self.head_lines
        own = dict(zip(lines_of(ast.parse(self.text).body[-1]), self.lines, strict=True))
        return self.written_from, self.written_from.__code__.co_firstlineno - 1 + own.get(line, 1)


def lines_of(tree: ast.AST) -> tuple[int, ...]:
    """The line of each statement in a tree."""
    return tuple(node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt))


@contextmanager
def assembling(
    parts: Sequence[Part], shaping: Iterable[str], entries: Sequence[str], types: Callable[[], Types]
) -> Iterator[ModuleType]:
    """The module of the last part, with all `entries` in it: the functions that are called from outside.

    Each part comes after those that it calls. shaping: what shapes all of them, as versions and layouts do. What is
    not on disk is compiled for these types, which a warning says: by other processes while the block lasts, the rest here
    at its end. Raises UserError.
    """
    folder = cache_folder()
    shape = hashlib.sha256("\n".join(shaping).encode()).hexdigest()
    files: dict[str, File] = {}
    for part in parts:
        files[part.name] = _file(part, shape, {name: files[name].module for name in part.calls})
    if any(file.module not in sys.modules for file in files.values()):
        remove_foreign_files(folder, PREFIX)
    modules = {part.name: _module(part, files[part.name], folder) for part in parts}
    whole = modules[parts[-1].name]
    for name in entries:
        setattr(whole, name, getattr(modules[name], name))
    if all(_is_ready(modules[name]) for name in entries):
        yield whole
        return
    with one_at_a_time(folder), _compiling(modules, whole, types):
        yield whole


class File(NamedTuple):
    """The name of a part's module, and what stands in its file."""

    module: str
    head: str
    text: str


def _file(part: Part, shape: str, called: dict[str, str]) -> File:
    """The names of the modules that a part calls stand in its text, so that whatever shapes them shapes its own name too."""
    imports = sorted([*part.imports, *((module, name) for name, module in called.items())])
    head = HEADER + "".join(f"from {module} import {name}\n" for module, name in imports) + "\n\n"
    name = hashlib.sha256("\n".join((shape, part.shaped_by, repr(part.person), head, part.text)).encode()).hexdigest()
    return File(PREFIX + name[:24], head, part.text)


def _module(part: Part, file: File, folder: Path) -> ModuleType:
    """One part as a module; Numba finds it again by its name when it loads what was compiled."""
    if file.module in sys.modules:
        return sys.modules[file.module]
    path = folder / f"{file.module}.py"
    _write(path, file.head + file.text)
    module = loaded(file.module, path)
    vars(module)["PART"] = part._replace(head_lines=file.head.count("\n"))
    return module


def _write(path: Path, text: str) -> None:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8") as part:
        part.write(text)
    os.replace(part.name, path)


def _function(module: ModuleType) -> Any:
    return getattr(module, module.PART.name)


def _kept_in(module: ModuleType) -> Path:
    """Where Numba keeps what it compiles of a part: beside its file."""
    return Path(_function(module).stats.cache_path)


def _is_ready(module: ModuleType) -> bool:
    """Whether it is compiled: loaded in this process already, or whole on disk."""
    return bool(_function(module).overloads) or is_whole(Path(module.__file__ or ""), _kept_in(module))


@contextmanager
def _compiling(modules: dict[str, ModuleType], whole: ModuleType, types: Callable[[], Types]) -> Iterator[None]:
    """Compile what is not on disk, or only half of it; another process may have done so while this one waited."""
    kept = [module for module in modules.values() if module.PART.is_kept]
    missing = [module for module in kept if not _is_ready(module)]
    if not missing:
        yield
        return
    for module in missing:
        remove_kept(Path(module.__file__ or ""), _kept_in(module))
    # A plain line, in programs and notebooks as at the prompt: as a warning it would look like a fault.
    print(f"policysim: {_notice(len(missing), len(kept))}", file=sys.stderr, flush=True)
    entries, within = types()
    with (
        without_looking_for_garbage(),
        written_once(),
        shared_out(*_shares(modules, [module for module in missing if module is not whole], entries, within)),
    ):
        yield
    with without_looking_for_garbage(), written_once(), told_with_its_line():
        for name, own in entries.items():
            raise_if_interrupted()
            getattr(whole, name).compile(own)
    for module in missing:
        seal(Path(module.__file__ or ""), _kept_in(module))


def _shares(
    modules: dict[str, ModuleType], missing: list[ModuleType], entries: dict[str, tuple], within: dict[str, tuple]
) -> tuple[dict[str, str], list[Task]]:
    """What other processes have to load, and what there is to compile before the whole, the longest first."""
    files = {module.__name__: str(module.__file__) for module in list(modules.values())[:-1]}
    length: dict[str, int] = {}
    for name, module in modules.items():  # those that a part calls, which are compiled with it, come before it
        length[name] = len(module.PART.text) + sum(length[called] for called in module.PART.calls)
    missing.sort(key=lambda module: -length[module.PART.name])
    names = [(module.__name__, module.PART.name) for module in missing]
    return files, [Task(module, name, (within | entries)[name]) for module, name in names]


def _notice(missing: int, kept: int) -> str:
    if missing > kept / 2:
        return "the rules are being compiled, which takes about half a minute; they are kept, so that this happens once"
    return f"rules that have changed are being compiled ({missing} of {kept} parts), which takes some seconds"
