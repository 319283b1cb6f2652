"""A regime as a file and as a link: what comes from elsewhere is data, and is judged by the project's own readers."""

import base64
import binascii
import io
import json
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import PurePath
from typing import Any

import tomli_w

from policysim.errors import UserError
from policysim.scenarios.faults import Source, read_toml
from policysim.scenarios.own_classes import CLASS
from policysim.scenarios.regime import Regime, load_regime, regime_from

HEADING = "# A regime for policysim: 'policysim compare --regimes status-quo,{}.toml' sets it against the status quo.\n"
LARGEST_FILE = 64_000
"""Bytes of a file that is taken in; the largest regime, every lever with all its settings, has 10,000."""
LONGEST_LINE = 5_000
LONGEST_LINK = 12_000
"""Letters of a regime in a link; browsers take more, what mail and chat do to longer ones is less sure."""
MARK = "regime="
"""Before a regime in the part of an address behind #, which no browser sends to anybody."""


# --- files ------------------------------------------------------------------------------------------------------------
def to_toml(regime: Regime) -> str:
    """A file of the regime with every setting written out; reading it gives an equal regime."""
    table = regime.model_dump(mode="json", exclude_none=True)  # TOML has no word for nothing
    table = {key: value for key, value in table.items() if value or key == "levers"}
    return HEADING.format(regime.id) + tomli_w.dumps(table)


class Sent(Traversable):
    """A file that was sent rather than found: a name and bytes, readable wherever a resource of a package is."""

    def __init__(self, name: str, raw: bytes):
        self._name, self._raw = name, raw

    def __str__(self) -> str:
        return self._name

    @property
    def name(self) -> str:
        """As it was called where it was chosen."""
        return self._name

    def read_bytes(self) -> bytes:
        """What was sent."""
        return self._raw

    def open(self, mode: Any = "r", *_args: Any, **_named: Any) -> Any:
        """The same as a stream."""
        return io.BytesIO(self._raw) if "b" in mode else io.StringIO(self._raw.decode())

    def read_text(self, encoding: str | None = None) -> str:
        """The same as text."""
        return self._raw.decode(encoding or "utf-8")

    def joinpath(self, *_parts: Any) -> "Sent":
        """Nothing lies in it or beside it."""
        return self

    def is_file(self) -> bool:
        """It is one."""
        return True

    def is_dir(self) -> bool:
        """It holds no others."""
        return False

    def iterdir(self) -> Iterator[Traversable]:
        """Nothing lies in it."""
        return iter(())


def regime_sent(name: str, raw: bytes) -> Regime:
    """The regime in a file that somebody chose; raises UserError with file, line and key."""
    name = "".join(letter for letter in PurePath(name.replace("\\", "/")).name if letter.isprintable())[-80:]
    name = name or "the file"
    if len(raw) > LARGEST_FILE:
        raise UserError(f"{name} has {len(raw):,} bytes, and a regime at most {LARGEST_FILE:,}: is it another file?")
    for number, line in enumerate(raw.splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            raise UserError(f"{name}, line {number}: it is longer than {LONGEST_LINE:,} letters")
    file = Sent(name, raw)
    data, source = read_toml(file)
    _check_no_code(data, source)
    return load_regime(file)


def _check_no_code(data: Any, source: Source) -> None:
    """Raises UserError for classes of one's own, which are code: the page takes in data and runs nothing that was sent to it."""
    if isinstance(data, dict) and "people_classes" in data:
        message = "people_classes names classes, which are code: 'policysim compare' runs them, this page does not"
        raise UserError(source.told(("people_classes",), message))
    levers = data.get("levers") if isinstance(data, dict) else None
    for key, table in levers.items() if isinstance(levers, dict) else ():
        if isinstance(table, dict) and CLASS in table:
            message = (
                f"lever {key} names a class of its own, which is code: 'policysim compare' runs it, this page does not"
            )
            raise UserError(source.told(("levers", key, CLASS), message))


# --- links ------------------------------------------------------------------------------------------------------------
def to_link(regime: Regime) -> str:
    """What stands behind # in a link to the regime: only what differs from the usual; raises UserError where it is too long."""
    table = regime.model_dump(mode="json", exclude_defaults=True)
    table["levers"] = {
        key: lever.model_dump(mode="json", exclude_defaults=True) for key, lever in regime.levers.items()
    }
    text = json.dumps(table, separators=(",", ":"), ensure_ascii=False)
    code = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    if len(code) > LONGEST_LINK:
        raise UserError("This regime is too long for a link: save it as a file instead.")
    return MARK + code


def regime_linked(link: str) -> Regime:
    """The regime of a link, or of what stands behind # in one; raises UserError."""
    code = link.strip().partition(MARK)[2] if MARK in link else link.strip()
    if len(code) > LONGEST_LINK:
        raise UserError(f"the link has more than {LONGEST_LINK:,} letters, and no regime has so many")
    try:
        text = base64.b64decode(code + "=" * (-len(code) % 4), altchars="-_", validate=True).decode()
        data = json.loads(text)
    except (binascii.Error, ValueError, RecursionError):
        raise UserError("the link holds no regime, or was cut short: copy the whole of it") from None
    source = Source("the link")
    if not isinstance(data, dict):
        raise UserError("the link holds no regime, or was cut short: copy the whole of it")
    _check_no_code(data, source)
    return regime_from(data, source)
