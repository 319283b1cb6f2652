"""The ids of the levers, which their files are named by, told without loading any: they bring their institutions."""

from functools import cache
from pkgutil import iter_modules

from policysim import levers
from policysim.errors import UserError, nearest


@cache
def lever_ids() -> tuple[str, ...]:
    """The id of every lever, group by group."""
    groups = sorted(part.name for part in iter_modules(levers.__path__) if part.ispkg)
    folders = [[f"{folder}/{group}" for folder in levers.__path__] for group in groups]
    return tuple(id for folder in folders for id in sorted(part.name for part in iter_modules(folder)))


def check_lever_id(id: str) -> None:
    """Raises UserError with the nearest valid id."""
    if id not in lever_ids():
        raise UserError(f"there is no lever {id!r}{nearest(id, lever_ids())} ('policysim levers' lists them)")
