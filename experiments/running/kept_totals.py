"""A folder of runs of which only the totals over the horizon are kept: a small file each, written as the run ends.

    DIR/settings.json     what all runs in it share: place, scale, years, numbers, version of the model
    DIR/runs/             SEED-REGIME.json: the levers that were pulled, and every outcome over the horizon
    DIR/errors/           why a run failed
    DIR/scenario.toml     and other files beside them: what the design makes of the runs

For designs of many runs, of which a comparison's folder would hold far more than anybody reads. A run is known by its seed and by
the levers of its regime with their settings, however the regime is called: whoever asks for the same again finds it there.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from policysim.errors import UserError
from policysim.experiments.running.files import LEFT_OVER, RUNS_ARE_KEPT, usable, whole_or_not
from policysim.experiments.running.lock import LOCK
from policysim.experiments.running.plan import Run
from policysim.experiments.running.provenance import as_json, stamp
from policysim.experiments.running.settings import difference, shared_settings
from policysim.scenarios.scenario import Scenario

SETTINGS, RUNS, ERRORS = "settings.json", "runs", "errors"
Totals = dict[str, float]
"""Every outcome over the horizon."""


def name_of(levers: dict[str, Any]) -> str:
    """A name for levers with their settings, as a regime's file has them: equal for equal ones, in the same order."""
    return f"levers-{hashlib.sha256(json.dumps(levers).encode()).hexdigest()[:16]}"


@dataclass(frozen=True)
class KeptTotals:
    """The runs of a scenario in a folder; which regimes and how many seeds it asks for makes no difference."""

    folder: Path
    scenario: Scenario

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What decides a run beside its seed and levers."""
        return {"model": stamp(self.scenario)["model"]} | shared_settings(self.scenario)

    @cached_property
    def mark(self) -> str:
        """A name for that."""
        return hashlib.sha256(as_json(self.settings).encode()).hexdigest()[:16]

    def open(self) -> None:
        """Make the folder ready; raises UserError where it holds other content."""
        path = self.folder / SETTINGS
        with usable(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            others = {entry.name for entry in self.folder.iterdir() if not LEFT_OVER.match(entry.name)} - {LOCK}
            if others and not path.exists():
                raise UserError(f"{self.folder} holds files that are not of such runs; choose another folder")
            if path.exists():
                self._check_same(path)
            (self.folder / RUNS).mkdir(exist_ok=True)
            for part in (self.folder, self.folder / RUNS):
                for left in part.iterdir():
                    if LEFT_OVER.match(left.name):
                        left.unlink(missing_ok=True)
        with whole_or_not(path) as part:
            part.write_text(as_json(self.settings), encoding="utf-8")

    def _check_same(self, path: Path) -> None:
        try:
            there = dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            raise UserError(f"{path} cannot be read: it was cut short or changed") from None
        if there != json.loads(as_json(self.settings)):
            told = difference(there, json.loads(as_json(self.settings)))
            raise UserError(f"{self.folder} holds runs with other settings ({told}); choose another folder")

    def path(self, run: Run) -> Path:
        """Where a run is kept."""
        return self.folder / RUNS / f"{run.name}.json"

    def kept(self, run: Run) -> Totals | None:
        """What a run came to, if it is there, whole, and of this scenario."""
        try:
            found = json.loads(self.path(run).read_text(encoding="utf-8"))
            return dict(found["totals"]) if found["mark"] == self.mark else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, run: Run, levers: list[str], totals: Totals) -> None:
        """Write down a finished run."""
        with whole_or_not(self.path(run), also=RUNS_ARE_KEPT) as part:
            part.write_text(json.dumps({"mark": self.mark, "levers": levers, "totals": totals}), encoding="utf-8")

    def keep_error(self, run: Run, text: str) -> Path:
        """Write down why a run failed, with all that is known."""
        path = self.folder / ERRORS / f"{run.name}.txt"
        path.parent.mkdir(exist_ok=True)
        with whole_or_not(path) as part:
            part.write_text(text, encoding="utf-8")
        return path
