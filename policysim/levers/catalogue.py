"""Every lever by id, found where it lies: a new lever is a file in the folder of its group, and a line in no list."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from policysim import levers
from policysim.errors import UserError
from policysim.levers.lever import Lever


def levers_in(package: ModuleType) -> dict[str, type[Lever]]:
    """The levers that lie in the folders of a package, group by group, in the order of their names.

    Raises UserError for a file that does not hold one lever with the file's name as id and the folder's as group, and
    for an id that stands twice.
    """
    found: dict[str, type[Lever]] = {}
    for folder, is_group in _inside(package):
        if not is_group:
            continue
        for module, _ in _inside(folder):
            lever = _lever_of(module, folder)
            if lever.id in found:
                raise UserError(f"{module.__file__}: {found[lever.id].__module__} has the lever {lever.id!r} already")
            found[lever.id] = lever
    return found


def _inside(package: ModuleType) -> Iterator[tuple[ModuleType, bool]]:
    """The modules that lie in a package, each with whether it is a package itself."""
    for part in sorted(pkgutil.iter_modules(package.__path__), key=lambda part: part.name):
        yield importlib.import_module(f"{package.__name__}.{part.name}"), part.ispkg


def _lever_of(module: ModuleType, folder: ModuleType) -> type[Lever]:
    """The one lever that a file holds."""
    held = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Lever) and value.__module__ == module.__name__
    ]
    if len(held) != 1:
        raise UserError(f"{module.__file__} holds {len(held)} levers; a file of a lever holds one")
    (lever,) = held
    name, group = (part.__name__.rpartition(".")[2] for part in (module, folder))
    for what, meant in (("id", name), ("group", group.replace("_", " "))):
        given = getattr(lever, what, None)
        if given != meant:
            raise UserError(
                f"{module.__file__}: the {what} of {lever.__name__} is {given!r}; where it lies it is {meant!r}"
            )
    return lever


LEVERS: dict[str, type[Lever]] = levers_in(levers)
