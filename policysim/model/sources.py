"""A name for the sources that shape a result: two models of one name go the same way to the bit."""

import hashlib
import inspect
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

MODEL_PARTS = (
    "reading.py",
    "vocabulary",
    "evidence",
    "world",
    "engine",
    "network",
    "agents",
    "levers",
    "counts",
    "model",
)
DATA_PARTS = ("evidence/parameters", "places")


@cache
def model_hash() -> str:
    """Of the model's sources, the registry and the table of places."""
    whole = hashlib.sha256()
    for root, parts, suffix in (("policysim", MODEL_PARTS, ".py"), ("policysim.configs", DATA_PARTS, ".csv")):
        for part in parts:
            for name, file in _files_in(files(root).joinpath(part), part):
                if name.endswith(suffix):
                    whole.update(name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return whole.hexdigest()[:16]


def class_hash(kind: type) -> str:
    """Of a class of somebody's own with those it derives from; nothing where their text cannot be found."""
    own = [part for part in kind.__mro__ if part.__module__.partition(".")[0] not in ("builtins", "mesa", "policysim")]
    try:
        text = "\0".join(inspect.getsource(part) for part in own)
    except (OSError, TypeError):
        return ""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _files_in(place: Traversable, name: str) -> list[tuple[str, Traversable]]:
    if place.is_file():
        return [(name, place)]
    inside = sorted(place.iterdir(), key=lambda entry: entry.name)
    return [found for entry in inside for found in _files_in(entry, f"{name}/{entry.name}")]
