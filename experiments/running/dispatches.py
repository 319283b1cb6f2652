"""What a task in another process has found so far, handed over while it goes on: it appends to a file, whoever waits reads on.

As with the board of progress both sides open a small file, which serves workers of any pool and needs nothing kept open.
"""

import os
import pickle
import struct
import tempfile
import weakref
from pathlib import Path
from typing import Any

from policysim.errors import UserError
from policysim.experiments.running.progress import RunStoppedError

LENGTH = struct.Struct("<q")
"""Before each dispatch: how many bytes it has."""


class Desk:
    """Where a task hands in what it has found; it may be given to another process."""

    def __init__(self, path: str):
        self.path = path

    def send(self, found: Any) -> None:
        """Hand in something that can be pickled; raises RunStoppedError where nobody waits for it any more."""
        pickled = pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL)
        try:
            # Not made anew: whoever no longer waits has removed it.
            number = os.open(self.path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
        except FileNotFoundError:
            raise RunStoppedError from None
        with os.fdopen(number, "ab") as file:
            file.write(LENGTH.pack(len(pickled)) + pickled)


class Dispatches:
    """What came in at a desk of one's own, in the order in which it was sent."""

    def __init__(self) -> None:
        try:
            number, self.path = tempfile.mkstemp(prefix="policysim-", suffix=".dispatches")
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise UserError(f"no file can be made in the folder for temporary files: {why}") from None
        os.close(number)
        self._read = 0
        self._forget = weakref.finalize(self, Path(self.path).unlink, missing_ok=True)

    @property
    def desk(self) -> Desk:
        """What the sender is given."""
        return Desk(self.path)

    def new(self) -> list[Any]:
        """What has come in since this was last asked; a dispatch that is half written waits for the next time."""
        try:
            with open(self.path, "rb") as file:
                file.seek(self._read)
                data = file.read()
        except FileNotFoundError:
            return []
        found, at = [], 0
        while len(data) - at >= LENGTH.size:
            (length,) = LENGTH.unpack_from(data, at)
            end = at + LENGTH.size + length
            if end > len(data):
                break
            found.append(pickle.loads(data[at + LENGTH.size : end]))
            at = end
        self._read += at
        return found

    def close(self) -> None:
        """Nobody waits any more; safe to call twice."""
        self._forget()
