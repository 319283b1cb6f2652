"""What the page was started with, which a browser can read and never change: named on the command line, nowhere else."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

SWEEPS, RULES = "POLICYSIM_APP_SWEEPS", "POLICYSIM_APP_RULES"


@dataclass(frozen=True)
class Started:
    """Folders of sweeps to look into, and a file of rules to try."""

    sweeps: tuple[str, ...] = ()
    rules: str = ""


def start_with(sweeps: Sequence[str] = (), rules: str = "") -> None:
    """Write down, before anything is served, what the page is to show."""
    os.environ[SWEEPS] = json.dumps(list(dict.fromkeys(sweeps)))
    os.environ[RULES] = rules
    started.cache_clear()


@cache
def started() -> Started:
    """As it was written down; nothing where nobody did."""
    return Started(tuple(json.loads(os.environ.get(SWEEPS, "[]"))), os.environ.get(RULES, ""))
