"""Classes of one's own in a scenario: levers, and people with rules and fields of their own.

A file of settings cannot hold a class, so it says where each stands and what stood there:
`my_levers.py:ThroughTheGate#5f0c1a2b3c4d5e6f` is file, class and a name for the content of the file and of those beside it
that it imports. A class in a package is named by its module, `mylab.levers:ThroughTheGate#...`. A comparison keeps a copy
of such files beside its scenario, so that it can be read again wherever the folder is taken and whatever is edited since.
"""

import ast
import hashlib
import importlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import CodeType, ModuleType
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, SerializeAsAny, WrapSerializer

from policysim.errors import UserError, nearest, not_loaded
from policysim.levers.lever import Lever
from policysim.scenarios.faults import Source, at_key
from policysim.vocabulary.reasons import shown

CLASS = "class"
"""The key of a lever's table that names its class."""
KEPT = "own"
"""The folder beside a comparison's scenario in which copies of files of one's own are kept."""
LOADED_AS = "policysim_own_"
"""How the names of modules begin that are loaded here; their content follows, so that two versions can be told apart."""
WRITTEN = re.compile(r"(?P<where>.+):(?P<name>[^\W\d]\w*)(#(?P<content>[0-9a-f]{16}))?")
HOW = "a class of one's own is named by its file, as in 'my_rules.py:MyAdult'"

_near: ContextVar[Path | None] = ContextVar("near", default=None)


@contextmanager
def beside(source: Source) -> Iterator[None]:
    """Within the block files of one's own are looked for beside a scenario's or regime's file as well."""
    token = _near.set(Path(source.file).parent if source.file else _near.get())
    try:
        yield
    finally:
        _near.reset(token)


# ---------------------------------------------------------------- from a class to its name


def named(kind: type) -> str:
    """How a file of settings names a class; raises UserError where it could not be found again by any name."""
    module, file = _module_of(kind), _file_of(_module_of(kind))
    if module is None or file is None:
        raise UserError(
            f"{kind.__name__} stands in no file (but in a notebook, or in a program read from standard input), so that its "
            "scenario could not be read again: write it into a file, such as my_classes.py, and import it from there"
        )
    if getattr(module, kind.__name__, None) is not kind:
        raise UserError(
            f"{kind.__name__} cannot be found in {file.name} by its name, so that its scenario could not be read again: "
            "define it at the top level of the file, outside any function or class"
        )
    if module.__name__ == "__main__" and not _is_guarded(file):
        raise UserError(
            f"{file.name} would run again whenever {kind.__name__} is looked for in it: begin what it runs under "
            "`if __name__ == '__main__':`, or write the class into a file of its own"
        )
    if _has_changed(kind, module, file):
        raise UserError(
            f"{file} has changed since {kind.__name__} was read from it: start anew, so that what is run is what is kept"
        )
    return _written(kind, module, file)


def file_name(kind: type) -> str:
    """What the file is called in which a class stands; raises UserError where it could not be found again there."""
    named(kind)
    file = _file_of(_module_of(kind))
    assert file is not None
    return file.name


def _written(kind: type, module: ModuleType, file: Path) -> str:
    where = module.__name__ if _in_package(module) else file.name
    return f"{where}:{kind.__name__}#{_content_in_use(module, file)}"


def _told(kind: type) -> str:
    """The same to be looked at, for a class that cannot be found again too."""
    module = _module_of(kind)
    file = _file_of(module)
    return kind.__name__ if module is None or file is None else _written(kind, module, file)


def own_classes(levers: Iterable[tuple[str, Lever]], people: Iterable[type]) -> list[type]:
    """Which of the levers by id and of the classes of people are not policysim's own."""
    from policysim.levers.catalogue import LEVERS  # with their institutions, which take a second to load

    kinds = [type(lever) for key, lever in levers if type(lever) is not LEVERS.get(key)]
    return list(dict.fromkeys([*kinds, *people]))


def edited_file(there: Iterable[type], here: Iterable[type]) -> str:
    """The first file or module whose class of one name is not what it was; empty if there is none."""
    before = dict(_told(kind).split("#") for kind in there if "#" in _told(kind))
    for kind in here:
        name, _, content = _told(kind).partition("#")
        if before.get(name, content) != content:
            return name.rpartition(":")[0]
    return ""


def files_to_keep(kinds: Iterable[type]) -> dict[str, bytes]:
    """The content of the files of these classes by name; raises UserError where one could not be found again later."""
    found: dict[str, bytes] = {}
    for kind in kinds:
        named(kind)
        module = _module_of(kind)
        file = _file_of(module)
        for path in _with_imported(file) if module and file and not _in_package(module) else ():
            content = path.read_bytes()
            if found.setdefault(path.name, content) != content:
                raise UserError(f"two files of one's own are called {path.name}: rename one")
    return found


def _module_of(kind: type) -> ModuleType | None:
    return sys.modules.get(kind.__module__)


def _file_of(module: ModuleType | None) -> Path | None:
    file = getattr(module, "__file__", None)
    return Path(file) if file and Path(file).is_file() else None


def _in_package(module: ModuleType) -> bool:
    return "." in module.__name__


def _has_changed(kind: type, module: ModuleType, file: Path) -> bool:
    """Whether a file was edited while its class was in use. Of an ordinary import only what its functions do is known."""
    if module.__name__.startswith(LOADED_AS):
        return _content_in_use(module, file) != content_of(file)
    there = set(_codes(compile(file.read_bytes(), str(file), "exec")))
    functions = [value for value in vars(kind).values() if inspect.isfunction(value)]
    return any(each.__code__ not in there for each in functions if each.__code__.co_filename == str(file))


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


def _content_in_use(module: ModuleType, file: Path) -> str:
    """What stood in a file when it was loaded here; of an ordinary import what stands in it now."""
    if module.__name__.startswith(LOADED_AS):
        return module.__name__.removeprefix(LOADED_AS).partition("_")[0]
    return content_of(file)


def _is_guarded(file: Path) -> bool:
    """Whether a program keeps what it runs under `if __name__ == "__main__":`."""
    tree = ast.parse(file.read_bytes())
    return any(isinstance(part, ast.If) and "__name__" in ast.unparse(part.test) for part in tree.body)


def content_of(file: Path) -> str:
    """A name for what stands in a file of Python and in those beside it that it imports."""
    whole = hashlib.sha256()
    for path in _with_imported(file):
        whole.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return whole.hexdigest()[:16]


def _with_imported(file: Path) -> list[Path]:
    """A file, and those beside it that it or they import, by name."""
    found, left = {file.name: file}, [file]
    while left:
        for path in _imported_beside(left.pop()):
            if path.name not in found:
                found[path.name] = path
                left.append(path)
    return [file, *(found[name] for name in sorted(found) if name != file.name)]


def _imported_beside(file: Path) -> list[Path]:
    """The files beside it that a file imports itself, by name."""
    paths = (file.parent / f"{name}.py" for name in sorted(_imported(file)))
    return [path for path in paths if path.is_file()]


def _imported(file: Path) -> set[str]:
    """The first parts of what a file imports; none where it is not Python."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module.partition(".")[0]} if node.module else {alias.name for alias in node.names}
    return names


# ---------------------------------------------------------------- from a name to the class


def own_class(written: object) -> type:
    """The class that is named so; raises UserError where it is not found, or not as it was."""
    match = WRITTEN.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise UserError(f"{HOW}, not {shown(written)}")
    where, name, content = match["where"], match["name"], match["content"]
    module = _from_file(where, content) if where.endswith(".py") else _imported_module(where, name, content)
    kind = getattr(module, name, None)
    if not isinstance(kind, type):
        classes = [each for each, value in vars(module).items() if isinstance(value, type)]
        raise UserError(f"there is no class {name!r} in {where}{nearest(name, classes)}")
    return kind


def _from_file(where: str, content: str | None) -> ModuleType:
    """The module of a file: as it is loaded already, or loaded from wherever it is found with this content."""
    there = [path for path in _candidates(where) if path.is_file()]
    contents = {path.resolve(): content_of(path) for path in there}
    for module in list(sys.modules.values()):
        file = _file_of(module)
        if file is None or file.name != Path(where).name:
            continue
        found = _content_in_use(module, file)
        if found == content or (content is None and contents.get(file.resolve()) == found):
            return module
    for path, found in contents.items():
        if content in (None, found):
            return _loaded(path, found)
    if there:
        raise UserError(
            f"{there[0]} has changed since the scenario was written: put it back as it was, or leave out '#{content}' to "
            "take it as it is now"
        )
    folders = " or ".join(dict.fromkeys(str(path.parent) for path in _candidates(where)))
    raise UserError(f"there is no file {where} in {folders}: put it there, or beside the file that names it")


def _candidates(where: str) -> list[Path]:
    """Where a file of one's own may lie: kept beside the scenario, beside it otherwise, or in the present folder."""
    near = _near.get()
    folders = [near / KEPT, near, Path.cwd()] if near is not None else [Path.cwd()]
    return list(dict.fromkeys((folder / where).absolute() for folder in folders))


def _imported_module(where: str, name: str, content: str | None) -> ModuleType:
    try:
        module = importlib.import_module(where)
    except Exception as error:  # noqa: BLE001 - a module of anybody may raise anything when it is imported
        raise UserError(f"{where}, the module of class {name}, cannot be imported: {_reason(error)}") from None
    file = _file_of(module)
    if content is not None and (file is None or content_of(file) != content):
        raise UserError(
            f"{file or where} has changed since the scenario was written: put it back as it was, or leave out "
            f"'#{content}' to take it as it is now"
        )
    return module


def load_file(file: Path) -> ModuleType:
    """The module of a file, which is run, under a name that no other module has; raises UserError.

    A file that is as it was when it was loaded before gives the same module: its classes are then still the same.
    """
    content = content_of(file)
    known = sys.modules.get(_name_of(file, content))
    found = _file_of(known)
    return known if known and found and found.resolve() == file.resolve() else _loaded(file, content)


def _name_of(file: Path, content: str) -> str:
    return f"{LOADED_AS}{content}_{file.stem}"


def _loaded(file: Path, content: str) -> ModuleType:
    """Run a file as a module of a name of its own, and what it imports from beside it likewise: so its classes are found too."""
    name = _name_of(file, content)
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    neighbours = _imported_beside(file)
    before = {path.stem: sys.modules[path.stem] for path in neighbours if path.stem in sys.modules}
    sys.modules[name] = module
    sys.path.insert(0, str(file.parent))
    try:
        sys.modules.update({path.stem: load_file(path) for path in neighbours})
        spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, UserError) or not isinstance(error, Exception | SystemExit):
            raise
        if isinstance(error, SystemExit):
            raise UserError(f"{file} cannot be loaded: {_reason(error)}") from None
        raise not_loaded(file, error) from None
    finally:
        sys.path.remove(str(file.parent))
        for path in neighbours:
            sys.modules.pop(path.stem, None)
        sys.modules.update(before)
    return module


def _reason(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {error.msg}"
    return f"{type(error).__name__}: {error}"


def files_needed(pickled: bytes) -> dict[str, Path]:
    """The files, by the names of their modules, whose classes stand in something pickled: loaded before it is read."""
    needed = (name for name in list(sys.modules) if name.startswith(LOADED_AS) and name.encode() in pickled)
    files = {name: _file_of(sys.modules[name]) for name in needed}
    return {name: file for name, file in files.items() if file is not None}


def load_again(files: dict[str, Path]) -> None:
    """Load in this process what another has loaded; raises UserError, also where a file is no longer what it was."""
    for name, file in files.items():
        if name in sys.modules:
            continue
        content = content_of(file) if file.is_file() else ""
        if _name_of(file, content) != name:
            raise UserError(f"{file} has changed while its classes were in use: put it back, or begin again")
        _loaded(file, content)


# ---------------------------------------------------------------- as values of a scenario and a regime


def lever_class(settings: Any) -> tuple[type[Lever], dict[str, Any]] | None:
    """The class that a lever's table names, and the rest of the table; None where it names none. Raises UserError."""
    if not isinstance(settings, dict) or CLASS not in settings:
        return None
    kind = own_class(settings[CLASS])
    if not issubclass(kind, Lever):
        raise UserError(f"{kind.__name__} is no Lever: derive it from policysim.rules.Lever")
    return kind, {key: value for key, value in settings.items() if key != CLASS}


def _tables(levers: dict[str, Lever], usual: Callable[[Any], Any]) -> dict[str, Any]:
    """Levers as tables; one of one's own says which class reads it."""
    from policysim.levers.catalogue import LEVERS

    own = {key: _told(type(lever)) for key, lever in levers.items() if type(lever) is not LEVERS.get(key)}
    return {key: ({CLASS: own[key]} if key in own else {}) | table for key, table in usual(levers).items()}


def _people(value: Any) -> tuple[type, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        raise at_key(f"people_classes must be a list of classes, not {shown(value)}")
    try:
        kinds = tuple(item if isinstance(item, type) else own_class(item) for item in value)
        from policysim.agents.roles import roles_with
        from policysim.counts.declared import outcomes_in

        roles_with(kinds)
        outcomes_in(kinds)
    except UserError as error:
        raise at_key(error) from None
    return kinds or None


def _people_told(kinds: tuple[type, ...] | None) -> list[str] | None:
    return None if kinds is None else [_told(kind) for kind in kinds]


Levers = Annotated[dict[str, SerializeAsAny[Lever]], WrapSerializer(_tables)]
"""Levers by id."""

PeopleClasses = Annotated[tuple[type, ...] | None, BeforeValidator(_people), PlainSerializer(_people_told)]
"""Subclasses of YoungPerson, Adult and DependentUser, or their names."""
