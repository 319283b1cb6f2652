"""A saved model in a file: arrays and plain values, never objects that run when they are read.

The file is a zip of `.npy` arrays, which np.load reads too (with a larger `max_header_size`), and of `model.json`.
Whatever differs from that, or comes from other sources, is refused in one sentence. Classes and functions stand in it by
module and name; classes also by their source, so that a file never goes on with other rules.
"""

import dataclasses
import enum
import importlib
import inspect
import io
import json
import lzma
import os
import struct
import tempfile
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from policysim.errors import UserError
from policysim.levers.catalogue import LEVERS
from policysim.levers.lever import Lever
from policysim.model.arguments import Arguments
from policysim.model.kept import Kept, is_whole
from policysim.model.reporters import of_last_week
from policysim.model.sources import class_hash, model_hash
from policysim.scenarios.faults import file_at
from policysim.scenarios.regime import Regime
from policysim.world.authorities import as_row, authorities_of
from policysim.world.places import Place, find_place

if TYPE_CHECKING:
    from policysim.model.drug_policy_model import DrugPolicyModel

FORMAT = 1
ABOUT = "model.json"
TITLE = "a policysim model"
LONGEST_HEADER = 100_000
"""Letters that name the fields of a record: people and the world have more of them than numpy takes unasked."""
QUICK = 1
"""How hard the arrays are pressed together: they are mostly zeros, so that little work does most of it."""
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, LookupError, TypeError, ValueError,
    AttributeError, RuntimeError, SyntaxError, tokenize.TokenError,
)  # fmt: skip
"""What a file can raise that was cut short or changed, the last few where only its heads of parts were."""


def write(path: str | Path, kept: Kept, rest: dict[str, Any]) -> None:
    """Keep a model in a file, which is there whole or as it was before; raises UserError."""
    file = Path(str(file_at(path)))
    about, arrays = described(kept, rest)
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
            try:
                _pack(part, about, arrays)
                part.close()
                os.replace(part.name, file)
            except BaseException:
                os.unlink(part.name)
                raise
    except OSError as error:
        raise UserError(f"the model cannot be saved in {file}: {error.strerror or error}") from None


def described(kept: Kept, rest: dict[str, Any]) -> tuple[str, dict[str, np.ndarray]]:
    """A model as the text of `model.json` and the arrays beside it; raises UserError for what neither can hold."""
    arrays = dict(kept.arrays)
    about = {
        "file": TITLE,
        "format": FORMAT,
        "source": kept.source,
        "class": _named(kept.kind),
        "people_classes": [_named(kind) for kind in kept.people_classes],
        "counting": [_named(kind) for kind in kept.counting],
        "told": _settings(kept.told),
        "week": kept.week,
        "week_counted": kept.week_counted,
        "rest": {name: _plain(value, name, arrays) for name, value in rest.items()},
    }
    return json.dumps(about), arrays


def _pack(file: Any, about: str, arrays: dict[str, np.ndarray]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICK) as pack:
        pack.writestr(ABOUT, about)
        for name, array in arrays.items():
            with pack.open(f"{name}.npy", "w", force_zip64=True) as inside:
                np.lib.format.write_array(inside, np.asanyarray(array), allow_pickle=False)


def read(path: str | Path, kind: "type[DrugPolicyModel]") -> tuple[Kept, dict[str, Any]]:
    """What was kept in a file; raises UserError where it is none of this version, damaged, or of another class."""
    file = Path(str(file_at(path)))
    try:
        with zipfile.ZipFile(file) as pack:
            return undescribed(pack.read(ABOUT), _unpacked(pack), kind, str(file))
    except FileNotFoundError:
        raise UserError(f"there is no file {file}") from None
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror or error}") from None
    except DAMAGED:
        raise UserError(f"{file} is not a saved model, or it is damaged or was cut short") from None


def _unpacked(pack: zipfile.ZipFile) -> Iterator[tuple[str, np.ndarray]]:
    for name in pack.namelist():
        if name != ABOUT:
            inside = io.BytesIO(pack.read(name))  # all of it, as only its end tells whether it is as it was written
            array = np.lib.format.read_array(inside, False, max_header_size=LONGEST_HEADER)
            yield name.removesuffix(".npy"), array


def undescribed(
    text: str | bytes, given: Iterator[tuple[str, np.ndarray]], kind: "type[DrugPolicyModel]", file: str
) -> tuple[Kept, dict[str, Any]]:  # fmt: skip
    """What was described, of the text and the arrays that are given with their names; raises what stands in `DAMAGED`."""
    about = json.loads(text)
    if about["file"] != TITLE:
        raise ValueError
    if about["format"] != FORMAT:
        raise UserError(f"{file} is of format {about['format']}; this policysim reads saved models of format {FORMAT}")
    found = _class(about["class"], file)
    if not issubclass(found, kind):
        raise UserError(f"{file} holds a {found.__name__}, which is not a {kind.__name__}: use {found.__name__}.load")
    arrays = dict(given)
    own, counting = (tuple(_class(one, file) for one in about.get(key, ())) for key in ("people_classes", "counting"))
    rest = {name: _value(value, arrays, file) for name, value in about["rest"].items()}
    told = Arguments.read(_told(about["told"], file))
    kept = Kept(found, told, own, counting, about["source"], about["week"], about["week_counted"], arrays)
    if kept.source == model_hash() and not is_whole(kept, rest):
        raise ValueError
    return kept, rest


# --- what a model was told --------------------------------------------------------------------------------------------
def _settings(told: Arguments) -> dict[str, Any]:
    regime = told.regime
    levers = {
        key: {"class": None if type(lever) is LEVERS.get(key) else _named(type(lever)), "settings": lever.model_dump(mode="json")}
        for key, lever in regime.levers.items()
    }  # fmt: skip
    return told.model_dump(mode="json", exclude={"regime", "place"}) | {
        "place": {"id": told.place.id, "authorities": _own_authorities(told.place)},
        "regime": regime.model_dump(exclude={"levers"}) | {"levers": levers},
    }


def _own_authorities(place: Place) -> list[dict[str, Any]]:
    """The rows of a place of somebody's own table; none of a shipped place."""
    try:
        shipped = find_place(place.id) == place
    except UserError:
        shipped = False
    return [] if shipped else [as_row(authority) for authority in place.authorities]


def _told(settings: dict[str, Any], file: str) -> dict[str, Any]:
    regime = dict(settings["regime"])
    regime["levers"] = {
        key: _lever(_class(lever["class"], file), lever["settings"]) if lever["class"] else lever["settings"]
        for key, lever in regime["levers"].items()
    }
    rows = settings["place"]["authorities"]
    own = authorities_of((f"row {k} of its places", row) for k, row in enumerate(rows, start=1))
    return settings | {"regime": Regime.read(regime), "place": find_place(settings["place"]["id"], own)}


def _lever(kind: type, settings: dict[str, Any]) -> Lever:
    if not issubclass(kind, Lever):
        raise TypeError
    return kind.model_validate(settings)


# --- classes and functions, by name -----------------------------------------------------------------------------------
def _named(thing: Any) -> dict[str, str]:
    """A class or function by module and name, a class with a hash of its source; raises UserError where it has none."""
    module, name = thing.__module__, thing.__qualname__
    if _found(module, name) is not thing:
        raise UserError(
            f"{name} cannot be named in a file, since it does not stand at the top of the module {module}: move it there"
        )
    return {"named": f"{module}:{name}", "hash": class_hash(thing) if inspect.isclass(thing) else ""}


def _class(named: dict[str, str], file: str) -> type:
    found = _thing(named, file)
    if not inspect.isclass(found):
        raise TypeError
    return found


def _thing(named: dict[str, str], file: str) -> Any:
    module, _, name = named["named"].partition(":")
    found = _found(module, name)
    if found is None:
        raise UserError(
            f"{file} needs {name} from the module {module}, which is not there; import what defines it first"
        )
    if not (inspect.isclass(found) or inspect.isfunction(found)):
        raise TypeError
    if inspect.isclass(found) and class_hash(found) != named["hash"]:
        raise UserError(
            f"{file} was saved with another {name} than the module {module} now has: it can only go on with that"
        )
    return found


def _found(module: str, name: str) -> Any:
    try:
        found: Any = importlib.import_module(module)
    except ImportError:
        return None
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


# --- plain values -----------------------------------------------------------------------------------------------------
def _plain(value: Any, where: str, arrays: dict[str, np.ndarray]) -> Any:
    """A value as JSON has it, arrays put beside it; raises UserError for what would have to be an object."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, enum.IntEnum | int):
        return int(value)
    if isinstance(value, float) and not isinstance(value, np.generic):
        return float(value)
    if isinstance(value, np.ndarray | np.generic) and not value.dtype.hasobject:
        name = f"{where} {len(arrays)}"
        arrays[name] = np.asarray(value)
        return {"array" if isinstance(value, np.ndarray) else "number": name}
    if isinstance(value, list | tuple):
        items = [_plain(item, f"{where}[{k}]", arrays) for k, item in enumerate(value)]
        return {"list" if isinstance(value, list) else "tuple": items}
    if isinstance(value, dict):
        pairs = [(_plain(key, where, arrays), _plain(item, f"{where}.{key}", arrays)) for key, item in value.items()]
        return {"table": pairs}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {"record": _named(type(value)), "fields": _plain(fields, where, arrays)}
    if isinstance(value, partial) and value.func is of_last_week and len(value.args) == 1:
        return {"outcome": value.args[0]}
    if inspect.isclass(value) or (inspect.isfunction(value) and "<" not in value.__qualname__):
        return _named(value)
    raise UserError(
        f"a file cannot hold {where}, a {type(value).__name__}: it holds numbers, text, lists, tables and arrays, and names "
        "functions and classes that stand in a module; copy.deepcopy keeps everything"
    )


def _value(value: Any, arrays: dict[str, np.ndarray], file: str) -> Any:
    if not isinstance(value, dict):
        return value
    if "named" in value:
        return _thing(value, file)
    if "record" in value:
        kind = _class(value["record"], file)
        if not dataclasses.is_dataclass(kind):
            raise TypeError
        return kind(**_value(value["fields"], arrays, file))
    ((what, inside),) = value.items()
    if what == "table":
        return {_value(key, arrays, file): _value(item, arrays, file) for key, item in inside}
    if what in ("list", "tuple"):
        return {"list": list, "tuple": tuple}[what](_value(item, arrays, file) for item in inside)
    if what == "outcome":
        return partial(of_last_week, inside)
    return arrays.pop(inside) if what == "array" else arrays.pop(inside)[()]
