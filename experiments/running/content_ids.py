"""A name for a run by its content: whoever asks for the same run, in whatever design, finds it under the same name.

The content is all that decides the run: the settings of its scenario and its regime, its seed, and the build of the model.
What only chooses among runs (other regimes, how many seeds, a point's number) is not in it, nor are words about a regime.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from policysim.experiments.running.settings import shared_settings
from policysim.model.sources import model_hash
from policysim.scenarios.regime import Regime
from policysim.scenarios.scenario import Scenario

DIGITS = 16
FIRST = "ghijklmnopqrstuv"
"""Instead of the first hexadecimal digit: an id of nothing but digits, or with one "e", is a number to a spreadsheet."""
RUN_ID = re.compile(rf"[{FIRST[0]}-{FIRST[-1]}][0-9a-f]{{{DIGITS - 1}}}")
WORDS = {"name", "summary", "contested"}
"""Keys of a regime that change no run."""


def run_id(scenario: Scenario, regime: Regime | str, seed: int) -> str:
    """The id of one run: a letter and 15 hexadecimal digits. The regime may be named, where it is one of the scenario's."""
    if isinstance(regime, str):
        regime = next(one for one in scenario.regimes if one.id == regime)
    return ids_of(scenario, [regime], [seed])[regime.id, seed]


def ids_of(scenario: Scenario, regimes: Sequence[Regime], seeds: Sequence[int]) -> dict[tuple[str, int], str]:
    """The ids of these runs of a scenario by regime and seed."""
    shared = hashlib.sha256(f"{model_hash()}\n{_text(shared_settings(scenario), in_any_order=True)}\n".encode())
    found = {}
    for regime in regimes:
        levers = shared.copy()
        levers.update(_text(regime.model_dump(mode="json", exclude=WORDS)).encode())
        for seed in seeds:
            whole = levers.copy()
            whole.update(f"\n{seed}".encode())
            digits = whole.hexdigest()[:DIGITS]
            found[regime.id, seed] = FIRST[int(digits[0], base=16)] + digits[1:]
    return found


def content_digest(content: bytes) -> str:
    """What ends the name of a run's file: the first 12 digits of the sha256 of its bytes."""
    return hashlib.sha256(content).hexdigest()[:12]


def is_whole(name: str, content: bytes) -> bool:
    """Whether a run's file is what it was when it was written, by the digest in its name."""
    return name.removesuffix(".parquet").rpartition("-")[2] == content_digest(content)


def _text(settings: dict[str, Any], in_any_order: bool = False) -> str:
    """Settings as text; levers stay in their order, in which institutions are told of them."""
    return json.dumps(settings, sort_keys=in_any_order, separators=(",", ":"))
