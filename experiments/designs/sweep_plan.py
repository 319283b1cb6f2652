"""What a sweep would take, before it is run: how many runs, how long, how much room on the disk.

Runs that several points share (the status quo where only levers vary) are counted once, and so are burn-ins. The time is
that of a probe: some weeks of the sweep's own scenario, in the largest of its places, under the status quo and under the
regime that pulls most levers; other places take as much for each simulated person. What a run leaves is measured by
writing a table of as many rows and columns.
"""

import statistics
import time
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from policysim.experiments.designs.points import Point, points_of, scenarios_of
from policysim.experiments.running.anywhere import Folder
from policysim.experiments.running.burn_ins import start_ids
from policysim.experiments.running.content_ids import DIGITS, ids_of
from policysim.experiments.running.files import check_can_be_made
from policysim.experiments.running.plan import Task
from policysim.experiments.running.run_file import as_bytes
from policysim.experiments.running.seed import compile_rules, model_of
from policysim.experiments.running.sweep_store import SweepStore, settings_of
from policysim.model import DrugPolicyModel
from policysim.model.sources import model_hash
from policysim.scenarios.paths import PLACE
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.scenarios.scenario import Scenario
from policysim.scenarios.sweep import Sweep

WARM_WEEKS, PROBE_WEEKS = 4, 12
"""Weeks in which what is loaded late is loaded, and weeks after them that are timed."""


@dataclass(frozen=True)
class Probe:
    """What was measured: where, under which regimes, and what a week and a start take."""

    place: str
    people: float
    build_seconds: float
    week_seconds: dict[str, float]
    """By regime: the status quo and the dearest."""
    run_bytes: int

    def week(self, regime: str, people: float) -> float:
        """Seconds for a week under a regime for so many simulated people."""
        seconds = self.week_seconds.get(regime, max(self.week_seconds.values()))
        return seconds * people / self.people

    @property
    def basis(self) -> str:
        """How the time was found, in words."""
        told = ", ".join(f"{1000 * seconds:.3g} ms under {regime}" for regime, seconds in self.week_seconds.items())
        return (
            f"measured: a week of {self.place} with {self.people:,.0f} simulated people takes {told}, and a start "
            f"{self.build_seconds:.2g} s"
        )


@dataclass(frozen=True)
class SweepPlan:
    """What there is to run."""

    sweep: Sweep
    points: list[Point] = field(repr=False)
    distinct: int
    """Runs that differ from one another."""
    there: int
    burn_ins: int
    """Burn-ins of what is to be run."""
    workers: int
    probe: Probe
    seconds: float
    """On so many workers, for what is not there."""

    @property
    def asked(self) -> int:
        """Points, places, regimes and replicates, one with another."""
        scenario = self.sweep.scenario
        return len(self.points) * len(self.sweep.places) * len(scenario.regimes) * scenario.replicates

    @property
    def to_run(self) -> int:
        """Runs that are not there."""
        return self.distinct - self.there

    @property
    def bytes(self) -> int:
        """What all runs leave on the disk."""
        return self.distinct * self.probe.run_bytes

    def as_row(self) -> dict[str, Any]:
        """The same as plain values."""
        scenario = self.sweep.scenario
        return {
            "question": self.sweep.question, "design": self.sweep.design, "points": len(self.points),
            "places": len(self.sweep.places), "regimes": len(scenario.regimes), "replicates": scenario.replicates,
            "runs": self.asked, "distinct_runs": self.distinct, "there": self.there, "to_run": self.to_run,
            "burn_ins": self.burn_ins, "workers": self.workers, "seconds": round(self.seconds, 1),
            "bytes": self.bytes, "basis": self.probe.basis, "week_seconds": self.probe.week_seconds,
            "run_bytes": self.probe.run_bytes,
        }  # fmt: skip


def plan_of(sweep: Sweep, workers: int = 1, out: str | None = None) -> SweepPlan:
    """What a sweep would take beside what is in the folder `out`; every point is validated. Raises UserError."""
    points = points_of(sweep)
    there = files_in(out)
    needed = Needed(sweep, points, there)
    probe = probe_of(sweep)
    seconds = needed.seconds(probe) / max(1, min(workers, len(needed.starts)))
    found = len(needed.runs.keys() & there)
    return SweepPlan(sweep, points, len(needed.runs), found, len(needed.starts), workers, probe, seconds)


def files_in(out: str | None) -> Set[str]:
    """Ids of the runs that are in a folder already; none where there is no folder yet."""
    if out is None:
        return set()
    folder = Folder(out)
    if folder.is_local and not folder.here.is_dir():
        check_can_be_made(folder.here)
        return set()
    return SweepStore(folder).files().keys()


class Needed:
    """Every run that differs from the others, and every burn-in before one that is not there."""

    def __init__(self, sweep: Sweep, points: list[Point], there: Set[str]):
        """Raises UserError that names a point which cannot be run."""
        self.runs: dict[str, tuple[str, int, float] | None] = {}
        """Regime, weeks and people by the run's id; None where it is there."""
        self.starts: dict[str, tuple[int, float]] = {}
        """Weeks and people by all that decides a burn-in."""
        for _, _, scenario in scenarios_of(sweep, points):
            people = simulated(scenario)
            starts = start_ids(scenario)
            for (regime, seed), id in ids_of(scenario, scenario.regimes, scenario.seeds).items():
                self.runs[id] = None if id in there else (regime, scenario.weeks, people)
                if id not in there:
                    self.starts[starts[seed]] = scenario.burn_in_weeks, people

    def seconds(self, probe: "Probe") -> float:
        """What all of it takes on one processor."""
        lived = sum(run[1] * probe.week(run[0], run[2]) for run in self.runs.values() if run is not None)
        burnt = sum(
            weeks * probe.week(STATUS_QUO, people) + probe.build_seconds * people / probe.people
            for weeks, people in self.starts.values()
        )
        return lived + burnt


def simulated(scenario: Scenario) -> float:
    """Simulated people of a scenario."""
    return scenario.where.residents_10_64 / scenario.scale


# ---------------------------------------------------------------- measured


def probe_of(sweep: Sweep) -> Probe:
    """Live some weeks of a sweep's own scenario, without its burn-in, and write what a run would leave."""
    at = [sweep.scenario_at({PLACE: place}) for place in sweep.places]
    scenario = max(at, key=simulated).model_copy(update={"burn_in_years": 0})
    task = Task(scenario, 0, scenario.regimes)
    compile_rules(task)
    begun = time.perf_counter()
    model_of(task).close()
    build = time.perf_counter() - begun
    week_seconds = {}
    for regime in _probed(scenario):
        model = model_of(task, regime)
        try:
            week_seconds[regime.id] = _a_week(model)
        finally:
            model.close()
    return Probe(scenario.place, simulated(scenario), build, week_seconds, run_bytes(scenario, _probed(scenario)[-1]))


def _probed(scenario: Scenario) -> list[Regime]:
    """The status quo, or what stands first without it, and the regime that pulls most levers."""
    first = next((one for one in scenario.regimes if one.id == STATUS_QUO), scenario.regimes[0])
    dearest = max(scenario.regimes, key=lambda one: len(one.levers))
    return [first] if dearest is first else [first, dearest]


def _a_week(model: DrugPolicyModel) -> float:
    """Seconds that a week takes: of some weeks, the one in the middle."""
    taken = []
    while model.week < min(WARM_WEEKS + PROBE_WEEKS, model.last_week):
        begun = time.perf_counter()
        model.step()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken[WARM_WEEKS:])


def run_bytes(scenario: Scenario, regime: Regime) -> int:
    """What the file of a run takes: it is written as runs are, and no number takes more room than another."""
    years, outcomes = np.zeros((scenario.years, len(scenario.columns))), scenario.columns
    told = settings_of(scenario, regime)
    return len(as_bytes("0" * DIGITS, scenario.seed, told, {"model": model_hash()}, years, outcomes))
