"""What is wrong with a file or a setting, told in one line with file, line, key and what is allowed.

Pydantic finds the fault; this module says it. A validator that knows better than pydantic what is wrong (an unknown
place, a parameter out of range) raises `at_key(...)`, so that the message keeps the key it belongs to.
"""

import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from inspect import isclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from policysim.errors import UserError, nearest
from policysim.reading import read_text
from policysim.vocabulary.reasons import MUST, reason, shown

Keys = tuple[str | int, ...]

SAID = "said"
"""The type of a fault whose message is already written."""

KEY_LINE = re.compile(r"""\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
HEADER_LINE = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(#.*)?$")
"""Both take time in proportion to a line, whatever stands on it: a page reads files that strangers wrote."""
KEY_PART = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)\s*\.?""")


@dataclass(frozen=True)
class Source:
    """Where values come from, for whoever has to put them right: a file, and what was given on top of it."""

    file: str = ""
    text: str = ""
    """What stands in the file."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Keys that did not come from the file, and what they are called where they were given: years, `--years`."""

    def told(self, keys: Keys, message: str) -> str:
        """The message with the place of its fault: file and line, or the name under which the value was given."""
        if keys and keys[0] in self.given:
            return self._by_name(str(keys[0]), message)
        line = line_of(self.text, keys) if self.text else None
        where = ", line ".join(filter(None, (self.file, str(line) if line else "")))
        return f"{where}: {message}" if where else message

    def _by_name(self, key: str, message: str) -> str:
        """The message in the words of who gave the value: `--years must be ...`; what is quoted stays as it is."""
        for name, called in self.given.items():
            if name == key or "_" in name:  # another key of one word, such as people, may be meant as a word
                message = re.sub(rf"(?<![\w'.-]){re.escape(name)}(?![\w'.-])", called, message)
        called = self.given[key]
        return message if called in message else f"{called}: {message}"


NOWHERE = Source()
"""The source of values that a program gives."""


def file_at(path: str | Path | Traversable) -> Path | Traversable:
    """A file by its path, which may be plain text; raises UserError for what is no path."""
    if isinstance(path, str):
        return Path(path)
    if not isinstance(path, Path | Traversable):
        raise UserError(f"a file is given by its path, not as {shown(path)}")
    return path


def read_toml(path: Path | Traversable) -> tuple[dict[str, Any], Source]:
    """The tables of a TOML file and where they stand; raises UserError if it is missing, empty, no text or cut short."""
    text = read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path} is not valid TOML, or was cut short: {error}") from None
    except RecursionError:
        raise UserError(f"{path} is not valid TOML: its lists are nested too deeply") from None
    except ValueError:  # Python reads no number of thousands of digits
        digits = re.search(rf"\d[\d_]{{{sys.get_int_max_str_digits()},}}", text)
        line = f", line {text.count(chr(10), 0, digits.start()) + 1}" if digits else ""
        raise UserError(f"{path}{line}: a number has more digits than can be read") from None
    if not data:  # with nothing but comments too: what was cut short must not be read as all defaults
        raise UserError(f"{path} is empty" + (" but for comments" if text.strip() else ""))
    return data, Source(str(path), text)


def at_key(message: str | UserError, *keys: str | int) -> PydanticCustomError:
    """A fault with its message, to be raised in a pydantic validator; `keys` lead on from the validated field."""
    return PydanticCustomError(SAID, "{message}", {"message": str(message), "keys": keys})


def fault_of(error: ValidationError, model: type[BaseModel]) -> tuple[Keys, str]:
    """The keys that lead to the first fault, and its message without the file's name."""
    # A misspelt key is also missing under its right name: the first is the one to tell.
    first = min(error.errors(include_url=False), key=lambda fault: fault["type"] != "extra_forbidden")
    context = first.get("ctx", {})
    if first["type"] == SAID:
        return (*first["loc"], *context["keys"]), context["message"]
    return first["loc"], _message(first, model)


def user_error(error: ValidationError, model: type[BaseModel], source: Source, under: Keys = ()) -> UserError:
    """The first fault of a validation as a UserError; `under` are the keys beneath which the values stand in a file."""
    keys, message = fault_of(error, model)
    return UserError(source.told((*under, *keys), message))


def _message(fault: ErrorDetails, model: type[BaseModel]) -> str:
    keys = fault["loc"]
    key = ".".join(part for part in keys if isinstance(part, str))
    if fault["type"] == "extra_forbidden":
        allowed = list(_owner(model, keys).model_fields)
        return f"there is no key {key!r} (keys are {', '.join(allowed)}){nearest(str(keys[-1]), allowed)}"
    if fault["type"] == "missing":
        return f"the key {key!r} is missing"
    must = MUST.get(fault["type"])
    if keys[-1:] == ("[key]",):  # pydantic's word for the name of an entry, in place of its value
        return f"the names in {key.removesuffix('.[key]')} {must or fault['msg']}, not {shown(fault['input'])}"
    return f"{key} {reason(fault, as_they_are=key.endswith('start_year'))}".strip()


def _owner(model: type[BaseModel], keys: Keys) -> type[BaseModel]:
    """The model whose key the last of `keys` would be."""
    for part in keys[:-1]:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            inside = [
                kind for kind in (annotation, *get_args(annotation)) if isclass(kind) and issubclass(kind, BaseModel)
            ]
            model = inside[0] if inside else model
    return model


# ---------------------------------------------------------------- lines of a TOML text


def line_of(text: str, keys: Sequence[str | int]) -> int | None:
    """The line, counted from 1, of the key that `keys` lead to, or of the nearest table or key that holds it."""
    best, found = 0, None
    for number, path in _keys_by_line(text):
        if len(path) > best and tuple(keys[: len(path)]) == path:
            best, found = len(path), number
    return found


def _keys_by_line(text: str) -> list[tuple[int, Keys]]:
    """Every line that names a key or a table, with the keys that lead to it; tables in a list are numbered."""
    counts: dict[tuple[str, ...], int] = {}
    table: Keys = ()
    lines: list[tuple[int, Keys]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        header = HEADER_LINE.match(line)
        key = KEY_LINE.match(line)
        if key:
            lines.append((number, (*table, *_parts(key[1]))))
        elif header:
            names = _parts(header[2])
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
            table = _numbered(names, counts)
            lines.append((number, table))
    return lines


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in KEY_PART.findall(dotted))


def _numbered(names: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> Keys:
    """The names with the number of the present table after each that is a list of tables."""
    path: list[str | int] = []
    for k, name in enumerate(names, start=1):
        path.append(name)
        if names[:k] in counts:
            path.append(counts[names[:k]])
    return tuple(path)
