"""What a report of a sweep is made of: the folder read once, and every headline outcome over all points."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from policysim.counts.outcomes import Outcome, Shown, headlines
from policysim.experiments.analysis.sweeps.frames import Gathered
from policysim.experiments.analysis.sweeps.overall import Overall, overall
from policysim.experiments.analysis.sweeps.value import NumbersAt
from policysim.experiments.designs.gathered import gathered_in, numbers_at, sweep_in
from policysim.experiments.running.sweep_store import ASKED, POINTS, SWEEP, SweepStore
from policysim.scenarios.sweep import Sweep
from policysim.world.places import Place


@dataclass(frozen=True)
class Found:
    """A sweep and what its folder holds."""

    sweep: Sweep
    swept: Gathered
    states: dict[str, int]
    """Runs that are done, failed or missing."""
    failures: Sequence[dict[str, Any]] = ()
    manifest: dict[str, Any] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    numbers: NumbersAt | None = None

    @property
    def outcomes(self) -> list[Outcome]:
        """The headlines of which the table has the columns."""
        shown = (*headlines(Shown.COMMAND), *self.sweep.scenario.own_outcomes.values())
        return [one for one in shown if set(one.columns) <= set(self.swept.table.columns)]

    @cached_property
    def overall(self) -> dict[str, list[Overall]]:
        """Each of them over all points."""
        return {one.id: overall(self.swept, one) for one in self.outcomes}

    @cached_property
    def places(self) -> dict[str, Place]:
        """The places by id."""
        return {id: self.sweep.scenario_at({"place": id}).where for id in self.swept.places}

    def table(self) -> pd.DataFrame:
        """All of it as rows."""
        return pd.DataFrame([one.row() for found in self.overall.values() for one in found])


def found_in(url: str) -> Found:
    """What a folder holds; raises UserError."""
    sweep = sweep_in(url)
    store = SweepStore.found(url)
    swept = gathered_in(url, sweep)
    states = store.runs()["state"].value_counts().to_dict()
    return Found(
        sweep, swept, {str(name): int(count) for name, count in states.items()}, store.failures(), store.manifest(),
        _hashes(store), numbers_at(sweep, swept.points),
    )  # fmt: skip


def _hashes(store: SweepStore) -> dict[str, str]:
    """SHA-256 of the design's files; of the runs that are asked for, one of their names, which hold digests of their bytes."""
    contents = {name: store.folder.read(name) for name in (SWEEP, POINTS, ASKED)}
    found = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items() if content is not None}
    wanted = set(store.asked()["run"])
    names = sorted(name.rpartition("/")[2] for run, name in store.files().items() if run in wanted)
    return found | {f"the names of {len(names)} runs": hashlib.sha256("\n".join(names).encode()).hexdigest()}
