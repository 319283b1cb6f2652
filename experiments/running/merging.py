"""The runs of two folders in one: as runs are found by their content, it is enough to copy those that are not there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policysim.errors import UserError
from policysim.experiments.running.anywhere import FolderError
from policysim.experiments.running.content_ids import is_whole
from policysim.experiments.running.run_file import DAMAGED, read_bytes

if TYPE_CHECKING:
    from policysim.experiments.running.sweep_store import SweepStore


@dataclass(frozen=True)
class Merged:
    """What became of the runs of the other folder."""

    added: int
    there: int
    damaged: int


def merge(store: "SweepStore", other: "SweepStore") -> Merged:
    """Copy the runs of another folder; raises UserError where it is of another build, or where a run is there twice and differs.

    Nothing is copied then. Damaged files are left where they are.
    """
    if store.folder.is_same_as(other.folder):
        raise UserError(f"{other.folder} is the folder itself: name the one that is to be added to it")
    if store.build != other.build:
        raise UserError(
            f"{other.folder} holds runs of another build of the model ({other.build} there, {store.build} in {store.folder}): "
            "what they found is not to be mixed"
        )
    mine, theirs = store.files(), other.files()
    _check_alike(store, other, [id for id in theirs if id in mine and _name(mine[id]) != _name(theirs[id])])
    new = [name for id, name in theirs.items() if id not in mine]
    damaged = 0
    for name, content in other.folder.read_each(new):
        if content is None or not is_whole(name, content):
            damaged += 1
            continue
        store.folder.write(name, content)
    for name in other.folder.names("failures"):
        content = other.folder.read(name)
        if content is not None and store.folder.read(name) is None:
            store.folder.write(name, content)
    store.forget_failures()
    told = store.manifest()
    both = [*told.get("invocations", []), *other.manifest().get("invocations", [])]
    unique = [one for k, one in enumerate(both) if one not in both[:k]]
    store.write_manifest(told.get("design", {}), unique)
    return Merged(len(new) - damaged, len(theirs) - len(new), damaged)


def _check_alike(store: "SweepStore", other: "SweepStore", ids: list[str]) -> None:
    """Raises UserError where a run is sound in both folders and holds other numbers."""
    mine, theirs = store.files(), other.files()
    differ = []
    for id in ids:
        one, two = store.folder.read(mine[id]), other.folder.read(theirs[id])
        if one is None or two is None or not is_whole(mine[id], one) or not is_whole(theirs[id], two):
            continue
        try:  # versions of pyarrow may write the same table in other bytes
            alike = read_bytes(one).to_pandas().equals(read_bytes(two).to_pandas())
        except DAMAGED:
            alike = False
        if not alike:
            differ.append(id)
    if differ:
        raise FolderError(
            f"{len(differ)} of the runs that both {store.folder} and {other.folder} hold differ, the first of them "
            f"{differ[0]}: one build, one scenario and one seed gave two results, so that neither can be trusted; nothing was "
            "merged (please report it, with both files)"
        )


def _name(path: str) -> str:
    return path.rpartition("/")[2]
