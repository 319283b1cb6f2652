"""What a command of policysim printed, and the type of the fixture that runs one."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple


class Said(NamedTuple):
    """What a command printed and the code it ended with."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of its JSON, and a check that there is nothing else."""
        found = json.loads(self.out)
        assert self.code == 0 and "rows" in found
        return found["rows"]


Command = Callable[..., Said]
